"""`egide init`, `demo`, `serve`, `worker` and `status`: the installation as a whole."""

import threading
from typing import Any, Final

import click
from sqlalchemy import func, select

from audit.models import LogHead
from governance.cli.house import host, house, one_line, tell
from governance.cli.output import Report, as_json, as_table, progress
from governance.customers.demo import ACCOUNTS_FILE, DemoProgress, load_demo
from governance.customers.errors import HomeNotEmptyError
from governance.errors import DomainError, mark
from governance.founding import found, renew
from governance.identity.service import NewAccount, add_account, name_first_controller
from governance.identity.service.links import link_first_administrator, link_password
from governance.installation.errors import AlreadyInitialisedError
from governance.jobs.models import JobState
from governance.jobs.queue import list_jobs
from governance.migrations import current_revision
from governance.serving import serve as serve_http
from governance.settings import Settings, load_settings
from governance.vault.key_status import status as key_status
from governance.vault.models import DataSubject
from governance.wiring import Wired
from governance.work import worker_of

_HOST = click.option("--host", default="localhost", show_default=True)
_PORT = click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
_LINK_PATH: Final = "/link"


@click.command("init")
@click.option("--controller", "controller", metavar="EMAIL", help="The company's legal representative or delegate.")
@click.option("--migrate", is_flag=True, help="Bring the tables of an installation up to this version.")
@one_line
def init(controller: str | None, migrate: bool) -> None:
    """Make an installation, and print one-time links for its first administrator and its controller."""
    settings = load_settings()
    if migrate:
        renew(settings)
        return
    try:
        found(settings, host())
    except AlreadyInitialisedError:
        # Naming the controller later is the one thing that init still does; it does it once.
        if controller is None:
            raise
    with house(settings) as wired:
        _invite(wired, controller)


def _invite(wired: Wired, controller: str | None) -> None:
    actor = host()
    with wired.write() as session:
        if controller is not None:
            account = add_account(session, wired.clock, wired.ids, actor, NewAccount(email=controller))
            name_first_controller(session, wired.clock, wired.ids, actor, account)
            link = link_password(session, wired.clock, wired.ids, actor, account)
            _print_link(wired, tell("Controller"), str(link.secret))
        administrator = link_first_administrator(session, wired.clock, wired.ids, actor)
        _print_link(wired, tell("First administrator"), str(administrator.secret))


def _print_link(wired: Wired, whose: str, secret: str) -> None:
    click.echo(f"{whose}: {wired.settings.base_url}{_LINK_PATH}/{secret}")


@click.command("demo")
@click.option("--no-serve", is_flag=True, help="Load the demonstration company without serving it.")
@_HOST
@_PORT
@one_line
def demo(no_serve: bool, host: str, port: int) -> None:
    """Load the demonstration company, print its accounts, and serve it."""
    settings = load_settings()
    _load_demonstration(settings)
    if no_serve:
        return
    click.echo(tell("Open http://{host}:{port} — stop with Ctrl-C.", host=host, port=port))
    serve_http(settings, host, port)


def _load_demonstration(settings: Settings) -> None:
    try:
        found(settings, host(), demonstration=True)
    except AlreadyInitialisedError as there:
        if not there.demonstration:
            raise HomeNotEmptyError(what=mark("an installation for real data")) from None
        renew(settings)
    with house(settings) as wired:
        with progress(tell("Loading the demonstration company")) as report:
            accounts = load_demo(wired, lambda step: _report(report, step))
        if wired.signer.checkpoint().new:
            click.echo(tell("The log is anchored in {folder}.", folder=settings.anchor), err=True)
    rows = [{"account": each.email, "role": each.role.value, "password": each.password} for each in accounts]
    as_table(rows, ("account", "role", "password"), empty="")
    path = settings.home / ACCOUNTS_FILE
    click.echo(tell("Fictional data only. The passwords are kept in {path}.", path=path))


def _report(report: Report, step: DemoProgress) -> None:
    report(step.done, step.total)


@click.command("serve")
@_HOST
@_PORT
@one_line
def serve(host: str, port: int) -> None:
    """Serve the installation over HTTP."""
    settings = load_settings()
    with house(settings):
        # Refuse in one line here rather than in a worker process.
        pass
    serve_http(settings, host, port)


@click.command("worker")
@one_line
def worker() -> None:
    """Do the work that waits, until stopped."""
    with house() as wired:
        try:
            worker_of(wired).run_forever(threading.Event())
        except KeyboardInterrupt:
            return


@click.command("status")
@click.option("--json", "json_wanted", is_flag=True)
@one_line
def status(json_wanted: bool) -> None:
    """Show the state of the installation: database, log, keys, work that waits."""
    with house() as wired:
        state = _state(wired)
    if json_wanted:
        as_json(state)
        return
    as_table([{"what": name, "state": value} for name, value in state.items()], ("what", "state"), empty="")
    for pair in state["colocated"]:
        sentence = "{one} and {other} lie on the same disk: keep them apart on a real home."
        one, _, other = pair.partition("+")
        click.echo(click.style(tell(sentence, one=one, other=other), fg="yellow"))


def _state(wired: Wired) -> dict[str, Any]:
    with wired.read() as session:
        keys = key_status(session, wired.keyring, wired.clock, wired.settings)
        entries = session.scalar(select(LogHead.size)) or 0
        people = session.scalar(select(func.count()).select_from(DataSubject))
        dead = len(list_jobs(session, state=JobState.DEAD))
    try:
        signed: int | None = wired.signer.checkpoint().size
        refused = ""
    except DomainError as error:
        signed, refused = None, str(error)
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
        "colocated": ["+".join(pair) for pair in keys.colocated],
    }
