"""How the command line prints: a table for people, JSON for programs, progress for long work."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import click
import orjson
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from governance.cli.headings import heading
from governance.cli.words import tell
from governance.clock import to_rfc3339

Report = Callable[[int, int], None]
StageReport = Callable[[str, int, int], None]
Heading = Callable[[str], str]
# A column with fewer characters than this is not read but deciphered.
_NARROWEST: Final = 12
# What rich puts around a cell: a space on each side, and a line between two columns.
_AROUND: Final = 3


def as_json(value: object) -> None:
    """Print one JSON document, times in RFC 3339."""
    click.echo(orjson.dumps(value, default=_jsonable, option=orjson.OPT_UTC_Z | orjson.OPT_INDENT_2).decode())


def as_table(
    rows: Sequence[Mapping[str, object]], columns: Sequence[str], *, empty: str, heading: Heading = heading
) -> None:
    """Print rows as a table, or the sentence that says what to do when there are none.

    Args:
        rows: What to print.
        columns: The names of the columns, in order.
        empty: The sentence.
        heading: What a column is called; `str` where its name is what one types to ask for it.
    """
    if not rows:
        click.echo(empty)
        return
    console = Console(highlight=False)
    cells = [[_text(row.get(column)) for column in columns] for row in rows]
    headings = [heading(column) for column in columns]
    needed = [max(map(_longest_word, spoken)) for spoken in zip(headings, *cells, strict=True)]
    # An identifier broken over two lines cannot be copied, so no word ever is.
    if max(sum(needed) + _AROUND * len(columns) - 1, len(columns) * _NARROWEST) > console.width:
        _as_records(headings, cells)
        return
    table = Table(show_edge=False, header_style="bold")
    for title, width in zip(headings, needed, strict=True):
        table.add_column(title, min_width=width)
    for row_cells in cells:
        table.add_row(*map(escape, row_cells))
    console.print(table)


def _longest_word(text: str) -> int:
    return max(map(cell_len, text.split()), default=0)


def _as_records(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print each row as lines of its own: more columns than the terminal has room for."""
    widest = max(map(len, headings))
    for row in rows:
        for title, cell in zip(headings, row, strict=True):
            if cell:
                click.echo(f"{click.style(title.ljust(widest), bold=True)}  {cell}")
        click.echo()


@contextmanager
def progress(label: str) -> Iterator[Report]:
    """Give a function to report (done, total): a bar on a terminal, a plain line each tenth elsewhere."""
    if sys.stderr.isatty():
        with _bar() as bar:
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


@contextmanager
def stages() -> Iterator[StageReport]:
    """Give a function to report (stage, done, total): a bar for each on a terminal, a line for each whole one else."""
    if sys.stderr.isatty():
        with _bar() as bar:
            tasks: dict[str, TaskID] = {}

            def drawn(stage: str, done: int, total: int) -> None:
                if stage not in tasks:
                    tasks[stage] = bar.add_task(stage, total=total)
                bar.update(tasks[stage], completed=done, total=total)

            yield drawn
        return

    def plain(stage: str, done: int, total: int) -> None:
        if done >= total:
            click.echo(f"{stage}: {total}", err=True)

    yield plain


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return tell("yes") if value else tell("no")
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
