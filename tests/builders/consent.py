"""Fictional consents: attested rows for tests of the floors above."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy.orm import Session

from consent.models import Consent
from consent.probe import StateRow, consent_mac, to_seconds
from consent.states import ConsentState
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
    """Add the state of a consent, attested, without events, and flush. Subject and purpose must exist."""
    expires = None if expires_at is None else to_seconds(expires_at)
    row = StateRow(subject_id, purpose_id, channel.code, state.code, expires, sequence)
    consent = Consent(**row._asdict(), mac=consent_mac(attestor, row))
    session.add(consent)
    session.flush()
    return consent
