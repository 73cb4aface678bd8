"""Rows that are not as Égide wrote them: the gate opens nothing by them, and the report is worked out without them."""

from collections import Counter
from collections.abc import Iterator

from governance.actor import Role
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.values import Finding, Kind, Severity

SET = "policy-set"


def altered(ground: Ground) -> Iterator[Finding]:
    """Yield one finding for each table; to be read last, once the other kinds have met what they read."""
    tables = Counter(each.table for each in ground.snapshot.left_out) + Counter(ground.altered)
    for table, count in sorted(tables.items()):
        yield altered_finding(table, count)


def altered_finding(table: str, count: int = 1) -> Finding:
    """Return that rows of a table were altered, or the set of all that decides."""
    return Finding(
        kind=Kind.ALTERED,
        severity=Severity.SERIOUS,
        key=(table,),
        code="set" if table == SET else "rows",
        concerns=Role.CONTROLLER,
        name=table,
        count=count,
    )
