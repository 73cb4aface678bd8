"""Notices as they were published: one version, the list of them, the one a record names, and what is on its way."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from audit.search import Filters, search
from governance.days import day_of
from governance.vault.attest import Attestor
from register.lifecycle import ActivityState
from register.models import Activity, Notice
from register.notices.errors import NoticeNotFoundError, NoticeTextGoneError, NoticeTextMissingError
from register.notices.facts import gather
from register.notices.models import CollectionPoint, NoticeText, PointActivity
from register.notices.values import NoticeBody
from register.notices.writing import write
from register.service.desk import Desk
from register.service.loading import find_activity
from register.service.notices.points import find_point
from register.service.notices.publishing import NOTICE, chosen_of, digest_of, matter_of, newest_text, texts_gone
from register.service.recording import snapshot_of
from register.slugs import is_slug
from register.values import Page

# What the column holds: a database asked for more fails, instead of finding nothing.
_HIGHEST: Final = 2**31 - 1
_MOST: Final = 50
_ON_THE_WAY: Final = (
    ActivityState.DRAFT,
    ActivityState.UNDER_REVIEW,
    ActivityState.SUBMITTED,
    ActivityState.ADVISED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedNotice:
    """One version of a notice.

    Attributes:
        digest: The SHA-256 of its canonical text, in hexadecimal.
        before: The version before it; None where it is the first.
        after: The next; None where it is the newest.
    """

    text: NoticeText
    body: NoticeBody
    digest: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeShown:
    """The text that a record names by number.

    Attributes:
        kept: Whether its words are held here.
    """

    slug: str
    version: int
    language: str
    kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTheWay:
    """What the notice of a point would say once what an activity proposes is activated, beside what it says."""

    point: CollectionPoint
    activity: Activity
    now: NoticeBody | None
    then: NoticeBody


def published_notice(session: Session, attestor: Attestor, slug: str, version: int | None = None) -> PublishedNotice:
    """Return a version of a notice, or the newest.

    Raises:
        NoticeNotFoundError: If there is none.
        NoticeTextMissingError: If records name the version, but its text was never kept here.
        NoticeTextGoneError: If its text was taken away outside Égide, or that of a newer one where the newest is asked.
        AttestationError: If it was altered outside Égide.
    """
    text = _text(session, attestor, slug, version) if is_slug(slug) else None
    if text is None:
        if is_slug(slug) and version is not None and (slug, version) in texts_gone(session, slug):
            raise NoticeTextGoneError(slug=slug, version=version)
        if is_slug(slug) and version is not None and _is_named(session, slug, version):
            raise NoticeTextMissingError(slug=slug, version=version)
        raise NoticeNotFoundError(slug=slug, version=version)
    attestor.verify(text)
    mine = select(NoticeText.version).where(NoticeText.slug == slug).limit(1)
    before = mine.where(NoticeText.version < text.version).order_by(NoticeText.version.desc())
    after = mine.where(NoticeText.version > text.version).order_by(NoticeText.version)
    return PublishedNotice(
        text=text,
        body=NoticeBody.read(text.text),
        digest=digest_of(text.text),
        before=session.scalar(before),
        after=session.scalar(after),
    )


def entry_of(session: Session, notice: PublishedNotice) -> int | None:
    """Return where the log has the digest of a version; None where it is not found."""
    entries = search(
        session, Filters(object_type=NOTICE, object_id=f"{notice.text.slug}/{notice.text.version}"), limit=1
    )
    return next((each.index for each in entries if each.said["details"].get("digest") == notice.digest), None)


def list_notice_texts(session: Session, slug: str, *, after: int | None, limit: int) -> Page[NoticeText]:
    """Return the versions of a notice, the newest first, from the one before version `after`.

    Raises:
        PointNotFoundError: If there is no such collection point.
    """
    point = find_point(session, slug)
    statement = select(NoticeText).where(NoticeText.slug == point.slug).order_by(NoticeText.version.desc())
    if after is not None:
        statement = statement.where(NoticeText.version < min(after, _HIGHEST))
    return Page.cut(session.scalars(statement.limit(limit + 1)).all(), limit, lambda row: str(row.version))


def notices_shown(session: Session, numbers: Collection[int]) -> Mapping[int, NoticeShown]:
    """Return which texts these numbers stand for, in one statement; and whether their words are held here."""
    rows = session.execute(
        select(Notice.id, Notice.slug, Notice.version, Notice.language, NoticeText.slug)
        .outerjoin(NoticeText, (NoticeText.slug == Notice.slug) & (NoticeText.version == Notice.version))
        .where(Notice.id.in_(numbers))
    )
    return {
        number: NoticeShown(slug=slug, version=version, language=language, kept=kept is not None)
        for number, slug, version, language, kept in rows
    }


def notice_on_the_way(session: Session, desk: Desk, slug: str, activity_slug: str) -> OnTheWay:
    """Return what the notice of a point would say if an activity were activated as it stands.

    Raises:
        PointNotFoundError, ActivityNotFoundError: If there is no such point or activity.
        AttestationError, NoticeTextGoneError: If something on the way was altered, or taken away, outside Égide.
    """
    point, activity = find_point(session, slug), find_activity(session, activity_slug)
    desk.attestor.verify(point)
    facts = gather(session, desk.attestor, day_of(desk.clock.now()), snapshot_of(session, activity))
    chosen = chosen_of(session, desk.attestor, [point])[point.id]
    current = newest_text(session, desk.attestor, slug)
    return OnTheWay(
        point=point,
        activity=activity,
        now=None if current is None else NoticeBody.read(current.text),
        then=write(matter_of(point, chosen, facts)),
    )


def body_today(session: Session, desk: Desk, point: CollectionPoint) -> NoticeBody:
    """Return what the notice of a point would say if it were published now.

    Raises:
        AttestationError: If something on the way was altered outside Égide.
    """
    chosen = chosen_of(session, desk.attestor, [point])[point.id]
    return write(matter_of(point, chosen, gather(session, desk.attestor, day_of(desk.clock.now()))))


def activities_on_the_way(session: Session, point: CollectionPoint) -> list[Activity]:
    """Return the activities that collect at a point, or would, and whose record is being written."""
    named = select(PointActivity.activity_id).where(PointActivity.point_id == point.id)
    statement = select(Activity).where(Activity.state.in_(_ON_THE_WAY)).order_by(Activity.id).limit(_MOST)
    if not point.covers_all:
        statement = statement.where(Activity.id.in_(named))
    return list(session.scalars(statement))


def points_of(session: Session, activity_id: uuid.UUID) -> list[CollectionPoint]:
    """Return the points where an activity collects, or would."""
    named = select(PointActivity.point_id).where(PointActivity.activity_id == activity_id)
    where = CollectionPoint.covers_all | CollectionPoint.id.in_(named)
    return list(session.scalars(select(CollectionPoint).where(where).order_by(CollectionPoint.id)))


def _text(session: Session, attestor: Attestor, slug: str, version: int | None) -> NoticeText | None:
    if version is None:
        return newest_text(session, attestor, slug)
    return session.get(NoticeText, (slug, version)) if 0 < version <= _HIGHEST else None


def _is_named(session: Session, slug: str, version: int) -> bool:
    named: Select[int] = select(Notice.id).where(Notice.slug == slug, Notice.version == version).limit(1)
    return 0 < version <= _HIGHEST and session.scalar(named) is not None
