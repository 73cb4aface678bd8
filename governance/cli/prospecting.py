"""`egide rules`: by which rules people may be solicited."""

from pathlib import Path
from typing import Final

import click

from governance.campaigns.comparing import differences
from governance.campaigns.errors import RulesClosedError, RulesFileError
from governance.campaigns.models import WHY_LENGTH
from governance.campaigns.reading import PACKAGED, read_rules
from governance.campaigns.service import PutInForce, RulesInForce, put_in_force, rules_in_force
from governance.cli.house import acting_for, house, one_line
from governance.cli.words import tell, tell_count
from governance.errors import phrase
from register.service import Desk

_AS: Final = click.option("--as", "email", metavar="EMAIL", required=True, help="The controller who decides.")
_WHY: Final = click.option("--why", required=True, help="Whoever looks later reads it.")
_FILE: Final = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group("rules")
def rules() -> None:
    """The rules of prospecting: who may be solicited, by which way, and when."""


@rules.command("show")
@one_line
def rules_show() -> None:
    """Print the file of rules in force."""
    with house() as wired, wired.read() as session:
        found = rules_in_force(session, wired.attestor)
    click.echo(found.text, nl=False)


@rules.command("check")
@_FILE
@one_line
def rules_check(file: Path) -> None:
    """Read FILE, and say what it would change; nothing is put in force."""
    given = read_rules(_text(file), file.name)
    with house() as wired, wired.read() as session:
        try:
            now = rules_in_force(session, wired.attestor).rules
        except RulesClosedError:
            now = None
    click.echo(tell_count("{count} rule.", "{count} rules.", len(given.each)))
    found = differences(now, given)
    for said, slugs in (
        (tell("New: {rules}", rules=", ".join(found.added)), found.added),
        (tell("Would go: {rules}", rules=", ".join(found.removed)), found.removed),
        (tell("Said otherwise: {rules}", rules=", ".join(found.changed)), found.changed),
    ):
        if slugs:
            click.echo(said)


@rules.command("load")
@_FILE
@_WHY
@_AS
@one_line
def rules_load(file: Path, why: str, email: str) -> None:
    """Put FILE in force from now on, as the controller."""
    _put(PutInForce(file=file.name, text=_text(file), why=_reason(why)), email)


@rules.command("default")
@_WHY
@_AS
@one_line
def rules_default(why: str, email: str) -> None:
    """Put the rules that come with Égide in force again, as the controller."""
    _put(PutInForce(file=PACKAGED.name, text=None, why=_reason(why)), email)


def _put(command: PutInForce, email: str) -> None:
    with house() as wired:
        actor = acting_for(wired, email)
        desk = Desk(wired.clock, wired.ids, wired.attestor)
        with wired.write() as session:
            found = put_in_force(session, desk, actor, command)
            click.echo(_told(found))


def _told(found: RulesInForce) -> str:
    rules = tell_count("{count} rule.", "{count} rules.", len(found.rules.each))
    return f"{tell('In force: {file}.', file=found.file)} {rules}"


def _reason(why: str) -> str:
    if not why.strip() or len(why) > WHY_LENGTH:
        raise click.UsageError(tell("Say why, in at most {most} characters.", most=WHY_LENGTH))
    return why.strip()


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeError:
        raise RulesFileError(file=file.name, line=1, reason=phrase("the file cannot be read as UTF-8")) from None
