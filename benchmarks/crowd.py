"""People by the million, each asked for five purposes over three channels: what a ledger of consents is measured on.

They are written past the use cases, which take one transaction for each form that somebody sends, but row for row as
these write them: keys are wrapped, events and states attested. Names and addresses they have none.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Table, insert, text
from sqlalchemy.orm import Session

from audit.transaction import unrecorded
from benchmarks.house import MeasuredHouse
from consent.events import Event, Key, to_row
from consent.models import Consent
from consent.probe import StateRow, consent_mac, to_seconds
from consent.states import ConsentState, EventKind, Method
from governance.actor import Role
from governance.vault.attest import Attestor
from governance.vault.subject_keys import create_subjects
from governance.vocabulary import Channel, DataCategory, LawfulBasis, SubjectKind
from tests.builders.register import a_purpose

PURPOSES: Final = tuple(f"crowd-{place}" for place in range(1, 6))
CHANNELS: Final = (Channel.EMAIL, Channel.SMS, Channel.TELEPHONE)
_FIRST_PURPOSE: Final = 60
_AT_ONCE: Final = 20_000
_CONSENTS: Final[Table] = Consent.__table__  # type: ignore[assignment] # a declarative table is a Table
_COLUMNS: Final = tuple(column.name for column in _CONSENTS.columns)
# Of twenty people asked, so many said yes, no, and yes and then no; the rest said yes for a year that is nearly over.
_ANSWERS: Final = (EventKind.GIVEN,) * 10 + (EventKind.REFUSED,) * 6 + (EventKind.WITHDRAWN,) * 3 + (None,)
_STATES: Final = {
    EventKind.GIVEN: ConsentState.GIVEN,
    EventKind.REFUSED: ConsentState.REFUSED,
    EventKind.WITHDRAWN: ConsentState.WITHDRAWN,
}


def gather(house: MeasuredHouse, count: int) -> range:
    """Put so many people on file with fifteen consents each, and return their numbers."""
    wired = house.wired
    with wired.write() as session:
        unrecorded(session, "a benchmark sets its scene")
        _purposes(session)
    numbers: list[int] = []
    for first in range(0, count, _AT_ONCE):
        kinds = [SubjectKind.CUSTOMER] * min(_AT_ONCE, count - first)
        with wired.write() as session:
            unrecorded(session, "a benchmark sets its scene")
            made = [each.id for each in create_subjects(session, wired.keyring, wired.clock, kinds)]
            _write(session.connection(), _rows(wired.attestor, made, wired.clock.now()))
        numbers += made
    if wired.database.dialect == "postgresql":
        with wired.database.write_connection() as connection:
            connection.execute(text("ANALYZE"))
    return range(numbers[0], numbers[-1] + 1)


def purpose_id(slug: str) -> int:
    """Return the number of one of the purposes."""
    return _FIRST_PURPOSE + PURPOSES.index(slug)


def _purposes(session: Session) -> None:
    data = [(SubjectKind.CUSTOMER, DataCategory.CONTACT)]
    for slug in PURPOSES:
        a_purpose(
            session, id=purpose_id(slug), slug=slug, basis=LawfulBasis.CONSENT, consent_channel=Channel.EMAIL,
            data=data, recipients=(Role.MARKETING,),
        )  # fmt: skip


def _rows(attestor: Attestor, people: list[int], now: datetime) -> Iterator[dict[str, Any]]:
    asked_at = now - timedelta(days=200)
    ends_at = now + timedelta(days=20)
    for subject_id in people:
        for slug in PURPOSES:
            for channel in CHANNELS:
                # A prime far from twenty: neighbours answer differently, and every run alike.
                place = (subject_id * 7919 + purpose_id(slug) * 104_729 + channel.code * 1_299_709) % len(_ANSWERS)
                kind = _ANSWERS[place] or EventKind.GIVEN
                expires_at = ends_at if _ANSWERS[place] is None else None
                key = Key(subject_id, purpose_id(slug), channel.code)
                event = Event(
                    key=key, kind=kind, method=Method.CHECKBOX, occurred_at=asked_at, recorded_at=asked_at,
                    expires_at=expires_at,
                )  # fmt: skip
                state = StateRow(*key, _STATES[kind].code, None if expires_at is None else to_seconds(expires_at), 1)
                yield to_row(attestor, event, 1) | {
                    "state": state.state,
                    "holds_until": state.holds_until,
                    "state_mac": consent_mac(attestor, state),
                }


def _write(connection: Connection, rows: Iterator[dict[str, Any]]) -> None:
    if connection.dialect.name != "postgresql":
        connection.execute(insert(_CONSENTS), list(rows))
        return
    # Who is on file, and for what, was made a moment ago: to look each of them up again takes longer than the rest.
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    driver = connection.connection.driver_connection
    if driver is None:
        raise AssertionError("a connection that is open has a driver's")
    with driver.cursor() as cursor, cursor.copy(f"COPY consent ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[name] for name in _COLUMNS])
