"""What a record lacks before it can be submitted: contradictions and omissions, each with its article."""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.vocabulary import Channel, DataCategory, LawfulBasis
from register.articles import WHO, articles_of
from register.errors import IncompleteActivityError
from register.lifecycle import ActivityState
from register.lines.completeness import Lines, decides_alone, line_shortcomings, says_how_to_exercise
from register.lines.models import ActivityParty
from register.lines.values import Relation
from register.models import Activity, Purpose, PurposeData, PurposeRecipient
from register.shortcomings import Shortcoming
from register.values import Capacity, SpecialCondition, Standing

# Records looked at in one go.
_AT_ONCE: Final = 200
# What will be in force once the controller has activated.
REMAINING = frozenset({Standing.PROPOSED, Standing.IN_FORCE})
_RECEIVING = frozenset({Relation.PROCESSOR, Relation.RECIPIENT})
_DECIDABLE = frozenset({SpecialCondition.EXPLICIT_CONSENT, SpecialCondition.PUBLIC_INTEREST})
# Neither needs a condition of Art. 9(2); Art. 30 and 46 of the Act of 6 January 1978 say what opens them.
_WITH_A_GROUND = (
    (DataCategory.NATIONAL_NUMBER, "number_ground", "GDPR Art. 87"),
    (DataCategory.OFFENCES, "offences_ground", "GDPR Art. 10"),
)
_WITH_A_TEXT = {LawfulBasis.LEGAL_OBLIGATION: "GDPR Art. 6(3)", LawfulBasis.PUBLIC_TASK: "GDPR Art. 6(3)"}


def check_complete(session: Session, activity: Activity, today: date) -> None:
    """Refuse a record that Article 30 would not accept, or that contradicts itself.

    Raises:
        IncompleteActivityError: With everything that is missing, not only the first.
    """
    found = shortcomings(session, activity, today)
    if found:
        raise IncompleteActivityError(slug=activity.slug, shortcomings=found)


def shortcomings(session: Session, activity: Activity, today: date) -> tuple[Shortcoming, ...]:
    """Return what the record lacks on this day."""
    return shortcomings_of(session, [activity], today)[activity.id]


def shortcomings_of(
    session: Session, activities: Collection[Activity], today: date
) -> Mapping[uuid.UUID, tuple[Shortcoming, ...]]:
    """Return what each of these records lacks on this day, in as many statements for many as for one."""
    ids = [activity.id for activity in activities]
    content = _Content.read(session, ids)
    lines = Lines.read(session, ids, today)
    return {activity.id: tuple(_of_activity(activity, content, lines)) for activity in activities}


def every_shortcoming(session: Session, today: date) -> Iterator[tuple[str, Shortcoming]]:
    """Yield what every activity lacks that was not retired, by its slug; some of them are read at once."""
    wanted = select(Activity).where(Activity.state != ActivityState.RETIRED).order_by(Activity.id).limit(_AT_ONCE)
    activities = session.scalars(wanted).all()
    while activities:
        found = shortcomings_of(session, activities, today)
        yield from ((activity.slug, each) for activity in activities for each in found[activity.id])
        activities = session.scalars(wanted.where(Activity.id > activities[-1].id)).all()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """The purposes of some activities that will be in force, what they use, and whether somebody receives it."""

    purposes: Mapping[uuid.UUID, Sequence[Purpose]]
    categories: Mapping[int, Collection[DataCategory]]
    with_recipient: Collection[int]

    @classmethod
    def read(cls, session: Session, activities: Collection[uuid.UUID]) -> Self:
        wanted = select(Purpose).where(Purpose.activity_id.in_(activities), Purpose.standing.in_(REMAINING))
        purposes: dict[uuid.UUID, list[Purpose]] = {activity: [] for activity in activities}
        categories: dict[int, set[DataCategory]] = {}
        for purpose in session.scalars(wanted.order_by(Purpose.id)):
            purposes[purpose.activity_id].append(purpose)
            categories[purpose.id] = set()
        used = select(PurposeData.purpose_id, PurposeData.category).where(
            PurposeData.purpose_id.in_(categories), PurposeData.standing.in_(REMAINING)
        )
        for number, category in session.execute(used):
            categories[number].add(category)
        received = select(PurposeRecipient.purpose_id).where(
            PurposeRecipient.purpose_id.in_(categories), PurposeRecipient.standing.in_(REMAINING)
        )
        return cls(purposes=purposes, categories=categories, with_recipient=set(session.scalars(received)))


def _of_activity(activity: Activity, content: _Content, lines: Lines) -> Iterator[Shortcoming]:
    """Yield what Article 30(1) asks of a controller, and 30(2) of a processor."""
    for_others = activity.capacity is Capacity.PROCESSOR
    if activity.controller_id is None:
        code = "no-processor" if for_others else "no-controller"
        yield Shortcoming(code=code, article=articles_of(activity.capacity)[WHO])
    purposes = content.purposes[activity.id]
    if not for_others:
        yield from _of_record(activity, content, lines)
    # What has no basis opens nothing. What has one may open, whomever it is done for, and is argued.
    resting = [purpose for purpose in purposes if purpose.basis is not None]
    for purpose in resting:
        yield from _of_basis(purpose, content.categories[purpose.id])
    yield from line_shortcomings(activity, lines)
    # Whoever agrees to sharing knows with whom: consent is specific and informed.
    named = [row for row in lines.remaining(activity.id, ActivityParty) if row.relation is Relation.RECIPIENT]
    for purpose in resting:
        if purpose.consent_channel is Channel.SHARING and len(named) != 1:
            yield _of_purpose(purpose, "shared-with-nobody-named", "GDPR Art. 4(11)")
    # Consent that nobody is told how to take back is none.
    if any(each.asks_consent for each in resting) and not says_how_to_exercise(activity, lines):
        yield Shortcoming(code="consent-without-withdrawal", article="GDPR Art. 7(3)")
    special = [each for each in resting if DataCategory.SPECIAL in content.categories[each.id]]
    # GDPR Art. 22(4): a machine decides on special categories with explicit consent or for a public interest alone.
    if decides_alone(activity, lines) and any(each.special_condition not in _DECIDABLE for each in special):
        yield Shortcoming(code="decision-on-special-categories", article="GDPR Art. 22(4)")


def _of_record(activity: Activity, content: _Content, lines: Lines) -> Iterator[Shortcoming]:
    purposes = content.purposes[activity.id]
    if not purposes:
        yield Shortcoming(code="no-purpose", article="GDPR Art. 30(1)(b)")
    # Whoever receives the data outside the company is a recipient too: GDPR Art. 4(9).
    outside = any(row.relation in _RECEIVING for row in lines.remaining(activity.id, ActivityParty))
    for purpose in purposes:
        if purpose.basis is None:
            yield _of_purpose(purpose, "no-basis", "GDPR Art. 6(1)")
        if not content.categories[purpose.id]:
            yield _of_purpose(purpose, "no-data", "GDPR Art. 30(1)(c)")
        if not outside and purpose.id not in content.with_recipient:
            yield _of_purpose(purpose, "no-recipient", "GDPR Art. 30(1)(d)")


def _of_basis(purpose: Purpose, categories: Collection[DataCategory]) -> Iterator[Shortcoming]:
    if DataCategory.SPECIAL in categories and purpose.special_condition is None:
        yield _of_purpose(purpose, "special-category-without-condition", "GDPR Art. 9(2)")
    yield from (
        _of_purpose(purpose, f"{category.value}-without-ground", article)
        for category, ground, article in _WITH_A_GROUND
        if category in categories and not getattr(purpose, ground)
    )
    balanced = purpose.interest and purpose.necessity and purpose.balance
    if purpose.basis is LawfulBasis.LEGITIMATE_INTERESTS and not balanced:
        yield _of_purpose(purpose, "no-balancing-test", "GDPR Art. 6(1)(f)")
    if purpose.basis in _WITH_A_TEXT and not purpose.legal_reference:
        yield _of_purpose(purpose, "no-legal-reference", _WITH_A_TEXT[purpose.basis])


def _of_purpose(purpose: Purpose, code: str, article: str) -> Shortcoming:
    return Shortcoming(
        code=code, article=article, purpose=purpose.slug, label_fr=purpose.label_fr, label_en=purpose.label_en
    )
