"""Which data of whom a sheet says are used, and for how long: what each row says exactly stays with its category."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from governance.datamap.labels import CATEGORY_LABELS
from governance.errors import phrase
from governance.vocabulary import DataCategory, SubjectKind
from register.exchange.cnil.card import CardRow, filled_rows
from register.exchange.cnil.drawing import LANGUAGE
from register.exchange.cnil.exactly import BETWEEN, NOTHING, estimate_in, kind_of, people_told, under
from register.exchange.cnil.labels import OTHER_SENSITIVE, ROW_CATEGORIES, SPECIAL_ROWS, Section, plain
from register.exchange.cnil.periods import understood
from register.exchange.cnil.understood import Understood
from register.exchange.words import spoken_in
from register.exchange.written import WrittenPeople, WrittenTerms

_OFFENCES: Final = "donnees relatives a des condamnations"
_SPECIAL_ROWS: Final = {plain(label): label for label in SPECIAL_ROWS}


def kinds_told(read: Understood) -> Mapping[SubjectKind, str]:
    """Return whose data they are, each kind with what is said of it exactly."""
    found: dict[SubjectKind, list[tuple[str, str]]] = {}
    for row in filled_rows(read.card, Section.PEOPLE):
        found.setdefault(kind_of(row[0]) or SubjectKind.OTHER, []).append((row[0], estimate_in(row[1])[1]))
    if not found:
        read.note(phrase("It does not say whose data they are: “other people” is written, correct it."))
    return {kind: people_told(rows) for kind, rows in found.items()} or {SubjectKind.OTHER: ""}


def numbers_told(read: Understood) -> Iterator[WrittenPeople]:
    """Yield about how many people of each kind there are."""
    seen: dict[SubjectKind, int] = {}
    for row in filled_rows(read.card, Section.PEOPLE):
        number, _ = estimate_in(row[1])
        if number is not None:
            kind = kind_of(row[0]) or SubjectKind.OTHER
            seen[kind] = seen.get(kind, 0) + number
    yield from (WrittenPeople(subject_kind=kind, estimate=estimate) for kind, estimate in seen.items())


@dataclass(frozen=True, slots=True)
class _Told:
    """What a row says of a category: under its own label where several rows come to one category."""

    category: DataCategory
    label: str
    which: str
    period: str
    terms: WrittenTerms


def data_told(read: Understood, kinds: Mapping[SubjectKind, str]) -> tuple[WrittenTerms, ...]:
    """Return the terms of each category for each kind of people."""
    found: dict[DataCategory, list[_Told]] = {}
    for section in (Section.DATA, Section.SENSITIVE):
        for row in filled_rows(read.card, section):
            terms = _terms(read, row)
            for category, label, which in _categories(read, section, row):
                found.setdefault(category, []).append(_Told(category, label, which, row[1], terms))
    ordered = [_together(found[category]) for category in DataCategory if category in found]
    if not ordered:
        read.kept += [f"Personnes concernées : {row[0]}" for row in filled_rows(read.card, Section.PEOPLE)]
    return tuple(replace(each, subject_kind=kind, whom_fr=whom) for kind, whom in kinds.items() for each in ordered)


def _together(told: list[_Told]) -> WrittenTerms:
    """Return the terms of a category: the longest period that a row says, and what each says in its own words."""
    longest = max(told, key=lambda each: each.terms.active_for.about_days + each.terms.archived_for.about_days)
    which = "\n".join(dict.fromkeys(filter(None, (_under(each.label, each.which) for each in told))))
    periods = dict.fromkeys(each.period for each in told)
    source = "\n".join(_under(each.label, each.period) for each in told if each.period)
    return replace(
        longest.terms,
        category=longest.category,
        which_fr=which,
        retention_source=next(iter(periods)) if len(periods) == 1 else source,
    )


def _under(label: str, text: str) -> str:
    return under(label, text) if label else text


def _categories(read: Understood, section: Section, row: CardRow) -> Iterable[tuple[DataCategory, str, str]]:
    """Yield the categories of a row, each under which label of several, and which data exactly."""
    words = plain(row.label)
    if section is Section.SENSITIVE:
        if words.startswith(_OFFENCES):
            return ((DataCategory.OFFENCES, "", _unless_named(row[0], DataCategory.OFFENCES)),)
        label = _SPECIAL_ROWS.get(words)
        if label is not None:
            return ((DataCategory.SPECIAL, label, row[0]),)
        other = "" if words == plain(OTHER_SENSITIVE) else row.label
        return ((DataCategory.SPECIAL, other, _unless_named(row[0], DataCategory.SPECIAL)),)
    named = categories_told(row[0])
    if named:
        return [(category, "", which) for category, which in named]
    category = next((found for word, found in ROW_CATEGORIES.items() if words.startswith(word)), None)
    if category is None:
        read.note(
            phrase("{place}: this kind of data is not known, and stands as identity.", place=read.card.place(row))
        )
        return ((DataCategory.IDENTITY, row.label, row[0]),)
    return ((category, "", row[0]),)


def _unless_named(text: str, category: DataCategory) -> str:
    return "" if _category_names().get(plain(text)) is category else text


def _terms(read: Understood, row: CardRow) -> WrittenTerms:
    period = understood(row[1])
    if period is None:
        read.note(
            phrase("{place}: the period was not understood, and stands as no day.", place=read.card.place(row, 1))
        )
    return WrittenTerms(subject_kind=SubjectKind.OTHER, category=DataCategory.IDENTITY, **(period or NOTHING)._asdict())


def categories_told(text: str) -> list[tuple[DataCategory, str]]:
    """Return the categories of our own vocabulary that a cell names, where it names nothing else.

    They stand one after the other, or each on a line with which data of it exactly behind its name.
    """
    known = _category_names()
    words = [plain(each) for each in text.split(",")]
    if words and all(word in known for word in words):
        return [(known[word], "") for word in words]
    found: dict[DataCategory, list[str]] = {}
    for line in text.splitlines():
        name, _, which = line.partition(BETWEEN)
        category = known.get(plain(name))
        if category is None:
            return []
        found.setdefault(category, []).append(which)
    return [(category, "\n".join(filter(None, which))) for category, which in found.items()]


def _category_names() -> Mapping[str, DataCategory]:
    speak = spoken_in(LANGUAGE)
    return {plain(speak(label)): category for category, label in CATEGORY_LABELS.items()}
