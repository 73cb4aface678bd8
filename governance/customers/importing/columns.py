"""Which column of a file fills which field: said by a mapping, or told by its header.

A column whose header is empty is left out. One whose header says nothing that is known is refused: it might be personal
data that the data map does not know. Errors name columns by number, for a file without a header row shows a customer
where headers should stand.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import orjson

from governance.customers.errors import ColumnError, MappingError
from governance.customers.importing.mapping import ColumnMapping
from governance.customers.importing.synonyms import CHOICES, COLLECTED_ON, VERIFIED_ON, header_words, spoken
from governance.customers.tables import FILE_KEYS
from governance.datamap.values import FieldKind, Link, MappedField, MappedTable
from governance.errors import phrase
from governance.gate.spellings import plain
from governance.gate.values import CleanValue, FieldInvalidError, parse_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column that fills a field.

    Attributes:
        number: Its place in the file, counted from 1.
        field: The field.
        spellings: What some cells stand for, by their plain text.
    """

    number: int
    field: MappedField
    spellings: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """One column that names a row of another table by the number under which people know it.

    Attributes:
        number: Its place in the file, counted from 1.
        name: The field (a reference) or the link that it fills.
        table: The other table.
        key: The other table's field that the cells hold.
        required: Whether a row cannot be without it.
    """

    number: int
    name: str
    table: str
    key: MappedField
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnPlan:
    """What is read from each row of a file."""

    table: MappedTable
    width: int
    columns: tuple[Column, ...]
    look_ups: tuple[LookUp, ...]
    constants: Mapping[str, CleanValue]
    collected: int | None
    verified: int | None
    collected_on: date | None
    verified_on: date | None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that are filled, in the order of the map."""
        filled = {column.field.name for column in self.columns} | set(self.constants)
        filled |= {each.name for each in self.look_ups}
        return tuple(name for name in self.table.fields if name in filled)

    def column_of(self, field: str) -> int:
        """Return the number of the column that fills a field; 0 where a constant does."""
        return next((column.number for column in self.columns if column.field.name == field), 0)

    @property
    def digest(self) -> bytes:
        """SHA-256 of everything that decides what a row becomes."""
        described = {
            "table": self.table.name,
            "columns": [(column.number, column.field.name, dict(column.spellings)) for column in self.columns],
            "look_ups": [(each.number, each.name) for each in self.look_ups],
            "constants": dict(self.constants),
            "dates": [self.collected, self.verified, self.collected_on, self.verified_on],
        }
        return hashlib.sha256(orjson.dumps(described, option=orjson.OPT_SORT_KEYS)).digest()


def plan_columns(
    tables: Mapping[str, MappedTable], table: MappedTable, header: Sequence[str], mapping: ColumnMapping
) -> ColumnPlan:
    """Decide what each column fills.

    Args:
        tables: The data map's tables, to find those that columns refer to.
        table: The table that the rows go into.
        header: The file's header.
        mapping: What a person said; it wins over what the header says.

    Raises:
        ColumnError: If a column is unknown or fills what another one fills.
        MappingError: If the mapping names what is not there, or something required is filled by nothing.
    """
    targets = _targets(table, header, mapping)
    fields = {name: number for name, number in targets.items() if name in table.fields}
    referring = [name for name in fields if table.fields[name].kind is FieldKind.REFERENCE]
    links = {name: number for name, number in targets.items() if name in table.links}
    constants = _constants(table, mapping, targets)
    plan = ColumnPlan(
        table=table,
        width=len(header),
        columns=tuple(
            Column(number=number, field=table.fields[name], spellings=_spellings(name, mapping))
            for name, number in sorted(fields.items(), key=lambda item: item[1])
            if name not in referring
        ),
        look_ups=tuple(
            [_reference(tables, table.fields[name], fields[name]) for name in referring]
            + [_link(tables, table.links[name], number) for name, number in links.items()]
        ),
        constants=constants,
        collected=targets.get(COLLECTED_ON) if COLLECTED_ON not in table.fields else None,
        verified=targets.get(VERIFIED_ON) if VERIFIED_ON not in table.fields else None,
        collected_on=mapping.collected_on,
        verified_on=mapping.verified_on,
    )
    _check_complete(plan)
    return plan


def _targets(table: MappedTable, header: Sequence[str], mapping: ColumnMapping) -> dict[str, int]:
    """Return the column that fills each field, link or date."""
    names = target_names(table)
    words = header_words(table.name, names)
    said = {spoken(written): target for written, target in mapping.columns.items()}
    known = {*names, COLLECTED_ON, VERIFIED_ON}
    for target in (*said.values(), *mapping.numbers.values()):
        if target is not None and target not in known:
            raise MappingError(
                place=phrase("columns: {name}", name=target),
                reason=phrase("{table} has no such field", table=table.name),
            )
    targets: dict[str, int] = {}
    seen: set[str] = set()
    for number, written in enumerate(header, start=1):
        word = spoken(written)
        seen.add(word)
        told = number in mapping.numbers or word in said
        by_word = said[word] if word in said else words.get(word)
        target = mapping.numbers.get(number, by_word)
        if target is None:
            if word and not told:
                raise ColumnError(
                    column=number, reason=phrase("its header names no field; map it, or leave it out, in --columns")
                )
            continue
        if target in targets:
            raise ColumnError(
                column=number,
                reason=phrase("it fills {field}, as column {other} does", field=target, other=targets[target]),
            )
        targets[target] = number
    missing = [written for written in mapping.columns if spoken(written) not in seen]
    if missing:
        raise MappingError(
            place=phrase("columns: {name}", name=missing[0]), reason=phrase("the file has no such column")
        )
    return targets


def propose_columns(table: MappedTable, header: Sequence[str]) -> dict[int, str | None]:
    """Return what each column seems to fill, by its number; None where its header says nothing that is known."""
    words = header_words(table.name, target_names(table))
    proposed: dict[int, str | None] = {}
    for number, written in enumerate(header, start=1):
        target = words.get(spoken(written))
        proposed[number] = None if target in proposed.values() else target
    return proposed


def target_names(table: MappedTable) -> tuple[str, ...]:
    """Return what a column may fill: the table's fields, and the people that its rows speak of."""
    return (*table.fields, *(name for name, link in table.links.items() if link.of is not None))


def _constants(table: MappedTable, mapping: ColumnMapping, targets: Mapping[str, int]) -> dict[str, CleanValue]:
    constants: dict[str, CleanValue] = {}
    for name, text in mapping.constants.items():
        if name not in table.fields or name in targets:
            reason = (
                phrase("a column fills it already")
                if name in targets
                else phrase("{table} has no such field", table=table.name)
            )
            raise MappingError(place=phrase("constants: {name}", name=name), reason=reason)
        try:
            constants[name] = parse_text(table.fields[name], text)
        except FieldInvalidError as refused:
            raise MappingError(
                place=phrase("constants: {name}", name=name),
                reason=phrase("the field does not take this value ({code})", code=refused.code),
            ) from None
    return constants


def _spellings(name: str, mapping: ColumnMapping) -> dict[str, str]:
    return {
        **CHOICES.get(name, {}),
        **{plain(spelling): meant for spelling, meant in mapping.values.get(name, {}).items()},
    }


def _reference(tables: Mapping[str, MappedTable], field: MappedField, number: int) -> LookUp:
    referred = field.of or ""
    key = _key(tables, referred, number)
    return LookUp(number=number, name=field.name, table=referred, key=key, required=field.required)


def _link(tables: Mapping[str, MappedTable], link: Link, number: int) -> LookUp:
    referred = link.of or ""
    return LookUp(number=number, name=link.name, table=referred, key=_key(tables, referred, number), required=True)


def _key(tables: Mapping[str, MappedTable], table: str, number: int) -> MappedField:
    if table not in FILE_KEYS or table not in tables:
        raise ColumnError(column=number, reason=phrase("a file cannot refer to rows of {table}", table=table))
    return tables[table].fields[FILE_KEYS[table]]


def _check_complete(plan: ColumnPlan) -> None:
    filled = {*plan.fields, *(each.name for each in plan.look_ups)}
    for name, field in plan.table.fields.items():
        if field.required and name not in filled:
            raise MappingError(
                place=phrase("columns: {name}", name=name), reason=phrase("it is required, and no column fills it")
            )
    for name, link in plan.table.links.items():
        if link.of is not None and name not in filled:
            raise MappingError(
                place=phrase("columns: {name}", name=name),
                reason=phrase("the person is required, and no column names them"),
            )
    if not plan.columns:
        raise MappingError(place="columns", reason=phrase("no column fills a field"))
