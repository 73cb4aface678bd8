"""The personal part of evidence, sealed under the person's own key: it ends with them, in every copy. GDPR Art. 17.

It is one box of `governance.vault.boxes`, in the table number that no table of a data map has; its row is the consent
and the event's place in it, so that a box speaks for no other event.
"""

import struct
from typing import Final

import orjson
from sqlalchemy.orm import Session

from consent.events import Key
from consent.evidence.values import Age, Evidence, Guardian
from governance.vault.boxes import BoxBinding, BoxColumn
from governance.vault.errors import SubjectErasedError, SubjectUnknownError
from governance.vault.keyring import Keyring
from governance.vault.subject_keys import open_subject
from governance.vocabulary import DataCategory

# The numbers of data maps begin at 1.
_TABLE: Final = 0
_SHAPE: Final = 1
_FIELDS: Final = ("address", "device", "age", "guardian", "means")
_ROW: Final = struct.Struct(">13xHB")


class EvidenceSeal:
    """Seals and opens the personal part of evidence."""

    def __init__(self, keyring: Keyring) -> None:
        """Bind boxes to the installation."""
        self._keyring: Final = keyring
        self._binding: Final = BoxBinding.of(
            BoxColumn(
                installation=keyring.installation, table=_TABLE, link="consent", category=DataCategory.CONNECTION
            ),
            _SHAPE,
            _FIELDS,
        )

    def seal(self, session: Session, key: Key, sequence: int, evidence: Evidence) -> bytes | None:
        """Return the box of an event's evidence; None where nothing of it is personal.

        Raises:
            SubjectKeyError: If the person's row was altered.
        """
        guardian = evidence.guardian
        values = {
            "address": evidence.address,
            "device": evidence.device,
            "age": None if evidence.age is None else evidence.age.value,
            "guardian": None if guardian is None else guardian.name,
            "means": None if guardian is None else guardian.means,
        }
        if not any(values.values()):
            return None
        subject, subject_key = open_subject(session, self._keyring, key.subject_id)
        return self._binding.seal(
            subject_key,
            row_id=_row(key),
            subject_id=key.subject_id,
            key_version=subject.key_version,
            revision=sequence,
            plaintext=self._binding.encode(values),
        )

    def open(self, session: Session, key: Key, sequence: int, box: bytes) -> Evidence:
        """Return what a box says; nothing of a person who was erased.

        Raises:
            BoxError, SubjectKeyError: If it, or the person's row, was altered.
        """
        try:
            subject, subject_key = open_subject(session, self._keyring, key.subject_id)
        except (SubjectErasedError, SubjectUnknownError):
            return Evidence()
        plaintext = self._binding.open(
            subject_key,
            row_id=_row(key),
            subject_id=key.subject_id,
            key_version=subject.key_version,
            revision=sequence,
            box=box,
        )
        told = orjson.loads(plaintext)
        return Evidence(
            address=told["address"],
            device=told["device"],
            age=None if told["age"] is None else Age(told["age"]),
            guardian=None if told["guardian"] is None else Guardian(name=told["guardian"], means=told["means"]),
        )


def _row(key: Key) -> bytes:
    return _ROW.pack(key.purpose_id, key.channel)
