"""`egide import`: a file of customers into the base, row by row, with a report of what was refused."""

import uuid
from pathlib import Path
from typing import Final

import click

from governance.cli.house import acting_for, house, one_line, tell
from governance.cli.output import as_json, as_table, progress
from governance.customers.importing.batches import Duplicates
from governance.customers.importing.job import DEFAULT_PURPOSE, ImportFile
from governance.customers.importing.mapping import ColumnMapping, read_mapping
from governance.customers.importing.models import ImportState
from governance.customers.importing.report import ImportReport
from governance.customers.importing.run import run_import
from governance.customers.importing.undo import undo_import

_SHOWN: Final = 50
_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("file", type=_FILE, required=False)
@click.option("--table", default="customers", show_default=True)
@click.option(
    "--as", "email", metavar="EMAIL", required=True, help="The account that imports; needs a grant to create."
)
@click.option("--purpose", default=DEFAULT_PURPOSE, show_default=True)
@click.option(
    "--columns", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Which column is which field."
)
@click.option("--source", default="", help="Where the data come from, in words.")
@click.option("--duplicates", type=click.Choice([each.value for each in Duplicates]), default=Duplicates.REFUSE.value)
@click.option("--dry-run", is_flag=True, help="Check everything and write nothing.")
@click.option("--undo", type=click.UUID, metavar="ID", help="Take an import back whole instead.")
@click.option("--json", "json_wanted", is_flag=True)
@one_line
def import_(
    file: Path | None,
    table: str,
    email: str,
    purpose: str,
    columns: Path | None,
    source: str,
    duplicates: str,
    dry_run: bool,
    undo: uuid.UUID | None,
    json_wanted: bool,
) -> None:
    """Import FILE (CSV, XLSX or ODS). An import that was stopped goes on where it stood."""
    if (file is None) == (undo is None):
        raise click.UsageError(tell("Give a file to import, or an import to undo."))
    with house() as wired:
        actor = acting_for(wired, email)
        if undo is not None:
            click.echo(tell("{count} rows taken back.", count=undo_import(wired, actor, undo)))
            return
        command = ImportFile(
            path=file or Path(),
            table=table,
            purpose=purpose,
            mapping=ColumnMapping() if columns is None else read_mapping(columns),
            source=source,
            duplicates=Duplicates(duplicates),
            dry_run=dry_run,
        )
        with progress(tell("Importing")) as report:
            done = run_import(wired, actor, command, lambda step: report(step.row, step.rows))
    _print(done, json_wanted)


def _print(done: ImportReport, json_wanted: bool) -> None:
    refusals = [
        {"row": each.row, "column": each.column, "field": each.field, "code": each.code} for each in done.refusals
    ]
    if json_wanted:
        as_json(
            {
                "id": None if done.id is None else str(done.id),
                "table": done.table,
                "state": None if done.state is None else done.state.value,
                "already": done.already,
                "rows": done.rows,
                "accepted": done.accepted,
                "refused": done.refused,
                "duplicates": done.duplicates,
                "refusals": refusals,
            }
        )
        return
    if done.already:
        click.echo(tell("This file was imported already."))
    sentence = "{accepted} of {rows} rows accepted, {refused} refused, {duplicates} of them duplicates."
    facts = {"accepted": done.accepted, "rows": done.rows, "refused": done.refused, "duplicates": done.duplicates}
    click.echo(tell(sentence, **facts))
    if refusals:
        as_table(refusals[:_SHOWN], ("row", "column", "field", "code"), empty="")
    if done.id is not None and done.state is not ImportState.FINISHED:
        click.echo(tell("To take it back: egide import --undo {id} --as EMAIL", id=done.id))
