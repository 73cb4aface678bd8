"""`egide read` and `egide explain`: customers' data through the gate, from a terminal."""

import csv
import io
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

import click
import orjson

from governance.cli.explaining import explained
from governance.cli.house import acting_for, house, one_line
from governance.cli.output import as_json, as_table
from governance.cli.words import spoken, tell
from governance.gate.gate import Gate
from governance.gate.query import HIGHEST_LIMIT, Condition, Operator, Query
from governance.gate.reasons import Reason
from governance.spreadsheets.cells import neutralise

_AS = click.option("--as", "email", metavar="EMAIL", required=True, help="The account to read for.")
_PURPOSE = click.option("--purpose", required=True, help="Why: the slug of a purpose of the register.")
# The longest spellings first, so that `<=` is not read as `<`.
_OPERATORS = (Operator.AT_MOST, Operator.AT_LEAST, Operator.EQUAL, Operator.LESS, Operator.GREATER)


@click.command("read")
@click.argument("table")
@_PURPOSE
@_AS
@click.option("--field", "fields", multiple=True, help="A field; all that are given where none is named.")
@click.option(
    "--where", "where", multiple=True, help="FIELD=VALUE; @FILE or @- keeps what identifies out of the history."
)
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True)
@click.option("--format", "format_", type=click.Choice(["table", "json", "ndjson", "csv"]), default="table")
@click.option("--json", "json_wanted", is_flag=True, help="The same as --format json.")
@one_line
def read(
    table: str,
    purpose: str,
    email: str,
    fields: tuple[str, ...],
    where: tuple[str, ...],
    limit: int,
    format_: str,
    json_wanted: bool,
) -> None:
    """Read rows of TABLE through the gate."""
    conditions = tuple(condition for text in where for condition in _conditions(text))
    query = Query(purpose=purpose, table=table, fields=fields or None, where=conditions)
    with house() as wired:
        actor = acting_for(wired, email)
        rows = _Rows(wired.gate, actor, query, limit)
        _print(rows, "json" if json_wanted else format_)
        for reason, names in rows.withheld.items():
            click.echo(tell("Withheld: {fields}. {reason}", fields=", ".join(names), reason=reason), err=True)


@click.command("explain")
@click.argument("table")
@_PURPOSE
@_AS
@click.option("--json", "json_wanted", is_flag=True)
@one_line
def explain(table: str, purpose: str, email: str, json_wanted: bool) -> None:
    """Say what would be given of TABLE, in which form, and what not and why."""
    with house() as wired:
        explanation = wired.gate.explain(acting_for(wired, email), purpose, table)
    if json_wanted:
        as_json(explanation.as_json())
        return
    for line in explained(explanation):
        click.echo(line)


class _Rows:
    """The rows of a question, page after page, each page recorded before it is printed."""

    def __init__(self, gate: Gate, actor: Any, query: Query, limit: int) -> None:
        self._gate, self._actor, self._query, self._limit = gate, actor, query, limit
        self.withheld: dict[str, list[str]] = {}

    def __iter__(self) -> Iterator[dict[str, Any]]:
        left, after = self._limit, None
        while left > 0:
            query = Query(
                purpose=self._query.purpose,
                table=self._query.table,
                fields=self._query.fields,
                where=self._query.where,
                limit=min(left, HIGHEST_LIMIT),
                after=after,
            )
            page = self._gate.read(self._actor, query)
            self.withheld = _by_reason(page.withheld)
            yield from page
            left -= page.count
            after = page.next
            if after is None:
                return


def _by_reason(withheld: Mapping[str, Reason]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, reason in withheld.items():
        grouped.setdefault(spoken(reason.sentence), []).append(name)
    return grouped


def _print(rows: _Rows, format_: str) -> None:
    match format_:
        case "json":
            as_json(list(rows))
        case "ndjson":
            for row in rows:
                click.echo(orjson.dumps(row))
        case "csv":
            _print_csv(rows, sys.stdout)
        case _:
            found = list(rows)
            columns = list(dict.fromkeys(name for row in found for name in row))
            nothing = tell("No row for this purpose. What is given: egide explain TABLE")
            # Columns bear the names by which one asks for them.
            as_table(found, columns, empty=nothing, heading=str)


def _print_csv(rows: _Rows, out: TextIO) -> None:
    found = list(rows)
    columns = list(dict.fromkeys(name for row in found for name in row))
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    for row in found:
        writer.writerow([_cell(row.get(column)) for column in columns])
    out.write(buffer.getvalue())


def _cell(value: object) -> object:
    return neutralise(value) if isinstance(value, str) else value


def _conditions(text: str) -> Iterator[Condition]:
    if not text.startswith("@"):
        yield _condition(text)
        return
    lines = sys.stdin.read() if text == "@-" else Path(text[1:]).read_text(encoding="utf-8")
    for line in lines.splitlines():
        if line.strip():
            yield _condition(line.strip())


def _condition(text: str) -> Condition:
    for operator in _OPERATORS:
        field, found, value = text.partition(operator.value)
        if found and field.strip().replace("_", "").isalnum():
            return Condition(field=field.strip(), operator=operator, value=_scalar(value.strip()))
    # What was typed may identify somebody, so it is not shown again.
    raise click.UsageError(tell("--where takes FIELD=VALUE."))


def _scalar(text: str) -> str | int | bool:
    if text in {"true", "false"}:
        return text == "true"
    return text
