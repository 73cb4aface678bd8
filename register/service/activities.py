"""Activities: drafted, changed, listed."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Actor, Role
from governance.clock import Clock
from governance.errors import phrase
from governance.ids import IdSource
from governance.vault.attest import Attestor
from register.changes import UNCHANGED, Unchanged, given
from register.errors import ControllerRequiredError, SlugTakenError
from register.lifecycle import ActivityState, Mode
from register.models import Activity
from register.permissions import check_drafts
from register.service.loading import ActivityRef, find_activity, locked_activity
from register.service.parties import find_party
from register.service.recording import changed, record_change
from register.slugs import check_slug
from register.values import Capacity, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class NewActivity:
    """An activity to draft.

    Attributes:
        owner_id: The account of the business line's head; the drafter where they are an owner and it is None.
        controller_id: The party that answers for it; needed at submission only.
    """

    slug: str
    name_fr: str
    name_en: str
    description: str = ""
    capacity: Capacity = Capacity.CONTROLLER
    owner_id: uuid.UUID | None = None
    controller_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityChange:
    """What to change of an activity. What is not given stays."""

    name_fr: str | Unchanged = UNCHANGED
    name_en: str | Unchanged = UNCHANGED
    description: str | Unchanged = UNCHANGED
    capacity: Capacity | Unchanged = UNCHANGED
    owner_id: uuid.UUID | Unchanged | None = UNCHANGED
    controller_id: uuid.UUID | Unchanged | None = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityFilter:
    """Which activities to list; None asks for nothing.

    Attributes:
        state: Where their records stand.
        owner_id: Whose business line they are of.
    """

    state: ActivityState | None = None
    owner_id: uuid.UUID | None = None


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
    return Page.cut(session.scalars(statement).all(), limit, lambda row: str(row.id))
