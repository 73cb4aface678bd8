"""A written activity as the sheet that the simplified register has for it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeVar

from governance.datamap.labels import CATEGORY_LABELS
from governance.vocabulary import DataCategory
from register.exchange.cnil.card import Card, CardRow
from register.exchange.cnil.exactly import (
    KEPT_TRANSFER,
    is_said,
    kept_in,
    people_rows,
    recipient_rows,
    texts_under,
    under,
)
from register.exchange.cnil.labels import (
    CHANGED,
    CREATED,
    DATA_ROWS,
    MAIN_PURPOSE,
    MEASURE_TYPES,
    NAME,
    NUMBERED,
    OFFENCES,
    OTHER_MEASURES,
    OTHER_SENSITIVE,
    REFERENCE,
    SAFEGUARDS,
    SPECIAL_ROWS,
    SUB_PURPOSE,
    Actor,
    Section,
)
from register.exchange.cnil.periods import period_in_words
from register.exchange.country_names import country_name
from register.exchange.words import spoken_in
from register.exchange.written import WrittenActivity, WrittenContact, WrittenParty, WrittenTerms
from register.lines.values import Relation
from register.values import Capacity

# The template is in French, whoever asks for it.
LANGUAGE: Final = "fr"
_HOME: Final = "FR"
_Value = TypeVar("_Value")
_NOBODY: Final = ("",) * 7
# What stands between several rows of one measure.
BETWEEN_MEASURES: Final = "\n\n"


def card_of(activity: WrittenActivity) -> Card:
    """Return the sheet of an activity."""
    return Card(
        sheet=activity.name_fr,
        parts={
            Section.DESCRIPTION: _description(activity),
            Section.ACTORS: list(_actors(activity)),
            Section.PURPOSES: _purposes(activity),
            Section.DATA: list(_data(activity)),
            Section.SENSITIVE: list(_sensitive(activity)),
            Section.PEOPLE: _numbered(Section.PEOPLE, people_rows(activity)),
            Section.RECIPIENTS: _numbered(Section.RECIPIENTS, recipient_rows(activity)),
            Section.MEASURES: _numbered(Section.MEASURES, _measures(activity)),
            Section.TRANSFERS: _numbered(Section.TRANSFERS, _transfers(activity)),
        },
    )


def _description(activity: WrittenActivity) -> list[CardRow]:
    days = ((CREATED, activity.created_on), (CHANGED, activity.changed_on))
    return [
        CardRow(label=NAME, texts=(activity.name_fr,)),
        CardRow(label=REFERENCE, texts=(activity.reference or activity.slug,)),
        *(CardRow(label=label, texts=("" if day is None else f"{day:%d/%m/%Y}",)) for label, day in days),
    ]


def _actors(activity: WrittenActivity) -> Iterator[CardRow]:
    others = [each.party for each in activity.parties if each.relation is Relation.PRINCIPAL]
    if activity.capacity is Capacity.PROCESSOR and others:
        yield from _acted_for(others)
        return
    controller = activity.controller
    yield CardRow(label=Actor.CONTROLLER, texts=_reached(controller))
    officer = controller and controller.dpo
    yield CardRow(label=Actor.DPO, texts=_reached(officer))
    yield CardRow(label=Actor.FIRM, texts=_reached(officer and officer.firm))
    yield CardRow(label=Actor.REPRESENTATIVE, texts=_reached(controller and controller.representative))
    joint: list[WrittenContact | None] = [
        each.party for each in activity.parties if each.relation is Relation.JOINT_CONTROLLER
    ]
    for party in joint or [None]:
        yield CardRow(label=Actor.JOINT, texts=_reached(party))


def _acted_for(others: Sequence[WrittenParty]) -> Iterator[CardRow]:
    """Yield each controller for whom it is done, with their DPO and representative. GDPR Art. 30(2)(a)."""
    for each in others:
        yield CardRow(label=Actor.CONTROLLER, texts=_reached(each))
        yield CardRow(label=Actor.DPO, texts=_reached(each.dpo))
        yield CardRow(label=Actor.FIRM, texts=_reached(each.dpo and each.dpo.firm))
        yield CardRow(label=Actor.REPRESENTATIVE, texts=_reached(each.representative))
    yield CardRow(label=Actor.JOINT, texts=_NOBODY)


def _reached(contact: WrittenContact | None) -> tuple[str, ...]:
    if contact is None:
        return _NOBODY
    # France is what a contact without an address is in, where nobody said otherwise.
    somewhere = contact.country != _HOME or contact.address or contact.postcode or contact.city
    country = country_name(contact.country, LANGUAGE) if somewhere else ""
    return (
        contact.name, contact.address, contact.postcode, contact.city, country, contact.telephone, contact.email
    )  # fmt: skip


def _purposes(activity: WrittenActivity) -> list[CardRow]:
    told = [purpose.label_fr for purpose in activity.purposes]
    if activity.capacity is Capacity.PROCESSOR and not told:
        # GDPR Art. 30(2)(b): what is done for each controller.
        told = [each.part for each in activity.parties if each.relation is Relation.PRINCIPAL]
    labels = [MAIN_PURPOSE, *(f"{SUB_PURPOSE} {number}" for number in range(1, len(told)))]
    return [CardRow(label=label, texts=(text,)) for label, text in zip(labels, told, strict=False)]


def _data(activity: WrittenActivity) -> Iterator[CardRow]:
    for label, categories in DATA_ROWS.items():
        terms = [each for purpose in activity.purposes for each in purpose.data if each.category in categories]
        yield CardRow(label=label, texts=(_described(terms, categories), _periods(terms)))


def _described(terms: Sequence[WrittenTerms], categories: Sequence[DataCategory]) -> str:
    """Return which data lines are about: what they say exactly, and the names of categories that say no more."""
    speak = spoken_in(LANGUAGE)
    said = {each: _once(_which(term) for term in terms if term.category is each) for each in categories}
    used = [each for each in categories if said[each]]
    if not any(any(said[each]) for each in used):
        return ", ".join(speak(CATEGORY_LABELS[each]) for each in used)
    if used == [categories[0]] and all(said[used[0]]):
        # The label of the row names this category already.
        return "\n".join(said[used[0]])
    return "\n".join(under(speak(CATEGORY_LABELS[each]), text) for each in used for text in said[each])


def _which(terms: WrittenTerms) -> str:
    return terms.which_fr or terms.which_en


def _periods(terms: Iterable[WrittenTerms]) -> str:
    return "\n".join(_once(_period(each, each.retention_source) for each in terms))


def _period(terms: WrittenTerms, sentence: str) -> str:
    return sentence if is_said(terms, sentence) else period_in_words(terms, spoken_in(LANGUAGE))


def _sensitive(activity: WrittenActivity) -> Iterator[CardRow]:
    data = [each for purpose in activity.purposes for each in purpose.data]
    special = [each for each in data if each.category is DataCategory.SPECIAL]
    told: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for terms in special:
        periods = texts_under(terms.retention_source, SPECIAL_ROWS)
        for label, text in (texts_under(_which(terms), SPECIAL_ROWS) or {"": ""}).items():
            texts, sentences = told.setdefault(label, ({}, {}))
            texts[text] = None
            # Where rows have periods of their own, one without a period has none.
            own = bool(periods.keys() & set(SPECIAL_ROWS))
            sentences[periods.get(label, "") if own else _period(terms, terms.retention_source)] = None
    for label in SPECIAL_ROWS:
        yield CardRow(label=label, texts=_cells_of(told.get(label)))
    offences = [each for each in data if each.category is DataCategory.OFFENCES]
    yield CardRow(label=OFFENCES, texts=(_described(offences, (DataCategory.OFFENCES,)), _periods(offences)))
    other, other_periods = _cells_of(told.get(""))
    named = spoken_in(LANGUAGE)(CATEGORY_LABELS[DataCategory.SPECIAL])
    yield CardRow(label=OTHER_SENSITIVE, texts=(other or (named if "" in told else ""), other_periods))


def _cells_of(told: tuple[Iterable[str], Iterable[str]] | None) -> tuple[str, str]:
    if told is None:
        return "", ""
    return "\n".join(filter(None, told[0])), "\n".join(filter(None, told[1]))


def _measures(activity: WrittenActivity) -> Iterator[tuple[str, ...]]:
    for each in activity.measures:
        kind = MEASURE_TYPES.get(each.domain, (OTHER_MEASURES, ""))[0]
        if each.label_fr == kind:
            # The measure is the type itself; several rows of it stand as parts of its remark.
            yield from ((kind, part) for part in each.remark.split(BETWEEN_MEASURES))
        else:
            yield kind, _behind(each.label_fr, each.remark)


def _transfers(activity: WrittenActivity) -> Iterator[tuple[str, ...]]:
    for each in activity.transfers:
        recipient = each.recipient if each.party is None else each.party.name
        safeguard = _unsettled(activity, recipient) if each.safeguard is None else SAFEGUARDS[each.safeguard]
        yield recipient, country_name(each.country, LANGUAGE), safeguard, each.grounds


def _unsettled(activity: WrittenActivity, recipient: str) -> str:
    """Return what a file said protects a transfer, where that was none of our words."""
    start = f"{recipient}, "
    return next((each.removeprefix(start) for each in kept_in(activity, KEPT_TRANSFER) if each.startswith(start)), "")


def _numbered(section: Section, rows: Iterator[tuple[str, ...]]) -> list[CardRow]:
    return [CardRow(label=f"{NUMBERED[section]} {number}", texts=texts) for number, texts in enumerate(rows, start=1)]


def _behind(name: str, more: str) -> str:
    return f"{name}\n{more}" if more else name


def _once(values: Iterable[_Value]) -> Sequence[_Value]:
    return list(dict.fromkeys(values))
