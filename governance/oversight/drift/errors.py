"""What can go wrong with the drift report."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from governance.errors import mark
from governance.oversight.errors import OversightError


@dataclass(kw_only=True, eq=False)
class FindingGoneError(OversightError):
    """A finding that is not there: it was settled, or never was, or is another line's."""

    message: ClassVar[str] = mark("This is not found any more: it was settled, or its words changed.")


@dataclass(kw_only=True, eq=False)
class AsideDayError(OversightError):
    """A day until which nothing can be set aside."""

    message: ClassVar[str] = mark("Choose a day from {first} to {last}: what is set aside comes back on it.")
    first: date
    last: date


@dataclass(kw_only=True, eq=False)
class AsideReasonError(OversightError):
    """Something to set aside without saying why."""

    message: ClassVar[str] = mark("Say why this can wait: the reason is kept as evidence.")


@dataclass(kw_only=True, eq=False)
class NotSetAsideError(OversightError):
    """What was altered outside Égide, to be set aside."""

    message: ClassVar[str] = mark("What was altered outside Égide is not set aside: somebody has to look at it.")


@dataclass(kw_only=True, eq=False)
class NothingToDraftError(OversightError):
    """An activity to draft from what is no refusal, or one for a purpose that is declared."""

    message: ClassVar[str] = mark("There is nothing to draft here: only reads for a purpose that nobody declared.")
