"""Taking the deciding rows as they stand, after somebody has looked at what was altered outside Égide.

As long as rows of the policy set are gone, restored or exchanged by SQL, nothing is read. Whoever has put them right
again, or has decided to go on with what is left, says so here, in person and on record.
"""

from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor
from governance.errors import phrase
from governance.policies.permissions import check_approves
from governance.vault.attest import Attestor
from governance.vault.policy_set import PolicyState


def accept_policies(session: Session, attestor: Attestor, actor: Actor) -> PolicyState:
    """Take the rows that decide as they stand; the log says who did.

    Raises:
        PersonRequiredError, NotForYouError: If it is for somebody else.
        NotPermittedError: If a token of theirs acts.
        AttestationError: If a row that decides is not Égide's; such rows are deleted first.
    """
    check_approves(actor, phrase("accept"))
    state = attestor.accept_policy_set(session)
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.DECIDE,
            actor=actor,
            object_type="policy-set",
            object_id=str(state.epoch),
            details={"policies": "accepted", "digest": state.digest.hex()},
        ),
    )
    return state
