"""What a starting point proposed, is in force, and nobody has looked at: copied, not decided. GDPR Art. 5(2)."""

from collections.abc import Iterator

from sqlalchemy import func, select

from governance.actor import Role
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.values import Finding, Kind, Severity
from register.models import Purpose, UnconfirmedDefault
from register.values import FORCE


def defaults(ground: Ground) -> Iterator[Finding]:
    """Yield one finding for each activity; one statement."""
    rows = ground.session.execute(
        select(Purpose.activity_id, func.count())
        .join(UnconfirmedDefault, UnconfirmedDefault.purpose_id == Purpose.id)
        .where(Purpose.standing.in_(FORCE))
        .group_by(Purpose.activity_id)
    )
    for activity, count in rows:
        if activity in ground.running:
            yield Finding(
                kind=Kind.DEFAULTS,
                severity=Severity.SETTLE,
                key=(ground.running[activity].slug,),
                concerns=Role.OWNER,
                activities=(ground.running[activity],),
                count=count,
            )
