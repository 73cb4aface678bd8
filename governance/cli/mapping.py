"""`egide adopt` and `egide map`: where personal data lies, and whose it is."""

from pathlib import Path
from typing import Any

import click

from audit.transaction import unrecorded
from governance.cli.house import acting_for, host, house, one_line
from governance.cli.output import as_json, as_table
from governance.cli.words import Refusal, tell, tell_count
from governance.customers.reference import REFERENCE_FILE, reference_map
from governance.datamap.adopt.service import Adopt
from governance.datamap.adopt.service import adopt as propose_map
from governance.datamap.catalogue import load_catalogue
from governance.datamap.check import Severity
from governance.datamap.desk import MapDesk
from governance.datamap.enrolment import Enroller
from governance.datamap.errors import UnknownMapError
from governance.datamap.service import (
    LoadMap,
    SettleReturned,
    accept_registry,
    list_maps,
    load_map,
    settle_returned,
    show_map,
)
from governance.gate.who_reads import who_reads_by
from governance.wiring import Wired

_DECIDES = click.option("--as", "email", metavar="EMAIL", required=True, help="The controller who decides it.")


@click.command("adopt")
@click.argument("url")
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option("--source", help="The name to give the database; made from its address where absent.")
@click.option("--force", is_flag=True, help="Write over the file, and over what was corrected in it.")
@click.option("--json", "json_wanted", is_flag=True)
@one_line
def adopt(url: str, out: Path, source: str | None, force: bool, json_wanted: bool) -> None:
    """Look at an existing database and propose a data map for a person to correct. Nothing is written to it."""
    if out.exists() and not force:
        raise Refusal(tell("{file} exists, and may have been corrected: give another name, or --force.", file=out))
    with house() as wired, wired.read() as session:
        taken = set(load_catalogue(session, wired.attestor, reference_map()).tables)
    adoption = propose_map(Adopt(url=url, source=source, taken=taken, progress=lambda name: click.echo(name, err=True)))
    out.write_text(adoption.text, encoding="utf-8")
    proposal = adoption.proposal
    summary: dict[str, Any] = {
        "file": str(out),
        "tables": len(proposal.tables),
        "left_out": len(proposal.left_out),
    }
    if json_wanted:
        as_json(summary)
        return
    proposed = tell_count(
        "{count} table proposed in {file}.",
        "{count} tables proposed in {file}.",
        summary["tables"],
        file=summary["file"],
    )
    click.echo(f"{proposed} {tell('Read it, correct it, then: egide map load {file}', file=summary['file'])}")


@click.group("map")
def map_() -> None:
    """The data map."""


@map_.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "email", metavar="EMAIL", help="Act for this account; the host itself without it.")
@one_line
def map_load(file: Path, email: str | None) -> None:
    """Put a map in force, and enrol the rows it describes.

    A map that protects less than the one in force, or whose new columns are open to people by grants that they hold,
    is loaded for the controller, with --as.
    """
    with house() as wired:
        actor = host() if email is None else acting_for(wired, email)
        command = LoadMap(
            base=reference_map(),
            file=file.name,
            text=file.read_text(encoding="utf-8"),
            who_reads=who_reads_by(wired.attestor),
        )
        with wired.write() as session:
            loaded = load_map(session, wired.clock, wired.ids, wired.attestor, actor, command)
        tables = tell_count("{count} table", "{count} tables", len(loaded.tables))
        fields = tell_count("{count} field", "{count} fields", loaded.fields)
        sentence = "{source}, version {version}: {tables}, {fields}."
        click.echo(tell(sentence, source=loaded.source, version=loaded.version, tables=tables, fields=fields))
        _enrol(wired)


def _enrol(wired: Wired) -> None:
    with wired.read() as session:
        catalogue = load_catalogue(session, wired.attestor, reference_map())
    counts = Enroller(wired.enrolment).run(catalogue)
    said = (
        tell_count("{count} person put on file", "{count} people put on file", counts.people),
        tell_count("{count} row registered", "{count} rows registered", counts.registered),
        tell_count("{count} link waiting", "{count} links waiting", counts.waiting),
    )
    click.echo(f"{', '.join(said)}.")


@map_.command("settle")
@click.argument("table")
@click.option("--same/--new", "same", default=None, help="Whether they are the rows of old, or others under old keys.")
@_DECIDES
@one_line
def map_settle(table: str, same: bool | None, email: str) -> None:
    """Say what the rows of TABLE are whose keys came back after they had gone.

    Rows of a restored database are the same, and keep their data subjects. Others are enrolled as new.
    """
    if same is None:
        raise click.UsageError(tell("Say --same or --new: nobody should inherit another's consents."))
    with house() as wired:
        actor = acting_for(wired, email)
        with wired.write() as session:
            mapped = load_catalogue(session, wired.attestor, reference_map()).table(table)
            count = settle_returned(session, wired.attestor, actor, SettleReturned(table=mapped, same=same))
            if not count:
                unrecorded(session, "no row was gone")
        click.echo(tell_count("{count} row settled.", "{count} rows settled.", count))
        if count:
            _enrol(wired)


@map_.command("accept")
@click.argument("table")
@_DECIDES
@one_line
def map_accept(table: str, email: str) -> None:
    """Take the registered rows of TABLE as they stand, after somebody looked at what was altered.

    Registrations that Égide did not write are removed; their rows are enrolled as new.
    """
    with house() as wired:
        actor = acting_for(wired, email)
        with wired.write() as session:
            mapped = load_catalogue(session, wired.attestor, reference_map()).table(table)
            removed = accept_registry(session, wired.attestor, actor, mapped)
        one, many = "Accepted; {count} registration removed.", "Accepted; {count} registrations removed."
        click.echo(tell_count(one, many, removed))
        _enrol(wired)


@map_.command("show")
@click.argument("source", required=False)
@one_line
def map_show(source: str | None) -> None:
    """Print the map of an adopted database, or the reference map that comes with the program."""
    if source is None:
        click.echo(REFERENCE_FILE.read_text(encoding="utf-8"), nl=False)
        return
    with house() as wired, wired.read() as session:
        try:
            text = show_map(session, wired.attestor, source).text
        except UnknownMapError:
            known = ", ".join(each.source for each in list_maps(session))
            click.echo(tell("Loaded maps: {known}", known=known or "-"), err=True)
            raise
    click.echo(text, nl=False)


@map_.command("check")
@click.option("--json", "json_wanted", is_flag=True)
@click.pass_context
@one_line
def map_check(context: click.Context, json_wanted: bool) -> None:
    """Compare the maps in force with the databases."""
    with house() as wired, wired.read() as session:
        desk = MapDesk(base=reference_map(), sources=wired.sources, who_reads=who_reads_by(wired.attestor))
        findings = desk.findings(session, wired.attestor)
    rows = [
        {
            "severity": finding.severity.value,
            "source": finding.source,
            "file": finding.file,
            "line": finding.line,
            "finding": finding.text,
        }
        for finding in findings
    ]
    if json_wanted:
        as_json(rows)
    else:
        columns = ("severity", "source", "file", "line", "finding")
        as_table(rows, columns, empty=tell("The maps and the databases agree."))
    if any(finding.severity is Severity.ERROR for finding in findings):
        context.exit(1)
