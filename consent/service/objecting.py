"""Objections: a person says no to a purpose that does not rest on their yes. GDPR Art. 21."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from consent.errors import NoObjectionRightError
from consent.ledger import hold_subjects
from consent.permissions import check_records
from consent.soliciting import OPEN_TO_OBJECTION
from consent.suppression.listing import hold_list
from consent.suppression.service import keep, take_back
from consent.suppression.values import Reason, Refusal
from consent.values import Desk
from governance.actor import Actor
from governance.vault.subject_keys import set_objection
from register.declared import purpose_on_file
from register.errors import PurposeNotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """A person's objection to a purpose, or its end where `objected` is false."""

    subject_id: int
    purpose: str
    objected: bool = True


def object_to(session: Session, desk: Desk, actor: Actor, command: Objection) -> None:
    """Mark an objection in the person's own row: from the next read the purpose gets nothing about them.

    What they are known by goes on the list, in the same transaction, so that the refusal outlives them.

    Raises:
        NotForYouError: If the actor does not deal with people's choices.
        PurposeNotFoundError: If there is no such purpose, or nobody said what makes it lawful.
        AttestationError: If the purpose was altered outside Égide.
        NoObjectionRightError: If its basis leaves no right to object.
        PersonNotFoundError: If the person is not on file, or was erased.
        SubjectKeyError: If the person's row was altered.
    """
    check_records(actor)
    purpose = purpose_on_file(session, desk.attestor, command.purpose)
    if purpose.basis is None:
        raise PurposeNotFoundError(reference=str(command.purpose))
    if command.objected and purpose.basis not in OPEN_TO_OBJECTION:
        raise NoObjectionRightError(purpose=purpose.slug, basis=purpose.basis)
    hold_list(session, exclusive=True)
    hold_subjects(session, (command.subject_id,))
    if command.objected:
        set_objection(session, desk.keyring, command.subject_id, purpose.id, objected=True)
        refusal = Refusal(since=desk.clock.now(), reason=Reason.OBJECTION, purpose_id=purpose.id)
        keep(session, desk, actor, command.subject_id, refusal)
    else:
        take_back(session, desk, actor, command.subject_id, purpose.id)
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.CONSENT,
            actor=actor,
            object_type="objection",
            object_id=f"{command.subject_id}.{purpose.slug}",
            purpose=purpose.slug,
            subjects=(command.subject_id,),
            details={"verb": "object" if command.objected else "lift"},
        ),
    )
