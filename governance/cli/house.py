"""What every command needs: the house, whom the command acts for, and errors told in one line."""

import functools
import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy.exc import DBAPIError

from governance.actor import Actor, ActorKind
from governance.cli.words import tell, told
from governance.errors import DomainError
from governance.identity.service import OnBehalf, actor_of_email
from governance.settings import Settings, load_settings
from governance.wiring import Wired, wire

_Command = Callable[..., Any]


def host() -> Actor:
    """Return the user of the host, who acts for nobody but the installation."""
    return Actor(kind=ActorKind.HOST, id=None, roles=frozenset(), host_user=getpass.getuser())


@contextmanager
def house(settings: Settings | None = None) -> Iterator[Wired]:
    """Build the house of the settings for the time of a command."""
    wired = wire(settings or load_settings())
    try:
        yield wired
    finally:
        wired.close()


def acting_for(wired: Wired, email: str) -> Actor:
    """Return the host user as acting on behalf of an account.

    A demonstration holds nobody's data and asks for no token; a real home asks for the account's own (EGIDE_TOKEN).

    Raises:
        IdentityError: If the account does not exist, is disabled, or its token is missing or refused.
    """
    on_behalf = OnBehalf(
        email=email,
        host_user=getpass.getuser(),
        token=wired.settings.token,
        token_needed=not wired.demonstration,
    )
    with wired.read() as session:
        return actor_of_email(session, wired.clock, wired.attestor, on_behalf)


def one_line(command: _Command) -> _Command:
    """End a command that is refused or fails with one line on stderr and status 1, never a traceback."""

    @functools.wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except DomainError as error:
            click.echo(told(error), err=True)
        except BrokenPipeError:
            # Whoever read has seen enough; click ends the command in silence, with its usual status.
            raise
        except DBAPIError as error:
            click.echo(tell("The database cannot be used: {reason}.", reason=_reason(error)), err=True)
        except OSError as error:
            click.echo(tell("{path}: {reason}.", path=error.filename or "", reason=error.strerror or ""), err=True)
        sys.exit(1)

    return guarded


def _reason(error: DBAPIError) -> str:
    # The driver's own words name the file or the server, never a value: parameters are hidden.
    return str(error.orig).strip().splitlines()[0]
