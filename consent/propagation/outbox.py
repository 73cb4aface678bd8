"""The outbox: what changed is written down to be told in the transaction that records why it changed.

Where nobody is told of a purpose nothing is written, and finding that out takes one look at a small table.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from consent.propagation.changes import NewChange, to_row
from consent.propagation.models import ConsentChange, Subscriber
from consent.propagation.subscribers import on_file
from consent.propagation.values import SubscriberState
from governance.vault.attest import Attestor

_ANYBODY: Final = select(Subscriber.__table__.c.id).limit(1)
_CHANGES: Final[Table] = ConsentChange.__table__  # type: ignore[assignment] # a declarative table is a Table


def put_out(session: Session, attestor: Attestor, changes: Sequence[NewChange]) -> None:
    """Write changes down for whoever is to be told of them.

    Args:
        session: The transaction that records the events, and holds the people's rows: so the changes of one person
            are numbered in the order of their events.
        attestor: Who vouches for rows.
        changes: In the order in which they are to be told.
    """
    connection = session.connection()
    if not changes or connection.execute(_ANYBODY).first() is None:
        return
    subscribers = [
        each for each in on_file(session, attestor).values() if each is None or each.state is not SubscriberState.ENDED
    ]
    # What an altered one wanted nobody knows; what is written down for nothing goes by itself.
    wanted = [
        change
        for change in changes
        if any(each is None or each.wants(change.purpose_id) for each in subscribers)
    ]  # fmt: skip
    if wanted:
        connection.execute(_CHANGES.insert(), [to_row(attestor, change) for change in wanted])
