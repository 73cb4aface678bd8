"""Tables that activities in force say they work with, and that the map does not hold (any more)."""

from collections.abc import Iterator

from governance.actor import Role
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.values import Finding, Kind, Severity
from register.lines.models import ActivityAsset
from register.lines.values import AssetKind
from register.values import FORCE


def assets(ground: Ground) -> Iterator[Finding]:
    """Yield one finding for each activity and table; one statement."""
    where = (ActivityAsset.kind == AssetKind.TABLE, ActivityAsset.standing.in_(FORCE))
    for activity, name in ground.whole(ActivityAsset, ("activity_id", "name"), *where):
        if activity in ground.running and name not in ground.snapshot.catalogue.tables:
            yield Finding(
                kind=Kind.ASSET,
                severity=Severity.SETTLE,
                key=(ground.running[activity].slug, name),
                concerns=Role.OWNER,
                activities=(ground.running[activity],),
                name=name,
            )
