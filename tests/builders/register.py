"""Fictional activities and purposes: rows for tests of the floors above, without the steps that lead there."""

import itertools
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy.orm import Session

from governance.actor import SYSTEM, Actor, ActorKind, Role
from governance.identity.passwords import PasswordHasher
from governance.identity.service import (
    NewAccount,
    NewRole,
    add_account,
    assign_role,
    name_first_controller,
    prepare_password,
)
from governance.identity.service.second_person import STRANGER_AFTER
from governance.periods import Period
from governance.vocabulary import Channel, DataCategory, LawfulBasis, SubjectKind
from register.lifecycle import ActivityState, Mode, Opinion, Verb
from register.models import Activity, Party, Purpose, PurposeData, PurposeRecipient
from register.service import (
    DataTerms,
    Desk,
    NewActivity,
    NewParty,
    NewPurpose,
    SetPurposeData,
    SetPurposeRecipients,
    Step,
    add_party,
    add_purpose,
    draft_activity,
    get_activity,
    move_activity,
    set_purpose_data,
    set_purpose_recipients,
)
from register.values import FinalFate, Standing, StartingEvent
from tests.builders.ground import StandingClock, an_actor
from tests.builders.identity import CHEAP, PASSWORD

CREATED: Final = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
# Whatever the clock of a test says, what it lets observe still does.
OBSERVED_UNTIL: Final = datetime(2126, 1, 1, tzinfo=UTC)
CUSTOMERS: Final = SubjectKind.CUSTOMER

THREE_YEARS: Final = Period("P3Y")

_numbers: Final = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltPurpose:
    """What `a_purpose` added."""

    party: Party
    activity: Activity
    purpose: Purpose

    @property
    def id(self) -> int:
        return self.purpose.id

    @property
    def slug(self) -> str:
        return self.purpose.slug


def _new_id() -> uuid.UUID:
    return uuid.UUID(int=(0x7 << 76) | (0x2 << 62) | (0xE61DE << 40) | next(_numbers))


def a_party(name: str = "Boutique Exemple") -> Party:
    """Return a fictional controller, not yet added."""
    return Party(id=_new_id(), name=name)


def an_activity(
    slug: str = "customers-file",
    *,
    state: ActivityState = ActivityState.ACTIVE,
    mode: Mode = Mode.ENFORCE,
    controller: Party | None = None,
    owner_id: uuid.UUID | None = None,
) -> Activity:
    """Return an activity in a state, as if it had been through its life, not yet added."""
    drafted = state in {ActivityState.DRAFT, ActivityState.SUBMITTED}
    return Activity(
        id=_new_id(),
        slug=slug,
        name_fr=f"Activité {slug}",
        name_en=f"Activity {slug}",
        owner_id=owner_id,
        controller_id=None if controller is None else controller.id,
        state=state,
        running=state in {ActivityState.ACTIVE, ActivityState.UNDER_REVIEW},
        mode=mode,
        observed_until=OBSERVED_UNTIL if mode is Mode.OBSERVE and not drafted else None,
        opinion=None if drafted else Opinion.FAVOURABLE,
        created_at=CREATED,
        changed_at=CREATED,
    )


def a_purpose(  # noqa: PLR0913 -- a builder names everything that a test may vary
    session: Session,
    *,
    id: int = 1,  # noqa: A002 -- the column's name
    slug: str = "customer-relationship",
    basis: LawfulBasis = LawfulBasis.CONTRACT,
    consent_channel: Channel | None = None,
    data: Collection[tuple[SubjectKind, DataCategory]] = (
        (CUSTOMERS, DataCategory.IDENTITY),
        (CUSTOMERS, DataCategory.CONTACT),
    ),
    recipients: Collection[Role] = (Role.SUPPORT,),
    activity: Activity | None = None,
    state: ActivityState = ActivityState.ACTIVE,
    mode: Mode = Mode.ENFORCE,
    standing: Standing = Standing.IN_FORCE,
    active_for: Mapping[DataCategory, Period] | None = None,
    owner_id: uuid.UUID | None = None,
    collected_for: str | None = "It was collected for this.",
    starting_event: StartingEvent = StartingEvent.END_OF_RELATIONSHIP,
) -> BuiltPurpose:
    """Add a purpose with its activity, controller, data and recipients, and flush.

    The session must belong to a maker on which an `Attestor` is attached. A basis of consent takes the e-mail channel
    unless told otherwise, and everything on file was collected for it.
    """
    if basis is LawfulBasis.CONSENT and consent_channel is None:
        consent_channel = Channel.EMAIL
    party = a_party()
    session.add(party)
    session.flush()
    if activity is None:
        activity = an_activity(f"{slug}-activity", state=state, mode=mode, controller=party, owner_id=owner_id)
        session.add(activity)
        session.flush()
    purpose = Purpose(
        id=id,
        slug=slug,
        activity_id=activity.id,
        standing=standing,
        label_fr=f"Finalité {slug}",
        label_en=f"Purpose {slug}",
        basis=basis,
        consent_channel=consent_channel,
        interest="Keeping customers.",
        necessity="Nothing milder does.",
        balance="Expected by customers.",
        collected_for=collected_for,
    )
    session.add(purpose)
    session.flush()
    for kind, category in data:
        session.add(
            PurposeData(
                id=_new_id(),
                purpose_id=id,
                subject_kind=kind,
                category=category,
                standing=standing,
                active_for=(active_for or {}).get(category, THREE_YEARS),
                starting_event=starting_event,
                final_fate=FinalFate.DELETION,
            )
        )
    for role in recipients:
        session.add(PurposeRecipient(id=_new_id(), purpose_id=id, role=role, standing=standing))
    session.flush()
    return BuiltPurpose(party=party, activity=activity, purpose=purpose)


OWNER_ID: Final = uuid.UUID(int=801)
DPO_ID: Final = uuid.UUID(int=802)
CONTROLLER_ID: Final = uuid.UUID(int=803)


def the_owner(number: int = OWNER_ID.int) -> Actor:
    return an_actor(Role.OWNER, number=number)


def the_dpo() -> Actor:
    return an_actor(Role.DPO, number=DPO_ID.int)


def the_controller() -> Actor:
    return an_actor(Role.CONTROLLER, number=CONTROLLER_ID.int)


def terms(
    category: DataCategory = DataCategory.IDENTITY, kind: SubjectKind = CUSTOMERS, active_for: Period = THREE_YEARS
) -> DataTerms:
    """Return ordinary terms for one category of one kind of person."""
    return DataTerms(
        subject_kind=kind,
        category=category,
        active_for=active_for,
        starting_event=StartingEvent.END_OF_RELATIONSHIP,
        retention_source="CNIL 2022",
    )


def a_complete_draft(session: Session, desk: Desk, slug: str = "loyalty") -> Activity:
    """Draft an activity with one purpose `<slug>-points` that lacks nothing, through the use cases."""
    party = add_party(session, desk.ids, the_owner(), NewParty(name="Boutique Exemple"))
    activity = draft_activity(
        session,
        desk.clock,
        desk.ids,
        the_owner(),
        NewActivity(slug=slug, name_fr="Fidélité", name_en="Loyalty", controller_id=party.id),
    )
    purpose = NewPurpose(
        activity=slug,
        slug=f"{slug}-points",
        label_fr="Compter les points",
        label_en="Count points",
        basis=LawfulBasis.CONTRACT,
    )
    add_purpose(session, desk.clock, desk.attestor, the_owner(), purpose)
    set_purpose_data(session, desk, the_owner(), SetPurposeData(purpose=purpose.slug, data=[terms()]))
    recipients = SetPurposeRecipients(purpose=purpose.slug, roles=frozenset({Role.SUPPORT}))
    set_purpose_recipients(session, desk, the_owner(), recipients)
    return activity


def step(session: Session, desk: Desk, actor: Actor, command: Step) -> Activity:
    return move_activity(session, desk.clock, desk.attestor, actor, command)


def activate(session: Session, desk: Desk, slug: str = "loyalty") -> Activity:
    """Take a draft, or a revision, to its activation; what was on file at the first was collected for it."""
    reason = "" if get_activity(session, slug).words_in_force else "It was collected for this."
    step(session, desk, the_owner(), Step(activity=slug, verb=Verb.SUBMIT, collected_for=reason))
    step(session, desk, the_dpo(), Step(activity=slug, verb=Verb.ADVISE, opinion=Opinion.FAVOURABLE))
    return step(session, desk, the_controller(), Step(activity=slug, verb=Verb.ACTIVATE))


def controllers(session: Session, desk: Desk, clock: StandingClock, count: int) -> list[uuid.UUID]:
    """Let the house have so many controllers, each a person of their own; return their accounts."""
    found: list[uuid.UUID] = []
    for number in range(count):
        email = f"controller-{number}@demo.example"
        hashed = prepare_password(PasswordHasher(CHEAP), email, PASSWORD)
        account = add_account(session, clock, desk.ids, SYSTEM, NewAccount(email=email, password_hash=hashed))
        if found:
            first = Actor(kind=ActorKind.PERSON, id=found[0], roles=frozenset({Role.CONTROLLER}))
            assign_role(session, clock, desk.ids, first, NewRole(account_id=account.id, role=Role.CONTROLLER))
        else:
            name_first_controller(session, clock, desk.ids, SYSTEM, account)
        found.append(account.id)
    clock.advance(days=STRANGER_AFTER.days + 1)
    return found
