"""Comparing the data map with the databases it describes: what is missing, what surprises, what nobody mapped.

A difference never opens anything: a column that is gone makes a read fail, one that is new stays out of reach. The
check tells before somebody meets it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import MetaData
from sqlalchemy.orm import Session

from governance.datamap.adopt.reflect import ColumnType, ReflectedTable, reflect
from governance.datamap.catalogue import Catalogue
from governance.datamap.errors import DataMapError, RegistryAlteredError
from governance.datamap.loader import OWN_DATABASE
from governance.datamap.physical import governed_table
from governance.datamap.registry_seal import check_registry
from governance.datamap.sources import Sources
from governance.datamap.values import DataMap, FieldKind, MappedTable
from governance.errors import DomainError, Phrase, phrase
from governance.vault.attest import Attestor

_TEXTS: Final = frozenset({ColumnType.TEXT})
_NUMBERS: Final = frozenset({ColumnType.INTEGER, ColumnType.NUMBER})
_TIMES: Final = frozenset({ColumnType.DATE, ColumnType.MOMENT, ColumnType.TEXT})
_DIGITS: Final = _TEXTS | {ColumnType.INTEGER}
# Kinds without a line here are text.
_EXPECTED: Final[Mapping[FieldKind, frozenset[ColumnType]]] = {
    FieldKind.NUMBER: _NUMBERS,
    FieldKind.INTEGER: _NUMBERS,
    FieldKind.BOOLEAN: _NUMBERS | {ColumnType.BOOLEAN},
    FieldKind.DATE: _TIMES,
    FieldKind.BIRTH_DATE: _TIMES,
    FieldKind.MOMENT: _TIMES,
    FieldKind.PHONE: _DIGITS,
    FieldKind.POSTCODE: _DIGITS,
    FieldKind.SIRET: _DIGITS,
    FieldKind.SIREN: _DIGITS,
    FieldKind.CHOICE: _DIGITS,
}


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One difference between the map and a database.

    Attributes:
        severity: Whether reads fail, may surprise, or nothing need be done.
        source: The database; `egide` for Égide's own.
        file: The map's file.
        line: The line it concerns; 0 for none.
        text: What differs, and what to do.
        registry: The table whose registered rows were altered, about which a person must decide; None for the others.
    """

    severity: Severity
    source: str
    file: str
    line: int
    text: Phrase
    registry: str | None = None


def fits(kind: FieldKind, found: ColumnType) -> bool:
    """Say whether values of a kind may lie in a column of this type."""
    return found in _EXPECTED.get(kind, _TEXTS)


def told(error: DomainError) -> Phrase:
    """Return what an error says, as a phrase: told in any language."""
    return Phrase(error.message, error.places)


def check_maps(catalogue: Catalogue, sources: Sources) -> list[Finding]:
    """Return every difference, in the order of the maps and their lines.

    Args:
        catalogue: The data map in force.
        sources: The databases; one that does not answer is a finding.
    """
    sources.follow(catalogue.maps)
    findings = [_problem(problem) for problem in catalogue.problems]
    for data_map in catalogue.maps:
        findings += sorted(_check_map(data_map, sources), key=lambda finding: finding.line)
    return findings


def check_registries(session: Session, attestor: Attestor, catalogue: Catalogue) -> list[Finding]:
    """Return the adopted tables whose registered rows were altered outside Égide. Reads and checks every row.

    Args:
        session: A transaction of Égide's own database.
        attestor: Checks each row and the seals.
        catalogue: The data map in force.
    """
    findings: list[Finding] = []
    for table in catalogue.tables.values():
        if not table.adopted:
            continue
        try:
            check_registry(session, table, attestor=attestor)
        except RegistryAlteredError as error:
            source, line = table.source or OWN_DATABASE, table.line
            found = Finding(
                severity=Severity.ERROR, source=source, file="", line=line, text=told(error), registry=table.name
            )
            findings.append(found)
    return findings


def _problem(problem: DomainError) -> Finding:
    return Finding(
        severity=Severity.ERROR, source=OWN_DATABASE, file="", line=0, text=phrase("left out: {why}", why=told(problem))
    )


def _check_map(data_map: DataMap, sources: Sources) -> Iterator[Finding]:
    source = data_map.source or OWN_DATABASE

    def find(severity: Severity, line: int, text: Phrase) -> Finding:
        return Finding(severity=severity, source=source, file=data_map.file, line=line, text=text)

    try:
        database = sources.database(data_map.source)
        reflected = reflect(database, views=True)
    except DataMapError as error:
        yield find(Severity.ERROR, 0, told(error))
        return
    fold: Callable[[str], str] = str.casefold if database.dialect == "sqlite" else str
    by_name = {(each.schema, fold(each.name)): each for each in reflected}
    for table in data_map.tables.values():
        physical = by_name.get((table.schema, fold(table.physical)))
        if physical is None:
            what = phrase("correct the name") if table.adopted else phrase("run: egide init --migrate")
            gone = {"table": table.name, "physical": table.physical, "what": what}
            yield find(Severity.ERROR, table.line, phrase("{table}: there is no table {physical}; {what}", **gone))
        else:
            check = _check_adopted if table.adopted else _check_own
            for severity, line, text in check(table, physical, fold):
                yield find(severity, line, phrase("{table}: {text}", table=table.name, text=text))


_Found = Iterator[tuple[Severity, int, Phrase]]


def _check_own(table: MappedTable, physical: ReflectedTable, _fold: Callable[[str], str]) -> _Found:
    expected = {column.name for column in governed_table(table, MetaData()).columns}
    for name in sorted(expected - set(physical.columns)):
        yield Severity.ERROR, table.line, phrase("there is no column {name}; run: egide init --migrate", name=name)
    for name in sorted(set(physical.columns) - expected):
        yield (
            Severity.WARNING,
            table.line,
            phrase("the column {name} is not of the map; nothing can read it", name=name),
        )


def _check_adopted(table: MappedTable, physical: ReflectedTable, fold: Callable[[str], str]) -> _Found:
    present = {fold(name): column for name, column in physical.columns.items()}
    yield from _check_key(table, physical, fold)
    mapped = {fold(name) for name in table.key}
    for link in table.links.values():
        mapped |= {fold(name) for name in link.columns}
        for name in link.columns:
            if fold(name) not in present:
                yield (
                    Severity.ERROR,
                    link.line,
                    phrase("there is no column {name} for the link {link}", name=name, link=link.name),
                )
    for field in table.fields.values():
        mapped.add(fold(field.column))
        column = present.get(fold(field.column))
        if column is None:
            lost = phrase("there is no column {name} for the field {field}", name=field.column, field=field.name)
            yield Severity.ERROR, field.line, lost
        elif not fits(field.kind, column.type):
            facts = {"name": column.name, "type": column.declared, "kind": field.kind.value}
            surprise = phrase("the column {name} is {type}, a surprise for the kind {kind}", **facts)
            yield Severity.WARNING, field.line, surprise
    unmapped = [column.name for name, column in present.items() if name not in mapped]
    if unmapped:
        yield (
            Severity.NOTE,
            table.line,
            phrase("not mapped, and so out of reach: {columns}", columns=", ".join(unmapped)),
        )


def _check_key(table: MappedTable, physical: ReflectedTable, fold: Callable[[str], str]) -> _Found:
    columns = {fold(name) for name in physical.columns}
    for name in table.key:
        if fold(name) not in columns:
            yield Severity.ERROR, table.line, phrase("there is no column {name} for the key", name=name)
            return
    unique = [physical.primary_key, *physical.unique]
    if not any(each and {fold(name) for name in each} <= {fold(name) for name in table.key} for each in unique):
        text = phrase("nothing in the database keeps its key unique; two rows under one key would pass for one person")
        yield Severity.WARNING, table.line, text
