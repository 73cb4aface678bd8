"""`egide policies`: whether the rows that decide are those that Égide wrote."""

import sys

import click

from governance.cli.house import acting_for, house, one_line
from governance.cli.output import as_json, as_table
from governance.cli.words import tell
from governance.policies.acceptance import accept_policies
from governance.vault.errors import AttestationError


@click.group()
def policies() -> None:
    """Attested rows: accounts, roles, purposes, grants, maps and whatever else decides."""


@policies.command("check")
@click.option("--json", "json_wanted", is_flag=True)
@one_line
def policies_check(json_wanted: bool) -> None:
    """Check every attested row, and the set of those that decide; status 1 if anything was altered."""
    with house() as wired, wired.read() as session:
        found = wired.attestor.find_alterations(session)
    rows = [
        {"table": each.kind, "row": each.reference, "reason": "attestation"}
        if isinstance(each, AttestationError)
        else {"table": each.table, "row": "", "reason": each.reason}
        for each in found
    ]
    if json_wanted:
        as_json({"intact": not rows, "altered": rows})
    elif rows:
        as_table(rows, ("table", "row", "reason"), empty="")
        click.echo(tell("Put these rows right, or delete them; then: egide policies accept --as CONTROLLER"), err=True)
    else:
        click.echo(tell("Accounts, roles, purposes, grants, maps and settings are as Égide wrote them."))
        click.echo(tell("People, consents and boxes are checked when they are read; the log by: egide audit verify"))
    sys.exit(1 if rows else 0)


@policies.command("accept")
@click.option("--as", "email", metavar="EMAIL", required=True, help="The controller who takes them as they stand.")
@one_line
def policies_accept(email: str) -> None:
    """Take the rows that decide as they stand, after somebody looked at what was altered."""
    with house() as wired:
        actor = acting_for(wired, email)
        with wired.write() as session:
            state = accept_policies(session, wired.attestor, actor)
    click.echo(tell("Accepted: policy epoch {epoch}.", epoch=state.epoch))
