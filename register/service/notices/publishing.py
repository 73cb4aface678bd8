"""Notices published: each step that changes what is in force publishes what people are told of it, in its transaction.

GDPR Art. 12(1), 13, 14. A version is made where the text differs, and never changed; the log has its digest.
"""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor
from governance.days import day_of, last_moment_of
from governance.identity.permissions import person
from governance.settings import LOCALES
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from register.errors import NumbersExhaustedError
from register.lifecycle import OPENING, Verb
from register.models import Activity, Notice
from register.notices.errors import NoticeTextGoneError
from register.notices.facts import Facts, collecting, gather
from register.notices.models import CollectionPoint, NoticeText, PointActivity
from register.notices.sections import Matter
from register.notices.values import NoticeBody
from register.notices.writing import write
from register.service.loading import PurposeRef
from register.service.notices.numbers import NamePurposes, name_purposes, number_notice
from register.values import NoticeRef

NOTICE: Final = "notice"
# After these, something else is in force.
PUBLISHING: Final = OPENING | {Verb.SUSPEND, Verb.RETIRE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Who publishes, when, and because of which activity."""

    actor: Actor
    at: datetime
    cause: str | None = None


def publish_after(session: Session, attestor: Attestor, activity: Activity, verb: Verb, by: Publication) -> None:
    """Publish anew the notices of the points where an activity collects, where their text changed.

    What closes is never held up: where something was altered, or every number of a notice was given, the texts stay as
    they are, and the list of notices says that they are behind.

    Raises:
        AttestationError: If something opens, and a point or an activity that collects there was altered outside Égide.
        NumbersExhaustedError: If something opens, and every number of a notice was given.
    """
    try:
        points = held_points(session, attestor, activity.id)
        if points:
            facts = gather(session, attestor, day_of(by.at))
            for point, chosen in points:
                publish(session, attestor, matter_of(point, chosen, facts), by)
    except (AttestationError, NumbersExhaustedError):
        if verb in OPENING:
            raise


def publish(session: Session, attestor: Attestor, matter: Matter, by: Publication) -> NoticeText | None:
    """Publish the notice of a point that is held; None where it says nothing new, or nothing was ever in force."""
    body = write(matter)
    latest = latest_text(session, matter.point.slug)
    if latest is None and not body.purposes:
        return None
    text = body.to_text()
    said = latest is not None and latest.text == text and _whole(attestor, latest)
    if said and not texts_gone(session, matter.point.slug, after=latest):
        return None
    version = _next_version(session, matter.point.slug, latest)
    refs = [NoticeRef(slug=matter.point.slug, version=version, language=language) for language in LOCALES]
    for ref in refs:
        # Before anything is written: there may be none left.
        number_notice(session, ref)
    published = NoticeText(
        slug=matter.point.slug,
        version=version,
        point_id=matter.point.id,
        text=text,
        cause=by.cause,
        actor_id=person(by.actor),
        at=by.at,
    )
    session.add(published)
    session.flush()
    named = frozenset[PurposeRef](body.purposes)
    for ref in refs:
        name_purposes(session, attestor, by.actor, NamePurposes(notice=ref, purposes=named))
    _record(session, by, published, body)
    return published


def held_points(
    session: Session, attestor: Attestor, activity_id: uuid.UUID
) -> list[tuple[CollectionPoint, frozenset[uuid.UUID]]]:
    """Return the points where an activity collects, each held until the transaction ends, with the activities chosen.

    Two activations at once: whoever comes second waits, and then tells of both.

    Raises:
        AttestationError: If one was altered outside Égide.
    """
    named = select(PointActivity.point_id).where(PointActivity.activity_id == activity_id)
    where = or_(CollectionPoint.covers_all, CollectionPoint.id.in_(named))
    return held(session, attestor, select(CollectionPoint).where(where))


def held(
    session: Session, attestor: Attestor, wanted: Select[CollectionPoint]
) -> list[tuple[CollectionPoint, frozenset[uuid.UUID]]]:
    """Return points, each held until the transaction ends and verified, with the activities chosen for it."""
    statement = wanted.order_by(CollectionPoint.id).with_for_update().execution_options(populate_existing=True)
    points = session.scalars(statement).all()
    chosen = chosen_of(session, attestor, points)
    for point in points:
        attestor.verify(point)
    return [(point, chosen[point.id]) for point in points]


def chosen_of(
    session: Session, attestor: Attestor, points: Sequence[CollectionPoint]
) -> Mapping[uuid.UUID, frozenset[uuid.UUID]]:
    """Return which activities were chosen for each of these points, in one statement.

    Raises:
        AttestationError: If one was chosen outside Égide.
    """
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    if points:
        mine = select(PointActivity).where(PointActivity.point_id.in_([point.id for point in points]))
        for row in session.scalars(mine):
            attestor.verify(row)
            found[row.point_id].add(row.activity_id)
    return {point.id: frozenset(found[point.id]) for point in points}


def matter_of(point: CollectionPoint, chosen: frozenset[uuid.UUID], facts: Facts) -> Matter:
    """Return what the notice of a point speaks of."""
    return Matter(point=point, activities=collecting(facts, chosen, covers_all=point.covers_all), facts=facts)


def latest_text(session: Session, slug: str) -> NoticeText | None:
    """Return the newest version of a notice."""
    mine = select(NoticeText).where(NoticeText.slug == slug).order_by(NoticeText.version.desc()).limit(1)
    return session.scalar(mine)


def newest_text(session: Session, attestor: Attestor, slug: str) -> NoticeText | None:
    """Return the newest version of a notice as it was published; None where none was.

    Raises:
        AttestationError: If it, or the number of one that was published after it, was altered outside Égide.
        NoticeTextGoneError: If a newer one was published, and its text was taken away outside Égide.
    """
    latest = latest_text(session, slug)
    if latest is not None:
        attestor.verify(latest)
    newer = select(Notice).where(Notice.slug == slug, Notice.version > (0 if latest is None else latest.version))
    for notice in session.scalars(newer):
        attestor.verify(notice)
    for _, version in texts_gone(session, slug, after=latest)[-1:]:
        raise NoticeTextGoneError(slug=slug, version=version)
    return latest


def texts_gone(session: Session, *slugs: str, after: NoticeText | None = None) -> list[tuple[str, int]]:
    """Return the versions that were published and whose text is there no more, by their numbers: those are kept apart.

    Args:
        session: A transaction that reads.
        slugs: Of which notices; of all where none is given.
        after: Only those newer than this text.
    """
    text = select(NoticeText.slug).where(NoticeText.slug == Notice.slug, NoticeText.version == Notice.version)
    gone = select(Notice.slug, Notice.version).where(Notice.published.is_(True), ~text.exists()).distinct()
    if slugs:
        gone = gone.where(Notice.slug.in_(slugs))
    if after is not None:
        gone = gone.where(Notice.version > after.version)
    return [(slug, version) for slug, version in session.execute(gone.order_by(Notice.slug, Notice.version))]


def text_on(session: Session, slug: str, day: date) -> NoticeText | None:
    """Return the version of a notice that stood there when a day ended; None where none did."""
    mine = select(NoticeText).where(NoticeText.slug == slug, NoticeText.at <= last_moment_of(day))
    return session.scalar(mine.order_by(NoticeText.version.desc()).limit(1))


def digest_of(text: str) -> str:
    """Return the SHA-256 of a canonical text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _whole(attestor: Attestor, text: NoticeText) -> bool:
    try:
        attestor.verify(text)
    except AttestationError:
        # The text that is true takes the place of the one that was altered, under a number of its own.
        return False
    return True


def _next_version(session: Session, slug: str, latest: NoticeText | None) -> int:
    """Return the number of the next version: none that a record of consent named before it had a text."""
    version = 1 if latest is None else latest.version + 1
    named = set(session.scalars(select(Notice.version).where(Notice.slug == slug, Notice.version >= version)))
    while version in named:
        version += 1
    return version


def _record(session: Session, by: Publication, published: NoticeText, body: NoticeBody) -> None:
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.POLICY,
            actor=by.actor,
            object_type=NOTICE,
            object_id=f"{published.slug}/{published.version}",
            details={
                "verb": "publish",
                "digest": digest_of(published.text),
                "purposes": [*body.purposes],
                **({} if by.cause is None else {"activity": by.cause}),
            },
        ),
    )
