"""Each policy epoch as an entry of the log, so that its digest is anchored outside the database."""

from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import SYSTEM
from governance.vault.policy_set import PolicyState


def record_policy_epoch(session: Session, state: PolicyState) -> None:
    """Record a new policy epoch in the transaction that makes it. Given to `Attestor.attach`."""
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.POLICY,
            actor=SYSTEM,
            object_type="policy-set",
            object_id=str(state.epoch),
            details={"digest": state.digest.hex()},
        ),
    )
