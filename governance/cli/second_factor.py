"""`egide second-factor` and `egide user reset-second-factor`: who must have one, and what to do when it is lost."""

import click

from governance.actor import Role
from governance.cli.house import acting_for, host, house, one_line
from governance.cli.output import as_json, as_table
from governance.cli.words import tell
from governance.identity.letters import Letter
from governance.identity.letters import tell as write_to
from governance.identity.service import (
    SetRule,
    account_by_email,
    reset_second_factor,
    second_factor_rules,
    set_second_factor_rule,
)
from governance.identity.service.second_factor_rules import holders_of_roles

_ROLE = click.Choice([role.value for role in Role])
_AS = click.option("--as", "email_of_actor", metavar="EMAIL", help="Act for this account; the host itself without it.")


@click.group("second-factor")
def second_factor() -> None:
    """Which roles require a second factor."""


@second_factor.command("list")
@click.option("--json", "json_wanted", is_flag=True)
@one_line
def rules(json_wanted: bool) -> None:
    """List the rule of every role, and how many of its people have a second factor."""
    with house() as wired, wired.read() as session:
        holders = holders_of_roles(session, wired.clock)
        rows = [
            {
                "role": role.value,
                "required": required,
                "people": holders[role].people,
                "enrolled": holders[role].enrolled,
            }
            for role, required in second_factor_rules(session, wired.attestor).items()
        ]
    if json_wanted:
        as_json(rows)
        return
    as_table(rows, ("role", "required", "people", "enrolled"), empty="")


@second_factor.command("require")
@click.argument("role", type=_ROLE)
@_AS
@one_line
def require(role: str, email_of_actor: str | None) -> None:
    """Let a role require a second factor: its people add one at their next sign-in."""
    _set(role, email_of_actor, required=True)
    click.echo(tell("The role {role} requires a second factor.", role=Role(role)))


@second_factor.command("relax")
@click.argument("role", type=_ROLE)
@click.option("--as", "email_of_actor", metavar="EMAIL", required=True, help="The controller who decides it.")
@one_line
def relax(role: str, email_of_actor: str) -> None:
    """Let a role require a second factor no longer, as the controller."""
    _set(role, email_of_actor, required=False)
    click.echo(tell("The role {role} no longer requires a second factor.", role=Role(role)))


@click.command("reset-second-factor")
@click.argument("email")
@_AS
@one_line
def user_reset_second_factor(email: str, email_of_actor: str | None) -> None:
    """Take a person's second factors away, because they lost them: they sign in anew and add one first."""
    with house() as wired:
        actor = host() if email_of_actor is None else acting_for(wired, email_of_actor)
        with wired.write() as session:
            account = account_by_email(session, email)
            reset_second_factor(session, wired.clock, wired.ids, wired.attestor, actor, account.id)
            write_to(session, wired.ids, wired.clock, account.id, Letter.SECOND_FACTOR_RESET)
    click.echo(tell("{email} has no second factor any more, and adds one at the next sign-in.", email=email))


def _set(role: str, email: str | None, *, required: bool) -> None:
    with house() as wired:
        actor = host() if email is None else acting_for(wired, email)
        command = SetRule(role=Role(role), required=required)
        with wired.write() as session:
            set_second_factor_rule(session, wired.clock, wired.attestor, actor, command)
