"""What whoever keeps the house running may set going: a job tried again, a letter to try mail out."""

import uuid

from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor
from governance.clock import Clock
from governance.identity.letters import Letter, tell
from governance.identity.permissions import person
from governance.ids import IdSource
from governance.jobs.queue import revive


def retry_job(session: Session, clock: Clock, actor: Actor, job_id: uuid.UUID) -> None:
    """Let a job that was given up be tried again.

    Raises:
        JobNotDeadError: If there is none, or it was not given up.
    """
    revive(session, job_id, clock.now())
    record(session, _fact(actor, Action.JOB, "job", str(job_id), "retried"))


def send_test_letter(session: Session, clock: Clock, ids: IdSource, actor: Actor) -> bool:
    """Have a letter sent to whoever asks, and say whether there is anybody to send it to: a program has no address."""
    account_id = person(actor)
    if account_id is None:
        return False
    tell(session, ids, clock, account_id, Letter.TEST)
    record(session, _fact(actor, Action.NOTIFY, "account", str(account_id), "letter-asked"))
    return True


def _fact(actor: Actor, action: Action, kind: str, object_id: str, verb: str) -> Fact:
    return Fact(
        retention=Retention.SECURITY,
        action=action,
        actor=actor,
        object_type=kind,
        object_id=object_id,
        details={"verb": verb},
    )
