"""The guide's own memory: which questions were answered or gone by, and what was typed and not saved yet.

None of it is recorded: what is decided of a record is recorded by the use case that writes it, and what is typed and
not saved is nobody's statement yet. What was typed is kept sealed, for its author, until they save or discard it, until
the record is retired, or for `KEPT` after the last keystroke.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import orjson
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from audit.transaction import unrecorded
from governance.actor import Actor
from governance.clock import Clock
from governance.database import Database
from governance.jobs.queue import Lease
from governance.jobs.worker import Handler, Progress
from governance.vault.errors import AttestationError
from governance.vault.sealed_values import SealedValues
from register.guide.models import GuideDraft, GuideLeft
from register.guide.values import Place
from register.models import Activity
from register.permissions import check_drafts

KEPT: Final = timedelta(days=30)
_SWEEP_EVERY: Final = timedelta(hours=24)
_AT_ONCE: Final = 200
# What the longest form of the guide can hold, and no more.
MOST_BYTES: Final = 64 * 1024
# What a draft is sealed as.
_SEALED: Final = "guide-draft"

Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDraft:
    """What somebody typed at a question and did not save. It stays out of the repr."""

    place: Place
    at: datetime
    typed: Typed

    def __repr__(self) -> str:
        return f"KeptDraft(place={self.place.key!r})"


def leave_place(session: Session, clock: Clock, actor: Actor, activity: Activity, place: Place) -> None:
    """Note that a question was answered or gone by, and forget what its author had typed there.

    Raises:
        RegisterError: If whoever acts does not write on this record now.
    """
    account = check_drafts(actor, activity)
    unrecorded(session, "how far the guide has come says nothing of what is done with data")
    if session.get(GuideLeft, (activity.id, place.key)) is None:
        session.add(GuideLeft(activity_id=activity.id, place=place.key, at=clock.now()))
    _forget(session, activity.id, account, place)
    session.flush()


def keep_draft(
    session: Session, clock: Clock, seal: SealedValues, actor: Actor, kept: tuple[Activity, Place, Typed]
) -> bool:
    """Keep what somebody has typed at a question; say whether it was kept: what is too long is not.

    Raises:
        RegisterError: If whoever acts does not write on this record now.
    """
    activity, place, typed = kept
    account = check_drafts(actor, activity)
    plain = orjson.dumps({name: [*values] for name, values in typed.items()})
    unrecorded(session, "what is typed and not saved is nobody's statement yet")
    if len(plain) > MOST_BYTES:
        return False
    sealed = seal.seal(plain, _SEALED, activity.id, account, place.key)
    found = session.get(GuideDraft, (activity.id, account, place.key), with_for_update=True)
    if found is None:
        session.add(
            GuideDraft(activity_id=activity.id, account_id=account, place=place.key, sealed=sealed, at=clock.now())
        )
    else:
        found.sealed, found.at = sealed, clock.now()
    session.flush()
    return True


def drop_draft(session: Session, actor: Actor, activity: Activity, place: Place) -> None:
    """Forget what its author had typed at a question.

    Raises:
        RegisterError: If whoever acts does not write on this record now.
    """
    account = check_drafts(actor, activity)
    unrecorded(session, "what was typed and not saved was nobody's statement")
    _forget(session, activity.id, account, place)


def kept_drafts(
    session: Session, clock: Clock, seal: SealedValues, actor: Actor, activity: Activity
) -> list[KeptDraft]:
    """Return what whoever acts has typed in this record and not saved: their own alone."""
    account = check_drafts(actor, activity)
    rows = session.scalars(
        select(GuideDraft)
        .where(
            GuideDraft.activity_id == activity.id,
            GuideDraft.account_id == account,
            # The worker may be late.
            GuideDraft.at > clock.now() - KEPT,
        )
        .order_by(GuideDraft.at)
    ).all()
    return [found for row in rows if (found := _opened(seal, row)) is not None]


def forget_all(session: Session, activity_id: uuid.UUID) -> None:
    """Forget what anybody had typed in a record that ends."""
    session.execute(delete(GuideDraft).where(GuideDraft.activity_id == activity_id))


class DraftSweep:
    """Deletes what was typed and not saved for too long."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Hold what it works on."""
        self._database: Final = database
        self._clock: Final = clock

    def handler(self) -> Handler:
        """Return the worker's daily work."""
        return Handler(kind="guide-drafts", step=self.step, every=_SWEEP_EVERY)

    def step(self, lease: Lease) -> Progress:
        """Delete so many at a time."""
        with self._database.write() as session:
            unrecorded(session, "what was typed and not saved was nobody's statement")
            old = session.scalars(
                select(GuideDraft)
                .where(GuideDraft.at <= self._clock.now() - KEPT)
                .order_by(GuideDraft.at)
                .limit(_AT_ONCE)
            ).all()
            for row in old:
                session.delete(row)
        return Progress(finished=len(old) < _AT_ONCE, progress=lease.progress + len(old))


def _forget(session: Session, activity_id: uuid.UUID, account: uuid.UUID, place: Place) -> None:
    session.execute(
        delete(GuideDraft).where(
            GuideDraft.activity_id == activity_id, GuideDraft.account_id == account, GuideDraft.place == place.key
        )
    )


def _opened(seal: SealedValues, row: GuideDraft) -> KeptDraft | None:
    place = Place.read(row.place)
    try:
        plain = seal.open(row.sealed, _SEALED, row.activity_id, row.account_id, row.place)
    except AttestationError:
        # It was altered, or is somebody else's: what was typed is as good as lost.
        return None
    if place is None:
        return None
    return KeptDraft(place=place, at=row.at, typed=orjson.loads(plain))
