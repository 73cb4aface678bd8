"""The keys of the data subjects that a batch writes about, fetched in one statement and forgotten with the batch."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.gate.boxing import Owner
from governance.gate.errors import SubjectRestrictedError
from governance.vault.errors import SubjectUnknownError
from governance.vault.keyring import Keyring
from governance.vault.models import DataSubject, SubjectState
from governance.vault.subject_keys import marks_of, unwrap
from governance.vocabulary import SubjectKind


def open_owners(session: Session, keyring: Keyring, subject_ids: Collection[int]) -> dict[int, Owner]:
    """Return the owners by number.

    Raises:
        SubjectUnknownError: If one of the numbers is nobody's.
        SubjectErasedError: If one of them was erased.
        SubjectRestrictedError: If the use of one's data is restricted. GDPR Art. 18(2): it is stored, nothing more.
        SubjectKeyError: If one's row was altered.
    """
    if not subject_ids:
        return {}
    found = session.scalars(select(DataSubject).where(DataSubject.id.in_(subject_ids)).order_by(DataSubject.id))
    owners: dict[int, Owner] = {}
    for subject in found:
        key = unwrap(keyring, marks_of(subject), subject.wrapped_key)
        if subject.state == SubjectState.RESTRICTED.code:
            raise SubjectRestrictedError(subject_id=subject.id)
        kind = SubjectKind.from_code(subject.kind)
        owners[subject.id] = Owner(id=subject.id, kind=kind, key=key, key_version=subject.key_version)
    for subject_id in subject_ids:
        if subject_id not in owners:
            raise SubjectUnknownError(subject_id=subject_id)
    return owners
