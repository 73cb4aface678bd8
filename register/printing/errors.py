"""What is refused of the register on paper."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import mark
from register.errors import RegisterError


class PrintNotFoundError(RegisterError):
    """Nobody asked for this on paper, or somebody else did, or its day is over."""

    message: ClassVar[str] = mark("There is no such register on paper: it was never asked for, or its day is over.")


@dataclass(kw_only=True, eq=False)
class TooManyPrintsError(RegisterError):
    """A person keeps a few registers on paper at once."""

    message: ClassVar[str] = mark("You keep {limit} registers on paper already. Discard one of them first.")
    limit: int
