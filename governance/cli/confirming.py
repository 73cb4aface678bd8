"""`egide user countersign` and `decline`: the controller about roles that wait, with all that they would give."""

import sys
import uuid
from collections.abc import Sequence
from datetime import datetime

import click
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.cli.house import acting_for, house, one_line
from governance.cli.output import as_table
from governance.cli.words import tell, tell_count
from governance.identity.models import RoleAssignment
from governance.identity.service import account_by_email, countersign_role, live_assignments
from governance.identity.service.declining import DeclineRole, decline_role
from governance.identity.service.roles import waiting_for
from governance.policies.joining import joining_of
from governance.policies.union import Mark, UnionRow
from governance.vault.attest import Attestor
from governance.vocabulary import Form
from register.values import DeclaredPurposes

_AS = click.option("--as", "email_of_actor", metavar="EMAIL", required=True, help="The controller who decides.")


@click.command("countersign")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask once more.")
@_AS
@one_line
def user_countersign(email: str, yes: bool, email_of_actor: str) -> None:
    """Put the waiting roles of an account in force, as the controller, once what it would then hold has been shown."""
    with house() as wired:
        actor = acting_for(wired, email_of_actor)
        with wired.read() as session:
            found = _waiting(session, account_by_email(session, email).id)
            waiting = [each.id for each in found]
            _show(session, wired.attestor, found, wired.clock.now())
        # A script has read what it does before it was written.
        if waiting and not yes and sys.stdin.isatty():
            click.confirm(tell("Confirm?"), abort=True, err=True)
        with wired.write() as session:
            for assignment_id in waiting:
                countersign_role(session, wired.clock, wired.ids, wired.attestor, actor, assignment_id)
            voided = account_by_email(session, email).password_hash is None
    click.echo(tell_count("{count} role in force.", "{count} roles in force.", len(waiting)))
    if voided:
        click.echo(tell("No password is in force. Make a link: egide user link {email}", email=email), err=True)


@click.command("decline")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--because", required=True, help="Whoever asked reads it.")
@_AS
@one_line
def user_decline(email: str, role: str, because: str, email_of_actor: str) -> None:
    """Turn a waiting role down, as the controller, and say why."""
    with house() as wired:
        actor = acting_for(wired, email_of_actor)
        with wired.write() as session:
            found = waiting_for(session, account_by_email(session, email).id, Role(role))
            command = DeclineRole(assignment_id=found.id, because=because)
            decline_role(session, wired.clock, wired.attestor, actor, command)
    click.echo(tell("The role {role} is turned down; it never opened anything.", role=Role(role)))


def _waiting(session: Session, account_id: uuid.UUID) -> list[RoleAssignment]:
    return [each for each in live_assignments(session, account_id) if each.countersigned_at is None]


def _show(session: Session, attestor: Attestor, waiting: Sequence[RoleAssignment], now: datetime) -> None:
    for assignment in waiting:
        joining = joining_of(session, attestor, assignment, now)
        held = ", ".join(joining.roles) or tell("none")
        click.echo(tell("Role {role}; roles held now: {held}", role=assignment.role, held=held))
        if assignment.reason:
            click.echo(tell("Reason: {reason}", reason=assignment.reason))
        rows = [_row(each, joining.purposes) for each in joining.union]
        as_table(rows, ("purpose", "action", "now", "then"), empty=tell("It would hold no customers' data at all."))


def _row(row: UnionRow, purposes: DeclaredPurposes) -> dict[str, object]:
    return {
        "purpose": purposes.by_id[row.purpose_id].slug,
        "action": row.action.value,
        "now": ", ".join(_told(mark, mark.before) for mark in row.marks if mark.before is not None),
        "then": ", ".join(_told(mark, mark.after) for mark in row.marks if mark.after is not None),
    }


def _told(mark: Mark, form: Form | None) -> str:
    return f"{mark.category.value} ({(form or Form.WITHHELD).value})"
