"""Purposes: declared, changed, ended; listed for whoever must choose one."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from audit.entries import JsonValue
from governance.actor import Actor
from governance.clock import Clock
from governance.errors import phrase
from governance.vault.attest import Attestor
from governance.vocabulary import Channel, LawfulBasis
from register.changes import UNCHANGED, Unchanged, given
from register.errors import (
    ConsentChannelError,
    NumbersExhaustedError,
    PurposeInForceError,
    SlugTakenError,
)
from register.in_force import IN_PLACE
from register.models import Activity, Purpose
from register.permissions import check_drafts
from register.service.defaults import looked_at
from register.service.loading import (
    ActivityRef,
    PurposeRef,
    find_purpose,
    locked_activity,
    locked_purpose,
)
from register.service.purposes.sub_purposes import parent_for, parent_in, stand_alone_beneath
from register.service.recording import changed, record_change
from register.slugs import check_slug
from register.values import Page, PurposePart, SpecialCondition, Standing

# A column of two signed bytes holds so many.
MAX_PURPOSES: Final = 32767
_SLUGS: Final = select(Purpose.id, Purpose.slug).where(Purpose.id.in_(bindparam("numbers", expanding=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPurpose:
    """A purpose to declare.

    Attributes:
        activity: The activity it belongs to.
        basis: None where nobody has said yet what makes it lawful, or where that is for those to say for whom one acts.
        parent: The purpose of the same activity whose sub-purpose it is.
        consent_channel: Given exactly where the basis is consent, or the condition explicit consent.
        number_ground, offences_ground: Why the registration number, or offences, may be used.
        legal_reference: The text that obliges or entrusts, for those bases.
        interest, necessity, balance: The three steps of the balancing test, for legitimate interests.
    """

    activity: ActivityRef
    slug: str
    label_fr: str
    label_en: str
    basis: LawfulBasis | None = None
    consent_channel: Channel | None = None
    special_condition: SpecialCondition | None = None
    parent: PurposeRef | None = None
    number_ground: str = ""
    offences_ground: str = ""
    legal_reference: str = ""
    interest: str = ""
    necessity: str = ""
    balance: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeChange:
    """What to change of a purpose. What is not given stays.

    Attributes:
        parent: The purpose of the same activity whose sub-purpose it is; None where it stands by itself.
    """

    label_fr: str | Unchanged = UNCHANGED
    label_en: str | Unchanged = UNCHANGED
    basis: LawfulBasis | Unchanged | None = UNCHANGED
    consent_channel: Channel | Unchanged | None = UNCHANGED
    special_condition: SpecialCondition | Unchanged | None = UNCHANGED
    parent: PurposeRef | Unchanged | None = UNCHANGED
    number_ground: str | Unchanged = UNCHANGED
    offences_ground: str | Unchanged = UNCHANGED
    legal_reference: str | Unchanged = UNCHANGED
    interest: str | Unchanged = UNCHANGED
    necessity: str | Unchanged = UNCHANGED
    balance: str | Unchanged = UNCHANGED


def add_purpose(session: Session, clock: Clock, attestor: Attestor, actor: Actor, command: NewPurpose) -> Purpose:
    """Declare a purpose of an activity, as a proposal until the controller activates.

    Raises:
        ActivityNotFoundError, PurposeNotFoundError: If the activity or the parent does not exist.
        AttestationError: If the activity was altered outside Égide.
        PersonRequiredError, DraftingNotAllowedError, NotYourActivityError: If it is for somebody else.
        ContentFrozenError: If the activity is neither a draft nor under review.
        SlugInvalidError, SlugTakenError: If the slug is none, or taken.
        ConsentChannelError: If consent has no channel, or a channel no consent.
        NumbersExhaustedError: If every number was given.
    """
    activity = locked_activity(session, attestor, command.activity)
    check_drafts(actor, activity)
    purpose = declare_purpose(session, attestor, activity, command)
    changed(session, activity, clock.now())
    record_change(session, actor, activity, "add-purpose", purpose=purpose.slug, number=purpose.id)
    return purpose


def declare_purpose(session: Session, attestor: Attestor, activity: Activity, command: NewPurpose) -> Purpose:
    """Put a purpose beside the others of an activity that is held; whoever calls it records that.

    Raises:
        PurposeNotFoundError, SlugInvalidError, SlugTakenError, ConsentChannelError, NumbersExhaustedError: As above.
    """
    slug = check_slug(command.slug)
    parent_id = None if command.parent is None else parent_in(session, activity, command.parent).id
    number = _next_number(session, attestor)
    if session.scalar(select(Purpose.id).where(Purpose.slug == slug)) is not None:
        raise SlugTakenError(kind=phrase("purpose"), slug=slug)
    purpose = Purpose(
        id=number,
        slug=slug,
        activity_id=activity.id,
        parent_id=parent_id,
        label_fr=command.label_fr,
        label_en=command.label_en,
        basis=command.basis,
        consent_channel=command.consent_channel,
        special_condition=command.special_condition,
        number_ground=command.number_ground,
        offences_ground=command.offences_ground,
        legal_reference=command.legal_reference,
        interest=command.interest,
        necessity=command.necessity,
        balance=command.balance,
    )
    _check_channel(purpose)
    session.add(purpose)
    session.flush()
    return purpose


def change_purpose(
    session: Session, clock: Clock, attestor: Attestor, actor: Actor, target: tuple[PurposeRef, PurposeChange]
) -> Purpose:
    """Change a purpose: all of it while it is proposed, what is written in place once it is in force.

    Raises:
        PurposeNotFoundError: If there is none, or no such parent that stays in the same activity.
        AttestationError: If it, its activity or its parent was altered outside Égide.
        PersonRequiredError, DraftingNotAllowedError, NotYourActivityError: If it is for somebody else.
        ContentFrozenError: If the activity is neither a draft nor under review.
        PurposeInForceError: If the purpose is in force and the change is of more than those.
        CircularPurposeError: If the parent is the purpose itself, or one beneath it.
        ConsentChannelError: If consent has no channel, or a channel no consent.
    """
    reference, change = target
    purpose, activity = locked_purpose(session, attestor, reference)
    check_drafts(actor, activity)
    values = given(change)
    fields: list[JsonValue] = [*sorted(values)]
    if "parent" in values:
        values["parent_id"] = _parent_id(session, attestor, (purpose, activity), values.pop("parent"))
    if purpose.standing is not Standing.PROPOSED and not values.keys() <= set(IN_PLACE):
        raise PurposeInForceError(slug=purpose.slug)
    _change(purpose, values)
    looked_at(session, purpose, PurposePart.WORDS)
    changed(session, activity, clock.now())
    record_change(session, actor, activity, "change-purpose", purpose=purpose.slug, fields=fields)
    return purpose


def end_purpose(session: Session, clock: Clock, attestor: Attestor, actor: Actor, reference: PurposeRef) -> Purpose:
    """Take a proposed purpose back, or propose that one in force ends with the next activation. Twice is once.

    What stands beneath it stands by itself once it has ended.

    Raises:
        PurposeNotFoundError: If there is none.
        AttestationError: If it, its activity or what stands beneath it was altered outside Égide.
        PersonRequiredError, DraftingNotAllowedError, NotYourActivityError: If it is for somebody else.
        ContentFrozenError: If the activity is neither a draft nor under review.
    """
    ended = {Standing.PROPOSED: Standing.ENDED, Standing.IN_FORCE: Standing.LEAVING}
    return _restand(session, clock, attestor, actor, (reference, ended, "end-purpose"))


def keep_purpose(session: Session, clock: Clock, attestor: Attestor, actor: Actor, reference: PurposeRef) -> Purpose:
    """Take back the proposal that a purpose ends. Twice is once.

    Raises:
        PurposeNotFoundError: If there is none.
        AttestationError: If it or its activity was altered outside Égide.
        PersonRequiredError, DraftingNotAllowedError, NotYourActivityError: If it is for somebody else.
        ContentFrozenError: If the activity is neither a draft nor under review.
    """
    kept = {Standing.LEAVING: Standing.IN_FORCE}
    return _restand(session, clock, attestor, actor, (reference, kept, "keep-purpose"))


def get_purpose(session: Session, reference: PurposeRef) -> Purpose:
    """Return a purpose by number or slug.

    Raises:
        PurposeNotFoundError: If there is none.
    """
    return find_purpose(session, reference)


def purpose_slugs(session: Session, numbers: Collection[int]) -> dict[int, str]:
    """Return the slugs of purposes, by number; a number that is none's is left out."""
    return {row.id: row.slug for row in session.execute(_SLUGS, {"numbers": sorted(numbers)})}


def list_purposes(
    session: Session, *, activity_id: uuid.UUID | None = None, after: int | None, limit: int
) -> Page[Purpose]:
    """Return purposes by number, from the one after `after`; those of one activity where it is given."""
    statement = select(Purpose).where(Purpose.id > (after or 0)).order_by(Purpose.id).limit(limit + 1)
    if activity_id is not None:
        statement = statement.where(Purpose.activity_id == activity_id)
    return Page.cut(session.scalars(statement).all(), limit, lambda row: str(row.id))


def _restand(
    session: Session,
    clock: Clock,
    attestor: Attestor,
    actor: Actor,
    target: tuple[PurposeRef, dict[Standing, Standing], str],
) -> Purpose:
    reference, moves, verb = target
    purpose, activity = locked_purpose(session, attestor, reference)
    check_drafts(actor, activity)
    if purpose.standing in moves:
        purpose.standing = moves[purpose.standing]
        if purpose.standing is Standing.ENDED:
            stand_alone_beneath(session, purpose)
        changed(session, activity, clock.now())
        record_change(session, actor, activity, verb, purpose=purpose.slug, standing=purpose.standing.value)
    return purpose


def _parent_id(
    session: Session, attestor: Attestor, held: tuple[Purpose, Activity], reference: PurposeRef | None
) -> int | None:
    return None if reference is None else parent_for(session, attestor, *held, reference).id


def _change(purpose: Purpose, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(purpose, name, value)
    _check_channel(purpose)


def needs_channel(purpose: Purpose) -> bool:
    """Return whether what a purpose rests on is consent, GDPR Art. 6(1)(a), or explicit consent, Art. 9(2)(a)."""
    explicit = purpose.special_condition is SpecialCondition.EXPLICIT_CONSENT
    return purpose.basis is LawfulBasis.CONSENT or explicit


def _check_channel(purpose: Purpose) -> None:
    # GDPR Art. 7(1): consent that nobody can look up cannot be demonstrated.
    if needs_channel(purpose) != (purpose.consent_channel is not None):
        raise ConsentChannelError(slug=purpose.slug)


def check_numbers(session: Session, count: int) -> None:
    """Refuse to begin what needs more numbers of purposes than are left.

    Raises:
        NumbersExhaustedError: If it does.
    """
    if (session.scalar(select(func.max(Purpose.id))) or 0) + count > MAX_PURPOSES:
        raise NumbersExhaustedError(what=phrase("purposes"), limit=MAX_PURPOSES)


def _next_number(session: Session, attestor: Attestor) -> int:
    # Whoever adds a purpose changes what decides: nobody else gives a number before this transaction ends.
    attestor.hold_policy_set(session)
    number = (session.scalar(select(func.max(Purpose.id))) or 0) + 1
    if number > MAX_PURPOSES:
        raise NumbersExhaustedError(what=phrase("purposes"), limit=MAX_PURPOSES)
    return number
