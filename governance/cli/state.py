"""`egide status`: the installation at a glance. Apart from what founds and serves, for it is asked for often."""

from typing import Any

import click
from sqlalchemy import func, select

from audit.models import LogHead
from governance.cli.headings import heading
from governance.cli.house import house, one_line
from governance.cli.output import as_json, as_table
from governance.cli.words import tell, told
from governance.errors import DomainError, mark
from governance.jobs.models import JobState
from governance.jobs.queue import list_jobs
from governance.migrations.revisions import current_revision
from governance.oversight.drift.reading import DriftDesk, whole_report
from governance.oversight.drift.values import Severity
from governance.oversight.due import due_items
from governance.vault.key_status import status as key_status
from governance.vault.models import DataSubject
from governance.wiring import Wired

# What may lie on one disk with another.
PLACES = (mark("anchor"), mark("database"), mark("keys"))


@click.command("status")
@click.option("--json", "json_wanted", is_flag=True)
@one_line
def status(json_wanted: bool) -> None:
    """Show the state of the installation: database, log, keys, work that waits, what is due, what differs."""
    with house() as wired:
        state = _state(wired)
    if json_wanted:
        as_json(state)
        return
    as_table([{"what": heading(name), "state": value} for name, value in state.items()], ("what", "state"), empty="")
    for pair in state["colocated"]:
        sentence = "{one} and {other} lie on the same disk: keep them apart on a real home."
        one, _, other = pair.partition("+")
        click.echo(click.style(tell(sentence, one=tell(one), other=tell(other)), fg="yellow"))


def _state(wired: Wired) -> dict[str, Any]:
    with wired.read() as session:
        keys = key_status(session, wired.keyring, wired.clock, wired.settings)
        entries = session.scalar(select(LogHead.size)) or 0
        people = session.scalar(select(func.count()).select_from(DataSubject))
        dead = len(list_jobs(session, state=JobState.DEAD))
        desk = DriftDesk(attestor=wired.attestor, clock=wired.clock, snapshot=wired.gate.snapshot_anew)
        drift = whole_report(session, desk).counts
        due = len(due_items(session, wired.clock))
    try:
        signed: int | None = wired.signer.checkpoint().size
        refused = ""
    except DomainError as error:
        signed, refused = None, told(error)
    return {
        "home": str(wired.settings.home),
        "database": wired.database.dialect,
        "revision": current_revision(wired.database),
        "demonstration": wired.demonstration,
        "origin": wired.origin,
        "log_entries": entries,
        "log_signed": signed,
        "log_refused": refused,
        "data_subjects": people,
        "key_epoch": keys.epochs[-1].number,
        "rotate_by": keys.rotate_by,
        "dead_jobs": dead,
        "due": due,
        "drift_serious": drift[Severity.SERIOUS],
        "drift_to_settle": drift[Severity.SETTLE],
        "drift_to_know": drift[Severity.KNOW],
        "colocated": ["+".join(pair) for pair in keys.colocated],
    }
