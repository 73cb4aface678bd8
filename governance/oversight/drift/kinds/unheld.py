"""Data that an activity in force names, and no column of the map holds: a promise of the register that nothing keeps.

Where the map holds some of an activity's data and not the rest, one of the two is wrong. Where it holds none, the
activity lies outside the base (payroll, video surveillance): it is declared only, which is to be known, not mended.
"""

from collections import defaultdict
from collections.abc import Iterator

from governance.actor import Role
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.values import Finding, Kind, Pair, Severity, in_order


def unheld(ground: Ground) -> Iterator[Finding]:
    """Yield one finding for each activity, with what it names in vain."""
    named: dict[str, set[Pair]] = defaultdict(set)
    for purpose in ground.purposes:
        named[purpose.activity_slug] |= purpose.data
    held = ground.columns.keys()
    for slug, pairs in named.items():
        missing = pairs - held
        activity = ground.by_slug.get(slug)
        if not missing or activity is None:
            continue
        partly = len(missing) < len(pairs)
        yield Finding(
            kind=Kind.UNHELD,
            severity=Severity.SETTLE if partly else Severity.KNOW,
            key=(slug,),
            code="partly" if partly else "declared-only",
            concerns=Role.OWNER,
            activities=(activity,),
            pairs=in_order(missing),
            count=len(missing),
        )
