"""How the command line prints: a table for people, JSON for programs, progress for long work."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import click
import orjson
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from governance.clock import to_rfc3339

Report = Callable[[int, int], None]
# A column with fewer characters than this is not read but deciphered.
_NARROWEST: Final = 12


def as_json(value: object) -> None:
    """Print one JSON document, times in RFC 3339."""
    click.echo(orjson.dumps(value, default=_jsonable, option=orjson.OPT_UTC_Z | orjson.OPT_INDENT_2).decode())


def as_table(rows: Sequence[Mapping[str, object]], columns: Sequence[str], *, empty: str) -> None:
    """Print rows as a table, or the sentence that says what to do when there are none."""
    if not rows:
        click.echo(empty)
        return
    console = Console(highlight=False)
    if len(columns) * _NARROWEST > console.width:
        _as_records(console, rows, columns)
        return
    table = Table(show_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(escape(_text(row.get(column))) for column in columns))
    console.print(table)


def _as_records(console: Console, rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> None:
    """Print each row as lines of its own: more columns than the terminal has room for."""
    widest = max(len(column) for column in columns)
    for row in rows:
        for column in columns:
            if row.get(column) is not None:
                console.print(f"[bold]{column.replace('_', ' '):<{widest}}[/bold]  {escape(_text(row[column]))}")
        console.print()


@contextmanager
def progress(label: str) -> Iterator[Report]:
    """Give a function to report (done, total): a bar on a terminal, a plain line each tenth elsewhere."""
    if sys.stderr.isatty():
        columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task(label, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
        return
    printed = -1

    def plain(done: int, total: int) -> None:
        nonlocal printed
        tenth = done * 10 // total if total else 0
        if tenth != printed:
            printed = tenth
            click.echo(f"{label}: {done}/{total}", err=True)

    yield plain


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if hasattr(value, "isoformat"):
        return str(_jsonable(value))
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(sorted(str(item) for item in value))
    return str(value)


def _jsonable(value: Any) -> object:
    if hasattr(value, "tzinfo"):
        return to_rfc3339(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    return str(value)
