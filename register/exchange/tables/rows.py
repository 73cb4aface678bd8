"""A line of a register kept as a table, understood: what our words hold becomes them, the rest is kept as written."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, TypeVar

from governance.actor import Role
from governance.errors import phrase
from governance.periods import NONE
from governance.vocabulary import SLUG_LENGTH, DataCategory, LawfulBasis, SubjectKind
from register.catalogue.values import MeasureDomain
from register.exchange.cnil.exactly import BETWEEN
from register.exchange.cnil.labels import plain
from register.exchange.cnil.periods import Kept, understood
from register.exchange.cnil.understanding import slug_of
from register.exchange.country_names import country_code
from register.exchange.days import day_in
from register.exchange.tables.columns import TICKED_KINDS, TICKED_MEASURES, Field
from register.exchange.tables.line import Line, is_filled
from register.exchange.tables.recognising import (
    CATEGORIES,
    KINDS,
    basis_of,
    capacity_of,
    category_of,
    is_our_category,
    is_our_kind,
    kind_of,
    means_no,
    means_yes,
    role_of,
    safeguard_of,
)
from register.exchange.written import (
    WrittenActivity,
    WrittenAsset,
    WrittenContact,
    WrittenContract,
    WrittenMeasure,
    WrittenOfficer,
    WrittenPartaking,
    WrittenParty,
    WrittenPeople,
    WrittenPurpose,
    WrittenRights,
    WrittenTerms,
    WrittenTransfer,
)
from register.lines.values import AssetKind, Relation, Safeguard
from register.slugs import is_slug
from register.values import Capacity, FinalFate, StartingEvent

_Member = TypeVar("_Member")
_LABEL: Final = 200
_SEVERAL: Final = re.compile(r"[\n;]|\s-\s|,\s")
_LINES: Final = re.compile(r"[\n;]|\s-\s")
_CONTRACT: Final = re.compile(r"(?P<label>.+?)(?:, (?P<signed>\d{4}-\d\d-\d\d))?(?:, (?P<ends>\d{4}-\d\d-\d\d))?")
_NUMBER: Final = re.compile(r"\d[\d\s.]*")
_PLACES: Final = re.compile(r"[(),:;/–—]|\s-\s")
_ANYBODY: Final = "Destinataires"
_ADDRESS: Final = re.compile(r"[^\s@]@[^\s@]+\.[^\s@]")


def activity_of(line: Line) -> WrittenActivity:
    """Return the activity of a line."""
    name = line.said(Field.NAME).partition("\n")[0]
    reference = line.said(Field.REFERENCE)
    slug = reference if is_slug(reference) else slug_of(name)
    original = line.said(Field.ORIGINAL) or ("" if reference == slug else reference)
    if len(original) > _LABEL:
        line.kept.append(f"Référence : {original}")
    for place, heading in enumerate(line.headings):
        text = line.row.cells[place].strip() if place < len(line.row.cells) else ""
        known = line.fields.get(place, Field.KEPT)
        if known is Field.KEPT and heading.strip() and is_filled(text):
            line.kept.append(f"{heading.strip()[:_LABEL]} : {text}")
    kinds = _kinds(line)
    data = _data(line, kinds)
    how = line.said(Field.RIGHTS)
    activity = WrittenActivity(
        slug=slug,
        reference=original[:_LABEL],
        name_fr=name,
        name_en=line.said(Field.NAME_EN) or name,
        capacity=_capacity(line),
        controller=_controller(line),
        purposes=tuple(_purposes(line, slug, data)),
        parties=tuple(_parties(line)),
        transfers=tuple(_transfers(line)),
        measures=tuple(_measures(line)),
        people=tuple(_people(line, kinds[0])),
        rights=WrittenRights(how_fr=how) if how else None,
        assets=tuple(_assets(line)),
        created_on=_day(line, Field.CREATED),
        changed_on=_day(line, Field.CHANGED),
    )
    texts = (line.said(Field.DESCRIPTION), *line.kept)
    description = "\n".join(filter(None, texts))
    if _ADDRESS.search(description):
        # GDPR Art. 5(1)(c): a record names functions, and keeps its versions.
        line.note(
            phrase(
                "Its description would hold an e-mail address. Leave out the column that holds it, or say what that "
                "column is, unless the record has to name that person."
            )
        )
    return replace(activity, description=description)


def _several(text: str, between: re.Pattern[str] = _SEVERAL) -> list[str]:
    return list(dict.fromkeys(each.strip() for each in between.split(text) if is_filled(each.strip())))


def _capacity(line: Line) -> Capacity:
    told = line.said(Field.CAPACITY)
    named = capacity_of(told)
    if told and named is None:
        line.unclear(Field.CAPACITY, told)
    return Capacity.JOINT_CONTROLLER if line.said(Field.JOINT) else named or Capacity.CONTROLLER


def _controller(line: Line) -> WrittenParty | None:
    name = line.said(Field.CONTROLLER).partition("\n")[0]
    if not name:
        return None
    beside = [line.said(each).partition("\n")[0] for each in (Field.REPRESENTATIVE, Field.DPO, Field.FIRM)]
    representative, dpo, firm = (WrittenContact(name=each[:_LABEL]) if each else None for each in beside)
    officer = None if dpo is None else WrittenOfficer(name=dpo.name, firm=firm)
    return WrittenParty(name=name[:_LABEL], representative=representative, dpo=officer)


def _purposes(line: Line, slug: str, data: tuple[WrittenTerms, ...]) -> Iterator[WrittenPurpose]:
    basis = _basis(line)
    roles = tuple(sorted(set(_roles(line)), key=list(Role).index))
    for place, label in enumerate(_several(line.said(Field.PURPOSES), _LINES), start=1):
        yield WrittenPurpose(
            slug=f"{slug[: SLUG_LENGTH - 8].rstrip('-')}-{place}",
            label_fr=label[:_LABEL],
            label_en=label[:_LABEL],
            basis=basis,
            legal_reference=line.said(Field.LEGAL),
            data=data,
            recipients=roles,
        )
        if len(label) > _LABEL:
            line.kept.append(f"Finalité : {label}")


def _basis(line: Line) -> LawfulBasis | None:
    told = _several(line.said(Field.BASIS), _LINES)
    each = {words: basis_of(words) for words in told}
    unknown = [words for words, basis in each.items() if basis is None]
    for words in unknown:
        line.unclear(Field.BASIS, words)
    if unknown and line.strict:
        return None
    found = set(each.values())
    if len(found) == 1 and None not in found and LawfulBasis.CONSENT not in found:
        return found.pop()
    if told:
        line.kept.append("Base légale : " + " ; ".join(told))
    line.note(
        phrase("It does not say on which channel people consent: choose the basis and the channel.")
        if LawfulBasis.CONSENT in found
        else phrase("It does not say one lawful basis: choose one for each purpose.")
    )
    return None


def _roles(line: Line) -> Iterator[Role]:
    for each in _several(line.said(Field.ROLES)):
        role = role_of(each)
        if role is None:
            line.kept.append(f"Destinataire interne : {each}")
            if line.strict:
                line.note(
                    phrase(
                        "A service is none of the house’s roles, and is kept in the description: {words}.",
                        words=each[:60],
                    )
                )
        else:
            yield role


def _kinds(line: Line) -> list[SubjectKind]:
    kinds: list[SubjectKind] = []
    for heading, text in line.each(Field.TICKED_KIND):
        if not (means_yes(text) or means_no(text)) and line.unclear(Field.TICKED_KIND, text):
            continue
        if not means_no(text):
            words = plain(heading).rpartition(" ")[2]
            kinds.append(TICKED_KINDS.get(words) or kind_of(words) or SubjectKind.OTHER)
    for each in _several(line.said(Field.PEOPLE)):
        kind = kind_of(each)
        if kind is None and line.strict:
            line.note(phrase("Whose data they are stands as “other people”: {words}.", words=each[:60]))
        kinds.append(kind or SubjectKind.OTHER)
    if not kinds:
        line.note(phrase("It does not say whose data they are: “other people” is written, correct it."))
    return list(dict.fromkeys(kinds or [SubjectKind.OTHER]))


def _people(line: Line, kind: SubjectKind) -> Iterator[WrittenPeople]:
    told = line.said(Field.ESTIMATE)
    number = _NUMBER.search(told)
    if number is not None:
        yield WrittenPeople(subject_kind=kind, estimate=int("".join(filter(str.isdigit, number[0]))))
    elif told:
        line.unclear(Field.ESTIMATE, told)


def _data(line: Line, kinds: list[SubjectKind]) -> tuple[WrittenTerms, ...]:
    found = _categories(line)
    whom = _whom(line)
    if not found:
        line.kept += [f"Personnes concernées : {each}" for said in whom.values() for each in said]
    period, told = _period(line)
    return tuple(
        WrittenTerms(
            subject_kind=kind,
            category=category,
            active_for=period.active_for,
            archived_for=period.archived_for,
            starting_event=period.starting_event,
            final_fate=period.final_fate,
            retention_source=told,
            which_fr="\n".join(dict.fromkeys(found[category])),
            whom_fr="\n".join(whom.get(kind, ())),
        )
        for kind in sorted(kinds, key=lambda each: each.code)
        for category in sorted(found, key=lambda each: each.code)
    )


def _categories(line: Line) -> Mapping[DataCategory, Sequence[str]]:
    """Return the categories of a line, each with what is said exactly of its data."""
    found: dict[DataCategory, list[str]] = {}
    for each in _several(line.said(Field.DATA)):
        category = category_of(each)
        if category is None and line.unclear(Field.DATA, each):
            continue
        if category is None:
            line.note(phrase("A kind of data is not known, and stands as identity: {words}.", words=each[:60]))
        found.setdefault(category or DataCategory.IDENTITY, []).extend([] if is_our_category(each) else [each])
    sensitive = line.said(Field.SENSITIVE)
    if sensitive and not means_no(sensitive):
        found.setdefault(DataCategory.SPECIAL, []).extend([] if means_yes(sensitive) else [sensitive])
    for category, which in _exactly(line, Field.WHICH, CATEGORIES):
        found.setdefault(category, []).append(which)
    return found


def _whom(line: Line) -> Mapping[SubjectKind, Mapping[str, None]]:
    """Return what is said exactly of the people of each kind."""
    said: dict[SubjectKind, dict[str, None]] = {}
    for each in _several(line.said(Field.PEOPLE)):
        if not is_our_kind(each):
            said.setdefault(kind_of(each) or SubjectKind.OTHER, {})[each] = None
    for kind, whom in _exactly(line, Field.WHOM, KINDS):
        said.setdefault(kind, {})[whom] = None
    return said


def _exactly(line: Line, wanted: Field, names: Mapping[str, _Member]) -> Iterator[tuple[_Member, str]]:
    """Yield what a column of our own tables says of each category, or of each kind of people."""
    for each in line.said(wanted).splitlines():
        name, _, told = each.partition(BETWEEN)
        if plain(name) in names and told:
            yield names[plain(name)], told
        else:
            line.kept.append(each)


def _period(line: Line) -> tuple[Kept, str]:
    number, unit = line.said(Field.PERIOD_NUMBER), line.said(Field.PERIOD_UNIT)
    told = "\n".join(filter(None, (f"{number} {unit}".strip(), line.said(Field.PERIOD))))
    period = understood(told)
    wanted = Field.PERIOD if line.said(Field.PERIOD) else Field.PERIOD_NUMBER
    if period is None and not (told and line.unclear(wanted, line.said(wanted))):
        line.note(
            phrase("{place}: the period was not understood, and stands as no day.", place=line.place(wanted))
            if told
            else phrase("No period is given: it stands as no day until you say it.")
        )
    return period or Kept(NONE, NONE, StartingEvent.COLLECTION, FinalFate.DELETION), told


def _parties(line: Line) -> Iterator[WrittenPartaking]:
    seen: set[tuple[str, Relation]] = set()
    for wanted, relation in (
        (Field.PROCESSORS, Relation.PROCESSOR),
        (Field.RECIPIENTS, Relation.RECIPIENT),
        (Field.JOINT, Relation.JOINT_CONTROLLER),
    ):
        for each in _several(line.said(wanted), _LINES):
            if (each, relation) not in seen:
                seen.add((each, relation))
                contracts = tuple(_contracts(line, each)) if relation is Relation.PROCESSOR else ()
                party = WrittenParty(name=each[:_LABEL])
                yield WrittenPartaking(party=party, relation=relation, contracts=contracts)


def _contracts(line: Line, processor: str) -> Iterator[WrittenContract]:
    """Yield the contracts with a processor, as our own tables write them: `Host: terms, 2026-01-31, 2028-01-31`."""
    for each in line.said(Field.CONTRACTS).splitlines():
        name, told = f"{processor}: ", each.strip()
        found = _CONTRACT.fullmatch(told, len(name)) if told.startswith(name) else None
        if found is not None:
            signed, ends = day_in(found["signed"] or ""), day_in(found["ends"] or "")
            yield WrittenContract(label=found["label"][:_LABEL], signed_on=signed, ends_on=ends)


def _transfers(line: Line) -> Iterator[WrittenTransfer]:
    found: set[tuple[str, str]] = set()
    safeguard = _safeguard(line)
    for each in _several(line.said(Field.TRANSFERS), _LINES):
        pieces = [piece.strip() for piece in _PLACES.split(each) if piece.strip()]
        codes = {piece: country_code(piece) for piece in pieces}
        country = next((code for code in codes.values() if code is not None), None)
        rest = ", ".join(piece for piece in pieces if codes[piece] is None)
        if country is None and not means_no(each) and not line.unclear(Field.TRANSFERS, each):
            line.kept.append(f"Transfert : {each}")
            line.note(phrase("A transfer names no country that is known: declare it by hand."))
        elif country is not None and (country, rest) not in found:
            found.add((country, rest))
            own = next((found for found in map(_protecting, pieces) if found is not None), None)
            to = ", ".join(piece for piece in pieces if codes[piece] is None and _protecting(piece) is None)
            yield WrittenTransfer(country=country, recipient=to[:_LABEL] or _ANYBODY, safeguard=own or safeguard)


def _safeguard(line: Line) -> Safeguard | None:
    told = line.said(Field.SAFEGUARD)
    found = safeguard_of(told)
    if told and found is None and not means_no(told):
        line.unclear(Field.SAFEGUARD, told)
    if found is Safeguard.DEROGATION:
        line.note(phrase("A derogation says for which situation of Article 49: choose it."))
    return _protecting(told)


def _protecting(text: str) -> Safeguard | None:
    found = safeguard_of(text)
    # Which situation of Art. 49 it is for, no table says.
    return None if found is Safeguard.DEROGATION else found


def _measures(line: Line) -> Iterator[WrittenMeasure]:
    found: dict[str, WrittenMeasure] = {}
    organisation = MeasureDomain.ORGANISATION
    for heading, text in line.each(Field.TICKED_MEASURE):
        if not (means_yes(text) or means_no(text)) and line.unclear(Field.TICKED_MEASURE, text):
            continue
        if not means_no(text):
            known = (told for word, told in TICKED_MEASURES.items() if word in plain(heading))
            own = heading.strip()[:_LABEL]
            domain, label_fr, label_en = next(known, (organisation, own, own))
            found[label_fr] = WrittenMeasure(domain=domain, label_fr=label_fr, label_en=label_en)
    for each in _several(line.said(Field.MEASURES), _LINES):
        if not means_no(each) and not means_yes(each):
            label = each[:_LABEL]
            found.setdefault(label, WrittenMeasure(domain=organisation, label_fr=label, label_en=label))
    yield from found.values()


def _assets(line: Line) -> Iterable[WrittenAsset]:
    names = dict.fromkeys(each[:_LABEL] for each in _several(line.said(Field.ASSETS)))
    return [WrittenAsset(kind=AssetKind.APPLICATION, name=name) for name in names]


def _day(line: Line, wanted: Field) -> date | None:
    told = line.said(wanted)
    found = day_in(told)
    if told and found is None:
        line.unclear(wanted, told)
    return found
