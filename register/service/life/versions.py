"""The versions of an activity: one of them, the one that stood on a day, and the entry of the log that vouches for it.

GDPR Art. 5(2), 30(1): what the register said is shown as it was said, by a text that nobody can have changed since.
"""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from audit.search import Filters, search
from governance.vault.attest import Attestor, attestor_of
from register.errors import VersionNotFoundError
from register.in_force import versions_gone
from register.lifecycle import ActivityState, Mode, Verb
from register.models import Activity, ActivityVersion
from register.past import Difference, PastRecord, differences, past_record
from register.service.loading import ActivityRef, find_activity
from register.service.recording import ACTIVITY, snapshot_of
from register.values import Page

# More decisions on one activity than that are told without the place of their entries.
_MOST_ENTRIES: Final = 500
# What the column holds: a database asked for more fails, instead of finding nothing.
_HIGHEST: Final = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVersion:
    """A version beside the record of today.

    Attributes:
        record: What it keeps, read back.
        today: What it is compared with, in the same shape: the record as it stands, or another version of it.
        since: What of it differs there; in the record of today, whether decided or only proposed.
        digest: The SHA-256 of its text, in hexadecimal.
        entry: Where the log has that digest; None where it is not found among the newest entries of the activity.
        before: The revision of the version before it; None where it is the first.
        after: The revision of the next; None where it is the last.
        number: Its place among the versions that were kept, from 1.
        beside: The version that it is compared with; None where with the record of today.
    """

    activity: Activity
    version: ActivityVersion
    record: PastRecord
    today: Mapping[str, Any]
    since: list[Difference]
    digest: str
    entry: int | None
    before: int | None
    after: int | None
    number: int
    beside: ActivityVersion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedVersion:
    """A version as it stands in the list.

    Attributes:
        altered: Whether it was altered outside Égide: then neither what it keeps nor its note is given.
    """

    revision: int
    verb: Verb | None
    state: ActivityState
    mode: Mode
    note: str
    actor_id: uuid.UUID | None
    at: datetime
    snapshot: str
    altered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPage(Page[ListedVersion]):
    """Some versions of an activity.

    Attributes:
        gone: How many of all its versions were taken away outside Égide.
    """

    gone: int = 0


def list_versions(session: Session, reference: ActivityRef, *, after: int | None, limit: int) -> VersionPage:
    """Return the versions of an activity, oldest first, from the one after revision `after`.

    Raises:
        ActivityNotFoundError: If there is no such activity.
    """
    activity = find_activity(session, reference)
    above = min(max(after or 0, 0), _HIGHEST)
    statement = (
        select(ActivityVersion)
        .where(ActivityVersion.activity_id == activity.id, ActivityVersion.revision > above)
        .order_by(ActivityVersion.revision)
        .limit(limit + 1)
    )
    attestor = attestor_of(session)
    found = [_listed(row, whole=attestor.is_whole(row)) for row in session.scalars(statement)]
    page = VersionPage.cut(found, limit, lambda row: str(row.revision))
    return replace(page, gone=versions_gone(session, activity.id).get(activity.slug, 0))


def past_version(
    session: Session, attestor: Attestor, reference: ActivityRef, revision: int, beside: int | None = None
) -> PastVersion:
    """Return an activity as it stood in a version, and what differs today, or in the version of another revision.

    Raises:
        ActivityNotFoundError: If there is no such activity.
        VersionNotFoundError: If it has no such version, or not the other.
        AttestationError: If one of the versions was altered outside Égide.
    """
    activity = find_activity(session, reference)
    version = _kept(session, attestor, activity, revision)
    other = None if beside is None else _kept(session, attestor, activity, beside)
    mine = select(ActivityVersion.revision).where(ActivityVersion.activity_id == activity.id).limit(1)
    record = past_record(version.snapshot)
    today = snapshot_of(session, activity) if other is None else past_record(other.snapshot).told
    digest = hashlib.sha256(version.snapshot.encode()).hexdigest()
    return PastVersion(
        activity=activity,
        version=version,
        record=record,
        today=today,
        since=differences(record.told, today),
        digest=digest,
        entry=_entry(session, version, digest),
        before=_revision(session, mine.where(ActivityVersion.revision < revision), newest=True),
        after=_revision(session, mine.where(ActivityVersion.revision > revision), newest=False),
        number=version_numbers(session, activity.id)[revision],
        beside=other,
    )


def version_numbers(session: Session, activity_id: uuid.UUID) -> Mapping[int, int]:
    """Return what people call each version of an activity, by its revision: 1 for the first that was kept, and so on.

    Revisions count every change, so that they jump from one version to the next. Égide takes none away and puts none
    between two others, so a number stays, unless somebody else took one away (`versions_gone`).
    """
    kept = select(ActivityVersion.revision).where(ActivityVersion.activity_id == activity_id)
    revisions = session.scalars(kept.order_by(ActivityVersion.revision))
    return {revision: number for number, revision in enumerate(revisions, 1)}


def _listed(row: ActivityVersion, *, whole: bool) -> ListedVersion:
    return ListedVersion(
        revision=row.revision,
        verb=row.verb,
        state=row.state,
        mode=row.mode,
        note=row.note if whole else "",
        actor_id=row.actor_id,
        at=row.at,
        snapshot=row.snapshot if whole else "",
        altered=not whole,
    )


def _kept(session: Session, attestor: Attestor, activity: Activity, revision: int) -> ActivityVersion:
    version = session.get(ActivityVersion, (activity.id, revision)) if 0 <= revision <= _HIGHEST else None
    if version is None:
        raise VersionNotFoundError(slug=activity.slug, revision=revision)
    attestor.verify(version)
    return version


def revision_at(session: Session, reference: ActivityRef, at: datetime) -> int | None:
    """Return the revision of the version that stood at a moment; None where none had been kept yet.

    Raises:
        ActivityNotFoundError: If there is no such activity.
    """
    activity = find_activity(session, reference)
    kept = select(ActivityVersion.revision).where(ActivityVersion.activity_id == activity.id, ActivityVersion.at <= at)
    return _revision(session, kept.limit(1), newest=True)


def _revision(session: Session, statement: Select[int], *, newest: bool) -> int | None:
    order = ActivityVersion.revision.desc() if newest else ActivityVersion.revision.asc()
    return session.scalar(statement.order_by(order))


def _entry(session: Session, version: ActivityVersion, digest: str) -> int | None:
    entries = search(session, Filters(object_type=ACTIVITY, object_id=str(version.activity_id)), limit=_MOST_ENTRIES)
    found = (each.index for each in entries if each.said["details"].get("snapshot") == digest)
    return next(found, None)
