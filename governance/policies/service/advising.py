"""The data protection officer's opinion on what somebody asks for: given before the decision, and decided by nobody.

GDPR Art. 38(1) has them involved in time, 39(1)(a) advise; 38(6) keeps them from deciding. So an opinion opens nothing
and holds nothing up.
"""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Actor, Role
from governance.errors import phrase
from governance.policies.errors import OpinionGivenError, OwnAccessRequestError, ReasonMissingError
from governance.policies.models import AccessOpinion
from governance.policies.permissions import check_may
from governance.policies.requests import AdviseRequest
from governance.policies.service.asking import waiting_one
from governance.policies.service.grants import Desk
from governance.policies.service.recording import record_request

ADVISERS: Final = frozenset({Role.DPO})


def advise_request(session: Session, desk: Desk, actor: Actor, command: AdviseRequest) -> AccessOpinion:
    """Give an opinion on a request that waits, once, with its reason.

    Raises:
        PersonRequiredError, NotForYouError: If it is for somebody else to advise.
        ReasonMissingError: If no reason is given.
        AccessRequestNotFoundError: If there is no such request.
        RequestSettledError: If it waits no more.
        OwnAccessRequestError: If the same person asked.
        OpinionGivenError: If there is an opinion on it.
        AttestationError: If it was altered outside Égide.
    """
    account = check_may(actor, ADVISERS, phrase("advise on"))
    reason = command.reason.strip()
    if not reason:
        raise ReasonMissingError
    # Held until the transaction ends, so that two opinions come one after the other.
    request = waiting_one(session, desk.attestor, command.request_id)
    if request.account_id == account:
        raise OwnAccessRequestError
    if session.scalar(select(AccessOpinion.id).where(AccessOpinion.request_id == request.id)) is not None:
        raise OpinionGivenError
    opinion = AccessOpinion(
        id=desk.ids.new(),
        request_id=request.id,
        advice=command.advice,
        reason=reason,
        given_by=account,
        given_at=desk.clock.now(),
    )
    session.add(opinion)
    record_request(session, actor, request, "advise", None, advice=command.advice.value)
    return opinion
