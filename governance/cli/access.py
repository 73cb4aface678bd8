"""`egide access`: what one holds and asks for, and the controller's decisions."""

import uuid
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.cli.house import acting_for, house, one_line
from governance.cli.output import as_json, as_table
from governance.cli.words import tell
from governance.identity.service import names_of_actors
from governance.policies.mine import Mine, what_is_held
from governance.policies.request_records import RequestQuery, RequestRecord, get_request, list_requests
from governance.policies.service import (
    AdviseRequest,
    ApproveRequest,
    AskData,
    AskRole,
    Desk,
    RefuseRequest,
    advise_request,
    approve_request,
    ask_data,
    ask_role,
    refuse_request,
    withdraw_request,
)
from governance.policies.values import Advice, RequestState
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind
from governance.wiring import Wired

_MOST = 10_000
_AS = click.option("--as", "email", metavar="EMAIL", required=True, help="Who asks, decides or looks.")
_JSON = click.option("--json", "json_wanted", is_flag=True)
_UNTIL = click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The first day on which it no longer counts.")
_CATEGORY = click.option(
    "--category", "categories", type=click.Choice([each.value for each in DataCategory]), multiple=True
)
_HELD = ("role", "purpose", "action", "form", "categories", "kinds", "until")
_REFUSED = ("role", "refused_at", "refused_by", "because")
_REQUESTS = ("id", "state", "who", "role", "purpose", "action", "categories", "form", "opinion", "until")


@click.group()
def access() -> None:
    """What one holds, for what, until when; asking for more, and deciding."""


@access.command("show")
@_JSON
@_AS
@one_line
def access_show(json_wanted: bool, email: str) -> None:
    """Show what an account holds, and which roles were turned down for it lately."""
    with house() as wired:
        actor = acting_for(wired, email)
        with wired.read() as session:
            mine = what_is_held(session, wired.attestor, actor, wired.clock.now())
            rows, refused = _held(mine), _refused(mine)
    if json_wanted:
        as_json([*rows, *refused])
        return
    as_table(rows, _HELD, empty=tell("Nothing is held: egide access ask ROLE --reason WHY --as EMAIL"))
    if refused:
        click.echo(tell("Roles that were turned down:"))
        as_table(refused, _REFUSED, empty="")


@access.command("ask")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.argument("purpose", required=False)
@_CATEGORY
@click.option("--kind", "kinds", type=click.Choice([each.value for each in SubjectKind]), multiple=True)
@click.option("--action", type=click.Choice([each.value for each in GrantedAction]), default=GrantedAction.READ.value)
@click.option("--form", type=click.Choice([each.value for each in Form]), default=Form.CLEAR.value, show_default=True)
@click.option("--reason", required=True, help="What for; the controller reads it.")
@_UNTIL
@_JSON
@_AS
@one_line
def access_ask(
    role: str,
    purpose: str | None,
    categories: tuple[str, ...],
    kinds: tuple[str, ...],
    action: str,
    form: str,
    reason: str,
    until: datetime | None,
    json_wanted: bool,
    email: str,
) -> None:
    """Ask for ROLE; with PURPOSE and --category, for more data under a role that is held. It opens nothing."""
    if (purpose is None) != (not categories):
        raise click.UsageError(tell("A purpose goes with --category, and a role alone without."))
    with house() as wired:
        actor, desk, end = acting_for(wired, email), _desk(wired), _end(until)
        with wired.write() as session:
            if purpose is None:
                asked = ask_role(session, desk, actor, AskRole(role=Role(role), reason=reason, valid_until=end))
            else:
                command = AskData(
                    role=Role(role),
                    purpose=purpose,
                    categories=frozenset(map(DataCategory, categories)),
                    kinds=frozenset(map(SubjectKind, kinds)) or None,
                    action=GrantedAction(action),
                    form=Form(form),
                    reason=reason,
                    valid_until=end,
                )
                asked = ask_data(session, desk, actor, command)
            rows = _rows(session, [get_request(session, actor, asked.id)])
    _print(rows, json_wanted)


@access.command("list")
@click.option("--state", type=click.Choice([each.value for each in RequestState]))
@_JSON
@_AS
@one_line
def access_list(state: str | None, json_wanted: bool, email: str) -> None:
    """List the requests that an account may see, newest first."""
    with house() as wired:
        actor = acting_for(wired, email)
        with wired.read() as session:
            query = RequestQuery(state=None if state is None else RequestState(state), limit=_MOST)
            rows = _rows(session, list(list_requests(session, actor, query).rows))
    _print(rows, json_wanted)


@access.command("advise")
@click.argument("request_id", type=click.UUID)
@click.argument("advice", type=click.Choice([each.value for each in Advice]))
@click.option("--reason", required=True, help="Whoever decides reads it.")
@_AS
@one_line
def access_advise(request_id: uuid.UUID, advice: str, reason: str, email: str) -> None:
    """Give an opinion on what was asked for, as the data protection officer."""
    with house() as wired:
        actor = acting_for(wired, email)
        command = AdviseRequest(request_id=request_id, advice=Advice(advice), reason=reason)
        with wired.write() as session:
            advise_request(session, _desk(wired), actor, command)
    click.echo(tell("The opinion on request {id} is given.", id=request_id))


@access.command("approve")
@click.argument("request_id", type=click.UUID)
@_CATEGORY
@click.option("--form", type=click.Choice([each.value for each in Form]), help="A weaker form than was asked for.")
@_UNTIL
@click.option("--because", default="")
@click.option("--no-second-person", is_flag=True, help="Nobody else can hold the role: accept the conflict, flagged.")
@_AS
@one_line
def access_approve(
    request_id: uuid.UUID,
    categories: tuple[str, ...],
    form: str | None,
    until: datetime | None,
    because: str,
    no_second_person: bool,
    email: str,
) -> None:
    """Give what was asked for, or less of it, as the controller."""
    with house() as wired:
        actor = acting_for(wired, email)
        command = ApproveRequest(
            request_id=request_id,
            categories=frozenset(map(DataCategory, categories)) or None,
            form=None if form is None else Form(form),
            valid_until=_end(until),
            because=because,
            no_second_person=no_second_person,
        )
        with wired.write() as session:
            approve_request(session, _desk(wired), actor, command)
    click.echo(tell("Request {id} is granted.", id=request_id))


@access.command("refuse")
@click.argument("request_id", type=click.UUID)
@click.option("--because", required=True, help="Whoever asked reads it.")
@_AS
@one_line
def access_refuse(request_id: uuid.UUID, because: str, email: str) -> None:
    """Refuse what was asked for, as the controller."""
    with house() as wired:
        actor = acting_for(wired, email)
        command = RefuseRequest(request_id=request_id, because=because)
        with wired.write() as session:
            refuse_request(session, wired.clock, wired.attestor, actor, command)
    click.echo(tell("Request {id} is refused.", id=request_id))


@access.command("withdraw")
@click.argument("request_id", type=click.UUID)
@_AS
@one_line
def access_withdraw(request_id: uuid.UUID, email: str) -> None:
    """Take back what one asked for."""
    with house() as wired:
        actor = acting_for(wired, email)
        with wired.write() as session:
            withdraw_request(session, wired.clock, wired.attestor, actor, request_id)
    click.echo(tell("Request {id} is withdrawn.", id=request_id))


def _desk(wired: Wired) -> Desk:
    return Desk(wired.clock, wired.ids, wired.attestor)


def _end(until: datetime | None) -> datetime | None:
    return None if until is None else until.replace(tzinfo=UTC)


def _held(mine: Mine) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for held in mine.roles:
        about = {"role": held.assignment.role.value, "in_force": held.in_force}
        if not held.purposes:
            rows.append({**about, "until": held.assignment.valid_until})
        rows += [
            {
                **about,
                "purpose": purpose.slug,
                "action": line.action.value,
                "form": line.form.value,
                "categories": [each.value for each in line.categories],
                "kinds": [each.value for each in line.kinds],
                "until": line.until.isoformat(),
            }
            for purpose, lines in held.purposes
            for line in lines
        ]
    return rows


def _refused(mine: Mine) -> list[dict[str, object]]:
    return [
        {
            "role": each.role.value,
            "in_force": False,
            "refused_at": each.decided_at,
            "refused_by": each.decided_by_name,
            "because": each.because,
        }
        for each in mine.refused
    ]


def _rows(session: Session, records: list[RequestRecord]) -> list[dict[str, object]]:
    names = names_of_actors(session, {record.request.account_id for record in records})
    return [
        {
            "id": str(record.request.id),
            "state": record.request.state.value,
            "who": names.get(record.request.account_id, str(record.request.account_id)),
            "role": record.request.role.value,
            "purpose": record.slug,
            "action": None if record.request.action is None else record.request.action.value,
            "categories": [each.value for each in record.request.category_set],
            "form": None if record.request.form is None else record.request.form.value,
            "until": record.request.given_until or record.request.valid_until,
            "alone": record.request.alone,
            "decided_at": record.request.decided_at,
            "because": record.request.because,
            "opinion": None if record.opinion is None else record.opinion.advice.value,
        }
        for record in records
    ]


def _print(rows: list[dict[str, object]], json_wanted: bool) -> None:
    if json_wanted:
        as_json(rows)
        return
    as_table(rows, _REQUESTS, empty=tell("No request: egide access ask ROLE --reason WHY --as EMAIL"))
