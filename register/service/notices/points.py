"""Collection points: where data are collected, and which activities collect there. GDPR Art. 13, 14."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor
from governance.days import day_of
from governance.errors import listed, phrase
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from register.errors import DraftingNotAllowedError, SlugTakenError
from register.models import Activity
from register.notices.errors import NoticeTextGoneError, PointNotFoundError, PointSourceError
from register.notices.facts import gather
from register.notices.models import CollectionPoint, NoticeText, PointActivity
from register.notices.values import CollectionWay, NoticeBody
from register.notices.writing import write
from register.permissions import DRAFTERS, account_of
from register.service.desk import Desk
from register.service.loading import find_activity
from register.service.notices.publishing import Publication, chosen_of, held, matter_of, publish, texts_gone
from register.slugs import check_slug, is_slug
from register.values import Page

POINT: Final = "collection-point"


@dataclass(frozen=True, slots=True, kw_only=True)
class PointTerms:
    """What is said of a collection point.

    Attributes:
        covers_all: Whether every activity about customers, prospects or contacts collects here.
        activities: The slugs of those that do, chosen one by one.
        source_fr, source_en: Where the data come from, where the people themselves do not give them.
    """

    slug: str
    name_fr: str
    name_en: str
    way: CollectionWay
    covers_all: bool = False
    activities: frozenset[str] = frozenset()
    source_fr: str = ""
    source_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPoint:
    """A collection point with its notice.

    Attributes:
        activities: Those that were chosen, by what they are called.
        current: The newest version that was published; None where none was.
        body: What it says.
        behind: Whether the register says otherwise by now.
        altered: What was altered or taken away outside Égide, so that nothing is shown here.
    """

    point: CollectionPoint
    activities: Sequence[Activity]
    current: NoticeText | None
    body: NoticeBody | None
    behind: bool
    altered: AttestationError | NoticeTextGoneError | None = None

    @property
    def gone(self) -> bool:
        """Whether the newest text was taken away outside Égide: publishing anew settles it."""
        return isinstance(self.altered, NoticeTextGoneError)


def add_point(session: Session, desk: Desk, actor: Actor, terms: PointTerms) -> CollectionPoint:
    """Open a collection point, and publish its notice where something is in force there.

    Raises:
        PersonRequiredError, DraftingNotAllowedError: If it is for somebody else.
        SlugInvalidError: If the slug is none.
        SlugTakenError: If another point has it.
        PointSourceError: If it does not say where the data come from, and the people do not give them; or the reverse.
        ActivityNotFoundError: If an activity is not on file.
    """
    check_keeps_notices(actor)
    slug = check_slug(terms.slug)
    chosen = _hold(session, desk.attestor, terms)
    # What a notice names decides: nobody else takes the name of this one before this transaction ends.
    desk.attestor.hold_policy_set(session)
    if session.scalar(select(CollectionPoint.id).where(CollectionPoint.slug == slug)) is not None:
        raise SlugTakenError(kind=phrase("collection point"), slug=slug)
    point = CollectionPoint(id=desk.ids.new(), slug=slug, changed_at=desk.clock.now(), **_columns(terms))
    session.add(point)
    session.flush()
    _choose(session, point, chosen)
    _record(session, actor, point, "add-point")
    _publish(session, desk, actor, slug)
    return point


def change_point(session: Session, desk: Desk, actor: Actor, terms: PointTerms) -> CollectionPoint:
    """Correct what is said of a collection point, whole, and publish its notice where the text differs.

    Raises:
        PersonRequiredError, DraftingNotAllowedError: If it is for somebody else.
        PointNotFoundError: If there is none.
        AttestationError: If it was altered outside Égide.
        PointSourceError: If it does not say where the data come from, and the people do not give them; or the reverse.
        ActivityNotFoundError: If an activity is not on file.
    """
    check_keeps_notices(actor)
    chosen = _hold(session, desk.attestor, terms)
    point, _ = _held(session, desk.attestor, terms.slug)
    for name, value in _columns(terms).items():
        setattr(point, name, value)
    point.changed_at = desk.clock.now()
    session.flush()
    _choose(session, point, chosen)
    _record(session, actor, point, "change-point")
    _publish(session, desk, actor, terms.slug)
    return point


def hold_point(session: Session, desk: Desk, terms: PointTerms) -> None:
    """Keep everybody else from writing on a collection point, with whatever `change_point` holds, to read it first.

    Raises:
        PointNotFoundError: If there is none.
        AttestationError: If it was altered outside Égide.
        ActivityNotFoundError: If an activity is not on file.
    """
    _hold(session, desk.attestor, terms)
    _held(session, desk.attestor, terms.slug)


def publish_anew(session: Session, desk: Desk, actor: Actor, slug: str) -> NoticeText | None:
    """Publish the notice of a point where the register says otherwise by now: an address, a decision on adequacy.

    Raises:
        PersonRequiredError, DraftingNotAllowedError: If it is for somebody else.
        PointNotFoundError: If there is none.
        AttestationError: If something on the way was altered outside Égide.
    """
    check_keeps_notices(actor)
    desk.attestor.hold_policy_set(session)
    return _publish(session, desk, actor, slug)


def find_point(session: Session, slug: str) -> CollectionPoint:
    """Return a collection point.

    Raises:
        PointNotFoundError: If there is none.
    """
    found = session.scalar(select(CollectionPoint).where(CollectionPoint.slug == slug)) if is_slug(slug) else None
    if found is None:
        raise PointNotFoundError(reference=slug)
    return found


def list_points(session: Session, desk: Desk, *, after: uuid.UUID | None, limit: int) -> Page[ListedPoint]:
    """Return the collection points in the order in which they came, in as many statements however many there are."""
    statement = select(CollectionPoint).order_by(CollectionPoint.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(CollectionPoint.id > after)
    page = Page.cut(session.scalars(statement).all(), limit, lambda row: str(row.id))
    return Page(rows=_listed(session, desk, page.rows), next=page.next)


def show_point(session: Session, desk: Desk, slug: str) -> ListedPoint:
    """Return one collection point with its notice.

    Raises:
        PointNotFoundError: If there is none.
    """
    return _listed(session, desk, [find_point(session, slug)])[0]


def points_from_elsewhere(session: Session) -> Sequence[CollectionPoint]:
    """Return the points where the data do not come from the people themselves: what an import can come from."""
    ways = [way for way in CollectionWay if not way.direct]
    return session.scalars(
        select(CollectionPoint).where(CollectionPoint.way.in_(ways)).order_by(CollectionPoint.id)
    ).all()


def check_keeps_notices(actor: Actor) -> uuid.UUID:
    """Refuse whoever keeps no notices; return the account of whoever does.

    Raises:
        PersonRequiredError: If no person acts.
        DraftingNotAllowedError: If their roles write nothing in the register.
    """
    account = account_of(actor)
    if not actor.roles & DRAFTERS:
        raise DraftingNotAllowedError(roles=listed(sorted(DRAFTERS)))
    return account


def _listed(session: Session, desk: Desk, points: Sequence[CollectionPoint]) -> list[ListedPoint]:
    newest = (
        select(NoticeText.slug, func.max(NoticeText.version).label("version"))
        .where(NoticeText.slug.in_([point.slug for point in points]))
        .group_by(NoticeText.slug)
        .subquery()
    )
    join = (NoticeText.slug == newest.c.slug) & (NoticeText.version == newest.c.version)
    texts = {row.slug: row for row in session.scalars(select(NoticeText).join(newest, join))}
    try:
        chosen = chosen_of(session, desk.attestor, points)
        facts = gather(session, desk.attestor, day_of(desk.clock.now()))
    except AttestationError as error:
        return [_altered(point, texts.get(point.slug), error) for point in points]
    slugs = [point.slug for point in points]
    # Of several of a notice, the newest stays.
    gone = dict(texts_gone(session, *slugs)) if slugs else {}
    named = _named(session, {each for ids in chosen.values() for each in ids})
    found = []
    for point in points:
        current = texts.get(point.slug)
        today = write(matter_of(point, chosen[point.id], facts))
        told = ListedPoint(
            point=point,
            activities=[named[each] for each in sorted(chosen[point.id])],
            current=current,
            body=None if current is None else NoticeBody.read(current.text),
            behind=bool(today.purposes) if current is None else today.to_text() != current.text,
        )
        found.append(_checked(desk.attestor, told, gone.get(point.slug)))
    return found


def _checked(attestor: Attestor, told: ListedPoint, gone: int | None) -> ListedPoint:
    try:
        attestor.verify(told.point)
        if told.current is not None:
            attestor.verify(told.current)
    except AttestationError as error:
        return replace(told, altered=error, body=None)
    if gone is not None and (told.current is None or gone > told.current.version):
        return replace(told, altered=NoticeTextGoneError(slug=told.point.slug, version=gone), body=None)
    return told


def _altered(point: CollectionPoint, current: NoticeText | None, error: AttestationError) -> ListedPoint:
    return ListedPoint(point=point, activities=(), current=current, body=None, behind=True, altered=error)


def _named(session: Session, ids: set[uuid.UUID]) -> Mapping[uuid.UUID, Activity]:
    return {row.id: row for row in session.scalars(select(Activity).where(Activity.id.in_(ids)))}


def _columns(terms: PointTerms) -> dict[str, Any]:
    if bool(terms.source_fr and terms.source_en) == terms.way.direct or bool(terms.source_fr) != bool(terms.source_en):
        raise PointSourceError
    return {
        name: getattr(terms, name) for name in ("name_fr", "name_en", "way", "covers_all", "source_fr", "source_en")
    }


def _hold(session: Session, attestor: Attestor, terms: PointTerms) -> set[uuid.UUID]:
    """Keep everybody from bringing something else into force while the notice is written; return what was chosen.

    Activities first, then what decides, then points: in the order in which a decision on an activity takes them.
    """
    wanted = {find_activity(session, each).id for each in terms.activities}
    held_ids = select(Activity.id).where(Activity.id.in_(wanted)).order_by(Activity.id)
    session.execute(held_ids.with_for_update(read=True, key_share=True))
    attestor.hold_policy_set(session)
    return wanted


def _choose(session: Session, point: CollectionPoint, wanted: set[uuid.UUID]) -> None:
    rows = {
        row.activity_id: row for row in session.scalars(select(PointActivity).where(PointActivity.point_id == point.id))
    }
    for activity_id in rows.keys() - wanted:
        session.delete(rows[activity_id])
    session.add_all(PointActivity(point_id=point.id, activity_id=each) for each in sorted(wanted - rows.keys()))
    session.flush()


def _held(session: Session, attestor: Attestor, slug: str) -> tuple[CollectionPoint, frozenset[uuid.UUID]]:
    found = (
        held(session, attestor, select(CollectionPoint).where(CollectionPoint.slug == slug)) if is_slug(slug) else []
    )
    if not found:
        raise PointNotFoundError(reference=slug)
    return found[0]


def _publish(session: Session, desk: Desk, actor: Actor, slug: str) -> NoticeText | None:
    point, chosen = _held(session, desk.attestor, slug)
    now = desk.clock.now()
    facts = gather(session, desk.attestor, day_of(now))
    return publish(session, desk.attestor, matter_of(point, chosen, facts), Publication(actor=actor, at=now))


def _record(session: Session, actor: Actor, point: CollectionPoint, verb: str) -> None:
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.POLICY,
            actor=actor,
            object_type=POINT,
            object_id=point.slug,
            details={"verb": verb, "way": point.way.value, "covers_all": point.covers_all},
        ),
    )
