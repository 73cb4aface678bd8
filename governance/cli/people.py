"""`egide user` and `egide token`: who may come in."""

import sys
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from governance.actor import Actor, Role
from governance.cli.confirming import user_countersign, user_decline
from governance.cli.house import acting_for, host, house, one_line
from governance.cli.output import as_json, as_table
from governance.cli.second_factor import user_reset_second_factor
from governance.cli.words import tell
from governance.identity.errors import UnknownTokenError
from governance.identity.letters import Letter
from governance.identity.letters import tell as write_to
from governance.identity.models import ApiToken
from governance.identity.service import (
    NewAccount,
    NewRole,
    NewToken,
    account_by_email,
    add_account,
    add_token,
    assign_role,
    countersign_token,
    disable_account,
    list_accounts,
    list_tokens,
    prepare_password,
    revoke_token,
)
from governance.identity.service.links import link_password
from governance.identity.service.lockouts import unlock
from governance.identity.service.roles import live_assignments
from governance.identity.service.vouching import vouches_alone
from governance.wiring import Wired

_ROLE = click.Choice([role.value for role in Role])
_AS = click.option("--as", "email_of_actor", metavar="EMAIL", help="Act for this account; the host itself without it.")


@click.group()
def user() -> None:
    """Accounts of people."""


user.add_command(user_countersign)
user.add_command(user_decline)
user.add_command(user_reset_second_factor)


@user.command("add")
@click.argument("email")
@click.option("--role", "roles", type=_ROLE, multiple=True, required=True)
@click.option("--name", default="")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The first day on which the roles no longer count.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making a link.")
@_AS
@one_line
def user_add(
    email: str,
    roles: tuple[str, ...],
    name: str,
    until: datetime | None,
    password_stdin: bool,
    email_of_actor: str | None,
) -> None:
    """Make an account and assign its roles. Without a password, a one-time link lets the person choose theirs."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else None
    valid_until = None if until is None else until.replace(tzinfo=UTC)
    with house() as wired:
        actor = _actor(wired, email_of_actor)
        password_hash = None if password is None else prepare_password(wired.passwords, email, password)
        with wired.write() as session:
            account = add_account(
                session, wired.clock, wired.ids, actor, NewAccount(email=email, name=name, password_hash=password_hash)
            )
            waiting = False
            for role in roles:
                command = NewRole(account_id=account.id, role=Role(role), valid_until=valid_until)
                assigned = assign_role(session, wired.clock, wired.ids, actor, command)
                waiting = waiting or assigned.countersigned_at is None
            # Through a token nobody makes another way in; and a link of an administrator's ends with the confirmation.
            dies = waiting and not vouches_alone(session, actor, wired.clock.now())
            linked = password is None and actor.token is None and not dies
            link = link_password(session, wired.clock, wired.ids, actor, account) if linked else None
            if password is None and not linked:
                write_to(session, wired.ids, wired.clock, account.id, Letter.FIRST_LINK)
        if password is None and link is None:
            told = (
                tell(
                    "Where mail is set up, a link is on its way; otherwise, once confirmed: egide user link {email}",
                    email=email,
                )
                if dies
                else tell("Where mail is set up, a link is on its way; otherwise make one on the pages.")
            )
            click.echo(told, err=True)
        if link is not None:
            click.echo(f"{wired.settings.base_url}/link/{link.secret}")
        if waiting:
            click.echo(
                tell(
                    "Inert until the controller countersigns: egide user countersign {email} --as CONTROLLER",
                    email=email,
                ),
                err=True,
            )


@user.command("list")
@click.option("--json", "json_wanted", is_flag=True)
@one_line
def user_list(json_wanted: bool) -> None:
    """List the accounts."""
    with house() as wired, wired.read() as session:
        rows = [
            {
                "email": account.email,
                "name": account.name,
                "roles": [a.role.value for a in live_assignments(session, account.id) if a.countersigned_at],
                "waiting": [a.role.value for a in live_assignments(session, account.id) if not a.countersigned_at],
                "disabled": account.disabled_at is not None,
            }
            for account in list_accounts(session)
        ]
    if json_wanted:
        as_json(rows)
        return
    as_table(
        rows,
        ("email", "name", "roles", "waiting", "disabled"),
        empty=tell("No account yet: egide user add EMAIL --role ROLE"),
    )


@user.command("disable")
@click.argument("email")
@_AS
@one_line
def user_disable(email: str, email_of_actor: str | None) -> None:
    """Disable an account: its sessions and tokens stop at once."""
    with house() as wired:
        actor = _actor(wired, email_of_actor)
        with wired.write() as session:
            account = account_by_email(session, email)
            disable_account(session, wired.clock, wired.ids, wired.attestor, actor, account.id)
            write_to(session, wired.ids, wired.clock, account.id, Letter.ACCOUNT_DISABLED)
    click.echo(tell("{email} is disabled.", email=email))


@user.command("link")
@click.argument("email")
@_AS
@one_line
def user_link(email: str, email_of_actor: str | None) -> None:
    """Print a one-time link by which somebody chooses a password."""
    with house() as wired:
        actor = _actor(wired, email_of_actor)
        with wired.write() as session:
            account = account_by_email(session, email)
            link = link_password(session, wired.clock, wired.ids, actor, account)
        click.echo(f"{wired.settings.base_url}/link/{link.secret}")


@user.command("unlock")
@click.argument("email")
@_AS
@one_line
def user_unlock(email: str, email_of_actor: str | None) -> None:
    """Let somebody try again at once who mistyped too often."""
    with house() as wired:
        actor = _actor(wired, email_of_actor)
        with wired.write() as session:
            unlock(session, wired.attestor, actor, account_by_email(session, email))
    click.echo(tell("{email} may try again.", email=email))


@click.group()
def token() -> None:
    """Tokens of programs, and of people for their own commands."""


@token.command("add")
@click.argument("name")
@click.option("--role", type=_ROLE, required=True)
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="The first day on which it no longer works.")
@click.option("--own", is_flag=True, help="The account's own token, for --as on a real home.")
@_AS
@one_line
def token_add(name: str, role: str, expires: datetime | None, own: bool, email_of_actor: str | None) -> None:
    """Make a token and print its secret, once; one that waits for the controller has none yet."""
    with house() as wired:
        actor = _actor(wired, email_of_actor)
        expires_at = None if expires is None else expires.replace(tzinfo=UTC)
        with wired.write() as session:
            issued = add_token(
                session,
                wired.clock,
                wired.ids,
                actor,
                NewToken(name=name, role=Role(role), expires_at=expires_at, own=own),
            )
    if issued.secret:
        click.echo(issued.secret)
    else:
        click.echo(
            tell(
                "It has no secret until the controller countersigns: egide token countersign {name} --as CONTROLLER",
                name=name,
            ),
            err=True,
        )


@token.command("list")
@click.option("--json", "json_wanted", is_flag=True)
@one_line
def token_list(json_wanted: bool) -> None:
    """List the tokens, never their secrets."""
    with house() as wired, wired.read() as session:
        rows = [
            {
                "name": found.name,
                "role": found.role.value,
                "expires": found.expires_at,
                "in_force": found.countersigned_at is not None and found.revoked_at is None,
            }
            for found in list_tokens(session)
        ]
    if json_wanted:
        as_json(rows)
        return
    as_table(
        rows, ("name", "role", "expires", "in_force"), empty=tell("No token yet: egide token add NAME --role ROLE")
    )


@token.command("countersign")
@click.argument("name")
@click.option("--as", "email_of_actor", metavar="EMAIL", required=True, help="The controller who countersigns.")
@one_line
def token_countersign(name: str, email_of_actor: str) -> None:
    """Put a waiting token in force, as the controller, and print its secret, once."""
    with house() as wired:
        actor = acting_for(wired, email_of_actor)
        with wired.write() as session:
            (found,) = _live_tokens(session, name)
            issued = countersign_token(session, wired.clock, wired.attestor, actor, found.id)
    click.echo(issued.secret)
    click.echo(tell("The token {name} is in force.", name=name), err=True)


@token.command("revoke")
@click.argument("name")
@_AS
@one_line
def token_revoke(name: str, email_of_actor: str | None) -> None:
    """Revoke a token: it stops at once."""
    with house() as wired:
        actor = _actor(wired, email_of_actor)
        with wired.write() as session:
            for found in _live_tokens(session, name):
                revoke_token(session, wired.clock, wired.attestor, actor, found.id)
    click.echo(tell("The token {name} is revoked.", name=name))


def _actor(wired: Wired, email: str | None) -> Actor:
    return host() if email is None else acting_for(wired, email)


def _live_tokens(session: Session, name: str) -> list[ApiToken]:
    """Return the tokens of a name that nobody revoked.

    Raises:
        UnknownTokenError: If there is none.
    """
    found = [token for token in list_tokens(session) if token.name == name and token.revoked_at is None]
    if not found:
        raise UnknownTokenError
    return found
