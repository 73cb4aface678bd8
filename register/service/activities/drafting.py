"""Activities: drafted, changed, listed."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from governance.actor import Actor, Role
from governance.clock import Clock
from governance.errors import phrase
from governance.ids import IdSource
from governance.vault.attest import Attestor, attestor_of
from governance.vocabulary import DataCategory, LawfulBasis
from register.changes import UNCHANGED, Unchanged, given
from register.completeness import REMAINING
from register.errors import CapacityInForceError, ControllerRequiredError, SlugTakenError
from register.lifecycle import ActivityState, Mode
from register.lines.models import ActivityParty, ActivityTransfer
from register.models import Activity, Purpose, PurposeData
from register.permissions import check_drafts
from register.service.catalogue.parties import find_party
from register.service.life.reviews import to_review
from register.service.loading import ActivityRef, find_activity, locked_activity
from register.service.recording import changed, record_change
from register.slugs import check_slug
from register.spelling import MOST_WORDS, words_of
from register.values import Capacity, Page, Register


@dataclass(frozen=True, slots=True, kw_only=True)
class NewActivity:
    """An activity to draft.

    Attributes:
        owner_id: The account of the business line's head; the drafter where they are an owner and it is None.
        controller_id: The party that answers for it; needed at submission only.
        reference: What the firm calls its record elsewhere.
        kept_since: Since when the firm keeps it, where that was elsewhere before.
    """

    slug: str
    name_fr: str
    name_en: str
    description: str = ""
    capacity: Capacity = Capacity.CONTROLLER
    owner_id: uuid.UUID | None = None
    controller_id: uuid.UUID | None = None
    reference: str = ""
    kept_since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityChange:
    """What to change of an activity. What is not given stays."""

    name_fr: str | Unchanged = UNCHANGED
    name_en: str | Unchanged = UNCHANGED
    description: str | Unchanged = UNCHANGED
    capacity: Capacity | Unchanged = UNCHANGED
    owner_id: uuid.UUID | Unchanged | None = UNCHANGED
    controller_id: uuid.UUID | Unchanged | None = UNCHANGED
    reference: str | Unchanged = UNCHANGED
    kept_since: date | Unchanged | None = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityFilter:
    """Which activities to list; None asks for nothing.

    Attributes:
        state: Where their records stand.
        owner_id: Whose business line they are of.
        register: In which of the two registers they stand.
        to_review_by: Those to be looked at again within the month after this day, or late.
        text: Words that each stand in a name or short name of theirs, or of one of their purposes; accents and
            capitals count for nothing.
        category: Those that use this category of data.
        basis: Those with a purpose that rests on it.
        party_id: Those in which this organisation takes part, receives data in another country, or answers for them.
    """

    state: ActivityState | None = None
    owner_id: uuid.UUID | None = None
    register: Register | None = None
    to_review_by: date | None = None
    text: str = ""
    category: DataCategory | None = None
    basis: LawfulBasis | None = None
    party_id: uuid.UUID | None = None


def draft_activity(session: Session, clock: Clock, ids: IdSource, actor: Actor, command: NewActivity) -> Activity:
    """Open a record for an activity. Nothing can be read for it until the controller activates it.

    Raises:
        PersonRequiredError: If no person acts.
        DraftingNotAllowedError: If their roles write nothing in the register.
        SlugInvalidError: If the slug is none.
        SlugTakenError: If another activity has it.
        PartyNotFoundError: If its controller is not on file.
    """
    account = check_drafts(actor)
    slug = check_slug(command.slug)
    # Whoever drafts changes what decides: nobody else takes the name before this transaction ends.
    attestor_of(session).hold_policy_set(session)
    if session.scalar(select(Activity.id).where(Activity.slug == slug)) is not None:
        raise SlugTakenError(kind=phrase("processing activity"), slug=slug)
    if command.controller_id is not None:
        find_party(session, command.controller_id)
    now = clock.now()
    activity = Activity(
        id=ids.new(),
        slug=slug,
        name_fr=command.name_fr,
        name_en=command.name_en,
        reference=command.reference,
        kept_since=command.kept_since,
        description=command.description,
        capacity=command.capacity,
        owner_id=account if command.owner_id is None and Role.OWNER in actor.roles else command.owner_id,
        controller_id=command.controller_id,
        state=ActivityState.DRAFT,
        mode=Mode.OBSERVE,
        created_at=now,
        changed_at=now,
    )
    session.add(activity)
    session.flush()
    record_change(session, actor, activity, "draft")
    return activity


def change_activity(
    session: Session, clock: Clock, attestor: Attestor, actor: Actor, target: tuple[ActivityRef, ActivityChange]
) -> Activity:
    """Change the description of an activity, its owner or its controller.

    Args:
        session: A writing transaction.
        clock: When.
        attestor: Who vouches for the row.
        actor: Who changes.
        target: Which activity, and what of it.

    Raises:
        ActivityNotFoundError: If there is none.
        AttestationError: If it was altered outside Égide.
        PersonRequiredError, DraftingNotAllowedError, NotYourActivityError: If it is for somebody else.
        ContentFrozenError: If it is neither a draft nor under review.
        PartyNotFoundError: If its new controller is not on file.
        ControllerRequiredError: If it runs and would lose its controller.
        CapacityInForceError: If it runs and would do so in another capacity.
    """
    reference, change = target
    activity = locked_activity(session, attestor, reference)
    check_drafts(actor, activity)
    values = given(change)
    if values.get("controller_id") is not None:
        find_party(session, values["controller_id"])
    elif "controller_id" in values and activity.running:
        # GDPR Art. 30(1)(a): what runs always has somebody who answers for it.
        raise ControllerRequiredError(slug=activity.slug)
    if values.get("capacity", activity.capacity) is not activity.capacity and activity.running:
        raise CapacityInForceError(slug=activity.slug)
    for name, value in values.items():
        setattr(activity, name, value)
    changed(session, activity, clock.now())
    record_change(session, actor, activity, "change", fields=[*sorted(values)])
    return activity


def get_activity(session: Session, reference: ActivityRef) -> Activity:
    """Return an activity by identifier or slug.

    Raises:
        ActivityNotFoundError: If there is none.
    """
    return find_activity(session, reference)


def list_activities(
    session: Session, wanted: ActivityFilter | None = None, *, after: uuid.UUID | None, limit: int
) -> Page[Activity]:
    """Return activities in the order in which they were drafted, from the one after `after`."""
    statement = select(Activity).order_by(Activity.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(Activity.id > after)
    if wanted is not None and wanted.state is not None:
        statement = statement.where(Activity.state == wanted.state)
    if wanted is not None and wanted.owner_id is not None:
        statement = statement.where(Activity.owner_id == wanted.owner_id)
    if wanted is not None and wanted.register is not None:
        statement = statement.where(Activity.capacity.in_(wanted.register.capacities))
    if wanted is not None and wanted.to_review_by is not None:
        statement = statement.where(to_review(session, wanted.to_review_by))
    if wanted is not None:
        statement = statement.where(*_contains(wanted))
    return Page.cut(session.scalars(statement).all(), limit, lambda row: str(row.id))


def _contains(wanted: ActivityFilter) -> Iterator[ColumnElement[bool]]:
    """Yield what is asked of what an activity's record holds, without what is to end."""
    remaining = select(Purpose.activity_id).where(Purpose.standing.in_(REMAINING))
    for word in words_of(wanted.text)[:MOST_WORDS]:
        by_purpose = Activity.id.in_(remaining.where(Purpose.words.contains(word, autoescape=True)))
        yield or_(Activity.words.contains(word, autoescape=True), by_purpose)
    if wanted.basis is not None:
        yield Activity.id.in_(remaining.where(Purpose.basis == wanted.basis))
    if wanted.category is not None:
        used = (PurposeData.category == wanted.category, PurposeData.standing.in_(REMAINING))
        yield Activity.id.in_(remaining.join(PurposeData, PurposeData.purpose_id == Purpose.id).where(*used))
    if wanted.party_id is not None:
        lines = (
            Activity.id.in_(select(model.activity_id).where(model.party_id == wanted.party_id))
            for model in (ActivityParty, ActivityTransfer)
        )
        yield or_(Activity.controller_id == wanted.party_id, *lines)
