"""Looking at grants again: kept, or taken back, and recorded either way. GDPR Art. 32(1)(d)."""

import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor, Role
from governance.errors import phrase
from governance.policies.errors import NotInForceError, ReasonMissingError
from governance.policies.models import Grant, GrantReview
from governance.policies.permissions import check_line, check_may
from governance.policies.service.grants import Desk, GrantState, RevokeGrant, get_grant, revoke_grant, state_of
from governance.policies.values import Verdict
from register.models import Purpose
from register.service import get_purpose

REVIEWERS: Final = frozenset({Role.OWNER, Role.CONTROLLER})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewGrants:
    """Grants that were looked at together, and what came of it."""

    grant_ids: tuple[uuid.UUID, ...]
    verdict: Verdict
    reason: str = ""


def review_grants(session: Session, desk: Desk, actor: Actor, command: ReviewGrants) -> list[GrantReview]:
    """Keep grants, or take them back with a reason; all of them, or none.

    Raises:
        PersonRequiredError, NotForYouError, NotYourPurposeError: If it is for somebody else to review.
        ReasonMissingError: If they are taken back without a reason.
        GrantNotFoundError: If there is no such grant.
        NotInForceError: If one of them gives nothing.
        AttestationError: If one was altered outside Égide.
    """
    account = check_may(actor, REVIEWERS, phrase("review"))
    reason = command.reason.strip()
    if command.verdict is Verdict.TAKE_BACK and not reason:
        raise ReasonMissingError
    return [
        _review(session, desk, actor, (account, grant_id, command.verdict, reason)) for grant_id in command.grant_ids
    ]


def _review(
    session: Session, desk: Desk, actor: Actor, review: tuple[uuid.UUID, uuid.UUID, Verdict, str]
) -> GrantReview:
    account, grant_id, verdict, reason = review
    grant, now = get_grant(session, grant_id), desk.clock.now()
    desk.attestor.verify(grant)
    purpose = get_purpose(session, grant.purpose_id)
    check_line(session, actor, purpose)
    state = state_of(grant, now)
    if state is not GrantState.APPROVED:
        raise NotInForceError(grant_id=str(grant.id), state=state)
    if verdict is Verdict.TAKE_BACK:
        revoke_grant(session, desk.clock, desk.attestor, actor, RevokeGrant(grant_id=grant.id, because=reason))
    kept = GrantReview(
        id=desk.ids.new(), grant_id=grant.id, verdict=verdict, reason=reason, reviewed_by=account, reviewed_at=now
    )
    session.add(kept)
    session.flush()
    record(session, _fact(actor, grant, purpose, verdict))
    return kept


def _fact(actor: Actor, grant: Grant, purpose: Purpose, verdict: Verdict) -> Fact:
    return Fact(
        retention=Retention.EVIDENCE,
        action=Action.POLICY,
        actor=actor,
        object_type="grant",
        object_id=str(grant.id),
        purpose=purpose.slug,
        details={"verb": "review", "verdict": verdict.value, "role": grant.role.value},
    )
