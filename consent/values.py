"""What is told of a consent, and what recording one takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from consent.errors import ConsentNotFoundError
from consent.events import Event, Key
from consent.evidence.values import Evidence, KeptEvidence
from consent.identifiers import Identifiers
from consent.states import ConsentState, EventKind, Method, Standing
from governance.clock import Clock
from governance.vault.attest import Attestor
from governance.vault.keyring import Keyring
from governance.vocabulary import Channel
from register.service import NoticeRef, NoticeShown
from register.slugs import is_slug

_SEPARATOR: Final = "."
# The log's bitmaps of people hold numbers of four bytes.
MOST_PEOPLE: Final = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Desk:
    """What recording takes: the time, who vouches for rows, who holds people's keys, who knows what reaches them."""

    clock: Clock
    attestor: Attestor
    keyring: Keyring
    identifiers: Identifiers


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRef:
    """A consent by name: a person's number, a purpose's slug, a channel. Written `4711.email-marketing.email`."""

    subject_id: int
    purpose: str
    channel: Channel

    def __str__(self) -> str:
        return _SEPARATOR.join((str(self.subject_id), self.purpose, self.channel.value))

    @classmethod
    def parse(cls, text: str) -> "ConsentRef":
        """Return the consent that a caller named.

        Raises:
            ConsentNotFoundError: If it is none.
        """
        parts = text.split(_SEPARATOR)
        if len(parts) != len(cls.__dataclass_fields__) or not (parts[0].isascii() and parts[0].isdecimal()):
            raise ConsentNotFoundError
        try:
            ref = cls(subject_id=int(parts[0]), purpose=parts[1], channel=Channel(parts[2]))
        except ValueError:
            raise ConsentNotFoundError from None
        # A reference goes to the log before anybody knows whether it names something: it holds nobody’s own words.
        if not 1 <= ref.subject_id <= MOST_PEOPLE or not is_slug(ref.purpose):
            raise ConsentNotFoundError
        return ref


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRecord:
    """What a person's events for a purpose and channel amount to.

    Attributes:
        state: None where nothing is recorded.
        expires_at: When a given consent ends.
        sequence: How many events are on file.
        holds: Whether it is given and has not expired, at the time of asking.
        intact: Whether nothing of it was altered outside Égide; an altered one never holds.
    """

    ref: ConsentRef
    state: ConsentState | None
    expires_at: datetime | None
    sequence: int
    holds: bool
    intact: bool = True

    @classmethod
    def of(cls, ref: ConsentRef, standing: Standing, sequence: int, now: datetime) -> "ConsentRecord":
        """Tell a standing at a moment."""
        return cls(
            ref=ref,
            state=standing.state,
            expires_at=standing.expires_at,
            sequence=sequence,
            holds=standing.holds(now),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEvent:
    """Something that happened to a consent.

    Attributes:
        subject_id: The person's number.
        purpose: The purpose's slug.
        notice: The text that the person was shown.
        source: The form, system or file that it comes from, by name.
        occurred_at: When it happened; None for now.
        expires_at: Until when consent is given; None for no end.
        evidence: What proves it; None where the caller keeps that.
    """

    subject_id: int
    purpose: str
    channel: Channel
    kind: EventKind
    method: Method
    notice: NoticeRef | None = None
    source: str | None = None
    occurred_at: datetime | None = None
    expires_at: datetime | None = None
    evidence: Evidence | None = None

    @property
    def ref(self) -> ConsentRef:
        """The consent that it happened to."""
        return ConsentRef(subject_id=self.subject_id, purpose=self.purpose, channel=self.channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """A consent to withdraw.

    Attributes:
        channel: On which channel; None for every channel on which anything is recorded.
        occurred_at: When the person withdrew; None for now.
    """

    subject_id: int
    purpose: str
    channel: Channel | None = None
    method: Method = Method.API
    source: str | None = None
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchReport:
    """What recording many came to.

    Attributes:
        recorded: Events that were new.
        repeated: Events that were on file already.
        given: Consents among the batch that hold afterwards.
        set_aside: Events that were not recorded: others say yes for somebody who had said no.
    """

    recorded: int
    repeated: int
    given: int
    set_aside: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A consent with every event behind it, in the order in which they were recorded; and the texts that they name.

    Attributes:
        evidence: What proves each event, by its place among the events, counted from 0.
    """

    record: ConsentRecord
    events: tuple[Event, ...]
    evidence: Mapping[int, KeptEvidence] = field(default_factory=dict)
    notices: Mapping[int, NoticeShown] = field(default_factory=dict)


def key_of(ref: ConsentRef, purpose_id: int) -> Key:
    """Return the key under which a consent is stored."""
    return Key(ref.subject_id, purpose_id, ref.channel.code)
