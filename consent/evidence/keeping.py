"""Evidence kept beside events, and read with them.

The MAC is the fixed encoding of `governance.vault.macs` over, big-endian,

    the event's own MAC (17 bytes) | weaknesses u16 | wording_id u32 | file_id 16 bytes | SHA-256 of the box

with zeros for what is not there. So evidence moved to another event, or cut, is told; the log has the MAC of each
event's evidence, so that evidence taken away is missed.
"""

import hashlib
import hmac
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.orm import Session

from consent.events import Event, Key, mac_of
from consent.evidence.minimising import short_address, short_device
from consent.evidence.models import ConsentEvidence, ShownWording
from consent.evidence.sealing import EvidenceSeal
from consent.evidence.values import Evidence, KeptEvidence, Weakness, Wording
from governance.vault.attest import Attestor
from governance.vault.errors import BoxError, SubjectKeyError
from governance.vault.keyring import Keyring
from governance.vault.macs import MAC_VERSION

_KIND: Final = "consent_evidence"
_LAYOUT: Final = struct.Struct(">17sHI16s32s")
_NOTHING: Final = bytes(16)
_NO_BOX: Final = bytes(32)
# People asked for by one statement.
_CHUNK: Final = 1000
_EVIDENCE: Final[Table] = ConsentEvidence.__table__  # type: ignore[assignment] # a declarative table is a Table


class EvidenceKeeper:
    """Keeps what proves events and tells it, within one transaction; looks up each wording once."""

    def __init__(self, session: Session, attestor: Attestor, keyring: Keyring) -> None:
        self._session: Final = session
        self._attestor: Final = attestor
        self._seal: Final = EvidenceSeal(keyring)
        self._wordings: Final[dict[Wording, int]] = {}

    def keep(self, given: Iterable[tuple[Event, int, Evidence]]) -> list[bytes]:
        """Keep the evidence of events, each at its place in its chain, and return the MACs for the log.

        Raises:
            SubjectKeyError: If a person's row was altered.
        """
        rows = [self._row(*each) for each in given]
        if rows:
            self._session.execute(insert(_EVIDENCE), rows)
        return [row["mac"] for row in rows]

    def _row(self, event: Event, sequence: int, evidence: Evidence) -> dict[str, Any]:
        shortened = replace(evidence, address=short_address(evidence.address), device=short_device(evidence.device))
        row: dict[str, Any] = {
            **event.key._asdict(),
            "sequence": sequence,
            "weaknesses": sum(each.bit for each in evidence.weaknesses),
            "wording_id": None if evidence.wording is None else self._wording(evidence.wording),
            "file_id": evidence.file_id,
            "box": self._seal.seal(self._session, event.key, sequence, shortened),
        }
        return row | {"mac": _mac(self._attestor, mac_of(self._attestor, event, sequence), row)}

    def _wording(self, wording: Wording) -> int:
        if wording not in self._wordings:
            self._wordings[wording] = _number(self._session, wording)
        return self._wordings[wording]

    def of(self, key: Key, events: Mapping[int, Event]) -> dict[int, KeptEvidence]:
        """Return the evidence of one chain's events, by the events' places.

        Args:
            key: Whose consent.
            events: The events whose own MAC holds, by place.
        """
        found = self._session.execute(
            select(_EVIDENCE).where(
                _EVIDENCE.c.subject_id == key.subject_id,
                _EVIDENCE.c.purpose_id == key.purpose_id,
                _EVIDENCE.c.channel == key.channel,
            )
        ).mappings()
        rows = [dict(row) for row in found if row["sequence"] in events]
        wordings = self._words([row["wording_id"] for row in rows if row["wording_id"] is not None])
        return {row["sequence"]: self._told(events[row["sequence"]], row, wordings) for row in rows}

    def with_personal_part(self, keys: Iterable[Key]) -> set[Key]:
        """Return those of the consents of which any evidence has a personal part."""
        wanted, found = set(keys), set()
        subjects = sorted({key.subject_id for key in wanted})
        for start in range(0, len(subjects), _CHUNK):
            statement = select(_EVIDENCE.c.subject_id, _EVIDENCE.c.purpose_id, _EVIDENCE.c.channel).where(
                _EVIDENCE.c.subject_id.in_(subjects[start : start + _CHUNK]), _EVIDENCE.c.box.is_not(None)
            )
            found |= {Key(*row) for row in self._session.execute(statement)}
        return wanted & found

    def _told(self, event: Event, row: Mapping[str, Any], wordings: Mapping[int, Wording]) -> KeptEvidence:
        sequence, wording = row["sequence"], wordings.get(row["wording_id"] or 0)
        try:
            expected = _mac(self._attestor, mac_of(self._attestor, event, sequence), row)
            holds = hmac.compare_digest(row["mac"], expected) and (wording is None) == (row["wording_id"] is None)
            told = self._personal(event.key, sequence, row["box"]) if holds else Evidence()
        except (BoxError, SubjectKeyError, TypeError, struct.error):
            # What SQL put in the place of bytes and numbers.
            holds, told = False, Evidence()
        if not holds:
            told = Evidence(weaknesses=frozenset({Weakness.NO_PROOF}))
            return KeptEvidence(sequence=sequence, evidence=told, intact=False)
        weak = frozenset(each for each in Weakness if row["weaknesses"] & each.bit)
        told = replace(told, wording=wording, file_id=row["file_id"], weaknesses=weak)
        return KeptEvidence(sequence=sequence, evidence=told)

    def _personal(self, key: Key, sequence: int, box: bytes | None) -> Evidence:
        return Evidence() if box is None else self._seal.open(self._session, key, sequence, box)

    def _words(self, numbers: Sequence[int]) -> dict[int, Wording]:
        """Return the words of these numbers; those that were altered are not there."""
        if not numbers:
            return {}
        rows = self._session.scalars(select(ShownWording).where(ShownWording.id.in_(set(numbers))))
        return {
            row.id: Wording(text=row.text, form=row.form, version=row.version, language=row.language)
            for row in rows
            if self._attestor.is_whole(row)
        }


def _mac(attestor: Attestor, event_mac: bytes, row: Mapping[str, Any]) -> bytes:
    fresh = attestor.prekeyed(_KIND)
    fresh.update(
        _LAYOUT.pack(
            event_mac,
            row["weaknesses"],
            row["wording_id"] or 0,
            _NOTHING if row["file_id"] is None else row["file_id"].bytes,
            _NO_BOX if row["box"] is None else hashlib.sha256(row["box"]).digest(),
        )
    )
    return MAC_VERSION + fresh.digest()


def _number(session: Session, wording: Wording) -> int:
    """Return the number of words, giving them one the first time."""
    digest = digest_of(wording)
    statement = select(ShownWording.id).where(ShownWording.digest == digest)
    found = session.scalar(statement)
    if found is not None:
        return found
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"LOCK TABLE {ShownWording.__tablename__} IN SHARE ROW EXCLUSIVE MODE"))
        # Somebody may have given the number while we waited.
        found = session.scalar(statement)
        if found is not None:
            return found
    number = (session.scalar(select(func.max(ShownWording.id))) or 0) + 1
    session.add(
        ShownWording(
            id=number,
            digest=digest,
            form=wording.form,
            version=wording.version,
            language=wording.language,
            text=wording.text,
        )
    )
    session.flush()
    return number


def digest_of(wording: Wording) -> bytes:
    """Return SHA-256 over form, version, language and words, each length-prefixed."""
    parts = (wording.form, str(wording.version), wording.language, wording.text)
    encoded = [part.encode() for part in parts]
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in encoded)).digest()
