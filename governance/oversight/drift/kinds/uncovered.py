"""Columns of the map that no activity in force covers: kept without a purpose. GDPR Art. 5(1)(b), 30(1)(c)."""

from collections.abc import Iterator

from governance.actor import Role
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.values import Finding, Kind, Severity
from governance.vocabulary import GUARDED


def uncovered(ground: Ground) -> Iterator[Finding]:
    """Yield one finding for each kind of person and category, with its columns."""
    for pair, columns in ground.columns.items():
        if pair in ground.uses:
            continue
        kind, category = pair
        yield Finding(
            kind=Kind.UNCOVERED,
            # What the law guards most is the worst to keep for nothing. GDPR Art. 9(1), 10, 87.
            severity=Severity.SERIOUS if category in GUARDED else Severity.SETTLE,
            key=(kind.value, category.value),
            concerns=Role.DPO,
            pairs=(pair,),
            columns=tuple(sorted(f"{table.name}.{column.name}" for table, column in columns)),
            count=len(columns),
        )
