"""Rows that are not as Égide wrote them: the gate opens nothing by them, and the report is worked out without them.

What the gate and the other kinds met is told. Every other attested table of the register, of oversight and of
imports is looked at whole: what is only shown, and proves (versions, notices, documents, letters), is read by none
of them.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from governance.actor import Role
from governance.orm import Base
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.values import Finding, Kind, Severity
from governance.vault.attest import Attested
from governance.vault.attested import table_of
from register.in_force import versions_gone
from register.models import Activity, ActivityVersion, Purpose, PurposeData, PurposeRecipient
from register.notices.models import NoticeText
from register.service.publishing import texts_gone
from register.verified import Altered, verified_rows

SET = "policy-set"
# That texts of notices, or versions of activities, were deleted.
GONE: Final = "gone"
_ROOMS: Final = ("register.", "governance.oversight.", "governance.customers.")
# The gate reads each row of these, and tells which it left out.
READ_BY_THE_GATE: Final[frozenset[type[Attested]]] = frozenset({Activity, Purpose, PurposeData, PurposeRecipient})


def altered(ground: Ground) -> Iterator[Finding]:
    """Yield one finding for each table; to be read last, once the other kinds have met what they read.

    One statement for each table that is looked at.
    """
    tables = Counter(each.table for each in ground.snapshot.left_out) + Counter(ground.altered)
    for model in kept_tables():
        kept = table_of(model)
        rows = verified_rows(ground.session, ground.attestor, model, tuple(each.key for each in kept.primary_key))
        # What others met of it is among them.
        if count := sum(isinstance(row, Altered) for row in rows):
            tables[kept.name] = count
    for table, count in sorted(tables.items()):
        yield altered_finding(table, count)
    if gone := len(texts_gone(ground.session)):
        yield altered_finding(table_of(NoticeText).name, gone, GONE)
    if missed := versions_gone(ground.session):
        yield altered_finding(table_of(ActivityVersion).name, sum(missed.values()), GONE, tuple(missed))


def kept_tables() -> list[type[Attested]]:
    """Return the models of the attested tables of these rooms that are looked at, by name."""
    models = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Attested)]
    ours = (model for model in models if model.__module__.startswith(_ROOMS) and model not in READ_BY_THE_GATE)
    return sorted(ours, key=lambda model: table_of(model).name)


def altered_finding(table: str, count: int = 1, code: str = "rows", of: tuple[str, ...] = ()) -> Finding:
    """Return that rows of a table were altered or are gone, or the set of all that decides.

    Args:
        table: Which one.
        count: How many rows.
        code: What happened to them.
        of: The slugs of the activities whose rows they were, where that is known.
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
    )
