"""Looking at the installation: database, tables, what decides, keys, log, worker, mail, disk, versions.

Each look is short and changes nothing. A full check of the log is the auditor's; here is what tells that something
stands still, is full, or is not where it was.
"""

import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from audit.anchor import Anchor
from audit.errors import AnchorUnusableError
from audit.models import LogEntry, LogHead, PublishedCheckpoint
from governance.actor import Role
from governance.administration.values import Health, Line, State
from governance.clock import Clock
from governance.database import Database
from governance.errors import Phrase, mark, phrase
from governance.identity.service.second_factor_rules import holders_of_roles
from governance.jobs.models import Job, JobState
from governance.jobs.queue import list_jobs
from governance.migrations.revisions import current_revision, head_revision
from governance.settings import Settings
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError, PolicySetError
from governance.vault.key_status import status as key_status
from governance.vault.keyring import Keyring

# The one job that every worker does each minute.
_PULSE: Final = "log-checkpoint"
# So long after it was due nobody does it.
_STOPPED_AFTER: Final = timedelta(minutes=5)
_GIB: Final = 1024**3
_LITTLE_SPACE: Final = (5 * _GIB, 0.15)
_NO_SPACE: Final = (_GIB, 0.05)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looker:
    """What there is to look at."""

    database: Database
    clock: Clock
    keyring: Keyring
    attestor: Attestor
    settings: Settings


def look(session: Session, looker: Looker) -> Health:
    """Return how the installation stands."""
    looks: tuple[Callable[[Session, Looker], Line], ...] = (
        _database,
        _tables,
        _policies,
        _people,
        _keys,
        _places,
        _log,
        _worker,
        _jobs,
        _mail,
        _proxies,
        _disk,
        _versions,
    )
    return Health(
        lines=tuple(each(session, looker) for each in looks),
        dead_jobs=tuple(list_jobs(session, state=JobState.DEAD)),
    )


def _database(session: Session, looker: Looker) -> Line:
    on_sqlite = looker.database.dialect == "sqlite"
    asked = "SELECT sqlite_version()" if on_sqlite else "SHOW server_version"
    found = phrase(
        "{name} {version} answers.", name="SQLite" if on_sqlite else "PostgreSQL", version=session.scalar(text(asked))
    )
    return Line(name="database", label=mark("Database"), state=State.GOOD, found=found)


def _tables(_session: Session, looker: Looker) -> Line:
    found, expected = current_revision(looker.database), head_revision()
    label = mark("Tables")
    if found == expected:
        sentence = phrase("The tables are those of this version (revision {revision}).", revision=found)
        return Line(name="tables", label=label, state=State.GOOD, found=sentence)
    return Line(
        name="tables",
        label=label,
        state=State.BAD,
        found=phrase(
            "The tables are of revision {found}, this version expects {expected}.", found=found, expected=expected
        ),
        mend=phrase("Bring them up to date on the host: egide init --migrate."),
    )


def _policies(session: Session, looker: Looker) -> Line:
    label = mark("What decides")
    try:
        looker.attestor.verify_policy_set(session)
    except (AttestationError, PolicySetError):
        return Line(
            name="policies",
            label=label,
            state=State.BAD,
            found=phrase("Rows that decide were altered outside Égide, and what hangs on them is closed."),
            mend=phrase("Tell the controller and security, then look on the host: egide policies check."),
        )
    return Line(
        name="policies",
        label=label,
        state=State.GOOD,
        found=phrase("No role, grant or activity was altered outside Égide."),
    )


def _people(session: Session, looker: Looker) -> Line:
    label = mark("People")
    advising = holders_of_roles(session, looker.clock)[Role.DPO].people
    if advising:
        found = phrase("In force for the role Data protection officer: {count}.", count=advising)
        return Line(name="people", label=label, state=State.GOOD, found=found)
    return Line(
        name="people",
        label=label,
        state=State.WATCH,
        found=phrase("Nobody advises as data protection officer: no activity comes into force, and nothing is read."),
        mend=phrase("Add an account with that role under Accounts; the controller confirms it."),
    )


def _keys(session: Session, looker: Looker) -> Line:
    keys = key_status(session, looker.keyring, looker.clock, looker.settings)
    label = mark("Keys")
    if keys.lost:
        return Line(
            name="keys",
            label=label,
            state=State.BAD,
            found=phrase("The keyring lacks keys, and nothing opens of as many people: {count}.", count=keys.lost),
            mend=phrase("Put the right keyring back from its backup, and start again."),
        )
    current = keys.epochs[-1]
    found = phrase(
        "Epoch {number}, age in days: {days}; its rotation is due by:", number=current.number, days=current.age_days
    )
    late = phrase(
        "Rotate the keys: erased data has to be unreadable in every copy within {days} days.", days=keys.rotation_days
    )
    return Line(
        name="keys",
        label=label,
        state=State.WATCH if keys.overdue else State.GOOD,
        found=found,
        mend=late if keys.overdue else None,
        at=keys.rotate_by,
    )


def _places(session: Session, looker: Looker) -> Line:
    together = key_status(session, looker.keyring, looker.clock, looker.settings).colocated
    label = mark("Where keys lie")
    if not together:
        found = phrase("Keyring, signing key and database lie apart.")
        return Line(name="places", label=label, state=State.GOOD, found=found)
    return Line(
        name="places",
        label=label,
        state=State.WATCH,
        found=phrase("Keyring, signing key or database lie on one disk: whoever steals it has them together."),
        mend=phrase("On a real home, put them on disks of their own: EGIDE_KEYS, EGIDE_ANCHOR, EGIDE_DATABASE_URL."),
    )


def _log(session: Session, looker: Looker) -> Line:
    label = mark("Log")
    size = session.scalar(select(LogHead.size)) or 0
    newest = session.scalars(select(PublishedCheckpoint).order_by(PublishedCheckpoint.size.desc()).limit(1)).first()
    trouble = _anchor_trouble(looker, None if newest is None else newest.note)
    if trouble is not None:
        mend = phrase("Do not repair it: tell security and the auditor, and keep a copy of both.")
        return Line(name="log", label=label, state=State.BAD, found=trouble, mend=mend)
    if newest is None:
        return Line(
            name="log",
            label=label,
            state=State.WATCH,
            found=phrase("No checkpoint has been signed yet."),
            mend=phrase("The worker signs one within a minute: start it."),
        )
    # Nothing is signed while nothing happens: what waits is as old as the first entry that no signature covers.
    waits = session.scalar(select(LogEntry.at).where(LogEntry.leaf_index == newest.size)) or newest.at
    late = size > newest.size and looker.clock.now() - waits > _STOPPED_AFTER
    return Line(
        name="log",
        label=label,
        state=State.WATCH if late else State.GOOD,
        found=phrase(
            "{signed} of {size} entries are signed, and the anchor says the same; the last signature:",
            signed=newest.size,
            size=size,
        ),
        mend=phrase("The worker signs the others: start it.") if late else None,
        at=newest.at,
    )


def _anchor_trouble(looker: Looker, note: str | None) -> Phrase | None:
    try:
        last = Anchor(looker.settings.anchor).last()
    except (AnchorUnusableError, OSError):
        return phrase("The anchor cannot be read.")
    if (None if last is None else last[0]) == note:
        return None
    return phrase("The anchor and the database name different checkpoints.")


def _worker(session: Session, looker: Looker) -> Line:
    label = mark("Worker")
    pulse = session.execute(select(Job.due_at).where(Job.kind == _PULSE).order_by(Job.due_at.desc()).limit(1)).first()
    mend = phrase("Start it on the host: egide worker; egide serve brings one along.")
    if pulse is None:
        return Line(
            name="worker", label=label, state=State.BAD, found=phrase("No worker has ever run here."), mend=mend
        )
    stopped = looker.clock.now() - pulse.due_at > _STOPPED_AFTER
    return Line(
        name="worker",
        label=label,
        state=State.BAD if stopped else State.GOOD,
        found=phrase("No worker takes up what is due, since:") if stopped else phrase("It takes up what is due."),
        mend=mend if stopped else None,
        at=pulse.due_at if stopped else None,
    )


def _jobs(session: Session, _looker: Looker) -> Line:
    label = mark("Work given up")
    dead = len(list_jobs(session, state=JobState.DEAD))
    if not dead:
        return Line(name="jobs", label=label, state=State.GOOD, found=phrase("None."))
    return Line(
        name="jobs",
        label=label,
        state=State.WATCH,
        found=phrase("Given up, after failing too often: {count}.", count=dead),
        mend=phrase("Mend what they failed on, then let them be tried again, below."),
    )


def _mail(_session: Session, looker: Looker) -> Line:
    label = mark("Mail")
    if looker.settings.smtp is None:
        return Line(
            name="mail",
            label=label,
            state=State.WATCH,
            found=phrase("Mail is not set up: nobody can ask for a new password, and nobody is told of anything."),
            mend=phrase("Set EGIDE_SMTP_URL and start again."),
        )
    found = phrase("Letters leave through {host}.", host=looker.settings.smtp.host)
    return Line(name="mail", label=label, state=State.GOOD, found=found)


def _proxies(_session: Session, looker: Looker) -> Line:
    label = mark("Proxies")
    settings = looker.settings
    if settings.proxy_unknown:
        return Line(
            name="proxies",
            label=label,
            state=State.WATCH,
            found=phrase("People come over https, through a proxy; limits and the log take everybody for that proxy."),
            mend=phrase("Say on the host how many proxies a request passes, most often one: EGIDE_PROXIES=1."),
        )
    found = phrase("Proxies that a request passes, and whose word counts: {count}.", count=settings.proxies)
    return Line(name="proxies", label=label, state=State.GOOD, found=found)


def _disk(_session: Session, looker: Looker) -> Line:
    usage = shutil.disk_usage(looker.settings.home)
    state = State.GOOD
    for worse, (least, share) in ((State.WATCH, _LITTLE_SPACE), (State.BAD, _NO_SPACE)):
        if usage.free < least or usage.free < share * usage.total:
            state = worse
    return Line(
        name="disk",
        label=mark("Disk"),
        state=state,
        found=phrase("{free} GiB of {total} GiB are free.", free=usage.free // _GIB, total=usage.total // _GIB),
        mend=None if state is State.GOOD else phrase("Make room: without it nothing is recorded, so nothing is read."),
    )


def _versions(_session: Session, _looker: Looker) -> Line:
    found = phrase(
        "Égide {egide}, Python {python}, SQLAlchemy {sqlalchemy}, Flask {flask}.",
        egide=version("egide"),
        python=platform.python_version(),
        sqlalchemy=version("sqlalchemy"),
        flask=version("flask"),
    )
    return Line(name="versions", label=mark("Versions"), state=State.GOOD, found=found)
