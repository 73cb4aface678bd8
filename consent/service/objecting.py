"""Objections: a person says no to a purpose that does not rest on their yes. GDPR Art. 21."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from consent.errors import NoObjectionRightError, PersonNotFoundError
from consent.ledger import hold_subjects
from consent.permissions import check_records
from governance.actor import Actor
from governance.vault.attest import Attestor
from governance.vault.errors import SubjectErasedError, SubjectUnknownError
from governance.vault.keyring import Keyring
from governance.vault.subject_keys import set_objection
from governance.vocabulary import LawfulBasis
from register.declared import purpose_on_file
from register.errors import PurposeNotFoundError

# Art. 21(1): tasks of public interest and legitimate interests. Prospecting may rest on consent too, and Art. 21(2) and
# (3) let a person object to it whatever it rests on.
OPEN_TO_OBJECTION: Final = frozenset({LawfulBasis.LEGITIMATE_INTERESTS, LawfulBasis.PUBLIC_TASK, LawfulBasis.CONSENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """A person's objection to a purpose, or its end where `objected` is false."""

    subject_id: int
    purpose: str
    objected: bool = True


@dataclass(frozen=True, slots=True)
class Seals:
    """Who vouches for the register's rows, and who holds the key of the person's own row."""

    attestor: Attestor
    keyring: Keyring


def object_to(session: Session, seals: Seals, actor: Actor, command: Objection) -> None:
    """Mark an objection in the person's own row: from the next read the purpose gets nothing about them.

    Raises:
        NotForYouError: If the actor does not deal with people's choices.
        PurposeNotFoundError: If there is no such purpose, or nobody said what makes it lawful.
        AttestationError: If the purpose was altered outside Égide.
        NoObjectionRightError: If its basis leaves no right to object.
        PersonNotFoundError: If the person is not on file, or was erased.
        SubjectKeyError: If the person's row was altered.
    """
    check_records(actor)
    purpose = purpose_on_file(session, seals.attestor, command.purpose)
    if purpose.basis is None:
        raise PurposeNotFoundError(reference=str(command.purpose))
    if command.objected and purpose.basis not in OPEN_TO_OBJECTION:
        raise NoObjectionRightError(purpose=purpose.slug, basis=purpose.basis)
    hold_subjects(session, (command.subject_id,))
    try:
        set_objection(session, seals.keyring, command.subject_id, purpose.id, objected=command.objected)
    except (SubjectUnknownError, SubjectErasedError):
        raise PersonNotFoundError(subject_id=command.subject_id) from None
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
