"""Records in force whose day of review has passed: nobody has said since that they are still true. GDPR Art. 24(1)."""

from collections.abc import Iterator

from governance.actor import Role
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.values import Finding, Kind, Severity
from register.service import late_reviews


def reviews(ground: Ground) -> Iterator[Finding]:
    """Yield one finding for each activity, the latest counted most; two statements."""
    for activity, due_on in late_reviews(ground.session, ground.today).items():
        if activity in ground.running:
            yield Finding(
                kind=Kind.REVIEW,
                severity=Severity.SETTLE,
                key=(ground.running[activity].slug,),
                concerns=Role.OWNER,
                activities=(ground.running[activity],),
                count=(ground.today - due_on).days,
                day=due_on,
            )
