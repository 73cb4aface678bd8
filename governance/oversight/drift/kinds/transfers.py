"""Transfers of activities in force that nothing protects any more: the same rule that holds at submission, day by day.

A decision on adequacy ends, a country is struck: what was right when it was activated is so no longer. GDPR Art. 44.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import select

from governance.actor import Role
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.values import Finding, Kind, Severity
from register.catalogue.adequacy import adequacy_on
from register.lines.completeness import transfer_shortcomings
from register.lines.contents import SPECS, TransferLine
from register.lines.models import ActivityTransfer
from register.lines.values import Subject
from register.models import Party
from register.values import FORCE

_NAMES: Final = SPECS[Subject.TRANSFERS].names
# What lacks a word, where something protects all the same.
_WORDS: Final = frozenset({"partial-adequacy-unexplained"})


def transfers(ground: Ground) -> Iterator[Finding]:
    """Yield one finding for each transfer and thing that it lacks; three statements."""
    found = [
        (ground.running[activity], TransferLine(**dict(zip(_NAMES, values, strict=True))))
        for activity, *values in ground.whole(
            ActivityTransfer, ("activity_id", *_NAMES), ActivityTransfer.standing.in_(FORCE)
        )
        if activity in ground.running
    ]
    adequacy = adequacy_on(ground.session, {line.country for _, line in found}, ground.today)
    recipients = select(ActivityTransfer.party_id).where(ActivityTransfer.party_id.is_not(None))
    called = {
        row.id: row.name for row in ground.session.execute(select(Party.id, Party.name).where(Party.id.in_(recipients)))
    }
    for activity, line in found:
        name = line.recipient if line.party_id is None else called.get(line.party_id, "")
        for shortcoming in transfer_shortcomings(line, name, adequacy.get(line.country)):
            yield Finding(
                kind=Kind.TRANSFER,
                severity=Severity.SETTLE if shortcoming.code in _WORDS else Severity.SERIOUS,
                key=(activity.slug, line.country, str(line.party_id or line.recipient), shortcoming.code),
                code=shortcoming.code,
                concerns=Role.OWNER,
                activities=(activity,),
                name=name,
                place=line.country,
            )
