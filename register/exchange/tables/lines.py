"""What a register says in cells: one line an activity, and lines for each kind of thing an activity holds."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from governance.actor import ROLE_LABELS
from governance.datamap.labels import CATEGORY_LABELS, KINDS_LABELS
from governance.errors import mark
from governance.periods import Period, Unit
from register.catalogue.labels import DOMAIN_LABELS, SUB_PROCESSING_LABELS
from register.exchange.cnil.exactly import under
from register.exchange.country_names import country_name
from register.exchange.words import spoken_in
from register.exchange.written import WrittenActivity, WrittenContact, WrittenTerms, WrittenTransfer
from register.labels import BASIS_LABELS, EVENT_LABELS, FATE_LABELS, PROVENANCE_LABELS, STATE_LABELS
from register.lines.labels import RELATION_TAGS, SAFEGUARD_LABELS
from register.lines.values import Relation
from register.particulars import particular
from register.values import Capacity

Value = str | int | date | None
_CAPACITIES: Final[Mapping[Capacity, str]] = {
    Capacity.CONTROLLER: mark("Controller"),
    Capacity.JOINT_CONTROLLER: mark("Joint controller"),
    Capacity.PROCESSOR: mark("Processor"),
}
_SPANS: Final[Mapping[Unit, str]] = {
    Unit.DAY: mark("{count} days"),
    Unit.MONTH: mark("{count} months"),
    Unit.YEAR: mark("{count} years"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """How cells are said in a language."""

    language: str

    def say(self, sentence: str) -> str:
        """Return a marked sentence."""
        return spoken_in(self.language)(sentence)

    def span(self, period: Period) -> str:
        """Return how long a period lasts, in words."""
        return self.say(_SPANS[period.unit]).format(count=period.number)

    def period(self, terms: WrittenTerms) -> str:
        """Return how long data of a category are kept."""
        told = [f"{self.span(terms.active_for)}, {self.say(EVENT_LABELS[terms.starting_event])}"]
        if terms.archived_for:
            told.append(self.say(mark("then {span} in the archive")).format(span=self.span(terms.archived_for)))
        told.append(self.say(FATE_LABELS[terms.final_fate]))
        return f"{self.say(CATEGORY_LABELS[terms.category])}: {', '.join(told)}"

    def contracts(self, activity: WrittenActivity) -> Iterator[str]:
        """Return the contracts with processors, each in one line."""
        for partaking in activity.parties:
            for one in partaking.contracts:
                dates = (each.isoformat() for each in (one.signed_on, one.ends_on) if each is not None)
                yield f"{partaking.party.name}: {', '.join((one.label, *dates))}"

    def transfer(self, transfer: WrittenTransfer) -> str:
        """Return a transfer in one line."""
        to = transfer.recipient if transfer.party is None else transfer.party.name
        safeguard = "" if transfer.safeguard is None else self.say(SAFEGUARD_LABELS[transfer.safeguard])
        return ", ".join(filter(None, (country_name(transfer.country, self.language), to, safeguard)))


_Column = tuple[str, Callable[[Told, WrittenActivity], Value]]


def _name(contact: WrittenContact | None) -> str:
    return "" if contact is None else contact.name


def _once(texts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(filter(None, texts)))


def _exactly(said: Iterable[tuple[str, str]]) -> str:
    return _once(under(name, line) for name, text in said for line in text.splitlines())


def _named(relation: Relation) -> Callable[[Told, WrittenActivity], Value]:
    return lambda _, activity: _once(each.party.name for each in activity.parties if each.relation is relation)


def _terms(activity: WrittenActivity) -> Iterator[WrittenTerms]:
    return (terms for purpose in activity.purposes for terms in purpose.data)


# One line an activity: the columns, which a reader of tables knows again.
ACTIVITY_COLUMNS: Final[Sequence[_Column]] = (
    (mark("Reference"), lambda _, each: each.slug),
    (mark("Name"), lambda _, each: each.name_fr),
    (mark("Name in English"), lambda _, each: each.name_en),
    (mark("Description"), lambda _, each: each.description),
    (mark("Capacity"), lambda told, each: told.say(_CAPACITIES[each.capacity])),
    (mark("Controller of the processing"), lambda _, each: _name(each.controller)),
    (mark("Representative"), lambda _, each: _name(each.controller and each.controller.representative)),
    (mark("DPO"), lambda _, each: _name(each.controller and each.controller.dpo)),
    (
        mark("Firm of the DPO"),
        lambda _, each: _name(each.controller and each.controller.dpo and each.controller.dpo.firm),
    ),
    (mark("Joint controllers"), _named(Relation.JOINT_CONTROLLER)),
    (mark("Purposes"), lambda _, each: _once(purpose.label_fr for purpose in each.purposes)),
    (
        mark("Lawful bases"),
        lambda told, each: _once(told.say(BASIS_LABELS[one.basis]) for one in each.purposes if one.basis),
    ),
    (
        mark("People concerned"),
        lambda told, each: _once(told.say(KINDS_LABELS[one.subject_kind]) for one in _terms(each)),
    ),
    (
        mark("Categories of data"),
        lambda told, each: _once(told.say(CATEGORY_LABELS[one.category]) for one in _terms(each)),
    ),
    (
        mark("Which data exactly"),
        lambda told, each: _exactly(
            (told.say(CATEGORY_LABELS[one.category]), particular(one, "which", told.language)) for one in _terms(each)
        ),
    ),
    (
        mark("Whose data exactly"),
        lambda told, each: _exactly(
            (told.say(KINDS_LABELS[one.subject_kind]), particular(one, "whom", told.language)) for one in _terms(each)
        ),
    ),
    (mark("Retention periods"), lambda told, each: _once(told.period(one) for one in _terms(each))),
    (
        mark("Internal recipients"),
        lambda told, each: _once(told.say(ROLE_LABELS[role]) for one in each.purposes for role in one.recipients),
    ),
    (mark("Processors"), _named(Relation.PROCESSOR)),
    (mark("Contracts with processors"), lambda told, each: _once(told.contracts(each))),
    (mark("Recipients"), _named(Relation.RECIPIENT)),
    (mark("Transfers outside the EEA"), lambda told, each: _once(told.transfer(one) for one in each.transfers)),
    (mark("Measures of security"), lambda _, each: _once(one.label_fr for one in each.measures)),
    (mark("Automated decisions"), lambda _, each: _once(one.name for one in each.decisions)),
    (mark("How rights are exercised"), lambda _, each: "" if each.rights is None else each.rights.how_fr),
    (mark("Applications and tables"), lambda _, each: _once(one.name for one in each.assets)),
    (mark("State"), lambda told, each: "" if each.state is None else told.say(STATE_LABELS[each.state])),
    (mark("Your record number"), lambda _, each: each.reference),
    (mark("Created on"), lambda _, each: each.created_on),
    (mark("Last changed on"), lambda _, each: each.changed_on),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSheet:
    """A sheet of lines of one kind."""

    title: str
    headings: Sequence[str]
    rows: Callable[[Told, WrittenActivity], Iterator[Sequence[Value]]]


def _purposes(told: Told, each: WrittenActivity) -> Iterator[Sequence[Value]]:
    for one in each.purposes:
        basis = "" if one.basis is None else told.say(BASIS_LABELS[one.basis])
        yield (
            each.slug,
            one.slug,
            one.label_fr,
            basis,
            one.legal_reference,
            one.number_ground,
            one.offences_ground,
            one.interest,
            one.necessity,
            one.balance,
        )


def _data(told: Told, each: WrittenActivity) -> Iterator[Sequence[Value]]:
    for purpose in each.purposes:
        for one in purpose.data:
            yield (
                each.slug,
                purpose.slug,
                told.say(KINDS_LABELS[one.subject_kind]),
                told.say(CATEGORY_LABELS[one.category]),
                told.say(PROVENANCE_LABELS[one.provenance]),
                told.say(mark("yes")) if one.obligatory else told.say(mark("no")),
                told.span(one.active_for),
                told.span(one.archived_for),
                told.say(EVENT_LABELS[one.starting_event]),
                told.say(FATE_LABELS[one.final_fate]),
                one.retention_source,
                particular(one, "which", told.language),
                particular(one, "whom", told.language),
            )


def _parties(told: Told, each: WrittenActivity) -> Iterator[Sequence[Value]]:
    for one in each.parties:
        country = country_name(one.party.country, told.language)
        yield each.slug, one.party.name, told.say(RELATION_TAGS[one.relation]), one.part, one.party.city, country


def _contracts(told: Told, each: WrittenActivity) -> Iterator[Sequence[Value]]:
    for partaking in each.parties:
        for one in partaking.contracts:
            yield (
                each.slug,
                partaking.party.name,
                one.label,
                one.signed_on,
                one.ends_on,
                ", ".join(f"({clause})" for clause in one.clauses),
                told.say(SUB_PROCESSING_LABELS[one.sub_processing]),
                one.sub_processors,
                one.audited_on,
                one.document,
            )


def _transfers(told: Told, each: WrittenActivity) -> Iterator[Sequence[Value]]:
    for one in each.transfers:
        to = one.recipient if one.party is None else one.party.name
        safeguard = "" if one.safeguard is None else told.say(SAFEGUARD_LABELS[one.safeguard])
        yield each.slug, to, country_name(one.country, told.language), safeguard, one.grounds, one.assessment


def _measures(told: Told, each: WrittenActivity) -> Iterator[Sequence[Value]]:
    for one in each.measures:
        yield each.slug, told.say(DOMAIN_LABELS[one.domain]), one.label_fr, one.remark


_REFERENCE: Final = mark("Reference")
LINE_SHEETS: Final[Sequence[LineSheet]] = (
    LineSheet(
        title=mark("Purposes"),
        headings=(
            _REFERENCE, mark("Purpose"), mark("Name"), mark("Lawful basis"), mark("Legal text"),
            mark("What allows the social security number (NIR)"), mark("What allows convictions and offences"),
            mark("Interest"), mark("Necessity"), mark("Balance"),
        ),
        rows=_purposes,
    ),
    LineSheet(
        title=mark("Data"),
        headings=(
            _REFERENCE, mark("Purpose"), mark("People concerned"), mark("Category"), mark("Source"), mark("Obligatory"),
            mark("In the active base"), mark("In the archive"), mark("Counted from"), mark("Final fate"),
            mark("Source of the period"), mark("Which data exactly"), mark("Whose data exactly"),
        ),
        rows=_data,
    ),
    LineSheet(
        title=mark("Others who take part"),
        headings=(
            _REFERENCE, mark("Organisation"), mark("Relation"), mark("Part"), mark("City"), mark("Country"),
        ),
        rows=_parties,
    ),
    LineSheet(
        title=mark("Contracts with processors"),
        headings=(
            _REFERENCE, mark("Organisation"), mark("Contract"), mark("Signed on"), mark("Ends on"),
            mark("Clauses of Art. 28(3) found"), mark("Other processors"), mark("Whom it engages"),
            mark("Last audited on"), mark("Where it lies"),
        ),
        rows=_contracts,
    ),
    LineSheet(
        title=mark("Transfers"),
        headings=(
            _REFERENCE, mark("Recipient"), mark("Country"), mark("Safeguard"), mark("Grounds"), mark("Assessment"),
        ),
        rows=_transfers,
    ),
    LineSheet(
        title=mark("Measures of security"),
        headings=(_REFERENCE, mark("Domain"), mark("Measure"), mark("Remark")),
        rows=_measures,
    ),
)  # fmt: skip
