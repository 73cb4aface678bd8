"""Rows that are not as Égide wrote them: the gate opens nothing by them, and the report is worked out without them.

What the gate and the other kinds met is told. Every other attested table of the register, of consent, of oversight and
of imports is looked at whole: what is only shown, and proves (notices, documents, letters), is read by none of them.
Versions of records, which are kept for ever, the worker looks at; whoever opens one has it verified there.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from governance.actor import Role
from governance.campaigns.sending.models import CampaignMessage
from governance.orm import Base
from governance.oversight.accountability.maturity import levels_gone
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.looks import altered_in, place_of_rows
from governance.oversight.drift.values import Finding, Kind, Severity
from governance.oversight.models import MaturityLevel
from governance.vault.attest import Attested, Attestor
from governance.vault.attested import table_of
from register.in_force import versions_gone
from register.models import Activity, ActivityVersion, Purpose, PurposeData, PurposeRecipient
from register.notices.models import NoticeText
from register.service.notices.publishing import texts_gone
from register.verified import Altered, verified_rows

SET = "policy-set"
# That texts of notices, versions of activities, or levels of a self-assessment were deleted.
GONE: Final = "gone"
_ROOMS: Final = ("register.", "consent.", "governance.oversight.", "governance.campaigns.", "governance.customers.")
# The gate reads each row of these, and tells which it left out.
READ_BY_THE_GATE: Final[frozenset[type[Attested]]] = frozenset({Activity, Purpose, PurposeData, PurposeRecipient})
# Those that the worker looks at, by the name of the table: they only grow, and verifying them takes ever longer.
ONLY_GROWING: Final[Mapping[str, type[Attested]]] = {
    table_of(model).name: model for model in (ActivityVersion, CampaignMessage)
}


def altered(ground: Ground) -> Iterator[Finding]:
    """Yield one finding for each table; to be read last, once the other kinds have met what they read.

    One statement for each table that is looked at.
    """
    tables = Counter(each.table for each in ground.snapshot.left_out) + Counter(ground.altered)
    for model in kept_tables():
        # What others met of it is among them.
        if count := count_altered(ground.session, ground.attestor, model):
            tables[table_of(model).name] = count
    for table, count in sorted(tables.items()):
        yield altered_finding(table, count)
    for table in ONLY_GROWING:
        look = ground.looks.get(place_of_rows(table))
        if look is not None and (count := altered_in(look)):
            yield altered_finding(table, count, at=look.looked_at)
    yield from _gone(ground.session)


def _gone(session: Session) -> Iterator[Finding]:
    """Yield what was taken away of what is kept for ever, and by what stands beside it is missed."""
    if texts := len(texts_gone(session)):
        yield altered_finding(table_of(NoticeText).name, texts, GONE)
    if levels := levels_gone(session):
        yield altered_finding(table_of(MaturityLevel).name, levels, GONE)
    if missed := versions_gone(session):
        yield altered_finding(table_of(ActivityVersion).name, sum(missed.values()), GONE, tuple(missed))


def count_altered(session: Session, attestor: Attestor, model: type[Attested]) -> int:
    """Return how many rows of a table are not as Égide wrote them, in one statement."""
    keys = tuple(each.key for each in table_of(model).primary_key)
    return sum(isinstance(row, Altered) for row in verified_rows(session, attestor, model, keys))


def kept_tables() -> list[type[Attested]]:
    """Return the models of the attested tables of these rooms that the report looks at itself, by name."""
    models = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Attested)]
    others = READ_BY_THE_GATE | set(ONLY_GROWING.values())
    ours = (model for model in models if model.__module__.startswith(_ROOMS) and model not in others)
    return sorted(ours, key=lambda model: table_of(model).name)


def altered_finding(
    table: str, count: int = 1, code: str = "rows", of: tuple[str, ...] = (), at: datetime | None = None
) -> Finding:
    """Return that rows of a table were altered or are gone, or the set of all that decides.

    Args:
        table: Which one.
        count: How many rows.
        code: What happened to them.
        of: The slugs of the activities whose rows they were, where that is known.
        at: When the worker saw it, where the report does not look itself.
    """
    return Finding(
        kind=Kind.ALTERED,
        severity=Severity.SERIOUS,
        key=(table, code) if code == GONE else (table,),
        code="set" if table == SET else code,
        concerns=Role.CONTROLLER,
        name=table,
        parts=of,
        count=count,
        at=at,
    )
