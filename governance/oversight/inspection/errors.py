"""What is refused of a file for an inspection."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import mark
from governance.oversight.errors import OversightError


@dataclass(kw_only=True, eq=False)
class InspectionNotFoundError(OversightError):
    """No file has this identifier."""

    message: ClassVar[str] = mark("There is no such file for an inspection.")


@dataclass(kw_only=True, eq=False)
class ArchiveGoneError(OversightError):
    """The archive is not made yet, or its day is over."""

    message: ClassVar[str] = mark("There is no archive to take: it is not made yet, or its day is over. Make it again.")


@dataclass(kw_only=True, eq=False)
class OccasionMissingError(OversightError):
    """Nobody said why a file is made, or with too many words."""

    message: ClassVar[str] = mark("Say on which occasion it is made, in at most {most} characters.")
    most: int


@dataclass(kw_only=True, eq=False)
class InspectionScopeError(OversightError):
    """A file would be about too many activities to name, or none that is there, or speak no language."""

    message: ClassVar[str] = mark("Name activities of the register, {most} at most, or none for all of them.")
    most: int


@dataclass(kw_only=True, eq=False)
class InspectionUnderWayError(OversightError):
    """Two people asked at the same moment."""

    message: ClassVar[str] = mark("Somebody else asked at the same moment: their file is being made.")
