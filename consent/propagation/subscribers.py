"""Subscribers as they stand on file, whatever SQL may have made of them."""

import uuid
from collections.abc import Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.propagation.models import Subscriber
from governance.database import UnreadableValueError
from governance.vault.attest import Attestor

# What reading a row raises that SQL wrote: SQLite keeps any type in any column.
UNREADABLE: Final = (LookupError, TypeError, ValueError, UnreadableValueError)


def on_file(session: Session, attestor: Attestor) -> Mapping[uuid.UUID, Subscriber | None]:
    """Return every subscriber by its id; None where its row was altered outside Égide, so that it says nothing."""
    try:
        rows = session.scalars(select(Subscriber).execution_options(populate_existing=True)).all()
    except UNREADABLE:
        ids = session.scalars(select(Subscriber.id)).all()
        return {each: whole(session, attestor, each) for each in ids}
    return {row.id: row if attestor.is_whole(row) else None for row in rows}


def whole(session: Session, attestor: Attestor, subscriber_id: uuid.UUID) -> Subscriber | None:
    """Return a subscriber as it stands on file; None where there is none, or its row was altered outside Égide."""
    try:
        row = session.get(Subscriber, subscriber_id, populate_existing=True)
    except UNREADABLE:
        return None
    return row if row is not None and attestor.is_whole(row) else None
