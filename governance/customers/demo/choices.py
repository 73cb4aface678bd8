"""What the fictional customers agreed to, refused, withdrew and objected to."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from consent.service import RecordEvent
from consent.states import EventKind, Method
from governance.customers.demo.company import NOTICE
from governance.customers.demo.lots import Lots
from governance.vocabulary import Channel
from register.service import NoticeRef

# Purpose, channel, and of a hundred people: how many have agreed, how many agreed and withdrew, how many refused, how
# many agreed so long ago that it has ended. The others were never asked.
_CHOICES = (
    ("email-marketing", Channel.EMAIL, 52, 9, 14, 4),
    ("sms-marketing", Channel.SMS, 31, 6, 24, 2),
    ("phone-marketing", Channel.TELEPHONE, 14, 5, 37, 1),
)
_NOTICE = NoticeRef(slug=NOTICE)
# CNIL: people who gave no sign for three years are not solicited any more; the company asks them again after two.
_VALID_DAYS = 730
_OBJECT_IN_HUNDRED = 2


def draw_choices(seed: str, today: date, customers: int) -> Iterator[tuple[int, tuple[RecordEvent, ...], bool]]:
    """Yield each customer's place, what they said, and whether they objected to letters.

    The events name the customer by place, counted from 0; whoever records them puts the person's number there.
    """
    lots = Lots.of(seed, "choices")
    for place in range(customers):
        events: list[RecordEvent] = []
        for choice in _CHOICES:
            events += _said(lots, today, place, choice)
        yield place, tuple(events), lots.in_hundred(_OBJECT_IN_HUNDRED)


def _said(
    lots: Lots, today: date, place: int, choice: tuple[str, Channel, int, int, int, int]
) -> Iterator[RecordEvent]:
    purpose, channel, agree, withdraw, refuse, ended = choice
    drawn = lots.randrange(100)
    days_ago = lots.randrange(30, _VALID_DAYS - 30)
    method = lots.choices((Method.CHECKBOX, Method.DOUBLE_OPT_IN, Method.PAPER), weights=(55, 35, 10))[0]

    def event(kind: EventKind, ago: int, by: Method = method) -> RecordEvent:
        at = datetime.combine(today - timedelta(days=ago), time(9 + place % 9, place % 60), UTC)
        return RecordEvent(
            subject_id=place,
            purpose=purpose,
            channel=channel,
            kind=kind,
            method=by,
            notice=_NOTICE,
            occurred_at=at,
            expires_at=at + timedelta(days=_VALID_DAYS) if kind is EventKind.GIVEN else None,
        )

    if drawn < agree:
        yield event(EventKind.GIVEN, days_ago)
    elif drawn < agree + withdraw:
        yield event(EventKind.GIVEN, days_ago)
        yield event(EventKind.WITHDRAWN, lots.randrange(1, days_ago), Method.API)
    elif drawn < agree + withdraw + refuse:
        yield event(EventKind.REFUSED, days_ago)
    elif drawn < agree + withdraw + refuse + ended:
        yield event(EventKind.GIVEN, days_ago + _VALID_DAYS)
