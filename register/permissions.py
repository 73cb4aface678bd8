"""Who may write in the register: people, in their roles, and the head of a business line on that line only."""

import uuid
from typing import Final

from governance.actor import Actor, Role
from governance.errors import listed
from governance.identity.permissions import person
from register.errors import (
    ContentFrozenError,
    DraftingNotAllowedError,
    NotYourActivityError,
    PersonRequiredError,
    StepNotAllowedError,
    StepNotPossibleError,
)
from register.lifecycle import EDITABLE, Transition, Verb, transition_of, verbs_open_to
from register.models import Activity

DRAFTERS: Final = frozenset({Role.OWNER, Role.DPO})
# Answers name people at work, so fewer read them than the register itself: an owner those of their own line.
ANSWER_READERS: Final = frozenset({Role.CONTROLLER, Role.DPO, Role.OWNER, Role.AUDITOR})


def account_of(actor: Actor) -> uuid.UUID:
    """Return the account of the person who acts.

    Raises:
        PersonRequiredError: If it is a program, the host alone or the house: what the register says has an author.
    """
    account = person(actor)
    if account is None:
        raise PersonRequiredError
    return account


def check_drafts(actor: Actor, activity: Activity | None = None) -> uuid.UUID:
    """Return the account of somebody who may write content, here where an activity is given.

    Raises:
        PersonRequiredError: If no person acts.
        DraftingNotAllowedError: If their roles write nothing in the register.
        NotYourActivityError: If it is another business line's.
        ContentFrozenError: If the activity is neither a draft nor under review.
    """
    account = check_keeps(actor, activity)
    if activity is not None and activity.state not in EDITABLE:
        raise ContentFrozenError(slug=activity.slug, state=activity.state)
    return account


def check_keeps(actor: Actor, activity: Activity | None = None) -> uuid.UUID:
    """Return the account of somebody who looks after records, here after one: what is no content of it, at any time.

    Raises:
        PersonRequiredError: If no person acts.
        DraftingNotAllowedError: If their roles write nothing in the register.
        NotYourActivityError: If it is another business line's.
    """
    account = account_of(actor)
    if not actor.roles & DRAFTERS:
        raise DraftingNotAllowedError(roles=listed(sorted(DRAFTERS)))
    if activity is not None:
        _check_line(actor, activity, DRAFTERS)
    return account


def check_reads_answers(actor: Actor, activity: Activity) -> None:
    """Refuse the answers of a questionnaire to whoever does not answer for the activity.

    Raises:
        NotYourActivityError: If it is another business line's.
    """
    _check_line(actor, activity, ANSWER_READERS)


def check_step(actor: Actor, activity: Activity, verb: Verb) -> Transition:
    """Return the row of the table by which this person moves this activity.

    Raises:
        PersonRequiredError: If no person acts.
        StepNotPossibleError: If the state does not know the step.
        StepNotAllowedError: If it is for somebody else.
        NotYourActivityError: If it is another business line's.
    """
    account_of(actor)
    row = transition_of(activity.state, verb, running=activity.running)
    if row is None:
        possible = verbs_open_to(activity.state, frozenset(Role), running=activity.running)
        raise StepNotPossibleError(slug=activity.slug, state=activity.state, verb=verb, possible=possible)
    if not actor.roles & row.roles:
        raise StepNotAllowedError(verb=verb, roles=listed(sorted(row.roles)), article=row.article)
    _check_line(actor, activity, row.roles)
    return row


def _check_line(actor: Actor, activity: Activity, roles: frozenset[Role]) -> None:
    as_owner_only = actor.roles & roles == {Role.OWNER}
    if as_owner_only and activity.owner_id is not None and activity.owner_id != actor.id:
        raise NotYourActivityError(slug=activity.slug)
