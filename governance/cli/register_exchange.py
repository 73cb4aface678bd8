"""`egide register import`, `columns`, `export` and `check`: the register in files, and what it lacks."""

import os
import shutil
from pathlib import Path
from typing import Any, Final

import click
from sqlalchemy.orm import Session

from governance.cli.house import acting_for, host, house, one_line
from governance.cli.output import as_json, as_table
from governance.cli.register_paper import FORMAT, put_on_paper
from governance.cli.words import spoken, tell, tell_count
from governance.datamap.yaml_tree import MAX_BYTES
from governance.days import day_of
from governance.settings import load_settings
from governance.vault.sealed_values import SealedValues
from governance.wiring import Wired
from register.completeness import every_shortcoming
from register.exchange.desk import ExchangeDesk
from register.exchange.drafting import Fate, Imported, ImportRegister, import_register, look_over
from register.exchange.exporting import ExportRegister, exported
from register.exchange.formats import FORMATS
from register.exchange.opening import open_register, propose_columns
from register.exchange.placed import ReadRegister
from register.exchange.tables.asked import AskedColumns, read_asked
from register.exchange.tables.columns import Field
from register.exchange.tables.labels import CERTAINTY_LABELS
from register.service import Desk
from register.values import Register

_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOUND: Final = ("activity", "missing", "article")


@click.command("export")
@click.option("--format", "form", type=click.Choice([*FORMATS, FORMAT]), required=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--activity", "only", multiple=True, metavar="SLUG", help="Only this one; may be given several times.")
@click.option(
    "--capacity",
    type=click.Choice([each.value for each in Register]),
    help="Only the controller's register, or the processor's.",
)
@click.option("--as", "email", metavar="EMAIL", help="For whom; the host alone where it is not given.")
@one_line
def register_export(form: str, out: Path, only: tuple[str, ...], capacity: str | None, email: str | None) -> None:
    """Write the register to a file: what is in force, and drafts as they stand."""
    with house() as wired:
        actor = host() if email is None else acting_for(wired, email)
        command = ExportRegister(
            format=form,
            at=wired.clock.now(),
            language=wired.settings.locale,
            only=only or None,
            register=None if capacity is None else Register(capacity),
        )
        if form == FORMAT:
            for each in put_on_paper(wired, actor, command, out):
                click.echo(tell("The register is in {file}.", file=each))
            return
        with (
            wired.read() as session,
            exported(session, wired.attestor, wired.log, actor, command) as written,
            os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target,
        ):
            shutil.copyfileobj(written, target)
    click.echo(tell("The register is in {file}.", file=out))


@click.command("import")
@click.argument("file", type=_FILE)
@click.option("--as", "email", metavar="EMAIL", required=True, help="Who drafts.")
@click.option(
    "--clashing",
    type=click.Choice([each.value for each in Fate]),
    help="What becomes of activities whose name is taken: left out, or drafted under another name.",
)
@click.option("--columns", type=_FILE, help="What the columns of a table are, as `register columns --json` prints it.")
@click.option("--dry-run", is_flag=True, help="Say what it would bring, and write nothing.")
@click.option("--json", "json_wanted", is_flag=True)
@one_line
def register_import(
    file: Path, email: str, clashing: str | None, columns: Path | None, dry_run: bool, json_wanted: bool
) -> None:
    """Draft the activities of FILE. Nothing comes into force by it, and nothing is written over.

    A file is checked whole before anything of it is drafted. Stopped, the same command goes on where it was.
    """
    with house() as wired:
        actor = acting_for(wired, email)
        with file.open("rb") as opened:
            found = open_register(opened, _said_of_columns(columns))
        if dry_run:
            _rehearse(wired, found, json_wanted)
            return
        command = ImportRegister(register=found, clashing=None if clashing is None else Fate(clashing))
        desk = ExchangeDesk(
            database=wired.database,
            writing=Desk(wired.clock, wired.ids, wired.attestor),
            sealed=SealedValues(wired.keyring),
        )
        done = import_register(desk, actor, command)
    _print(done, json_wanted)


@click.command("columns")
@click.argument("file", type=_FILE)
@click.option("--columns", type=_FILE, help="What is said of them already, or of the sheet and the row of headings.")
@click.option("--json", "json_wanted", is_flag=True, help="To be corrected, and given to `register import --columns`.")
@one_line
def register_columns(file: Path, columns: Path | None, json_wanted: bool) -> None:
    """Say what the columns of the table in FILE seem to be."""
    with file.open("rb") as opened:
        proposal = propose_columns(opened, _said_of_columns(columns))
    if json_wanted:
        said = {str(each.number): (each.says or Field.KEPT).value for each in proposal.columns}
        as_json({"sheet": proposal.sheet, "row": proposal.row, "numbers": said})
        return
    rows = [
        {
            "column": each.letters,
            "number": each.number,
            "heading": each.heading,
            "samples": " · ".join(each.samples),
            "says": each.says.value if each.says else None,
            "certainty": tell(CERTAINTY_LABELS[each.certainty]),
        }
        for each in proposal.columns
    ]
    as_table(rows, ("column", "number", "heading", "samples", "says", "certainty"), empty="")


@click.command("check")
@click.option("--json", "json_wanted", is_flag=True)
@one_line
def register_check(json_wanted: bool) -> None:
    """List what the activities lack of what Article 30 asks; status 1 where anything is missing."""
    with house() as wired, wired.read() as session:
        found = _lacking(session, wired)
    if json_wanted:
        as_json(found)
    else:
        as_table(found, _FOUND, empty=tell("Nothing is missing."))
    if found:
        raise SystemExit(1)


def _said_of_columns(path: Path | None) -> AskedColumns | None:
    if path is None:
        return None
    with path.open("rb") as file:
        # One byte more than is read in any case, so that a long file is refused and not taken in whole.
        return read_asked(file.read(MAX_BYTES + 1).decode("utf-8-sig", errors="replace"))


def _lacking(session: Session, wired: Wired) -> list[dict[str, Any]]:
    today = day_of(wired.clock.now())
    return [
        {"activity": slug, "code": each.code, "missing": spoken(each.lack), "article": each.article}
        for slug, each in every_shortcoming(session, today)
    ]


def _rehearse(wired: Wired, found: ReadRegister, json_wanted: bool) -> None:
    with wired.read() as session:
        candidates = look_over(session, found)
    english = load_settings().locale == "en"
    rows: list[dict[str, Any]] = [
        {
            "activity": each.placed.activity.slug,
            "name": each.placed.activity.name_en if english else each.placed.activity.name_fr,
            "purposes": len(each.placed.activity.purposes),
            "clashes_with": each.clashes_with,
            "otherwise": each.named.slug if each.clashes_with else None,
            "notes": [spoken(note) for note in each.placed.notes],
        }
        for each in candidates
    ]
    if json_wanted:
        as_json(rows)
        return
    told = [{**row, "notes": " ".join(row["notes"])} for row in rows]
    as_table(told, ("activity", "name", "purposes", "clashes_with", "otherwise", "notes"), empty="")
    for note in found.notes:
        click.echo(spoken(note))
    click.echo(tell("Dry run, nothing was written."))


def _print(done: Imported, json_wanted: bool) -> None:
    if json_wanted:
        as_json(
            {
                "drafted": list(done.drafted),
                "left_out": done.left_out,
                "parties": done.parties,
                "measures": done.measures,
                "contracts": done.contracts,
            }
        )
        return
    drafted = tell_count("{count} activity drafted", "{count} activities drafted", len(done.drafted))
    facts = {"left_out": done.left_out, "parties": done.parties, "measures": done.measures, "contracts": done.contracts}
    added = (
        "{drafted}, {left_out} left out. "
        "Put on file: {parties} organisations, {measures} measures, {contracts} contracts."
    )
    click.echo(tell(added, drafted=drafted, **facts))
