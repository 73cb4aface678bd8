"""The action plan: actions are added, corrected, moved along, listed. Each change is a fact. GDPR Art. 5(2), 24(1)."""

import uuid
from dataclasses import replace
from typing import Final

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor
from governance.days import day_of
from governance.errors import phrase
from governance.oversight.altered import altered_ids
from governance.oversight.errors import (
    ActionChangedError,
    ActionNotFoundError,
    ActionOwnerError,
    ActionReasonError,
    ActionStateError,
    DayPassedError,
    EvidenceMissingError,
    NotYoursError,
)
from governance.oversight.links import read_links
from governance.oversight.models import ActionStep, Document, DocumentLink, PlanAction
from governance.oversight.permissions import KEEPERS, actions_seen, check_speaks_of, keeps, writer
from governance.oversight.plan.labels import STATE_LABELS
from governance.oversight.plan.people import may_be_given
from governance.oversight.things import find_thing
from governance.oversight.values import About, Thing
from governance.oversight.values.plan import (
    OPEN,
    TRANSITIONS,
    ActionFilter,
    ActionState,
    ActionTerms,
    ActionVerb,
    MoveAction,
    Totals,
)
from register.service import Desk
from register.values import Page

OBJECT: Final = "action"


def add_action(session: Session, desk: Desk, actor: Actor, terms: ActionTerms) -> PlanAction:
    """Put an action in the plan.

    Raises:
        PersonNeededError, NotYoursError: If it is for somebody else to do.
        ThingNotFoundError: If what it is about is not there.
        ActionOwnerError: If it would be given to somebody who cannot do it.
        DayPassedError: If it would be late at once.
    """
    account = writer(actor)
    terms = _checked(session, desk, actor, terms)
    _check_day(desk, terms)
    now = desk.clock.now()
    action = PlanAction(
        id=desk.ids.new(), title=terms.title, owner_id=terms.owner_id, due_on=terms.due_on,
        made_by=account, made_at=now, changed_at=now,
    )  # fmt: skip
    _write(action, terms)
    session.add(action)
    session.flush()
    _step(session, desk, actor, action, ActionVerb.ADD)
    return action


def change_action(session: Session, desk: Desk, actor: Actor, target: tuple[uuid.UUID, ActionTerms]) -> PlanAction:
    """Correct what an action is, whole, while it is neither done nor dropped.

    One that was altered outside Égide is written anew by whoever keeps the plan, in whatever state it says to be: it
    is to be done again, for nobody knows whether it was.

    Raises:
        PersonNeededError, NotYoursError: If it is for somebody else to do.
        ActionNotFoundError: If there is none that the actor may know of.
        ActionStateError: If it is done or dropped.
        ThingNotFoundError, ActionOwnerError: As when it was added.
        DayPassedError: If it would be due on another day, which has passed.
    """
    action_id, terms = target
    writer(actor)
    action = _held(session, actor, action_id)
    if not desk.attestor.is_whole(action):
        return _write_anew(session, desk, actor, action, terms)
    if not may_change(actor, action):
        raise NotYoursError(roles=phrase("whoever made the action, the data protection officer, the controller"))
    if action.state not in OPEN:
        raise ActionStateError(state=phrase(STATE_LABELS[action.state]))
    terms = _checked(session, desk, actor, terms, thing_of(action))
    if terms.due_on != action.due_on:
        _check_day(desk, terms)
    _write(action, terms)
    _advance(desk, action)
    _step(session, desk, actor, action, ActionVerb.CHANGE)
    return action


def _write_anew(session: Session, desk: Desk, actor: Actor, action: PlanAction, terms: ActionTerms) -> PlanAction:
    """Write every value of an action that was altered outside Égide (docs/adr/0089)."""
    account = writer(actor, KEEPERS)
    terms = _checked(session, desk, actor, terms)
    _check_day(desk, terms)
    taken = session.scalar(select(func.max(ActionStep.revision)).where(ActionStep.action_id == action.id))
    _write(action, terms)
    action.state, action.outcome, action.settled_at = ActionState.TO_DO, "", None
    action.made_by, action.made_at, action.revision = account, desk.clock.now(), taken or 1
    _advance(desk, action)
    desk.attestor.sign_anew(action)
    _step(session, desk, actor, action, ActionVerb.CHANGE)
    return action


def move_action(session: Session, desk: Desk, actor: Actor, command: MoveAction) -> PlanAction:
    """Take a step with an action.

    Raises:
        PersonNeededError, NotYoursError: If it is for somebody else to do.
        ActionNotFoundError: If there is none that the actor may know of.
        ActionChangedError: If the action is not any more the one that was read.
        ActionStateError: If its state does not know the step.
        EvidenceMissingError: If it would be done without a statement or a document.
        ActionReasonError: If it would be dropped or taken up again without a reason.
    """
    writer(actor)
    action = _held(session, actor, command.action_id)
    # No step is taken on what was altered.
    desk.attestor.verify(action)
    if command.revision not in {None, action.revision}:
        raise ActionChangedError
    if command.verb not in steps_open_to(actor, action, any_state=True):
        raise NotYoursError(
            roles=phrase("whoever the action was given to, the data protection officer, the controller")
        )
    target = TRANSITIONS.get((action.state, command.verb))
    if target is None:
        raise ActionStateError(state=phrase(STATE_LABELS[action.state]))
    _check_note(session, desk, action, command)
    action.state = target
    action.outcome = command.note if target not in OPEN else ""
    _advance(desk, action)
    action.settled_at = None if target in OPEN else action.changed_at
    _step(session, desk, actor, action, command.verb, command.note)
    return action


def find_action(session: Session, actor: Actor, action_id: uuid.UUID) -> PlanAction:
    """Return an action that the actor may know of.

    Raises:
        ActionNotFoundError: If there is none.
    """
    found = session.scalar(select(PlanAction).where(PlanAction.id == action_id, actions_seen(session, actor)))
    if found is None:
        raise ActionNotFoundError
    return found


def list_actions(
    session: Session, actor: Actor, wanted: ActionFilter, *, after: uuid.UUID | None, limit: int
) -> Page[PlanAction]:
    """Return the actions that the actor may know of, the next due first.

    One that was altered outside Égide is in whatever state is asked for, and late.
    """
    conditions = [actions_seen(session, actor), *_wanted(wanted, altered_ids(session, PlanAction))]
    if after is not None:
        place = session.execute(select(PlanAction.due_on, PlanAction.id).where(PlanAction.id == after)).first()
        if place is None:
            return Page(rows=(), next=None)
        same_day = (PlanAction.due_on == place.due_on) & (PlanAction.id > place.id)
        conditions.append((PlanAction.due_on > place.due_on) | same_day)
    found = session.scalars(
        select(PlanAction).where(*conditions).order_by(PlanAction.due_on, PlanAction.id).limit(limit + 1)
    ).all()
    return Page.cut(found, limit, lambda row: str(row.id))


def totals(session: Session, desk: Desk, actor: Actor) -> list[Totals]:
    """Return what the actions that the actor may know of come to, by state, in two statements.

    One that was altered outside Égide is to be done, late, and costs nobody knows how much.
    """
    today = day_of(desk.clock.now())
    altered = PlanAction.id.in_(altered_ids(session, PlanAction))
    state = case((altered, ActionState.TO_DO), else_=PlanAction.state)
    cost = case((altered, None), else_=PlanAction.cost)
    late = func.count().filter(or_(PlanAction.due_on < today, altered))
    rows = session.execute(
        select(
            state.label("counted_as"), func.count(), late, func.coalesce(func.sum(cost), 0),
            func.count().filter(cost.is_(None)),
        ).where(actions_seen(session, actor)).group_by("counted_as")
    )  # fmt: skip
    found = {
        state: Totals(
            state=state, count=count, late=behind if state in OPEN else 0, cost=int(cost or 0), without_cost=unknown
        )
        for state, count, behind, cost, unknown in rows
    }
    nothing = {state: Totals(state=state, count=0, late=0, cost=0, without_cost=0) for state in ActionState}
    return [*{**nothing, **found}.values()]


def thing_of(action: PlanAction) -> Thing | None:
    """Return what an action is about."""
    return None if action.about is None or action.reference is None else Thing(action.about, action.reference)


def may_change(actor: Actor, action: PlanAction) -> bool:
    """Say whether somebody corrects an action: those who keep the plan, and whoever made it for themselves."""
    return keeps(actor) or (actor.id == action.made_by and actor.id == action.owner_id)


def steps_open_to(actor: Actor, action: PlanAction, *, any_state: bool = False) -> list[ActionVerb]:
    """Return the steps that somebody may take: whoever it was given to works on it, those who keep the plan too.

    Args:
        actor: Who.
        action: The action.
        any_state: Those that its state does not know, too.
    """
    verbs = []
    if keeps(actor) or actor.id == action.owner_id:
        verbs += [ActionVerb.START, ActionVerb.FINISH]
    if may_change(actor, action):
        verbs += [ActionVerb.DROP, ActionVerb.REOPEN]
    return [verb for verb in verbs if any_state or (action.state, verb) in TRANSITIONS]


def _wanted(wanted: ActionFilter, altered: frozenset[uuid.UUID]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.states is not None:
        conditions.append(or_(PlanAction.state.in_(wanted.states), PlanAction.id.in_(altered)))
    if wanted.owner_id is not None:
        conditions.append(PlanAction.owner_id == wanted.owner_id)
    if wanted.late_on is not None:
        late = PlanAction.state.in_(OPEN) & (PlanAction.due_on < wanted.late_on)
        conditions.append(or_(late, PlanAction.id.in_(altered)))
    if wanted.about is not None:
        conditions += [PlanAction.about == wanted.about.about, PlanAction.reference == wanted.about.reference]
    return conditions


def _held(session: Session, actor: Actor, action_id: uuid.UUID) -> PlanAction:
    find_action(session, actor, action_id)
    return session.get_one(PlanAction, action_id, with_for_update=True, populate_existing=True)


def _checked(
    session: Session, desk: Desk, actor: Actor, terms: ActionTerms, before: Thing | None = None
) -> ActionTerms:
    """Return the terms with what they are about by its identifier."""
    if not keeps(actor) and terms.owner_id != actor.id:
        raise NotYoursError(roles=phrase("the data protection officer, the controller"))
    if not may_be_given(session, terms.owner_id, desk.clock.now()):
        raise ActionOwnerError
    if terms.about is None or terms.about == before:
        return terms
    check_speaks_of(actor, terms.about)
    if terms.about.about is About.ACTION and not keeps(actor):
        raise NotYoursError(roles=phrase("the data protection officer, the controller"))
    found = find_thing(session, terms.about.about, terms.about.reference)
    return replace(terms, about=Thing(terms.about.about, found.reference))


def _check_day(desk: Desk, terms: ActionTerms) -> None:
    if terms.due_on < day_of(desk.clock.now()):
        raise DayPassedError


def _check_note(session: Session, desk: Desk, action: PlanAction, command: MoveAction) -> None:
    if command.note.strip():
        return
    if command.verb is ActionVerb.FINISH and not _is_proved(session, desk, action.id):
        raise EvidenceMissingError
    if command.verb in {ActionVerb.DROP, ActionVerb.REOPEN}:
        raise ActionReasonError


def _is_proved(session: Session, desk: Desk, action_id: uuid.UUID) -> bool:
    on_the_shelf = select(Document.id).where(Document.removed_at.is_(None))
    whole, _ = read_links(
        session,
        desk.attestor,
        DocumentLink.about == About.ACTION,
        DocumentLink.reference == str(action_id),
        DocumentLink.document_id.in_(on_the_shelf),
    )
    return bool(whole)


def _write(action: PlanAction, terms: ActionTerms) -> None:
    action.title, action.why, action.priority = terms.title, terms.why, terms.priority
    action.about = None if terms.about is None else terms.about.about
    action.reference = None if terms.about is None else terms.about.reference
    action.owner_id, action.due_on, action.cost = terms.owner_id, terms.due_on, terms.cost


def _advance(desk: Desk, action: PlanAction) -> None:
    action.revision += 1
    action.changed_at = desk.clock.now()


def _step(session: Session, desk: Desk, actor: Actor, action: PlanAction, verb: ActionVerb, note: str = "") -> None:
    session.add(ActionStep(id=desk.ids.new(), action_id=action.id, revision=action.revision, verb=verb, note=note))
    session.flush()
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.CREATE if verb is ActionVerb.ADD else Action.CHANGE,
            actor=actor,
            object_type=OBJECT,
            object_id=str(action.id),
            details={
                "verb": verb.value,
                "revision": action.revision,
                "state": action.state.value,
                "owner": str(action.owner_id),
                "due": action.due_on.isoformat(),
                "about": None if action.about is None else action.about.value,
                "reference": action.reference,
            },
        ),
    )
