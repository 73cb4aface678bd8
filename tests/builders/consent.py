"""Fictional consents: attested rows for tests of the floors above."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy.orm import Session

from consent.events import Event, Key, to_row
from consent.identifiers import Identifier, IdentifierKind, Identifiers, KnownBy
from consent.models import Consent
from consent.probe import StateRow, consent_mac, to_seconds
from consent.states import ConsentState, EventKind, Method
from consent.values import Desk
from governance.customers.house import House
from governance.customers.reference import reference_map
from governance.gate.identifiers import identifiers_by
from governance.vault.attest import Attestor
from governance.vocabulary import Channel

GIVEN_AT: Final = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)


def a_consent(  # noqa: PLR0913 -- a builder names everything that a test may vary
    session: Session,
    attestor: Attestor,
    *,
    subject_id: int,
    purpose_id: int,
    channel: Channel = Channel.EMAIL,
    state: ConsentState = ConsentState.GIVEN,
    expires_at: datetime | None = None,
    sequence: int = 1,
) -> Consent:
    """Add a consent in some state, its last event a yes, both attested, and flush. Subject and purpose must exist."""
    ends = None if expires_at is None else to_seconds(expires_at)
    row = StateRow(subject_id, purpose_id, channel.code, state.code, ends, sequence)
    event = Event(
        key=Key(subject_id, purpose_id, channel.code),
        kind=EventKind.GIVEN,
        method=Method.CHECKBOX,
        occurred_at=GIVEN_AT,
        recorded_at=GIVEN_AT,
    )
    consent = Consent(**to_row(attestor, event, sequence) | row._asdict(), state_mac=consent_mac(attestor, row))
    session.add(consent)
    session.flush()
    return consent


def an_email(value: str) -> Identifier:
    """Return an e-mail address as refusals are kept about it."""
    return Identifier.of(IdentifierKind.EMAIL, value)


def known_by(people: Mapping[int, Sequence[Identifier]]) -> Identifiers:
    """Return what tells what people are known by, from a plain list instead of the gate."""
    return Identifiers(
        of=lambda _, subject_id: KnownBy(identifiers=frozenset(people.get(subject_id, ()))),
        holders=lambda _, wanted: {number for number, theirs in people.items() if not set(wanted).isdisjoint(theirs)},
    )


def desk_of(house: House) -> Desk:
    """Return what recording consents takes, in a house as the roof builds it."""
    identifiers = identifiers_by(house.keyring, house.attestor, reference_map())
    return Desk(house.clock, house.attestor, house.keyring, identifiers)
