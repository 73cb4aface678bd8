"""`egide import`: a file of customers into the base, row by row, with a report of what was refused."""

import uuid
from pathlib import Path
from typing import Any, Final

import click

from governance.actor import Actor
from governance.cli.house import acting_for, house, one_line
from governance.cli.output import as_json, as_table, progress
from governance.cli.words import Refusal, tell, tell_count
from governance.customers.importing.batches import Duplicates
from governance.customers.importing.codes import meaning_of
from governance.customers.importing.job import DEFAULT_PURPOSE, ImportFile
from governance.customers.importing.mapping import ColumnMapping, read_mapping
from governance.customers.importing.report import ImportProgress, ImportReport, list_imports
from governance.customers.importing.rows import Refusal as RefusedRow
from governance.customers.importing.run import run_import
from governance.customers.importing.undo import undo_import
from governance.customers.reference import reference_map
from governance.errors import mark
from governance.gate.errors import NoticeUnknownError
from governance.wiring import Wired
from register.values import NoticeRef

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
@click.option(
    "--notice", metavar="SLUG@VERSION/LANGUAGE", default="", help="Which notice the people were given, where one was."
)
@click.option("--point", default="", metavar="SLUG", help="The collection point, where people did not give the data.")
@click.option("--duplicates", type=click.Choice([each.value for each in Duplicates]), default=Duplicates.REFUSE.value)
@click.option("--dry-run", is_flag=True, help="Check everything and write nothing.")
@click.option("--undo", type=click.UUID, metavar="ID", help="Take an import back whole instead.")
@click.option("--list", "list_wanted", is_flag=True, help="List the last imports instead.")
@click.option("--json", "json_wanted", is_flag=True)
@one_line
def import_(
    file: Path | None, email: str, undo: uuid.UUID | None, list_wanted: bool, json_wanted: bool, **asked: Any
) -> None:
    """Import FILE (CSV, XLSX or ODS). An import that was stopped goes on where it stood."""
    if [file is not None, undo is not None, list_wanted].count(True) != 1:
        raise click.UsageError(tell("Give a file to import, an import to undo, or --list."))
    with house() as wired:
        actor = acting_for(wired, email)
        if file is not None:
            done = _import(wired, actor, _command(file, asked))
            _print(done, json_wanted)
        elif undo is not None:
            count = undo_import(wired, actor, undo)
            click.echo(tell_count("{count} row taken back.", "{count} rows taken back.", count))
        else:
            _list(wired, json_wanted)


def _command(file: Path, asked: dict[str, Any]) -> ImportFile:
    columns: Path | None = asked["columns"]
    return ImportFile(
        path=file,
        table=asked["table"],
        purpose=asked["purpose"],
        mapping=ColumnMapping() if columns is None else read_mapping(columns),
        source=asked["source"],
        notice=_notice(asked["notice"]),
        point=asked["point"],
        duplicates=Duplicates(asked["duplicates"]),
        dry_run=asked["dry_run"],
    )


def _notice(text: str) -> NoticeRef | None:
    found = NoticeRef.read(text)
    if text and found is None:
        raise NoticeUnknownError(notice=text)
    return found


def _import(wired: Wired, actor: Actor, command: ImportFile) -> ImportReport:
    begun: uuid.UUID | None = None
    label = tell("Checking") if command.dry_run else tell("Importing")
    with progress(label) as report:

        def follow(step: ImportProgress) -> None:
            nonlocal begun
            begun = step.id
            report(step.row, step.rows)

        try:
            return run_import(wired, actor, command, follow)
        except KeyboardInterrupt:
            if begun is None:
                raise
            sentence = mark(
                "Import {id} was stopped. The same command goes on where it stood; "
                "to take it back: egide import --undo {id} --as EMAIL"
            )
            raise Refusal(tell(sentence, id=begun)) from None


def _list(wired: Wired, json_wanted: bool) -> None:
    with wired.read() as session:
        imports = [_summary(each) for each in list_imports(session)]
    if json_wanted:
        as_json(imports)
        return
    columns = ("id", "table", "state", "rows", "accepted", "refused", "duplicates")
    as_table(imports, columns, empty=tell("No import yet: egide import FILE --as EMAIL"))


def _summary(done: ImportReport) -> dict[str, Any]:
    return {
        "id": None if done.id is None else str(done.id),
        "table": done.table,
        "state": None if done.state is None else done.state.value,
        "rows": done.rows,
        "accepted": done.accepted,
        "refused": done.refused,
        "duplicates": done.duplicates,
        "unsolicited": done.unsolicited,
    }


def _refusal(done: ImportReport, each: RefusedRow) -> dict[str, Any]:
    header = done.header[each.column - 1] if 0 < each.column <= len(done.header) else ""
    meaning = tell(meaning_of(reference_map().tables.get(done.table), each.field, each.code))
    return {
        "row": each.row,
        "column": each.column,
        "header": header,
        "field": each.field,
        "code": each.code,
        "meaning": meaning,
    }


def _print(done: ImportReport, json_wanted: bool) -> None:
    if json_wanted:
        refusals = [_refusal(done, each) for each in done.refusals]
        as_json({**_summary(done), "already": done.already, "refusals": refusals})
        return
    if done.already:
        click.echo(tell("This file was imported already."))
    # A dry run leaves no import behind, and says so first.
    rehearsed = mark(
        "Dry run, nothing was written: {accepted} of {rows} rows would be accepted, {refused} refused, "
        "{duplicates} of them duplicates."
    )
    written = mark(
        "Import {id}: {accepted} of {rows} rows accepted, {refused} refused, {duplicates} of them duplicates."
    )
    click.echo(tell(rehearsed if done.id is None else written, **_summary(done)))
    if done.unsolicited:
        listed = mark("Accepted rows of people on the refusal list, who are not solicited: {unsolicited}.")
        click.echo(tell(listed, unsolicited=done.unsolicited))
    if done.refusals:
        shown = [_refusal(done, each) for each in done.refusals[:_SHOWN]]
        as_table(shown, ("row", "column", "header", "field", "code", "meaning"), empty="")
