"""`egide grant`: who may read what, for which purpose, in which form."""

import uuid
from collections.abc import Sequence
from datetime import datetime

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.cli.house import acting_for, house, one_line
from governance.cli.output import as_json, as_table
from governance.cli.words import tell
from governance.errors import phrase
from governance.gate.reach import measure_by
from governance.policies.models import Grant
from governance.policies.permissions import OVERSEERS, check_may
from governance.policies.reach import Laboratory, Reach, SimulateGrant, Simulation, simulate_grant, simulation_fact
from governance.policies.service import (
    Desk,
    GrantFilter,
    RequestGrant,
    RevokeGrant,
    approve_grant,
    list_grants,
    request_grant,
    revoke_grant,
    state_of,
)
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind
from register.models import Purpose

_MOST = 10_000
_AS = click.option("--as", "email", metavar="EMAIL", required=True, help="Who asks, approves or revokes.")
_COLUMNS = ("id", "role", "purpose", "kind", "category", "action", "form", "state", "valid_to")


@click.group()
def grant() -> None:
    """Grants: role, purpose, category and form."""


@grant.command("request")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.argument("purpose")
@click.option("--category", type=click.Choice([each.value for each in DataCategory]), required=True)
@click.option("--form", type=click.Choice([each.value for each in Form]), default=Form.CLEAR.value, show_default=True)
@click.option("--action", type=click.Choice([each.value for each in GrantedAction]), default=GrantedAction.READ.value)
@click.option("--kind", "kinds", type=click.Choice([each.value for each in SubjectKind]), multiple=True)
@click.option("--exact-lookup", is_flag=True, help="May look people up by the exact value of what is not given clear.")
@click.option("--reason", default="")
@click.option("--json", "json_wanted", is_flag=True)
@_AS
@one_line
def grant_request(
    role: str,
    purpose: str,
    category: str,
    form: str,
    action: str,
    kinds: tuple[str, ...],
    exact_lookup: bool,
    reason: str,
    json_wanted: bool,
    email: str,
) -> None:
    """Ask for a grant. It gives nothing before somebody else approves it."""
    with house() as wired:
        command = RequestGrant(
            role=Role(role),
            purpose=purpose,
            category=DataCategory(category),
            kinds=frozenset(map(SubjectKind, kinds)) or None,
            action=GrantedAction(action),
            form=Form(form),
            exact_lookup=exact_lookup,
            reason=reason,
        )
        actor = acting_for(wired, email)
        desk = Desk(wired.clock, wired.ids, wired.attestor)
        with wired.write() as session:
            rows = _rows(session, request_grant(session, desk, actor, command), wired.clock.now())
    _print(rows, json_wanted)


@grant.command("approve")
@click.argument("grant_id", type=click.UUID)
@_AS
@one_line
def grant_approve(grant_id: uuid.UUID, email: str) -> None:
    """Approve a grant that somebody else asked for."""
    with house() as wired:
        actor = acting_for(wired, email)
        with wired.write() as session:
            approve_grant(session, wired.clock, wired.attestor, actor, grant_id)
    click.echo(tell("Grant {id} is in force.", id=grant_id))


@grant.command("revoke")
@click.argument("grant_id", type=click.UUID)
@click.option("--because", default="")
@_AS
@one_line
def grant_revoke(grant_id: uuid.UUID, because: str, email: str) -> None:
    """Take a grant back: the next read no longer has it."""
    with house() as wired:
        actor = acting_for(wired, email)
        with wired.write() as session:
            command = RevokeGrant(grant_id=grant_id, because=because)
            revoke_grant(session, wired.clock, wired.attestor, actor, command)
    click.echo(tell("Grant {id} is revoked: the next read no longer has it.", id=grant_id))


@grant.command("list")
@click.option("--role", type=click.Choice([role.value for role in Role]))
@click.option("--json", "json_wanted", is_flag=True)
@one_line
def grant_list(role: str | None, json_wanted: bool) -> None:
    """List the grants."""
    with house() as wired, wired.read() as session:
        wanted = GrantFilter(role=None if role is None else Role(role))
        found = list_grants(session, wanted, after=None, limit=_MOST)
        rows = _rows(session, found.rows, wired.clock.now())
    _print(rows, json_wanted)


@grant.command("simulate")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.argument("purpose")
@click.option(
    "--category", "categories", type=click.Choice([each.value for each in DataCategory]), multiple=True, required=True
)
@click.option("--form", type=click.Choice([each.value for each in Form]), default=Form.CLEAR.value, show_default=True)
@click.option("--action", type=click.Choice([each.value for each in GrantedAction]), default=GrantedAction.READ.value)
@click.option("--kind", "kinds", type=click.Choice([each.value for each in SubjectKind]), multiple=True)
@click.option("--json", "json_wanted", is_flag=True)
@_AS
@one_line
def grant_simulate(
    role: str,
    purpose: str,
    categories: tuple[str, ...],
    form: str,
    action: str,
    kinds: tuple[str, ...],
    json_wanted: bool,
    email: str,
) -> None:
    """Say what a grant would open, to how many people, on how many customers. Nothing changes; asking is recorded."""
    command = SimulateGrant(
        role=Role(role),
        purpose=purpose,
        categories=frozenset(map(DataCategory, categories)),
        kinds=frozenset(map(SubjectKind, kinds)) or None,
        action=GrantedAction(action),
        form=Form(form),
    )
    with house() as wired:
        actor = acting_for(wired, email)
        check_may(actor, OVERSEERS, phrase("simulate"))
        laboratory = Laboratory(attestor=wired.attestor, reach=Reach(measure_by(wired.gate.snapshot)))
        with wired.read() as session:
            found = simulate_grant(session, laboratory, wired.clock.now(), command)
        wired.log.append(simulation_fact(actor, command, found))
    _print_simulation(found, json_wanted)


def _print_simulation(found: Simulation, json_wanted: bool) -> None:
    changes = [
        {"table": each.table, "field": each.field, "now": each.before.value, "then": each.after.value}
        for each in found.reached.fields
    ]
    if json_wanted:
        about = {"people": found.holders.people, "programs": found.holders.programs, "customers": found.customers}
        as_json({**about, "consent": found.reached.consent, "open": found.reached.open, "fields": changes})
        return
    customers = tell("fewer than 10") if found.customers is None else str(found.customers)
    click.echo(
        tell("Holders of the role: {holders}. Customers: {customers}.", holders=found.holders.all, customers=customers)
    )
    as_table(changes, ("table", "field", "now", "then"), empty=tell("No field of the data map is of these categories."))


def _rows(session: Session, grants: Sequence[Grant], now: datetime) -> list[dict[str, object]]:
    slugs = {purpose.id: purpose.slug for purpose in session.execute(select(Purpose.id, Purpose.slug))}
    return [
        {
            "id": str(each.id),
            "role": each.role.value,
            "purpose": slugs.get(each.purpose_id, str(each.purpose_id)),
            "kind": each.subject_kind.value,
            "category": each.category.value,
            "action": each.action.value,
            "form": each.form.value,
            "exact_lookup": each.exact_lookup,
            "state": state_of(each, now).value,
            "valid_from": each.valid_from,
            "valid_to": each.valid_to,
        }
        for each in grants
    ]


def _print(rows: list[dict[str, object]], json_wanted: bool) -> None:
    if json_wanted:
        as_json(rows)
        return
    as_table(rows, _COLUMNS, empty=tell("No grant yet: egide grant request ROLE PURPOSE --category C --as EMAIL"))
