"""Changes as rows: what vouches for them, and what is told of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.propagation.models import ConsentChange
from consent.propagation.subscribers import UNREADABLE
from consent.propagation.values import Told
from consent.states import ConsentState, EventKind
from governance.vault.attest import Attestor
from governance.vocabulary import Channel
from register.declared import purpose_on_file

_KIND: Final = "consent_change"


class NewChange(NamedTuple):
    """A change of what a consent amounts to, in codes: everything of it but its position."""

    subject_id: int
    purpose_id: int
    channel: int
    sequence: int
    kind: int
    state: int
    occurred_at: datetime
    recorded_at: datetime
    holds_until: datetime | None


def to_row(attestor: Attestor, change: NewChange) -> Mapping[str, Any]:
    """Return the columns of a change."""
    return {**change._asdict(), "mac": attestor.mac(_KIND, *change)}


class Teller:
    """Says in words what changed; looks each purpose up once."""

    def __init__(self, session: Session, attestor: Attestor) -> None:
        self._session: Final = session
        self._attestor: Final = attestor
        self._slugs: Final[dict[int, str]] = {}

    def at(self, position: int) -> Told | None:
        """Return what is told of the change at a position; None where its row was altered outside Égide, or is gone.

        Raises:
            AttestationError: If the purpose was altered outside Égide.
        """
        try:
            change = self._session.scalar(select(ConsentChange).where(ConsentChange.position == position))
        except UNREADABLE:
            return None
        return None if change is None else self._told(position, change)

    def all_at(self, positions: Sequence[int]) -> Mapping[int, Told | None]:
        """Return the same of several positions."""
        statement = select(ConsentChange).where(ConsentChange.position.in_(positions))
        try:
            found = {change.position: change for change in self._session.scalars(statement)}
        except UNREADABLE:
            return {position: self.at(position) for position in positions}
        return {each: self._told(each, found[each]) if each in found else None for each in positions}

    def _told(self, position: int, change: ConsentChange) -> Told | None:
        values = NewChange(*(getattr(change, name) for name in NewChange._fields))
        if not self._attestor.matches(change.mac, _KIND, *values):
            return None
        return Told(
            position=position,
            subject_id=change.subject_id,
            purpose_id=change.purpose_id,
            purpose=self._slug(change.purpose_id),
            channel=Channel.from_code(change.channel),
            sequence=change.sequence,
            kind=EventKind.from_code(change.kind),
            state=ConsentState.from_code(change.state),
            occurred_at=change.occurred_at,
            recorded_at=change.recorded_at,
            holds_until=change.holds_until,
        )

    def _slug(self, purpose_id: int) -> str:
        found = self._slugs.get(purpose_id)
        if found is None:
            found = self._slugs[purpose_id] = purpose_on_file(self._session, self._attestor, purpose_id).slug
        return found
