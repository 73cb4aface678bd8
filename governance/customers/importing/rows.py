"""One row of a file, checked: either values that its fields can hold, or why it is refused, column by column."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from governance.customers.importing.columns import Column, ColumnPlan
from governance.datamap.values import FieldKind
from governance.gate.likely import not_yet, unlikely
from governance.gate.spellings import plain, respell
from governance.gate.values import CleanValue, FieldInvalidError, FieldProblem, parse_text
from governance.spreadsheets.files import Row

# Where no single column is to blame.
WHOLE_ROW: Final = 0
PROVENANCE_PROBLEM: Final = "date"


class RowProblem(StrEnum):
    """Why a row is refused whose fields are each in order. Codes are stable: reports show them."""

    CELLS = "cells"
    UNKNOWN_REFERENCE = "unknown-reference"
    TWICE_IN_FILE = "twice-in-file"
    ALREADY_ON_FILE = "already-on-file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a row was refused: its number, the column's number (0: the row as a whole), the field, a code. No value."""

    row: int
    column: int
    field: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CheckedRow:
    """A row that can go into its table. Without a repr: it is somebody's data.

    Attributes:
        number: Its number in the file.
        values: Clean values of the fields that have one.
        keys: What each look-up column holds.
        collected_on: When its data were collected.
        verified_on: When they were last verified.
    """

    number: int
    values: Mapping[str, CleanValue]
    keys: Mapping[str, str]
    collected_on: date | None
    verified_on: date | None


def check_row(plan: ColumnPlan, row: Row, today: date) -> CheckedRow | tuple[Refusal, ...]:
    """Return the row's values, or everything that is wrong with it."""
    cells = row.cells
    # Beyond the header there may be empty cells; anything else is a row out of step, whose cells are not to be trusted.
    if len(cells) < plan.width or any(cells[plan.width :]):
        return (Refusal(row=row.number, column=WHOLE_ROW, field="", code=RowProblem.CELLS),)
    refusals: list[Refusal] = []
    values = {name: value for name, value in plan.constants.items() if value is not None}
    for column in plan.columns:
        try:
            value = _value(column, cells[column.number - 1])
        except FieldInvalidError as refused:
            refusals.append(Refusal(row=row.number, column=column.number, field=refused.field, code=refused.code))
        else:
            if value is not None:
                values[column.field.name] = value
    refusals += _unlikely(plan, row.number, values, today)
    keys = _keys(plan, row.number, cells, refusals)
    collected_on = _day(plan.collected, plan.collected_on, row.number, cells, refusals)
    verified_on = _day(plan.verified, plan.verified_on, row.number, cells, refusals)
    refusals += _of_no_day_yet(row.number, ((plan.collected, collected_on), (plan.verified, verified_on)), today)
    if refusals:
        return tuple(refusals)
    return CheckedRow(number=row.number, values=values, keys=keys, collected_on=collected_on, verified_on=verified_on)


def _value(column: Column, cell: str) -> CleanValue:
    meant = column.spellings.get(plain(cell), cell) if column.spellings else cell
    return parse_text(column.field, meant)


def _unlikely(plan: ColumnPlan, number: int, values: Mapping[str, CleanValue], today: date) -> Iterator[Refusal]:
    for name, problem in unlikely(plan.table.fields, values, today).items():
        yield Refusal(row=number, column=plan.column_of(name), field=name, code=problem)


def _of_no_day_yet(number: int, days: Iterable[tuple[int | None, date | None]], today: date) -> Iterator[Refusal]:
    for column, day in days:
        if day is not None and not_yet(day, today):
            yield Refusal(row=number, column=column or WHOLE_ROW, field="", code=FieldProblem.FUTURE)


def _keys(plan: ColumnPlan, number: int, cells: list[str], refusals: list[Refusal]) -> dict[str, str]:
    keys = {}
    for look_up in plan.look_ups:
        code: str | None = None
        try:
            key = parse_text(look_up.key, cells[look_up.number - 1])
        except FieldInvalidError as refused:
            key, code = None, refused.code
        if code is None and key is None and look_up.required:
            code = FieldProblem.REQUIRED
        if code is not None:
            refusals.append(Refusal(row=number, column=look_up.number, field=look_up.name, code=code))
        elif key is not None:
            keys[look_up.name] = str(key)
    return keys


def _day(
    column: int | None, whole_file: date | None, number: int, cells: list[str], refusals: list[Refusal]
) -> date | None:
    text = "" if column is None else cells[column - 1]
    spelt = respell(FieldKind.DATE, text)
    if column is None or spelt is None:
        return whole_file
    try:
        return date.fromisoformat(str(spelt))
    except ValueError:
        refusals.append(Refusal(row=number, column=column, field="", code=PROVENANCE_PROBLEM))
        return None
