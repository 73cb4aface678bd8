"""A proof as a value: everything that there is to say for one consent."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from audit.notes import VerifierKey
from consent.events import Event
from consent.evidence.values import KeptEvidence
from consent.states import ConsentState, EventKind
from consent.values import ConsentRecord
from governance.errors import mark
from governance.vocabulary import SubjectKind
from register.models import Purpose
from register.service import NoticeShown
from register.stated import Stated, StatedPurpose


class ReceiptFormat(StrEnum):
    """In what shape a proof is handed over."""

    PDF = mark("pdf")
    JSONLD = mark("jsonld")
    KANTARA = mark("kantara")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPlace:
    """Where the log tells of an event.

    Attributes:
        index: The place of the entry.
        at: When it was written.
        proof: That the entry stands in the log of a signed checkpoint, as tlog-proof text; None where the proof is for
            the person, whom the names of the staff are not told.
        leaf: What the log commits to, in base64, for an entry of several people: the proof does not carry the entry
            then, for nobody is told of the others.
        broken: Whether the log no longer leads to what was signed.
    """

    index: int
    at: datetime
    proof: str | None = field(repr=False, default=None)
    leaf: str | None = None
    broken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenEvent:
    """One event with everything that speaks for it.

    Attributes:
        place: Its place in the chain, counted from 1.
        evidence: What proves it; None where nothing was kept with it.
        source: The form, system or file that it came from.
        notice: The text that the person was shown.
        entry: Where the log tells of it; None where the log does not.
        believed: Whether the state is derived from it; not so before an alteration.
        evidence_gone: Whether the log tells of evidence that is not there any more.
    """

    place: int
    event: Event
    evidence: KeptEvidence | None = field(repr=False, default=None)
    source: str | None = None
    notice: NoticeShown | None = None
    entry: LogPlace | None = None
    believed: bool = True
    evidence_gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Everything that there is to say for one consent, at one moment.

    Attributes:
        receipt_id: Of this proof alone.
        record_id: Of the consent: the same in every proof of it.
        principal_id: Of the person: the same in every proof of theirs, and says nothing of them (Art. 4(5)).
        at: When it was put together.
        kind: What sort of person it is.
        missing: How many events are gone, or were altered.
        stated: What the register states around the purpose; None where that was altered, and nothing is stated.
        terms: Its data, periods and recipients for people of this kind; None for the same reason.
        key: The log's public key, by which everything signed here is checked.
        checkpoint: The signed checkpoint that the proofs of the log lead to; None where there are none.
        base_url: Where the house is reached.
    """

    receipt_id: uuid.UUID
    record_id: uuid.UUID
    principal_id: uuid.UUID
    at: datetime
    record: ConsentRecord
    kind: SubjectKind
    purpose: Purpose
    events: tuple[ProvenEvent, ...]
    missing: int
    stated: Stated | None = field(repr=False)
    terms: StatedPurpose | None = field(repr=False)
    key: VerifierKey
    checkpoint: str | None = field(repr=False, default=None)
    base_url: str

    @property
    def given(self) -> ProvenEvent | None:
        """The last yes that counts, or that counted before it was taken back; None where there was none."""
        yes = [e for e in self.events if e.believed and e.event.kind in {EventKind.GIVEN, EventKind.RENEWED}]
        return max(yes, key=lambda each: each.event.occurred_at, default=None)

    @property
    def withdrawn_at(self) -> datetime | None:
        """When the yes was taken back; None where it was not."""
        if self.record.state is not ConsentState.WITHDRAWN:
            return None
        said = (e.event.occurred_at for e in self.events if e.event.kind is EventKind.WITHDRAWN)
        return max(said, default=None)

    @property
    def sound(self) -> bool:
        """Whether nothing of it was altered outside Égide: the chain, what proves it, and what the log tells."""
        whole = all(
            (each.evidence is None or each.evidence.intact)
            and not each.evidence_gone
            and not (each.entry is not None and each.entry.broken)
            for each in self.events
        )
        return self.record.intact and whole
