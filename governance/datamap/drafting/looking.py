"""Looking at a database: what it seems to hold, or what a map in force says of it, with every column that there is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from governance.datamap.adopt.names import slug_of
from governance.datamap.adopt.proposal import Confidence, Grounds, Proposal, ProposedLink, ProposedTable
from governance.datamap.adopt.reflect import ColumnType, ReflectedColumn, ReflectedTable, reflect
from governance.datamap.adopt.service import Adopt, adopt
from governance.datamap.catalogue import Catalogue
from governance.datamap.drafting.draft import Draft, DraftColumn, DraftLink, DraftTable, undescribed
from governance.datamap.errors import UnknownSourceError
from governance.datamap.sources import Sources
from governance.datamap.values import RESERVED_FIELDS, DataMap, FieldKind, MappedField, MappedTable
from governance.errors import phrase
from governance.settings import SOURCE_PREFIX

_Place = tuple[str | None, str]
_KINDS: Final[Mapping[ColumnType, FieldKind]] = {
    ColumnType.TEXT: FieldKind.TEXT,
    ColumnType.INTEGER: FieldKind.INTEGER,
    ColumnType.NUMBER: FieldKind.NUMBER,
    ColumnType.BOOLEAN: FieldKind.BOOLEAN,
    ColumnType.DATE: FieldKind.DATE,
    ColumnType.MOMENT: FieldKind.MOMENT,
    ColumnType.OTHER: FieldKind.TEXT,
}


def _grounds(reason: str, confidence: Confidence = Confidence.HIGH) -> Grounds:
    return Grounds(confidence=confidence, reasons=(reason,))


_LOADED: Final = _grounds(phrase("as the map in force says"))
_KEY: Final = _grounds(phrase("a key or a reference: it leads to rows by itself"))
_UNMAPPED: Final = _grounds(phrase("the map in force leaves it out"))
_GONE: Final = _grounds(phrase("the database has it no more"))


def look_at(sources: Sources, source: str, catalogue: Catalogue) -> Draft:
    """Return a map on its way of a database: proposed, or as the one in force with all that it leaves out.

    Args:
        sources: The databases; nothing is written to them.
        source: Which one; the host, or the map in force, says where it is.
        catalogue: The data map in force: what it says of the database, and which names other maps have.

    Raises:
        UnknownSourceError: If nobody said where it is.
        SourceUnreachableError: If it does not answer, or is Égide's own.
        UnsupportedDatabaseError: If it is neither SQLite nor PostgreSQL.
    """
    in_force = catalogue.map_of(source)
    address = address_of(sources, source, catalogue)
    sources.follow(catalogue.maps)
    database = sources.database(source)
    fold: Callable[[str], str] = str.casefold if database.dialect == "sqlite" else str
    reflected = {(each.schema, fold(each.name)): each for each in reflect(database)}
    taken = {name for each in catalogue.maps for name in each.tables}
    proposal = adopt(Adopt(url=address, source=source, taken=taken)).proposal
    if in_force is None:
        return _proposed(source, proposal, reflected, fold)
    return _corrected(in_force, proposal, reflected, fold)


def address_of(sources: Sources, source: str, catalogue: Catalogue) -> str:
    """Return where a database is, by the host or by the map in force.

    Raises:
        UnknownSourceError: If nobody said.
    """
    in_force = catalogue.map_of(source)
    address = sources.address(source) or (None if in_force is None else in_force.address)
    if address is None:
        raise UnknownSourceError(source=source, setting=f"{SOURCE_PREFIX}{source.upper()}")
    return address


def _proposed(
    source: str, proposal: Proposal, reflected: Mapping[_Place, ReflectedTable], fold: Callable[[str], str]
) -> Draft:
    tables = (_table(each, reflected[each.schema, fold(each.physical)], kept=True) for each in proposal.tables)
    return Draft(source=source, address=None, tables=tuple(tables), left_out=proposal.left_out)


def _corrected(
    in_force: DataMap, proposal: Proposal, reflected: Mapping[_Place, ReflectedTable], fold: Callable[[str], str]
) -> Draft:
    places = {(table.schema, fold(table.physical)): table for table in in_force.tables.values()}
    mapped = [_mapped(table, reflected.get(place), fold) for place, table in places.items()]
    others = [each for each in proposal.tables if (each.schema, fold(each.physical)) not in places]
    called = {each.name: places.get((each.schema, fold(each.physical))) for each in proposal.tables}
    added = [
        _table(_relinked(each, called), reflected[each.schema, fold(each.physical)], kept=False) for each in others
    ]
    return Draft(
        source=in_force.source or "",
        address=in_force.address,
        tables=(*mapped, *added),
        left_out=tuple(each for each in proposal.left_out if (None, fold(each.name)) not in places),
    )


def _relinked(proposed: ProposedTable, called: Mapping[str, MappedTable | None]) -> ProposedTable:
    """Return a proposed table whose links lead to tables by the names that the map in force gives them."""
    links = tuple(_led(each, called) for each in proposed.links)
    kept = {each.link.name for each in links if each is not None}
    return replace(
        proposed,
        links=tuple(each for each in links if each is not None),
        fields=tuple(
            each if each.field.link in kept else replace(each, field=replace(each.field, link=None))
            for each in proposed.fields
        ),
    )


def _led(proposed: ProposedLink, called: Mapping[str, MappedTable | None]) -> ProposedLink | None:
    link = proposed.link
    target = None if link.of is None else called.get(link.of)
    if target is None:
        # It is the person itself, or leads to another table that is new.
        return proposed
    meant = next((each for each in target.links.values() if each.kind is link.kind), None)
    if meant is None:
        return None
    return replace(proposed, link=replace(link, of=target.name, of_link=meant.name))


def _table(proposed: ProposedTable, reflected: ReflectedTable, *, kept: bool) -> DraftTable:
    fields = {each.field.column: each for each in proposed.fields}
    left_out = {each.name: each for each in proposed.left_out}
    main = proposed.links[0].link.name if proposed.links else None
    names = {*RESERVED_FIELDS, *(each.field.name for each in proposed.fields)}
    columns = []
    for column in reflected.columns.values():
        found = fields.get(column.name)
        if found is not None:
            columns.append(_column(found.field, column, found.grounds, kept=True))
            continue
        out = left_out.get(column.name)
        kind = out.kind if out is not None and out.kind is not None else _KINDS[column.type]
        described = undescribed(column.name, slug_of(column.name, names, proposed.name), kind, main)
        names.add(described.name)
        columns.append(_column(described, column, _KEY if out is None else _grounds(out.reason), kept=False))
    return DraftTable(
        name=proposed.name,
        physical=proposed.physical,
        schema=proposed.schema,
        key=proposed.key,
        kept=kept,
        grounds=proposed.about,
        links=tuple(DraftLink(link=each.link, kept=True, grounds=each.grounds) for each in proposed.links),
        columns=tuple(columns),
    )


def _mapped(table: MappedTable, reflected: ReflectedTable | None, fold: Callable[[str], str]) -> DraftTable:
    there = {} if reflected is None else {fold(name): column for name, column in reflected.columns.items()}
    columns = [
        _column(field, there[fold(field.column)], _LOADED, kept=True)
        if fold(field.column) in there
        else DraftColumn(field=field, type=ColumnType.OTHER, declared="", kept=False, possible=False, grounds=_GONE)
        for field in table.fields.values()
    ]
    columns += _left_out(table, there, fold)
    return DraftTable(
        name=table.name,
        physical=table.physical,
        schema=table.schema,
        key=table.key,
        kept=reflected is not None,
        grounds=_GONE if reflected is None else _LOADED,
        links=tuple(DraftLink(link=link, kept=True, grounds=_LOADED) for link in table.links.values()),
        columns=tuple(columns),
    )


def _left_out(
    table: MappedTable, there: Mapping[str, ReflectedColumn], fold: Callable[[str], str]
) -> Iterator[DraftColumn]:
    described = {fold(field.column) for field in table.fields.values()}
    leading = {fold(name) for name in (*table.key, *(name for link in table.links.values() for name in link.columns))}
    names = {*RESERVED_FIELDS, *table.fields}
    main = next(iter(table.links), None)
    for place, column in there.items():
        if place in described:
            continue
        field = undescribed(column.name, slug_of(column.name, names, table.name), _KINDS[column.type], main)
        names.add(field.name)
        yield _column(field, column, _KEY if place in leading else _UNMAPPED, kept=False)


def _column(field: MappedField, column: ReflectedColumn, grounds: Grounds, *, kept: bool) -> DraftColumn:
    return DraftColumn(
        field=field,
        type=column.type,
        declared=column.declared,
        kept=kept,
        # A name with a line break cannot be written in a map, and a type that cannot be given is out of reach.
        possible=column.type is not ColumnType.OTHER and column.name.isprintable(),
        grounds=grounds,
    )
