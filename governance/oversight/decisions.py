"""What waits for the controller: roles, tokens, grants, maps, activities with the DPO's opinion, a set that differs.

GDPR Art. 24(1): the controller decides and answers for it. Art. 38(6): the data protection officer advised before.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.clock import Clock
from governance.datamap.desk import MapDesk
from governance.datamap.drafting.waiting import maps_for_controller
from governance.identity.models import Account, ApiToken, RoleAssignment
from governance.oversight.due import access_asked, activity_item, grants_asked, observations_ending
from governance.oversight.values import Item, Matter
from governance.policies.waiting import waiting_requests
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError, PolicySetError
from register.lifecycle import ActivityState, Opinion
from register.models import Activity

_MOST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRole:
    """A role that somebody was given and that counts once the controller has confirmed it."""

    assignment: RoleAssignment
    email: str
    name: str
    held: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Altered:
    """Something that decides and is not as Égide wrote it: a row, or the set of a table's rows."""

    table: str
    row: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Everything that waits for the controller.

    Attributes:
        observing: Activities whose rules soon refuse by themselves; they wait for nobody, so they are not counted.
        altered: Why nothing is read, where the set of what decides was altered.
    """

    asked: list[Item]
    roles: list[WaitingRole]
    tokens: list[ApiToken]
    grants: list[Item]
    maps: list[Item]
    activities: list[Activity]
    observing: list[Item]
    altered: Altered | None

    @property
    def count(self) -> int:
        """How many matters wait."""
        rows = len(self.roles) + len(self.tokens) + len(self.activities)
        return rows + len(self.asked) + len(self.grants) + len(self.maps) + (self.altered is not None)

    @property
    def items(self) -> list[Item]:
        """Everything that waits, as matters."""
        roles = [
            Item(
                matter=Matter.ROLE_WAITS,
                role=each.assignment.role,
                person=each.assignment.account_id,
                reference=str(each.assignment.id),
                at=each.assignment.assigned_at,
            )
            for each in self.roles
        ]
        tokens = [
            Item(matter=Matter.TOKEN_WAITS, name=each.name, role=each.role, reference=str(each.id), at=each.made_at)
            for each in self.tokens
        ]
        activities = [activity_item(each, Matter.ACTIVATION) for each in self.activities]
        altered = [] if self.altered is None else [Item(matter=Matter.POLICY_SET, name=self.altered.table, grave=True)]
        return [*altered, *activities, *self.asked, *roles, *tokens, *self.grants, *self.maps, *self.observing]


def waiting_decisions(session: Session, attestor: Attestor, desk: MapDesk, clock: Clock) -> Waiting:
    """Return what waits for the controller, in a fixed number of queries, and a few for each map on its way."""
    now = clock.now()
    return Waiting(
        asked=access_asked(waiting_requests(session, clock)),
        roles=_roles(session),
        tokens=_tokens(session, now),
        grants=grants_asked(session, now),
        maps=_maps(session, attestor, desk, now),
        activities=_activities(session),
        observing=observations_ending(session, now),
        altered=altered_set(session, attestor),
    )


def altered_set(session: Session, attestor: Attestor) -> Altered | None:
    """Return why the set of all rows that decide is not the one that Égide wrote; None where it is."""
    try:
        attestor.verify_policy_set(session)
    except PolicySetError as error:
        return Altered(table=error.table, reason=error.reason)
    except AttestationError as error:
        return Altered(table=error.kind, row=error.reference)
    return None


def every_alteration(session: Session, attestor: Attestor) -> list[Altered]:
    """Check every row that decides, and the set of them; return what differs."""
    return [
        Altered(table=each.kind, row=each.reference)
        if isinstance(each, AttestationError)
        else Altered(table=each.table, reason=each.reason)
        for each in attestor.find_alterations(session)
    ]


def goes_against(activity: Activity) -> bool:
    """Say whether activating it would override the opinion, which takes a written reason."""
    return activity.opinion is Opinion.UNFAVOURABLE


def _roles(session: Session) -> list[WaitingRole]:
    rows = session.execute(
        select(RoleAssignment, Account.email, Account.name)
        .join(Account, Account.id == RoleAssignment.account_id)
        .where(
            RoleAssignment.countersigned_at.is_(None),
            RoleAssignment.revoked_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .order_by(RoleAssignment.id)
        .limit(_MOST)
    ).all()
    held = _held(session, [assignment.account_id for assignment, _, _ in rows])
    return [
        WaitingRole(assignment=assignment, email=email, name=name, held=held.get(assignment.account_id, ()))
        for assignment, email, name in rows
    ]


def _held(session: Session, accounts: list[uuid.UUID]) -> dict[uuid.UUID, tuple[str, ...]]:
    """Return the roles that count for each account already: with the new one they are what it would hold."""
    rows = session.execute(
        select(RoleAssignment.account_id, RoleAssignment.role)
        .where(
            RoleAssignment.account_id.in_(accounts),
            RoleAssignment.countersigned_at.is_not(None),
            RoleAssignment.revoked_at.is_(None),
        )
        .order_by(RoleAssignment.account_id, RoleAssignment.role)
    )
    held: dict[uuid.UUID, tuple[str, ...]] = {}
    for account, role in rows:
        held[account] = (*held.get(account, ()), role.value)
    return held


def _tokens(session: Session, now: datetime) -> list[ApiToken]:
    unexpired = ApiToken.expires_at.is_(None) | (ApiToken.expires_at > now)
    waiting = (ApiToken.countersigned_at.is_(None), ApiToken.revoked_at.is_(None), unexpired)
    return list(session.scalars(select(ApiToken).where(*waiting).order_by(ApiToken.id).limit(_MOST)))


def _maps(session: Session, attestor: Attestor, desk: MapDesk, now: datetime) -> list[Item]:
    found = maps_for_controller(session, attestor, desk, now)
    return [
        Item(matter=Matter.MAP_WAITS, name=each.source, reference=each.source, at=each.changed_at) for each in found
    ]


def _activities(session: Session) -> list[Activity]:
    advised = select(Activity).where(Activity.state == ActivityState.ADVISED)
    return list(session.scalars(advised.order_by(Activity.changed_at, Activity.id).limit(_MOST)))
