"""The plan of a read: what one role combination may have of one table, for one purpose, at one moment.

`compile_plan` is a pure function of the policy snapshot, the request and the time. It answers with a plan or refuses
with every rule that failed. Either is compiled once per policy epoch and kept until a grant that it looked at begins or
ends, so a decision costs the same with ten grants or ten thousand.

A row speaks of one person per link, and a person is known in some capacity (customer, prospect...), so a plan holds one
layout for each link and kind: the fields of that link, each in the form in which it is given for that kind.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from governance.actor import BUSINESS_ROLES, Actor, ActorKind, Role
from governance.datamap.errors import UnknownTableError
from governance.datamap.values import FieldKind, MappedField, MappedTable
from governance.days import day_of, start_of_day
from governance.gate.errors import NotInDataMapError, ReadRefusedError
from governance.gate.reasons import NOT_IN_DATA_MAP, Code, Reason
from governance.gate.rules import STRENGTH, Decision, Holder, Pair, decide, decide_for_anybody
from governance.gate.snapshot import PolicySnapshot
from governance.policies.values import GrantOnFile
from governance.vocabulary import Channel, Form, GrantedAction, SubjectKind
from register.values import DeclaredPurpose, OlderData

# `admin` never obtains personal data, and an auditor reads the log, not the customers.
NEVER_READ: Final = frozenset({Role.ADMIN, Role.AUDITOR})

Layout = Mapping[str, Decision]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """What is planned.

    Attributes:
        actor: Who asks.
        purpose: The slug of the purpose.
        table: The name of the table.
        action: What for: read or export here, the others for writes.
        fields: The fields wanted; None for all.
    """

    actor: Actor
    purpose: str
    table: str
    action: GrantedAction = GrantedAction.READ
    fields: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRule:
    """That the people a row speaks of must have consented.

    Attributes:
        channel: On which channel.
        enforced: Whether people who have not are left out, or given and counted.
    """

    channel: Channel
    enforced: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReadPlan:
    """What is given, and how.

    Attributes:
        epoch: The policy epoch it was compiled in; in any other it is void.
        table: The table.
        purpose: The purpose, as declared.
        action: What it was compiled for.
        wanted: The fields that were asked for, in the order of the map.
        layouts: What is given, by link and kind of person; a kind of which nothing is given is not there.
        nobody: What is given of the fields that speak of nobody.
        withheld: The fields that are not given, or not for every kind of person, each with a reason.
        missing: By field and kind of person, why the field is not given for that kind.
        consent: Whose consent is needed; None where the purpose rests on another basis.
        opaque: Whether rows are known by pseudonyms, because the purpose gives any to these roles.
        revisions: Whether single rows bear their revision, for those who may change or delete anything for the purpose:
            to others it would tell that something changed which is withheld, and two purposes could be joined by it.
        observed: What would be refused, were the activity enforced.
        notices: The notices that name the purpose, where what was collected under no such notice is closed to it; None
            where everything on file is open.
        valid_until: When the first of the grants it rests on ends, or the observation; None where it rests on none.
        review_at: When it must be compiled again, because a grant begins or ends, the observation does, or a day, or
            because older data opens.
    """

    epoch: int
    table: MappedTable
    purpose: DeclaredPurpose
    action: GrantedAction
    wanted: tuple[str, ...]
    layouts: Mapping[str, Mapping[SubjectKind, Layout]]
    nobody: Layout
    withheld: Mapping[str, Reason]
    missing: Mapping[tuple[str, SubjectKind], Reason]
    consent: ConsentRule | None
    opaque: bool
    revisions: bool
    notices: frozenset[int] | None = None
    observed: tuple[Reason, ...] = ()
    valid_until: datetime | None = None
    review_at: datetime | None = None
    planned_at: datetime = field(repr=False)

    def decisions(self, name: str) -> dict[SubjectKind | None, Decision]:
        """Return what is decided about a field for each kind of person of whom anything is given."""
        link = self.table.field(name).link
        if link is None:
            return {None: self.nobody[name]} if name in self.nobody else {}
        return {kind: layout[name] for kind, layout in self.layouts.get(link, {}).items() if name in layout}

    def withheld_from(self, kinds: Mapping[str, Iterable[SubjectKind]]) -> dict[str, Reason]:
        """Return what is withheld of rows that speak of these kinds of people, by link."""
        told: dict[str, Reason] = {}
        for name, reason in self.withheld.items():
            link = self.table.field(name).link
            reasons = (self.missing.get((name, kind)) for kind in sorted(kinds.get(link or "", ())))
            found = reason if link is None else next(filter(None, reasons), None)
            if found is not None:
                told[name] = found
        return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """That nothing is given.

    Attributes:
        reasons: Every rule that failed.
        known: Whether purpose, table and fields exist.
        review_at: When it must be decided again, because a grant begins or ends; None where only another policy could
            change it.
    """

    reasons: tuple[Reason, ...]
    known: bool
    review_at: datetime | None = None

    def error(self) -> ReadRefusedError:
        """Return it to be raised."""
        if any(reason.code in NOT_IN_DATA_MAP for reason in self.reasons):
            return NotInDataMapError(reasons=self.reasons)
        return ReadRefusedError(reasons=self.reasons)


@dataclass(frozen=True, slots=True)
class _Scope:
    """What is known once purpose, table and fields are."""

    purpose: DeclaredPurpose
    table: MappedTable
    fields: tuple[MappedField, ...]
    holder: Holder


def compile_plan(snapshot: PolicySnapshot, request: PlanRequest, now: datetime) -> ReadPlan:
    """Return the plan of a read.

    Raises:
        NotInDataMapError: If the data map does not know the table or a field.
        ReadRefusedError: If nothing of what is asked for is given; every rule that failed is named.
    """
    plan = plan_or_refusal(snapshot, request, now)
    if isinstance(plan, Refusal):
        raise plan.error()
    return plan


def plan_or_refusal(snapshot: PolicySnapshot, request: PlanRequest, now: datetime) -> ReadPlan | Refusal:
    """Return the plan of a read, or that nothing is given."""
    failed = [*_about_actor(request.actor)]
    purpose = snapshot.purposes.get(request.purpose)
    failed += _about_purpose(purpose)
    table, fields, unknown = _named(snapshot, request)
    failed += unknown
    if purpose is None or table is None:
        return Refusal(reasons=_each_once(failed), known=False)
    scope = _Scope(purpose, table, fields, _holder(snapshot, request, purpose, now))
    layouts, nobody = _layouts(scope)
    missing = dict(_missing(scope, layouts))
    given = _Given(layouts, nobody, _withheld(scope, missing, nobody), missing)
    if failed or not (layouts or nobody):
        reasons = _each_once([*failed, *given.withheld.values()])
        return Refusal(reasons=reasons, known=not unknown, review_at=_review_at(scope, given, ()))
    return _plan(snapshot, request, scope, given)


@dataclass(frozen=True, slots=True)
class _Given:
    """What the rules give, and what they do not."""

    layouts: Mapping[str, Mapping[SubjectKind, Layout]]
    nobody: Layout
    withheld: Mapping[str, Reason]
    missing: Mapping[tuple[str, SubjectKind], Reason]

    def decisions(self) -> Iterable[tuple[str, Decision]]:
        """Every field that is given, for each kind."""
        for kinds in self.layouts.values():
            for layout in kinds.values():
                yield from layout.items()
        yield from self.nobody.items()


def _about_actor(actor: Actor) -> Iterable[Reason]:
    if actor.id is None and actor.kind is not ActorKind.SYSTEM:
        yield Reason(code=Code.NOT_SIGNED_IN)
    if not actor.roles - NEVER_READ:
        yield Reason(code=Code.ROLE_NEVER_READS)


def _about_purpose(purpose: DeclaredPurpose | None) -> Iterable[Reason]:
    if purpose is None:
        yield Reason(code=Code.UNKNOWN_PURPOSE)
    elif not purpose.open:
        yield Reason(code=Code.ACTIVITY_NOT_ACTIVE)


def _named(
    snapshot: PolicySnapshot, request: PlanRequest
) -> tuple[MappedTable | None, tuple[MappedField, ...], list[Reason]]:
    try:
        table = snapshot.catalogue.table(request.table)
    except UnknownTableError:
        return None, (), [Reason(code=Code.UNKNOWN_TABLE)]
    if request.fields is None:
        return table, tuple(table.fields.values()), []
    unknown = [Reason(code=Code.UNKNOWN_FIELD, field=name) for name in request.fields if name not in table.fields]
    wanted = frozenset(request.fields)
    return table, tuple(each for name, each in table.fields.items() if name in wanted), unknown


def _each_once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reasons))


def _holder(snapshot: PolicySnapshot, request: PlanRequest, purpose: DeclaredPurpose, now: datetime) -> Holder:
    roles = request.actor.roles - NEVER_READ
    grants: dict[Pair, tuple[GrantOnFile, ...]] = {}
    for role in roles:
        for pair, found in snapshot.grants_of(role, purpose.id, request.action).items():
            grants[pair] = (*grants.get(pair, ()), *found)
    # Observing is for the people whose daily work the door must not lock, and whom the register names: it makes nobody
    # else a reader. What is written or carried away cannot be taken back once it was only observed (docs/adr/0092).
    reading = request.action is GrantedAction.READ and bool(roles & purpose.recipients & BUSINESS_ROLES)
    return Holder(roles=roles, grants=grants, observing=reading and purpose.observes(now), now=now)


def _layouts(scope: _Scope) -> tuple[dict[str, dict[SubjectKind, Layout]], Layout]:
    layouts: dict[str, dict[SubjectKind, Layout]] = {}
    for link in scope.table.links:
        fields = [each for each in scope.fields if each.link == link]
        for kind in SubjectKind:
            decided = {each.name: decide(each, kind, scope.purpose, scope.holder) for each in fields}
            given = {name: decision for name, decision in decided.items() if decision.given}
            if given:
                layouts.setdefault(link, {})[kind] = given
    nobody = {
        each.name: decide_for_anybody(each, scope.purpose, scope.holder) for each in scope.fields if each.link is None
    }
    return layouts, {name: decision for name, decision in nobody.items() if decision.given}


def _missing(
    scope: _Scope, layouts: Mapping[str, Mapping[SubjectKind, Layout]]
) -> Iterable[tuple[tuple[str, SubjectKind], Reason]]:
    """Yield why a field is not given, for the kind that the map expects and those of whom anything is given."""
    for each in scope.fields:
        if each.link is None:
            continue
        by_kind = layouts.get(each.link, {})
        for kind in dict.fromkeys((scope.table.links[each.link].kind, *by_kind)):
            if each.name in by_kind.get(kind, {}):
                continue
            reason = decide(each, kind, scope.purpose, scope.holder).reason
            if reason is not None:
                yield (each.name, kind), reason


def _withheld(scope: _Scope, missing: Mapping[tuple[str, SubjectKind], Reason], nobody: Layout) -> dict[str, Reason]:
    first = {name: reason for (name, _), reason in reversed([*missing.items()])}
    withheld: dict[str, Reason] = {}
    for each in scope.fields:
        reason = first.get(each.name)
        if each.link is None and each.name not in nobody:
            reason = decide_for_anybody(each, scope.purpose, scope.holder).reason
        if reason is not None:
            withheld[each.name] = reason
    return withheld


def _plan(snapshot: PolicySnapshot, request: PlanRequest, scope: _Scope, given: _Given) -> ReadPlan:
    holder, purpose = scope.holder, scope.purpose
    writers = _writers(snapshot, holder, purpose)
    may_write = any(_holds(grant, holder.now) for grant in writers)
    opaque = _gives_pseudonyms(holder, purpose)
    ends = [decision.until for _, decision in given.decisions() if decision.until is not None]
    ends += _end_of_observing(scope)
    channel = purpose.consent_channel
    return ReadPlan(
        epoch=snapshot.epoch,
        table=scope.table,
        purpose=purpose,
        action=request.action,
        wanted=tuple(each.name for each in scope.fields),
        layouts=given.layouts,
        nobody=given.nobody,
        withheld=given.withheld,
        missing=given.missing,
        consent=None if channel is None else _consent_rule(channel, purpose, holder),
        opaque=opaque,
        revisions=may_write and not opaque and not scope.table.adopted,
        notices=_notices(scope, request.action),
        observed=_observed(given),
        valid_until=min(ends, default=None),
        review_at=_review_at(scope, given, writers),
        planned_at=holder.now,
    )


def _consent_rule(channel: Channel, purpose: DeclaredPurpose, holder: Holder) -> ConsentRule:
    # What opens older data to a later purpose is the consent itself, which is never only counted then.
    return ConsentRule(channel=channel, enforced=not holder.observing or not purpose.collected_for)


def _notices(scope: _Scope, action: GrantedAction) -> frozenset[int] | None:
    # Observing relaxes nothing here: what people were not told of is no grant that somebody forgot. What is collected
    # now is no older data.
    closed = scope.purpose.older_data(scope.holder.now) is OlderData.CLOSED and action is not GrantedAction.CREATE
    return scope.purpose.named_by if closed else None


def _end_of_observing(scope: _Scope) -> list[datetime]:
    until = scope.purpose.observes_until
    return [until] if scope.holder.observing and until is not None else []


def _observed(given: _Given) -> tuple[Reason, ...]:
    return _each_once(reason for _, decision in given.decisions() for reason in decision.observed)


def _writers(snapshot: PolicySnapshot, holder: Holder, purpose: DeclaredPurpose) -> list[GrantOnFile]:
    """Return what lets the same roles change or delete anything for the purpose, now or at another time."""
    return [
        grant
        for role in holder.roles & purpose.recipients
        for action in (GrantedAction.CHANGE, GrantedAction.DELETE)
        for grants in snapshot.grants_of(role, purpose.id, action).values()
        for grant in grants
    ]


def _gives_pseudonyms(holder: Holder, purpose: DeclaredPurpose) -> bool:
    # Decided for the whole purpose: a table or a choice of fields without pseudonyms would otherwise show the rows'
    # own identifiers to those who must not join them with another purpose's.
    if holder.observing:
        return False
    recipients = holder.roles & purpose.recipients
    for grants in holder.grants.values():
        valid = [STRENGTH[grant.form] for grant in grants if grant.role in recipients and _holds(grant, holder.now)]
        if max(valid, default=0) == STRENGTH[Form.PSEUDONYM]:
            return True
    return False


def _holds(grant: GrantOnFile, now: datetime) -> bool:
    return grant.valid_from <= now < grant.valid_to


def _review_at(scope: _Scope, given: _Given, writers: Iterable[GrantOnFile]) -> datetime | None:
    now = scope.holder.now
    looked_at = chain(writers, *scope.holder.grants.values())
    moments = {moment for grant in looked_at for moment in (grant.valid_from, grant.valid_to) if moment > now}
    moments.update(_end_of_observing(scope))
    opens_at = scope.purpose.compatible_from
    if opens_at is not None and opens_at > now:
        moments.add(opens_at)
    aged = (
        scope.table.fields[name].kind is FieldKind.BIRTH_DATE and decision.form is Form.GENERALISED
        for name, decision in given.decisions()
    )
    if any(aged):
        moments.add(start_of_day(day_of(now) + timedelta(days=1)))
    return min(moments, default=None)
