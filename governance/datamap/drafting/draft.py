"""A map on its way as a value: every table and column of a database, what is said of each, and why.

It also holds what is left out, so that a person sees all there is and may take it in. Nothing of the database's content
is in it: names, types, shares and counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from governance.datamap.adopt.proposal import (
    Confidence,
    Grounds,
    LeftOut,
    Proposal,
    ProposedField,
    ProposedLink,
    ProposedTable,
)
from governance.datamap.adopt.reflect import ColumnType
from governance.datamap.values import FieldKind, Link, MappedField, Origin, Storage
from governance.errors import phrase
from governance.vocabulary import DataCategory, SubjectKind

# The link by which the rows of a table are persons themselves.
SELF: Final = "person"
DECIDED: Final = Grounds(confidence=Confidence.HIGH, reasons=(phrase("decided by a person"),))


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftColumn:
    """A column: what is said of it, and whether it is taken in.

    Attributes:
        field: How it is described, or would be.
        type: What its values are in their database.
        declared: What the database itself calls the type.
        kept: Whether the map takes it in; what it leaves out, nobody can read.
        possible: Whether it could be: values of some types cannot be given.
        grounds: Why it is described so, or left out.
    """

    field: MappedField
    type: ColumnType
    declared: str
    kept: bool
    possible: bool
    grounds: Grounds


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLink:
    """A person whom the rows of a table speak of, and why."""

    link: Link
    kept: bool
    grounds: Grounds


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftTable:
    """A table: whose rows it holds, its columns, and whether it is taken in."""

    name: str
    physical: str
    schema: str | None
    key: tuple[str, ...]
    kept: bool
    grounds: Grounds
    links: tuple[DraftLink, ...]
    columns: tuple[DraftColumn, ...]

    @property
    def person(self) -> SubjectKind | None:
        """In what capacity each row is a person itself; None where it is not."""
        own = (each.link.kind for each in self.links if each.kept and each.link.of is None)
        return next(own, None)

    @property
    def link_names(self) -> tuple[str, ...]:
        """The links that its columns may speak of."""
        return tuple(each.link.name for each in self.links if each.kept)

    @property
    def taken(self) -> tuple[DraftColumn, ...]:
        """The columns that the map takes in."""
        return tuple(column for column in self.columns if column.kept)

    @property
    def guarded(self) -> tuple[str, ...]:
        """What the columns taken in are marked as that the law guards most."""
        marks = ("special", "criminal", "nir")
        return tuple(mark for mark in marks if any(getattr(column.field, mark) for column in self.taken))

    @property
    def free_texts(self) -> tuple[DraftColumn, ...]:
        """The columns taken in where people may have written anything, health and opinions too."""
        return tuple(column for column in self.taken if column.field.free_text)

    @property
    def doubtful(self) -> tuple[DraftColumn, ...]:
        """The columns taken in of which the proposal is not sure."""
        return tuple(column for column in self.taken if column.grounds.confidence is Confidence.LOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A whole map on its way.

    Attributes:
        source: The database.
        address: Its address without a password, for the map; None where the host's setting says it.
        tables: The tables, those not taken in among them.
        left_out: Tables that no map can describe.
    """

    source: str
    address: str | None
    tables: tuple[DraftTable, ...]
    left_out: tuple[LeftOut, ...]

    def table(self, name: str) -> DraftTable | None:
        """Return the table of this name, or None."""
        return next((table for table in self.tables if table.name == name), None)

    def with_table(self, table: DraftTable) -> "Draft":
        """Return the draft with another description of one of its tables."""
        return replace(self, tables=tuple(table if each.name == table.name else each for each in self.tables))

    def as_proposal(self) -> Proposal:
        """Return what the map file says: the tables and columns taken in."""
        return Proposal(
            source=self.source,
            address=self.address,
            tables=tuple(_proposed(table) for table in self.tables if table.kept),
            left_out=(*self.left_out, *_not_taken(self.tables)),
        )


def _proposed(table: DraftTable) -> ProposedTable:
    return ProposedTable(
        name=table.name,
        physical=table.physical,
        schema=table.schema,
        key=table.key,
        about=table.grounds,
        links=tuple(ProposedLink(link=each.link, grounds=each.grounds) for each in table.links if each.kept),
        fields=tuple(ProposedField(field=each.field, grounds=each.grounds) for each in table.taken),
        left_out=tuple(LeftOut(name=each.field.column, reason=_why(each)) for each in table.columns if not each.kept),
    )


def _not_taken(tables: tuple[DraftTable, ...]) -> Iterator[LeftOut]:
    return (LeftOut(name=table.physical, reason=phrase("a person left it out")) for table in tables if not table.kept)


def _why(column: DraftColumn) -> str:
    return column.grounds.reasons[0] if column.grounds.reasons else phrase("a person left it out")


def undescribed(column: str, name: str, kind: FieldKind, link: str | None) -> MappedField:
    """Return how a column that nobody understood could be described: a person says what it is."""
    return MappedField(
        name=name,
        column=column,
        category=DataCategory.RELATIONSHIP,
        link=link,
        kind=kind,
        storage=Storage.CLEAR,
        origin=Origin.OBSERVED,
    )
