"""Reads that were refused for want of a purpose: what people try to do, and no activity in force declares.

A refusal for a purpose that is known is settled once that purpose gives what was asked. One for a purpose that nobody
declared (the log does not keep what was typed there) is settled once an activity came into force, after it, that names
the role and data of the table.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import select

from audit.entries import Action, Retention
from audit.models import LogEntry
from governance.actor import Role
from governance.gate.reasons import Code
from governance.gate.rules import governing_category
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.values import Finding, Kind, Pair, Severity, in_order
from governance.oversight.values import Label
from governance.policies.terms import HOLDERS
from governance.vocabulary import DataCategory
from register.lifecycle import Verb
from register.models import Activity, ActivityVersion
from register.values import DeclaredPurpose

WITHIN: Final = timedelta(days=30)
# Bodies are read for this: so many, the newest.
LOOKED_AT: Final = 2_000
# What the register would have to say for the read to be allowed.
_WANTING: Final = frozenset(
    code.value
    for code in (
        Code.UNKNOWN_PURPOSE,
        Code.ACTIVITY_NOT_ACTIVE,
        Code.CATEGORY_NOT_DECLARED,
        Code.WRONG_KIND,
        Code.SPECIAL_CONDITION_MISSING,
        Code.ROLE_NOT_RECIPIENT,
    )
)
_ROLES: Final = frozenset(role.value for role in HOLDERS)
_CATEGORIES: Final = frozenset(category.value for category in DataCategory)
_Key = tuple[Role, str, str | None]


@dataclass(slots=True)
class _Refused:
    """The refusals of one role at one table for one purpose."""

    last: datetime
    count: int = 0
    categories: set[DataCategory] = field(default_factory=set)


def refused(ground: Ground) -> Iterator[Finding]:
    """Yield one finding for each role, table and purpose; two statements."""
    groups = _groups(ground)
    nameless = [each.last for (_, _, purpose), each in groups.items() if purpose is None]
    activated = _activated(ground, min(nameless)) if nameless else {}
    for (role, table, purpose), group in sorted(groups.items(), key=lambda each: str(each[0])):
        pairs = _asked(ground, table, group.categories)
        known = None if purpose is None else ground.snapshot.purposes.get(purpose)
        if known is not None and _gives(known, role, group.categories, pairs):
            continue
        if purpose is None and _came_since(ground, activated, (role, group.last, pairs)):
            continue
        yield Finding(
            kind=Kind.REFUSED,
            severity=Severity.SETTLE,
            key=(role.value, table, purpose or ""),
            code="undeclared" if known is None else "declared",
            concerns=Role.DPO if known is None else Role.OWNER,
            activities=() if known is None else ground.activity_of(known),
            label=None if known is None else Label(fr=known.label_fr, en=known.label_en),
            name=table,
            role=role,
            purpose=None if known is None else known.activity_slug,
            pairs=pairs,
            count=group.count,
            at=group.last,
        )


def _groups(ground: Ground) -> Mapping[_Key, _Refused]:
    rows = ground.session.execute(
        select(LogEntry.at, LogEntry.object_type, LogEntry.purpose, LogEntry.body)
        .where(
            LogEntry.at >= ground.now - WITHIN,
            LogEntry.action == Action.REFUSAL.code,
            LogEntry.retention == Retention.ACCESS.code,
        )
        .order_by(LogEntry.at.desc())
        .limit(LOOKED_AT)
    )
    groups: dict[_Key, _Refused] = {}
    for at, table, purpose, body in rows:
        if table not in ground.snapshot.catalogue.tables:
            continue
        roles, categories = _said(body)
        for role in roles:
            # The newest comes first.
            group = groups.setdefault((role, table, purpose), _Refused(last=at))
            group.count += 1
            group.categories |= categories
    return groups


def _said(body: bytes) -> tuple[list[Role], set[DataCategory]]:
    """Return whose read was refused for want of a purpose, and what it asked for; nobody's where it was for another."""
    # An altered entry must not stop the report; the check of the log finds it.
    try:
        said: Any = orjson.loads(body)
        details, roles = said["details"], said["actor"].get("roles", ())
        if not _WANTING.intersection(details.get("reasons", ())):
            return [], set()
        categories = {DataCategory(each) for each in details.get("categories", ()) if each in _CATEGORIES}
        return [Role(each) for each in roles if each in _ROLES], categories
    except (KeyError, TypeError, ValueError, AttributeError):
        return [], set()


def _asked(ground: Ground, table: str, categories: set[DataCategory]) -> tuple[Pair, ...]:
    """Return what was asked of whom; all that the table holds where the refusal does not say."""
    mapped = ground.snapshot.catalogue.tables[table]
    held = {
        (mapped.links[each.link].kind, governing_category(each))
        for each in mapped.fields.values()
        if each.link is not None
    }
    asked = {pair for pair in held if pair[1] in categories} if categories else held
    return in_order(asked)


def _gives(purpose: DeclaredPurpose, role: Role, wanted: set[DataCategory], pairs: tuple[Pair, ...]) -> bool:
    """Say whether the same read would be answered: whatever is asked by name of some people, or something at all."""
    if not purpose.open or role not in purpose.recipients:
        return False
    given = {category for kind, category in pairs if (kind, category) in purpose.data}
    if DataCategory.SPECIAL in given and purpose.special_condition is None:
        given.discard(DataCategory.SPECIAL)
    return bool(given) and given.issuperset(wanted & {category for _, category in pairs})


def _activated(ground: Ground, since: datetime) -> Mapping[str, datetime]:
    """Return when each activity that runs came into force, of those that did since then."""
    lately = select(Activity.id).where(Activity.running, Activity.changed_at > since)
    where = (
        ActivityVersion.activity_id.in_(lately),
        ActivityVersion.verb == Verb.ACTIVATE,
        ActivityVersion.at > since,
    )
    found: dict[str, datetime] = {}
    for activity, at in ground.whole(ActivityVersion, ("activity_id", "at"), *where):
        ref = ground.running.get(activity)
        if ref is not None:
            found[ref.slug] = max(at, found.get(ref.slug, at))
    return found


def _came_since(
    ground: Ground, activated: Mapping[str, datetime], asked: tuple[Role, datetime, tuple[Pair, ...]]
) -> bool:
    role, last, pairs = asked
    return any(
        activated[purpose.activity_slug] > last and role in purpose.recipients and not purpose.data.isdisjoint(pairs)
        for purpose in ground.purposes
        if purpose.activity_slug in activated
    )
