"""What reviews refuse."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import mark
from register.errors import RegisterError


@dataclass(kw_only=True, eq=False)
class ReviewPeriodError(RegisterError):
    """A period of review that is none of those offered."""

    message: ClassVar[str] = mark("A record can be looked at again after {periods} months.")
    periods: str
