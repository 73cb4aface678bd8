"""What the exchange of the register refuses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from governance.errors import Phrase, listed, mark, phrase
from register.errors import RegisterError

# So many wrongs are told at once; whoever mends them asks again.
TOLD: Final = 20


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing in a file that cannot be read.

    Attributes:
        place: Where: a JSON path, or a sheet and a cell.
        reason: Why, and how to mend it.
    """

    place: Phrase | str
    reason: Phrase


@dataclass(kw_only=True, eq=False)
class MalformedRegisterError(RegisterError):
    """A file of a register with something in it that cannot be read: nothing of it is."""

    message: ClassVar[str] = mark("Nothing was imported. {reasons}")
    wrongs: tuple[Wrong, ...]

    @property
    def places(self) -> Mapping[str, object]:
        """What is wrong, in words."""
        told: list[Phrase] = [
            phrase("{place}: {reason}.", place=each.place, reason=each.reason) for each in self.wrongs[:TOLD]
        ]
        left = len(self.wrongs) - TOLD
        if left > 0:
            told.append(phrase("Wrong besides, and not told: {count}.", count=left))
        return {"reasons": listed(told, between=" ")}


@dataclass(kw_only=True, eq=False)
class NameClashError(RegisterError):
    """A file holds activities that the register holds already, and nobody said what to do with them."""

    message: ClassVar[str] = mark(
        "The register holds activities of these names already: {slugs}. Say whether they are left out, or drafted "
        "under another name. Nothing was imported."
    )
    slugs: tuple[str, ...]

    @property
    def places(self) -> Mapping[str, object]:
        """The names, and how many more there are."""
        told: list[Phrase | str] = [*self.slugs[:TOLD]]
        left = len(self.slugs) - TOLD
        if left > 0:
            told.append(phrase("and {count} more", count=left))
        return {"slugs": listed(told)}


@dataclass(kw_only=True, eq=False)
class UnknownFormatError(RegisterError):
    """A file of none of the formats that are read."""

    message: ClassVar[str] = mark("This is no register that can be read. Give one as: {formats}.")
    formats: str


@dataclass(kw_only=True, eq=False)
class NoTableError(RegisterError):
    """Somebody said what the columns of a file are that has none."""

    message: ClassVar[str] = mark("This file is no table, so it has no columns to say anything of.")


@dataclass(kw_only=True, eq=False)
class NothingToImportError(RegisterError):
    """A file of which nothing would be drafted."""

    message: ClassVar[str] = mark("There is nothing to draft in it.")


@dataclass(kw_only=True, eq=False)
class ReadingNotAllowedError(RegisterError):
    """Somebody who does not read the register wanted it in a file."""

    message: ClassVar[str] = mark("Reading the register is for {roles}.")
    roles: str


@dataclass(kw_only=True, eq=False)
class NoFileWaitsError(RegisterError):
    """Nobody brought a file in, or its day is over."""

    message: ClassVar[str] = mark("No file of yours waits: bring it in again.")


@dataclass(kw_only=True, eq=False)
class OtherFileWaitsError(RegisterError):
    """Another file was brought in since this one was shown."""

    message: ClassVar[str] = mark("Another file was brought in since: look at what it holds first.")


@dataclass(kw_only=True, eq=False)
class ImportElsewhereError(RegisterError):
    """The same file of the same person is being imported by another request."""

    message: ClassVar[str] = mark("Another request goes on with this import: what it drafts is not drafted twice.")


@dataclass(kw_only=True, eq=False)
class ReadingBusyError(RegisterError):
    """As many tables as may be are being read already."""

    message: ClassVar[str] = mark("Other files are being read just now. Try again in a moment.")
