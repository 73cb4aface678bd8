"""What can be wrong with the data map and with the databases it describes. No error carries a value of a row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from governance.errors import DomainError, Phrase, mark


@dataclass(kw_only=True, eq=False)
class DataMapError(DomainError):
    """Base of the data map's errors. Never raised itself."""


@dataclass(kw_only=True, eq=False)
class MapError(DataMapError):
    """A map file that cannot be used; says where, and how to mend it."""

    message: ClassVar[str] = mark("{file}:{line}: {reason}")
    file: str
    line: int
    reason: str


@dataclass(kw_only=True, eq=False)
class UnknownTableError(DataMapError):
    """A table that the data map does not name: it cannot be read."""

    message: ClassVar[str] = mark("The data map has no table {table}.")
    table: str


@dataclass(kw_only=True, eq=False)
class UnknownFieldError(DataMapError):
    """A field that the data map does not name: it cannot be read."""

    message: ClassVar[str] = mark("The data map has no field {field} in table {table}.")
    table: str
    field: str


@dataclass(kw_only=True, eq=False)
class UnknownShapeError(DataMapError):
    """A box whose list of fields was never numbered in this installation."""

    message: ClassVar[str] = mark("No box has the shape {shape} in this installation.")
    shape: int


@dataclass(kw_only=True, eq=False)
class NotNumberedError(DataMapError):
    """A map that changed with the program, and whose new parts have no number yet."""

    message: ClassVar[str] = mark("The data map has new parts, such as {part}. Run: egide init --migrate.")
    part: str


@dataclass(kw_only=True, eq=False)
class MeaningChangedError(DataMapError):
    """A name that would come to mean something else than it did; the log and sealed rows go by it for ever."""

    message: ClassVar[str] = mark("The name {name} stands for {before}. Choose another, or describe the same.")
    name: str
    before: str


@dataclass(kw_only=True, eq=False)
class SourceUnknownError(DataMapError):
    """An adopted database whose address nobody gave."""

    message: ClassVar[str] = mark("No address for the database {source}: set {setting}, or give an address in its map.")
    source: str
    setting: str


@dataclass(kw_only=True, eq=False)
class SourceUnreachableError(DataMapError):
    """An adopted database that does not answer, or not as its map says. Its own words may quote rows: not repeated."""

    message: ClassVar[str] = mark("The database {source} cannot be read: {reason}.")
    source: str
    reason: str


@dataclass(kw_only=True, eq=False)
class SourceKeyError(DataMapError):
    """A primary key that cannot name a row: it has no value, or a type without one canonical text."""

    message: ClassVar[str] = mark("A key of type {found} cannot name a row.")
    found: str


@dataclass(kw_only=True, eq=False)
class RegistryAlteredError(DataMapError):
    """Registered rows that were changed, added or deleted outside Égide."""

    message: ClassVar[str] = mark("The registry of {table} was altered outside Égide: {reason}.")
    table: str
    reason: str


@dataclass(kw_only=True, eq=False)
class MapConflictError(DataMapError):
    """A map that cannot stand beside those in force."""

    message: ClassVar[str] = mark("The map of {source} cannot be loaded: {reason}.")
    source: str
    reason: str


@dataclass(kw_only=True, eq=False)
class MapWeakensError(DataMapError):
    """A map that protects less than the one in force, loaded by somebody who does not decide that."""

    message: ClassVar[str] = mark(
        "This map of {source} protects less than the one in force; the controller has to put it in force, in person: "
        "{changes}."
    )
    source: str
    changes: str


@dataclass(kw_only=True, eq=False)
class MapOpensError(DataMapError):
    """A map by whose new columns people would read what nobody gave them, loaded by somebody who does not give it."""

    message: ClassVar[str] = mark(
        "New columns of this map of {source} would be read at once, by what was granted before; the controller has to "
        "put it in force, in person: {opens}."
    )
    source: str
    opens: str


@dataclass(kw_only=True, eq=False)
class DecisionNeededError(DataMapError):
    """Somebody who does not decide what enrolled rows are."""

    message: ClassVar[str] = mark("What rows are that came back, or were altered, the controller decides, in person.")


@dataclass(kw_only=True, eq=False)
class MapAddressError(DataMapError):
    """A map that says where its database is, from somebody who is not the host."""

    message: ClassVar[str] = mark(
        "Where the database {source} is, the host alone says: remove address from the map, and set {setting} there."
    )
    source: str
    setting: str


@dataclass(kw_only=True, eq=False)
class UnknownMapError(DataMapError):
    """A database whose map nobody loaded."""

    message: ClassVar[str] = mark("No map of {source} is loaded.")
    source: str


@dataclass(kw_only=True, eq=False)
class NotAdoptedError(DataMapError):
    """A table that Égide keeps itself, where an adopted one is needed."""

    message: ClassVar[str] = mark("{table} is not an adopted table.")
    table: str


@dataclass(kw_only=True, eq=False)
class UnknownSourceError(DataMapError):
    """A database that the host did not set up, and that no map names."""

    message: ClassVar[str] = mark("The host set up no database {source}: it sets {setting} to its address.")
    source: str
    setting: str


@dataclass(kw_only=True, eq=False)
class ProposalNotFoundError(DataMapError):
    """A database for which no map is on its way."""

    message: ClassVar[str] = mark("No map of {source} is on its way. Look at the database first.")
    source: str


@dataclass(kw_only=True, eq=False)
class ProposalChangedError(DataMapError):
    """A proposal that somebody corrected after it was shown."""

    message: ClassVar[str] = mark("The proposal for {source} was changed meanwhile. Look at it as it is now.")
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing for which a map on its way cannot be loaded.

    Attributes:
        table: The table it concerns.
        field: The field of it; None for the table as a whole, or one of its links.
        reason: What is wrong, and how to mend it.
    """

    table: str
    field: str | None
    reason: str

    def as_json(self, spoken: Callable[[Phrase], str]) -> dict[str, str | None]:
        """Return it for a problem document."""
        reason = spoken(self.reason) if isinstance(self.reason, Phrase) else self.reason
        return {"table": self.table, "field": self.field, "reason": reason}


@dataclass(kw_only=True, eq=False)
class ProposalFlawedError(DataMapError):
    """A map on its way that cannot be loaded as it is."""

    message: ClassVar[str] = mark("The proposal for {source} cannot be loaded yet: {count} things are to be corrected.")
    source: str
    flaws: tuple[Flaw, ...]

    @property
    def places(self) -> Mapping[str, object]:
        """The source, and how many flaws there are."""
        return {"source": self.source, "count": len(self.flaws)}
