"""By which ways somebody may write to the people of a table: for which purpose, and where their addresses lie."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from governance.actor import Actor
from governance.customers.entry import can_enter
from governance.customers.errors import ImportNotFoundError
from governance.customers.importing.models import ImportRun
from governance.datamap.values import FieldKind, MappedField, MappedTable
from governance.gate.explain import Explanations
from governance.gate.gate import Gate
from governance.gate.plan import ReadPlan
from governance.vocabulary import MESSAGING, Channel, Form, GrantedAction, LawfulBasis, SubjectKind
from register.values import DeclaredPurpose

# What an address is made of; whoever has nothing of the first kind cannot be written to.
ADDRESSES: Final[Mapping[Channel, tuple[FieldKind, ...]]] = {
    Channel.EMAIL: (FieldKind.EMAIL,),
    Channel.POST: (FieldKind.ADDRESS, FieldKind.POSTCODE, FieldKind.CITY, FieldKind.COUNTRY),
    Channel.SMS: (FieldKind.PHONE,),
    Channel.TELEPHONE: (FieldKind.PHONE,),
}
LANGUAGE: Final = "language"
# CPCE Art. L34-5, Code de la consommation Art. L223-1: who did not give the seller their address is solicited by these
# ways on consent alone; professionals, about their work, are not held by that.
_ON_CONSENT: Final = frozenset({Channel.EMAIL, Channel.SMS, Channel.TELEPHONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to write to the people of a table.

    Attributes:
        purpose: The slug of the purpose for which they are read.
        channel: The way.
        names: The fields of their names, where the purpose gives them.
        address: The fields of their address.
        needed: Those of which one must be there.
        language: Whether the purpose gives the language in which they are written to.
    """

    purpose: str
    channel: Channel
    names: tuple[str, ...]
    address: tuple[str, ...]
    needed: tuple[str, ...]
    language: bool

    @property
    def fields(self) -> tuple[str, ...]:
        """All that is read."""
        return (*self.names, *self.address, *((LANGUAGE,) if self.language else ()))


def ways_to_write(gate: Gate, actor: Actor, table: str) -> tuple[Way, ...]:
    """Return the ways in which somebody may write to the people of a table, by purpose and channel."""
    plans = gate.explanations()
    snapshot = plans.snapshot
    mapped = snapshot.catalogue.tables.get(table)
    if mapped is None or mapped.adopted:
        return ()
    slugs = sorted(slug for slug, purpose in snapshot.purposes.by_slug.items() if purpose.open)
    return tuple(way for slug in slugs for way in _ways(plans, actor, slug, mapped))


def told_ways(gate: Gate, actor: Actor, run: ImportRun) -> tuple[Way, ...]:
    """Return the ways in which somebody may write to the people of an import, for whoever may know of it.

    Raises:
        ImportNotFoundError: If it is none of theirs, and they may neither create in its table nor write to its people.
    """
    ways = ways_to_write(gate, actor, run.table_name)
    own = actor.id is not None and actor.id == run.actor_id
    if own or ways or can_enter(gate.explain(actor, run.purpose, run.table_name, action=GrantedAction.CREATE)):
        return ways
    raise ImportNotFoundError(reference=str(run.id))


def addresses_of(table: MappedTable) -> tuple[Channel, ...]:
    """Return the ways for which a table holds addresses of people of its own."""
    return tuple(channel for channel, kinds in ADDRESSES.items() if any(_own(table, (kinds[0],))))


def _ways(plans: Explanations, actor: Actor, purpose: str, table: MappedTable) -> Iterator[Way]:
    plan = plans.explain(actor, purpose, table.name, action=GrantedAction.EXPORT).plan
    if plan is None or plan.opaque:
        # A purpose that knows nobody writes to nobody.
        return
    for channel, kinds in ADDRESSES.items():
        if plan.consent is not None and plan.consent.channel in MESSAGING - {channel}:
            # GDPR Art. 7: who agreed to e-mail agreed to no letter.
            continue
        if channel in _ON_CONSENT and _solicits(plan.purpose):
            continue
        address = [each for each in _own(table, kinds) if _is_clear(plan, each)]
        needed = tuple(each.name for each in address if each.kind is kinds[0])
        if needed:
            yield Way(
                purpose=purpose,
                channel=channel,
                names=tuple(each.name for each in _own(table, (FieldKind.NAME,)) if _is_clear(plan, each)),
                address=tuple(each.name for each in address),
                needed=needed,
                language=LANGUAGE in table.fields and _is_clear(plan, table.fields[LANGUAGE]),
            )


def _solicits(purpose: DeclaredPurpose) -> bool:
    """Say whether a purpose may solicit consumers without their consent: then by post alone."""
    return purpose.basis is LawfulBasis.LEGITIMATE_INTERESTS and any(
        kind is not SubjectKind.CONTACT for kind, _ in purpose.data
    )


def _own(table: MappedTable, kinds: tuple[FieldKind, ...]) -> Iterator[MappedField]:
    """Yield the fields of these kinds that speak of the people of whom the table itself is."""
    for field in table.fields.values():
        if field.kind in kinds and field.link is not None and table.links[field.link].of is None:
            yield field


def _is_clear(plan: ReadPlan, field: MappedField) -> bool:
    """Say whether a field is given, and clear to whomever it is given of: half an address is none."""
    forms = {decision.form for decision in plan.decisions(field.name).values()}
    return forms == {Form.CLEAR}
