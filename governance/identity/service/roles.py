"""Roles: assigned, countersigned by the controller, taken back; and which are in force."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor, Role
from governance.clock import Clock
from governance.identity.errors import (
    ControllerAlreadyNamedError,
    EndsInThePastError,
    NothingToCountersignError,
    RoleAlreadyHeldError,
    RoleConflictError,
    RoleNotHeldError,
    RoleTooLongError,
)
from governance.identity.models import Account, RoleAssignment
from governance.identity.permissions import (
    check_administers,
    check_countersigns,
    check_not_through_a_token,
    confirms_itself,
    conflicting,
    may_countersign,
    person,
)
from governance.identity.service.controllers import tell_controllers
from governance.identity.service.second_person import (
    another_will_decide,
    check_another_controller,
    decides_alone,
    will_concern,
)
from governance.identity.service.uniqueness import flush_unique
from governance.identity.service.vouching import void_unvouched
from governance.ids import IdSource
from governance.vault.attest import Attestor, attestor_of

ROLE: Final = "role"
# Access that nobody renews ends.
DEFAULT_DAYS: Final = 365
MAX_DAYS: Final = 400
# A house must not lose those who could open it again to a date that nobody watched.
FOR_GOOD: Final = frozenset({Role.CONTROLLER, Role.ADMIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRole:
    """A role to assign.

    Attributes:
        valid_until: When it ends; None for a year from now, and for good for a controller and an administrator.
        no_second_person: The firm has nobody else, so that a conflict is accepted, and flagged for ever.
        renews: It takes the place of the one that is held.
    """

    account_id: uuid.UUID
    role: Role
    reason: str = ""
    valid_until: datetime | None = None
    no_second_person: bool = False
    renews: bool = False


def assign_role(session: Session, clock: Clock, ids: IdSource, actor: Actor, command: NewRole) -> RoleAssignment:
    """Assign a role. Unless a controller assigns it, every role but `admin` waits for a controller's countersignature.

    What a controller gives themself, an account that they made, or whoever named them a short time ago, waits for a
    second person, where there is one (`second_person`).

    Raises:
        NotPermittedError: If the actor does not look after accounts, or acts through a token.
        EndsInThePastError: If it would have ended already.
        RoleTooLongError: If it would last longer than a role may.
        RoleAlreadyHeldError: If the person holds it, or waits for it.
        RoleConflictError: If the person holds a role that conflicts, and there is a second person.
        AccountInUseError: If it would leave the house without a controller, now or one day.
        AttestationError: If what it takes the place of was changed behind our back.
    """
    check_administers(actor)
    # Whom it lets in could let in others: a token would have made another way in.
    check_not_through_a_token(actor)
    attestor_of(session).hold_policy_set(session)
    now = clock.now()
    valid_until = _end_of(command, now)
    leaves = _decides_now(session, command, now)
    held = _make_room(session, actor, command, now)
    if command.role in held:
        raise RoleAlreadyHeldError(role=command.role)
    other = conflicting(command.role, held)
    if other is not None and not command.no_second_person:
        raise RoleConflictError(role=command.role, held=other)
    own = person(actor) == command.account_id
    made = command.role is not Role.ADMIN
    concerned = own or will_concern(session, person(actor), command.account_id, now, made=made)
    confirmed = confirms_itself(actor, command.role) and not (
        concerned and another_will_decide(session, command.account_id, now, made=made)
    )
    assignment = RoleAssignment(
        id=ids.new(),
        account_id=command.account_id,
        role=command.role,
        assigned_by=person(actor),
        assigned_at=now,
        reason=command.reason.strip(),
        # Who gives themselves a role has nobody who confirms it.
        in_conflict=other is not None or own or (concerned and confirmed),
        valid_until=valid_until,
        countersigned_by=person(actor) if confirmed and may_countersign(actor) else None,
        countersigned_at=now if confirmed else None,
    )
    session.add(assignment)
    flush_unique(session, RoleAlreadyHeldError(role=command.role))
    if leaves and not (confirmed and valid_until is None):
        check_another_controller(session, command.account_id)
    record(session, _fact(actor, assignment, "assigned"))
    if confirmed:
        _come_into_force(session, clock, ids, actor, assignment)
    elif leaves:
        tell_controllers(session, clock, ids, command.account_id, named=False)
    return assignment


def _end_of(command: NewRole, now: datetime) -> datetime | None:
    if command.valid_until is not None and command.valid_until <= now:
        raise EndsInThePastError
    if command.role in FOR_GOOD:
        return command.valid_until
    if command.valid_until is None:
        return now + timedelta(days=DEFAULT_DAYS)
    if command.valid_until > now + timedelta(days=MAX_DAYS):
        raise RoleTooLongError(limit_days=MAX_DAYS)
    return command.valid_until


def _decides_now(session: Session, command: NewRole, now: datetime) -> bool:
    """Say whether somebody is a controller in force whose role is given anew."""
    live = live_assignments(session, command.account_id)
    return command.role is Role.CONTROLLER and any(is_in_force(a, now) for a in live if a.role is command.role)


def _make_room(session: Session, actor: Actor, command: NewRole, now: datetime) -> frozenset[Role]:
    """Close what the new assignment takes the place of, and return the roles that are held beside it."""
    held: set[Role] = set()
    for each in live_assignments(session, command.account_id):
        ended = _has_ended(each, now)
        if each.role is command.role and (ended or command.renews):
            attestor_of(session).verify(each)
            each.revoked_by, each.revoked_at = person(actor), now
            session.flush()
            record(session, _fact(actor, each, "ended" if ended else "replaced"))
        elif not ended:
            held.add(each.role)
    return frozenset(held)


def countersign_role(
    session: Session, clock: Clock, ids: IdSource, attestor: Attestor, actor: Actor, assignment_id: uuid.UUID
) -> RoleAssignment:
    """Put a role in force that somebody else assigned, and void the credentials that nobody vouches for.

    Raises:
        NotPermittedError: If the actor is not a controller in person, or acts through a token.
        AnotherControllerNeededError: If it is their own, for an account that they made, or of whoever named them, and
            another controller could.
        NothingToCountersignError: If there is no such assignment, or it waits for nothing.
        AttestationError: If it was changed behind our back.
    """
    check_countersigns(actor)
    check_not_through_a_token(actor)
    assignment = session.get(RoleAssignment, assignment_id)
    if assignment is None or assignment.countersigned_at is not None or assignment.revoked_at is not None:
        raise NothingToCountersignError
    attestor.verify(assignment)
    now = clock.now()
    if decides_alone(session, person(actor), assignment.account_id, now, made=assignment.role is not Role.ADMIN):
        assignment.in_conflict = True
    assignment.countersigned_by = person(actor)
    assignment.countersigned_at = now
    session.flush()
    record(session, _fact(actor, assignment, "countersigned"))
    _come_into_force(session, clock, ids, actor, assignment)
    return assignment


def countersign_held(
    session: Session, clock: Clock, ids: IdSource, attestor: Attestor, actor: Actor, command: NewRole
) -> RoleAssignment:
    """Put in force the role that waits for a person, as `countersign_role` does.

    Raises:
        NothingToCountersignError: If no such role waits for them.
    """
    waiting = waiting_for(session, command.account_id, command.role)
    return countersign_role(session, clock, ids, attestor, actor, waiting.id)


def waiting_for(session: Session, account_id: uuid.UUID, role: Role) -> RoleAssignment:
    """Return a role that waits for a person.

    Raises:
        NothingToCountersignError: If no such role waits for them.
    """
    live = live_assignments(session, account_id)
    waiting = next((each for each in live if each.role is role and each.countersigned_at is None), None)
    if waiting is None:
        raise NothingToCountersignError
    return waiting


def _come_into_force(session: Session, clock: Clock, ids: IdSource, actor: Actor, assignment: RoleAssignment) -> None:
    void_unvouched(session, clock, ids, actor, assignment)
    if assignment.role is Role.CONTROLLER:
        tell_controllers(session, clock, ids, assignment.account_id, named=True)


def revoke_role(
    session: Session, clock: Clock, ids: IdSource, attestor: Attestor, actor: Actor, command: NewRole
) -> RoleAssignment:
    """Take a role back, in force or not.

    Raises:
        NotPermittedError: If the actor does not look after accounts.
        RoleNotHeldError: If the person does not hold it.
        AccountInUseError: If it would leave the house without a controller.
        AttestationError: If it was changed behind our back.
    """
    check_administers(actor)
    attestor.hold_policy_set(session)
    live = live_assignments(session, command.account_id)
    assignment = next((a for a in live if a.role is command.role), None)
    if assignment is None:
        raise RoleNotHeldError(role=command.role)
    decided = command.role is Role.CONTROLLER and assignment.countersigned_at is not None
    if decided:
        check_another_controller(session, command.account_id)
    attestor.verify(assignment)
    assignment.revoked_by = person(actor)
    assignment.revoked_at = clock.now()
    session.flush()
    record(session, _fact(actor, assignment, "revoked"))
    if decided:
        tell_controllers(session, clock, ids, command.account_id, named=False)
    return assignment


def name_first_controller(
    session: Session, clock: Clock, ids: IdSource, actor: Actor, account: Account
) -> RoleAssignment:
    """Make an account the first controller: the host does it once, and from then on only a controller names another.

    Raises:
        NotPermittedError: If it is not the host who asks.
        ControllerAlreadyNamedError: If there ever was one.
        PolicySetError: If rows were deleted behind our back, perhaps those of a controller.
    """
    check_administers(actor)
    attestor_of(session).hold_policy_set(session)
    if session.scalar(select(RoleAssignment.id).where(RoleAssignment.role == Role.CONTROLLER).limit(1)) is not None:
        raise ControllerAlreadyNamedError
    now = clock.now()
    assignment = RoleAssignment(
        id=ids.new(),
        account_id=account.id,
        role=Role.CONTROLLER,
        assigned_by=person(actor),
        assigned_at=now,
        countersigned_at=now,
    )
    session.add(assignment)
    session.flush()
    record(session, _fact(actor, assignment, "named"))
    return assignment


def live_assignments(session: Session, account_id: uuid.UUID) -> Sequence[RoleAssignment]:
    """Return what was assigned to a person and not taken back, in force or not."""
    return live_assignments_of_many(session, [account_id])[account_id]


def live_assignments_of_many(
    session: Session, account_ids: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, Sequence[RoleAssignment]]:
    """Return the same for many people, by person, in one query."""
    held: dict[uuid.UUID, list[RoleAssignment]] = {account_id: [] for account_id in account_ids}
    query = select(RoleAssignment).where(
        RoleAssignment.account_id.in_(held.keys()), RoleAssignment.revoked_at.is_(None)
    )
    for assignment in session.scalars(query.order_by(RoleAssignment.id)):
        held[assignment.account_id].append(assignment)
    return held


def waiting_roles(session: Session, actor: Actor) -> list[Role]:
    """Return the roles that a person was assigned and that nobody has countersigned yet."""
    account_id = person(actor)
    live = [] if account_id is None else live_assignments(session, account_id)
    return [a.role for a in live if a.countersigned_at is None]


def waiting_assignments(session: Session) -> Sequence[RoleAssignment]:
    """Return the assignments that wait for a controller."""
    return session.scalars(
        select(RoleAssignment)
        .where(RoleAssignment.countersigned_at.is_(None), RoleAssignment.revoked_at.is_(None))
        .order_by(RoleAssignment.id)
    ).all()


def is_in_force(assignment: RoleAssignment, at: datetime) -> bool:
    """Say whether the role counts at this moment."""
    return assignment.countersigned_at is not None and assignment.revoked_at is None and not _has_ended(assignment, at)


def _has_ended(assignment: RoleAssignment, at: datetime) -> bool:
    return assignment.valid_until is not None and assignment.valid_until <= at


def roles_in_force(session: Session, attestor: Attestor, account_id: uuid.UUID, at: datetime) -> frozenset[Role]:
    """Return the roles that count for a person at this moment, every row's attestation checked.

    Raises:
        AttestationError: If any was changed behind our back: the account closes, for nobody can say what else was.
    """
    live = live_assignments(session, account_id)
    for assignment in live:
        attestor.verify(assignment)
    return frozenset(a.role for a in live if is_in_force(a, at))


def _fact(actor: Actor, assignment: RoleAssignment, verb: str) -> Fact:
    return Fact(
        retention=Retention.EVIDENCE,
        action=Action.POLICY,
        actor=actor,
        object_type=ROLE,
        object_id=str(assignment.id),
        details={
            "verb": verb,
            "account": str(assignment.account_id),
            "role": assignment.role.value,
            "in_force": assignment.countersigned_at is not None and assignment.revoked_at is None,
            "in_conflict": assignment.in_conflict,
        },
    )
