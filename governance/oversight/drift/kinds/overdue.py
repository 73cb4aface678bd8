"""Data kept longer than every period that covers them, counted by table and category. GDPR Art. 5(1)(e).

The base says when a category was collected, and nothing else. Where every period begins with that day, what is older is
overdue. Where one begins later (with the last contact, the end of a relationship), it may be: that is to be known.
"""

from collections.abc import Iterator

from governance.actor import Role
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.looks import Aged, aged_in, table_of_place
from governance.oversight.drift.periods import longest_period
from governance.oversight.drift.values import Finding, Kind, Severity
from register.values import StartingEvent


def overdue(ground: Ground) -> Iterator[Finding]:
    """Yield one finding for each table, kind of person and category, by the worker's last look."""
    for place, look in ground.looks.items():
        table = ground.snapshot.catalogue.tables.get(table_of_place(place) or "")
        if table is None:
            continue
        for aged in aged_in(look):
            found = _finding(ground, table.name, aged)
            if found is not None:
                yield found


def _finding(ground: Ground, table: str, aged: Aged) -> Finding | None:
    longest = longest_period(ground.uses.get(aged.pair, ()), aged.pair, ground.today)
    if longest is None or not aged.count or aged.oldest is None:
        return None
    # A period may have been made longer since the look.
    if longest.purpose.declared[aged.pair].retention.ends(aged.oldest) >= ground.today:
        return None
    certain = all(
        purpose.declared[aged.pair].retention.starting_event is StartingEvent.COLLECTION
        for purpose in ground.uses[aged.pair]
    )
    return Finding(
        kind=Kind.OVERDUE,
        severity=Severity.SERIOUS if certain else Severity.KNOW,
        key=(table, aged.pair[0].value, aged.pair[1].value),
        code="certain" if certain else "possible",
        concerns=Role.OWNER,
        activities=ground.activity_of(longest.purpose),
        name=table,
        pairs=(aged.pair,),
        count=aged.count,
        day=aged.oldest,
        at=aged.looked_at,
    )
