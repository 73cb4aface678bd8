"""Columns of an adopted database that look like data of people, and that the map in force does not describe."""

from collections.abc import Callable
from dataclasses import dataclass

from governance.datamap.adopt.service import Adopt, adopt
from governance.datamap.catalogue import Catalogue
from governance.datamap.drafting.looking import address_of
from governance.datamap.sources import Sources
from governance.datamap.values import MappedTable


@dataclass(frozen=True, slots=True, kw_only=True)
class UndeclaredColumn:
    """A column by its physical name; `guarded` where it looks like what the law guards most. GDPR Art. 9, 10."""

    name: str
    guarded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UndeclaredTable:
    """A table by its physical name, with the columns of it that nobody declared."""

    schema: str | None
    physical: str
    columns: tuple[UndeclaredColumn, ...]


def undeclared_columns(sources: Sources, source: str, catalogue: Catalogue) -> list[UndeclaredTable]:
    """Look at a database as for a proposal, and return what of it speaks of people and is not in the map in force.

    Args:
        sources: The databases; nothing is written to them.
        source: Which one.
        catalogue: The data map in force.

    Raises:
        UnknownSourceError: If nobody said where it is.
        SourceUnreachableError: If it does not answer, or is Égide's own.
        UnsupportedDatabaseError: If it is neither SQLite nor PostgreSQL.
    """
    address = address_of(sources, source, catalogue)
    sources.follow(catalogue.maps)
    fold: Callable[[str], str] = str.casefold if sources.database(source).dialect == "sqlite" else str
    in_force = catalogue.map_of(source)
    tables = {} if in_force is None else in_force.tables
    described = {
        (table.schema, fold(table.physical), column) for table in tables.values() for column in _named(table, fold)
    }
    taken = {name for each in catalogue.maps for name in each.tables}
    found = []
    for table in adopt(Adopt(url=address, source=source, taken=taken)).proposal.tables:
        fields = [each.field for each in table.fields if each.field.link is not None]
        columns = tuple(
            UndeclaredColumn(name=each.column, guarded=each.special or each.criminal or each.nir)
            for each in fields
            if (table.schema, fold(table.physical), fold(each.column)) not in described
        )
        if columns:
            found.append(UndeclaredTable(schema=table.schema, physical=table.physical, columns=columns))
    return found


def _named(table: MappedTable, fold: Callable[[str], str]) -> set[str]:
    links = (name for link in table.links.values() for name in link.columns)
    return {fold(name) for name in (*table.key, *links, *(field.column for field in table.fields.values()))}
