"""`egide init`, `demo`, `serve` and `worker`: what founds an installation and what keeps it running."""

import threading
from errno import EADDRINUSE
from socket import socket
from typing import Final

import click

from governance.cli.house import host, house, one_line
from governance.cli.output import StageReport, as_table, stages
from governance.cli.words import Refusal, tell
from governance.customers.demo import ACCOUNTS_FILE, STAGES, DemoProgress, load_demo
from governance.customers.errors import HomeNotEmptyError
from governance.errors import mark, phrase
from governance.founding import found, renew
from governance.garbage import uncollected
from governance.identity.service import NewAccount, add_account, name_first_controller
from governance.identity.service.links import link_first_administrator, link_password
from governance.installation.errors import AlreadyInitialisedError
from governance.oversight.demo.loading import load_file
from governance.serving import bind, listen
from governance.serving import serve as serve_http
from governance.settings import Settings, load_settings, served_at
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
        address = wired.settings.base_url
    made_for = mark("Links are made for {address}. Elsewhere, set EGIDE_BASE_URL; what follows /link/ stays good.")
    click.echo(tell(made_for, address=address), err=True)
    _tell_next(controller)


def _tell_next(controller: str | None) -> None:
    steps = [mark("egide serve"), mark("open the link, choose a password, sign in")]
    if controller is None:
        steps.append(mark("name the company's controller: egide init --controller EMAIL"))
    steps.append(mark("give people accounts: egide user add EMAIL --role ROLE"))
    click.echo(tell("Next:"), err=True)
    for number, step in enumerate(steps, start=1):
        click.echo(f"  {number}. {tell(step)}", err=True)


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
    link = f"{wired.settings.base_url}{_LINK_PATH}/{secret}"
    click.echo(tell("{whose}: {link}", whose=whose, link=link))


@click.command("demo")
@click.option("--no-serve", is_flag=True, help="Load the demonstration company without serving it.")
@_HOST
@_PORT
@one_line
def demo(no_serve: bool, host: str, port: int) -> None:
    """Load the demonstration company, print its accounts, and serve it."""
    # A port that is taken is told before the load, not after.
    entrance = None if no_serve else _bind(host, port)
    _load_demonstration(load_settings())
    if entrance is not None:
        _serve(entrance, host)


def _load_demonstration(settings: Settings) -> None:
    try:
        found(settings, host(), demonstration=True)
    except AlreadyInitialisedError as there:
        if not there.demonstration:
            raise HomeNotEmptyError(what=phrase("an installation for real data")) from None
        renew(settings)
    with house(settings) as wired:
        # Rows come and go by the ten thousand: looking for garbage among them takes an eighth of the time.
        with stages() as report, uncollected():
            accounts = load_demo(wired, lambda step: _report(report, step))
            load_file(wired)
        if wired.signer.checkpoint().new:
            click.echo(tell("The log is anchored in {folder}.", folder=settings.anchor), err=True)
    rows = [{"account": each.email, "role": each.role.value, "password": each.password} for each in accounts]
    as_table(rows, ("account", "role", "password"), empty="")
    path = settings.home / ACCOUNTS_FILE
    click.echo(tell("Fictional data only. The passwords are kept in {path}.", path=path))


def _report(report: StageReport, step: DemoProgress) -> None:
    # The staff and what it declares are a moment's work, and no rows of a table.
    if step.step in STAGES:
        report(tell(STAGES[step.step]), step.done, step.total)


@click.command("serve")
@_HOST
@_PORT
@one_line
def serve(host: str, port: int) -> None:
    """Serve the installation over HTTP."""
    entrance = _bind(host, port)
    with house():
        # Refuse in one line here rather than in a worker process.
        pass
    _serve(entrance, host)


def _bind(host: str, port: int) -> socket:
    try:
        return bind(host, port)
    except OSError as error:
        taken = mark("Port {port} is taken. Take another: make run PORT=9000, or --port 9000.")
        unusable = mark("{host}:{port} cannot be listened on: {reason}.")
        facts = {"host": host, "port": port, "reason": error.strerror or type(error).__name__}
        raise Refusal(tell(taken if error.errno == EADDRINUSE else unusable, **facts)) from None


def _serve(entrance: socket, host: str) -> None:
    # Links that other commands print from now on lead here.
    settings = served_at(load_settings().home, host, entrance.getsockname()[1])
    listen(entrance)
    click.echo(tell("Open {address} — stop with Ctrl-C.", address=settings.base_url))
    if settings.proxy_unknown:
        warning = mark("Over https a proxy stands before it: set EGIDE_PROXIES, or limits and the log name that proxy.")
        click.echo(tell(warning), err=True)
    serve_http(settings, entrance)


@click.command("worker")
@one_line
def worker() -> None:
    """Do the work that waits, until stopped."""
    with house() as wired:
        try:
            worker_of(wired).run_forever(threading.Event())
        except KeyboardInterrupt:
            return
