"""Use cases of the rules: which file is in force, which were, and putting another one in force.

What stands in the table closes when it was altered: a rule that nobody decided would open every address of the house.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Retention
from audit.transaction import record
from governance.actor import Actor
from governance.campaigns.errors import RulesClosedError, RulesDecisionError, RulesFileError, RulesUnchangedError
from governance.campaigns.models import RulesVersion
from governance.campaigns.reading import PACKAGED, digest_of, packaged_text, read_rules
from governance.campaigns.rules import Rules
from governance.database import UnreadableValueError
from governance.datamap.weakening import decides
from governance.errors import phrase
from governance.vault.attest import Attestor
from register.service import Desk

OBJECT: Final = "prospecting-rules"
# Two 32-bit numbers of a PostgreSQL advisory lock: "EGID", and the rules of prospecting.
_LOCK: Final = (0x45474944, 0x50525350)
_MOST_VERSIONS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesInForce:
    """The file of rules in force.

    Attributes:
        rules: What it says.
        file: Its name.
        text: Its content.
        digest: What tells it from another.
        packaged: Whether it is the one that comes with the program.
        version: The number of the decision by which it is; None where nobody ever decided.
        since: From when on it is; None likewise.
    """

    rules: Rules
    file: str
    text: str
    digest: str
    packaged: bool
    version: int | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PutInForce:
    """A file of rules to put in force.

    Attributes:
        file: The file's name, without its folder; ignored for the program's own.
        text: Its content; None for the file that comes with the program.
        why: In the words of whoever decides.
    """

    file: str
    text: str | None
    why: str


def rules_in_force(session: Session, attestor: Attestor) -> RulesInForce:
    """Return the rules by which people may be solicited. Ask for them anew for every message.

    Raises:
        RulesClosedError: If the file in force was altered outside Égide, or this version cannot read it: then nobody
            may be solicited.
    """
    found = _newest(session)
    if found is None:
        return _packaged()
    if not attestor.is_whole(found):
        raise _altered()
    if found.text is None:
        return replace(_packaged(), version=found.version, since=found.since)
    try:
        rules = read_rules(found.text, found.file)
    except RulesFileError:
        raise RulesClosedError(reason=phrase("cannot be read by this version of Égide")) from None
    return RulesInForce(
        rules=rules,
        file=found.file,
        text=found.text,
        digest=found.digest,
        packaged=False,
        version=found.version,
        since=found.since,
    )


def rules_versions(session: Session) -> Sequence[RulesVersion]:
    """Return the newest decisions, the newest first; each is for `Attestor.is_whole`.

    Raises:
        RulesClosedError: If what stands there cannot even be read.
    """
    try:
        return session.scalars(select(RulesVersion).order_by(RulesVersion.version.desc()).limit(_MOST_VERSIONS)).all()
    except (LookupError, TypeError, ValueError, UnreadableValueError):
        raise _altered() from None


def put_in_force(session: Session, desk: Desk, actor: Actor, command: PutInForce) -> RulesInForce:
    """Put a file of rules in force from now on, or the one that comes with the program again.

    A decision that was altered outside Égide is taken anew in its place: what it said is worth nothing any more.

    Raises:
        RulesDecisionError: If it is not the controller, in person.
        RulesFileError: If the file cannot be used.
        RulesUnchangedError: If it is in force already.
    """
    if not decides(actor):
        raise RulesDecisionError
    text = packaged_text() if command.text is None else command.text
    rules = read_rules(text, PACKAGED.name if command.text is None else command.file)
    _lock(session)
    anew = _is_altered(session, desk.attestor)
    if not anew and command.text == _text_in_force(session):
        raise RulesUnchangedError
    version = RulesVersion(
        version=_next_version(session, anew=anew),
        file=PACKAGED.name if command.text is None else command.file,
        text=command.text,
        digest=digest_of(text),
        since=desk.clock.now(),
        decided_by=actor.id,
        why=command.why,
    )
    session.add(version)
    session.flush()
    record(session, _fact(actor, version, rules, anew=anew))
    return rules_in_force(session, desk.attestor)


def _newest(session: Session) -> RulesVersion | None:
    try:
        return session.scalars(select(RulesVersion).order_by(RulesVersion.version.desc()).limit(1)).first()
    except (LookupError, TypeError, ValueError, UnreadableValueError):
        # SQLite keeps any type in any column.
        raise _altered() from None


def _is_altered(session: Session, attestor: Attestor) -> bool:
    try:
        found = _newest(session)
    except RulesClosedError:
        return True
    return found is not None and not attestor.is_whole(found)


def _text_in_force(session: Session) -> str | None:
    found = _newest(session)
    return None if found is None else found.text


def _next_version(session: Session, *, anew: bool) -> int:
    newest: int = session.scalar(select(func.max(RulesVersion.version))) or 0
    if not anew:
        return newest + 1
    session.execute(delete(RulesVersion).where(RulesVersion.version == newest))
    return newest


def _packaged() -> RulesInForce:
    text = packaged_text()
    rules = read_rules(text, PACKAGED.name)
    return RulesInForce(rules=rules, file=PACKAGED.name, text=text, digest=digest_of(text), packaged=True)


def _altered() -> RulesClosedError:
    return RulesClosedError(reason=phrase("was altered outside Égide"))


def _lock(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(*_LOCK)))


def _fact(actor: Actor, version: RulesVersion, rules: Rules, *, anew: bool) -> Fact:
    # Never the reason: people write about people there.
    details: dict[str, JsonValue] = {
        "verb": "default" if version.text is None else "load",
        "digest": version.digest,
        "rules": len(rules.each),
    }
    if anew:
        details["anew"] = True
    return Fact(
        retention=Retention.EVIDENCE,
        action=Action.POLICY,
        actor=actor,
        object_type=OBJECT,
        object_id=str(version.version),
        details=details,
    )
