"""What is due: matters that wait for somebody, and what ends within thirty days, the most pressing first."""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from governance.clock import Clock
from governance.days import day_of, last_moment_of
from governance.identity.models import Account, ApiToken, RoleAssignment
from governance.jobs.models import Job, JobState
from governance.oversight.accountability.letters import answers_due
from governance.oversight.evidence.waiting import documents_ending
from governance.oversight.plan.waiting import late_actions
from governance.oversight.values import Item, Label, Matter
from governance.policies.models import Grant
from governance.policies.waiting import WaitingRequest, waiting_requests
from governance.vault.attest import attestor_of
from register.lifecycle import ActivityState, Mode
from register.models import Activity, Party, Purpose
from register.questionnaires.models import Questionnaire
from register.service import open_information, pressing_reviews

SOON: Final = timedelta(days=30)
_MOST: Final = 50
_LATE: Final = datetime.max.replace(tzinfo=UTC)


def due_items(session: Session, clock: Clock) -> list[Item]:
    """Return everything that a data protection officer should know to be due, in a fixed number of queries."""
    now = clock.now()
    found = [
        *activities_in(session, ActivityState.SUBMITTED, Matter.OPINION),
        *access_asked(waiting_requests(session, clock)),
        *grants_asked(session, now),
        *grants_ending(session, now),
        *observations_ending(session, now),
        *people_to_inform(session),
        *records_to_review(session, now),
        *questionnaires_answered(session),
        *_roles_ending(session, now),
        *_tokens_ending(session, now),
        *_purge(session),
        *late_actions(session, day_of(now)),
        *documents_ending(session, day_of(now)),
        *answers_due(session, day_of(now)),
    ]
    return sorted(found, key=lambda item: (not item.grave, _ends(item), item.at or _LATE))


def _ends(item: Item) -> datetime:
    if item.last_day is not None:
        return last_moment_of(item.last_day)
    return item.due or _LATE


def activities_in(session: Session, state: ActivityState, matter: Matter, *where: ColumnElement[bool]) -> list[Item]:
    """Return the activities in a state, those that have waited longest first."""
    rows = session.scalars(
        select(Activity).where(Activity.state == state, *where).order_by(Activity.changed_at, Activity.id).limit(_MOST)
    )
    return [activity_item(row, matter) for row in rows]


def activity_item(activity: Activity, matter: Matter) -> Item:
    """Return an activity as a matter."""
    return Item(
        matter=matter,
        label=Label(fr=activity.name_fr, en=activity.name_en),
        name=activity.state.value,
        person=activity.owner_id,
        reference=activity.slug,
        at=activity.changed_at,
    )


def access_asked(requests: Iterable[WaitingRequest]) -> list[Item]:
    """Return people's requests for access as matters."""
    return [
        Item(
            matter=Matter.ACCESS_ASKED,
            label=None if each.purpose is None else Label(fr=each.labels[0], en=each.labels[1]),
            role=each.role,
            person=each.account_id,
            reference=str(each.id),
            at=each.asked_at,
            name=None if each.advice is None else each.advice.value,
        )
        for each in requests
    ]


def grants_asked(session: Session, now: datetime, *where: ColumnElement[bool]) -> list[Item]:
    """Return grants that wait for their approval, those of one role for one purpose as one matter."""
    waiting = (Grant.approved_at.is_(None), Grant.revoked_at.is_(None), Grant.valid_to > now)
    return _grants(session, Matter.GRANTS_ASKED, func.min(Grant.requested_at), (*waiting, *where))


def grants_ending(session: Session, now: datetime, *where: ColumnElement[bool]) -> list[Item]:
    """Return grants in force that end soon, those of one role for one purpose as one matter."""
    ending = (
        Grant.approved_at.is_not(None),
        Grant.revoked_at.is_(None),
        Grant.valid_to > now,
        Grant.valid_to <= now + SOON,
    )
    return _grants(session, Matter.GRANTS_END, func.min(Grant.valid_to), (*ending, *where))


def observations_ending(session: Session, now: datetime, *where: ColumnElement[bool]) -> list[Item]:
    """Return the activities that observe and soon enforce by themselves (docs/adr/0092), each with its day."""
    observing = (
        Activity.running,
        Activity.mode == Mode.OBSERVE,
        Activity.observed_until > now,
        Activity.observed_until <= now + SOON,
    )
    rows = session.scalars(
        select(Activity).where(*observing, *where).order_by(Activity.observed_until, Activity.id).limit(_MOST)
    )
    return [replace(activity_item(row, Matter.OBSERVATION_ENDS), at=None, due=row.observed_until) for row in rows]


def people_to_inform(session: Session) -> list[Item]:
    """Return the imports whose people are still to be told where their data come from. GDPR Art. 14(3)."""
    return [
        Item(
            matter=Matter.INFORM,
            label=Label(fr=each.point.source_fr, en=each.point.source_en),
            reference=str(each.task.id),
            at=each.task.made_at,
            due=each.due,
        )
        for each in open_information(session, attestor_of(session), _MOST)
    ]


def records_to_review(session: Session, now: datetime, *where: ColumnElement[bool]) -> list[Item]:
    """Return the records to be looked at again within the month, or late, each with its day."""
    found = pressing_reviews(session, day_of(now), *where, most=_MOST)
    return [replace(activity_item(row, Matter.REVIEW), at=None, due=review.due) for row, review in found]


def questionnaires_answered(session: Session, *where: ColumnElement[bool]) -> list[Item]:
    """Return the questionnaires whose answers wait to be taken over or left, those that have waited longest first."""
    rows = session.execute(
        select(Questionnaire.id, Questionnaire.answered_at, Questionnaire.whom, Party.name.label("party"), Activity)
        .join(Activity, Activity.id == Questionnaire.activity_id)
        .join(Party, Party.id == Questionnaire.party_id, isouter=True)
        .where(
            Questionnaire.answered_at.is_not(None),
            Questionnaire.settled_at.is_(None),
            Activity.state != ActivityState.RETIRED,
            *where,
        )
        .order_by(Questionnaire.answered_at, Questionnaire.id)
        .limit(_MOST)
    )
    return [
        replace(
            activity_item(row.Activity, Matter.ANSWERED),
            name=str(row.id),
            text=row.party or row.whom,
            at=row.answered_at,
        )
        for row in rows
    ]


def _grants(session: Session, matter: Matter, when: Any, where: Iterable[ColumnElement[bool]]) -> list[Item]:
    rows = session.execute(
        select(Grant.role, Purpose.slug, Purpose.label_fr, Purpose.label_en, func.count(), when)
        .join(Purpose, Purpose.id == Grant.purpose_id)
        .where(*where)
        .group_by(Grant.role, Purpose.slug, Purpose.label_fr, Purpose.label_en)
        .order_by(when, Purpose.slug, Grant.role)
        .limit(_MOST)
    )
    ends = matter is Matter.GRANTS_END
    return [
        Item(
            matter=matter,
            label=Label(fr=french, en=english),
            role=role,
            reference=slug,
            count=count,
            due=moment if ends else None,
            at=None if ends else moment,
        )
        for role, slug, french, english, count, moment in rows
    ]


def _roles_ending(session: Session, now: datetime) -> list[Item]:
    rows = session.execute(
        select(RoleAssignment.account_id, RoleAssignment.role, RoleAssignment.valid_until)
        .join(Account, Account.id == RoleAssignment.account_id)
        .where(
            RoleAssignment.revoked_at.is_(None),
            RoleAssignment.valid_until > now,
            RoleAssignment.valid_until <= now + SOON,
            Account.disabled_at.is_(None),
        )
        .order_by(RoleAssignment.valid_until, RoleAssignment.id)
        .limit(_MOST)
    )
    return [Item(matter=Matter.ROLE_ENDS, person=person, role=role, due=until) for person, role, until in rows]


def _tokens_ending(session: Session, now: datetime) -> list[Item]:
    rows = session.execute(
        select(ApiToken.id, ApiToken.name, ApiToken.role, ApiToken.expires_at)
        .where(
            ApiToken.account_id.is_(None),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
            ApiToken.expires_at <= now + SOON,
        )
        .order_by(ApiToken.expires_at, ApiToken.id)
        .limit(_MOST)
    )
    return [
        Item(matter=Matter.TOKEN_ENDS, name=name, role=role, reference=str(token), due=until)
        for token, name, role, until in rows
    ]


def _purge(session: Session) -> list[Item]:
    due = next_purge(session)
    return [] if due is None else [Item(matter=Matter.LOG_PURGE, due=due)]


def next_purge(session: Session) -> datetime | None:
    """Return when the worker next deletes entries whose retention has ended; None where no worker ever ran."""
    waiting = select(Job.due_at).where(Job.kind == "log-purge", Job.state.in_([JobState.WAITING, JobState.RUNNING]))
    return session.scalars(waiting.order_by(Job.due_at).limit(1)).first()


def owned_purposes(owner: uuid.UUID) -> ColumnElement[bool]:
    """Return the condition that a grant is for a purpose of somebody's own activities."""
    purposes = select(Purpose.id).join(Activity, Activity.id == Purpose.activity_id).where(Activity.owner_id == owner)
    return Grant.purpose_id.in_(purposes)
