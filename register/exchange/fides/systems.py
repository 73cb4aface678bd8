"""A system: an activity, each of its declarations a purpose."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from babel.core import get_global

from governance.actor import Role
from governance.errors import Phrase, listed, phrase
from governance.periods import NONE
from governance.vocabulary import SLUG_LENGTH, DataCategory, LawfulBasis, SubjectKind
from register.catalogue.countries import COUNTRIES
from register.catalogue.values import MeasureDomain
from register.exchange.cnil.periods import Kept, understood
from register.exchange.cnil.understanding import slug_of
from register.exchange.fides.datasets import Dataset
from register.exchange.fides.taxonomy import (
    BASES,
    CONDITIONS,
    GROUNDS,
    SAFEGUARDS,
    category_of,
    channel_of,
    is_of_nobody,
    kind_of,
    words_of_use,
)
from register.exchange.fides.tree import Entry, refuse
from register.exchange.placed import PlacedActivity
from register.exchange.tables.recognising import role_of
from register.exchange.written import (
    WrittenActivity,
    WrittenAsset,
    WrittenDecision,
    WrittenMeasure,
    WrittenOfficer,
    WrittenPartaking,
    WrittenParty,
    WrittenPurpose,
    WrittenTerms,
    WrittenTransfer,
)
from register.lines.values import AssetKind, Relation
from register.values import Capacity, FinalFate, PurposePart, SpecialCondition, StartingEvent

_LABEL: Final = 200
_MOST: Final = 10_000
_NAMED: Final = 10
_MOST_DAYS: Final = 36_525
_NOT_SAID: Final = frozenset({"Not defined"})
_ANYBODY: Final = "Destinataires"
# What says how a program finds a system, and nothing of what it does with data.
_TECHNICAL: Final = ("fidesctl_meta", "meta", "organization_fides_key", "tags", "registry_id", "system_type")


@dataclass(kw_only=True)
class _Read:
    """A system while it is read.

    Attributes:
        kept: What has no place of its own, by its name.
        aside: The names of what is kept so.
        covered: The categories that its declarations name.
        datasets: Keys of the datasets that it names.
        systems: Keys of the systems that it sends data to, or has them from.
    """

    entry: Entry
    slug: str
    notes: list[Phrase] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    aside: dict[str, None] = field(default_factory=dict)
    covered: set[DataCategory] = field(default_factory=set)
    datasets: dict[str, None] = field(default_factory=dict)
    systems: dict[str, None] = field(default_factory=dict)
    roles: tuple[Role, ...] = ()

    def note(self, sentence: Phrase) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)

    def keep(self, name: str, said: str) -> None:
        if said:
            self.kept.append(f"{name} : {said}")
            self.aside[name] = None


def read_system(entry: Entry, datasets: Mapping[str, Dataset], named: Mapping[str, str]) -> PlacedActivity:
    """Return the activity that a system is.

    Args:
        entry: The system.
        datasets: Those of the file, by their key.
        named: What the systems of the file are called, by their key.

    Raises:
        MalformedRegisterError: If something in it is not as the format has it.
    """
    key = entry.needed("fides_key")
    name = (entry.text("name") or key)[:_LABEL]
    read = _Read(entry=entry, slug=slug_of(key))
    read.roles = _roles(read)
    cells: dict[str, Phrase | str] = {}
    purposes = tuple(_purposes(read, cells))
    _flows(read)
    provider = _provider(read)
    joint = _joint(entry)
    activity = WrittenActivity(
        slug=read.slug,
        name_fr=name,
        name_en=name,
        capacity=_capacity(read, provider, joint),
        purposes=purposes,
        parties=tuple(_once([*provider, *joint, *_third_parties(read)])),
        transfers=tuple(_transfers(read, provider)),
        measures=tuple(_measures(read)),
        decisions=tuple(_decisions(read, name)),
        assets=tuple(_assets(read, datasets, named)),
    )
    for said_elsewhere in ("description", *_TECHNICAL):
        entry.pass_over(said_elsewhere)
    for left, said in entry.left():
        read.keep(left, said)
    return PlacedActivity(
        activity=replace(activity, description=_description(read)),
        where=entry.where,
        cells=cells,
        notes=tuple(read.notes),
        guessed=tuple(PurposePart),
    )


def _description(read: _Read) -> str:
    if read.aside:
        read.note(
            phrase("Kept in the description, for the record has no place for it: {names}.", names=listed(read.aside))
        )
    text = "\n".join(filter(None, (read.entry.text("description"), *read.kept)))
    if len(text) > _MOST:
        read.note(phrase("What it says besides does not fit into the description, and is cut."))
    return text[:_MOST]


def _roles(read: _Read) -> tuple[Role, ...]:
    department = read.entry.text("administrating_department")
    role = role_of(department)
    if role is None and department not in _NOT_SAID:
        read.keep("administrating_department", department)
    return () if role is None else (role,)


def _purposes(read: _Read, cells: dict[str, Phrase | str]) -> Iterator[WrittenPurpose]:
    declarations = read.entry.entries("privacy_declarations")
    if not declarations:
        read.note(phrase("It says no purpose: write why these data are used."))
    stem = read.slug[: SLUG_LENGTH - 8].rstrip("-")
    for place, each in enumerate(declarations):
        cells[f"purposes[{place}]"] = each.where
        use = each.needed("data_use")
        fr, en = words_of_use(use)
        said = each.text("name")[:_LABEL]
        read.kept.append(f"{said or fr} : {use}")
        terms = _data(read, each)
        basis, condition = _lawful(read, each, use)
        consents = LawfulBasis.CONSENT is basis or condition is SpecialCondition.EXPLICIT_CONSENT
        yield WrittenPurpose(
            slug=f"{stem}-{place + 1}",
            label_fr=said or fr,
            label_en=said or en,
            basis=basis,
            consent_channel=channel_of(use) if consents else None,
            special_condition=condition,
            data=terms,
            recipients=read.roles,
        )
        read.datasets |= dict.fromkeys(each.texts("dataset_references"))
        for flow in ("egress", "ingress", "third_parties", "data_shared_with_third_parties"):
            each.pass_over(flow)
        for left, told in each.left():
            read.keep(left, told)


def _lawful(read: _Read, each: Entry, use: str) -> tuple[LawfulBasis | None, SpecialCondition | None]:
    told, why = each.text("legal_basis_for_processing"), each.text("special_category_legal_basis")
    basis = BASES.get(told.lower())
    condition = next((found for word, found in CONDITIONS.items() if why.lower().startswith(word)), None)
    if told and basis is None:
        refuse(f"{each.path}.legal_basis_for_processing", each.line, _one_of(BASES))
    if why and condition is None:
        refuse(f"{each.path}.special_category_legal_basis", each.line, _one_of(CONDITIONS))
    if not told:
        read.note(phrase("It does not say one lawful basis: choose one for each purpose."))
    if channel_of(use) is None and (basis is LawfulBasis.CONSENT or condition is SpecialCondition.EXPLICIT_CONSENT):
        read.note(phrase("It does not say on which channel people consent: choose the basis and the channel."))
        read.keep("legal_basis_for_processing", told)
        read.keep("special_category_legal_basis", why)
        basis = None if basis is LawfulBasis.CONSENT else basis
        condition = None if condition is SpecialCondition.EXPLICIT_CONSENT else condition
    return basis, condition


def _one_of(known: Mapping[str, object]) -> Phrase:
    return phrase("expected one of {sections}", sections=", ".join(known))


def _data(read: _Read, each: Entry) -> tuple[WrittenTerms, ...]:
    categories = set(_categories(read, each.texts("data_categories")))
    if each.flag("processes_special_category_data"):
        categories.add(DataCategory.SPECIAL)
    read.covered |= categories
    period, told = _period(read, each)
    kinds = sorted(set(_kinds(read, each)), key=lambda kind: kind.code)
    return tuple(
        WrittenTerms(
            subject_kind=kind,
            category=category,
            active_for=period.active_for,
            archived_for=period.archived_for,
            starting_event=period.starting_event,
            final_fate=period.final_fate,
            retention_source=told,
        )
        for kind in kinds
        for category in sorted(categories, key=lambda category: category.code)
    )


def _categories(read: _Read, keys: list[str]) -> Iterator[DataCategory]:
    for key in keys:
        category = category_of(key)
        if category is not None:
            yield category
        elif is_of_nobody(key):
            read.keep("data_categories", key)
        else:
            read.keep("data_categories", key)
            read.note(phrase("{key} stands for no category here: add the one that is meant.", key=key[:_LABEL]))


def _kinds(read: _Read, each: Entry) -> Iterator[SubjectKind]:
    keys = each.texts("data_subjects")
    for key in keys:
        kind = kind_of(key)
        if kind is None or kind is SubjectKind.OTHER:
            read.keep("data_subjects", key)
            read.note(phrase("Whose data they are stands as “other people”: {words}.", words=key[:_LABEL]))
        yield kind or SubjectKind.OTHER
    if not keys:
        read.note(phrase("It does not say whose data they are: “other people” is written, correct it."))
        yield SubjectKind.OTHER


def _period(read: _Read, each: Entry) -> tuple[Kept, str]:
    told = each.text("retention_period")
    # A number alone is one of days.
    days = int(told) if told.isascii() and told.isdigit() and len(told) <= len(str(_MOST_DAYS)) else None
    period = understood(told if days is None else f"{days} days")
    if period is None:
        place = phrase("{path}, line {line}", path=f"{each.path}.retention_period", line=each.line)
        read.note(phrase("{place}: the period was not understood, and stands as no day.", place=place))
    return period or Kept(NONE, NONE, StartingEvent.COLLECTION, FinalFate.DELETION), told


def _flows(read: _Read) -> None:
    for flow in (*read.entry.entries("egress"), *read.entry.entries("ingress")):
        kind, key = flow.text("type"), flow.needed("fides_key")
        if kind == "dataset":
            read.datasets[key] = None
        elif kind == "system":
            read.systems[key] = None
    read.datasets |= dict.fromkeys(read.entry.texts("dataset_references"))


def _provider(read: _Read) -> list[WrittenPartaking]:
    """Return the business whose system it is: a processor, or else whoever obtains the data."""
    name = read.entry.text("legal_name")[:_LABEL]
    if not name:
        return []
    officer, address = read.entry.text("dpo"), read.entry.text("legal_address")
    dpo = WrittenOfficer(name=officer[:_LABEL], email=officer if "@" in officer else "") if officer else None
    party = WrittenParty(name=name, address=address, dpo=dpo)
    responsible = {each.lower() for each in read.entry.texts("responsibility")}
    processes = bool(responsible & {"processor", "sub-processor"})
    return [WrittenPartaking(party=party, relation=Relation.PROCESSOR if processes else Relation.RECIPIENT)]


def _joint(entry: Entry) -> list[WrittenPartaking]:
    contact = entry.entry("joint_controller")
    name = entry.text("joint_controller_info") or ("" if contact is None else contact.text("name"))
    if not name:
        return []
    party = WrittenParty(
        name=name[:_LABEL],
        address="" if contact is None else contact.text("address"),
        email="" if contact is None else contact.text("email"),
        telephone="" if contact is None else contact.text("phone"),
    )
    return [WrittenPartaking(party=party, relation=Relation.JOINT_CONTROLLER)]


def _capacity(read: _Read, provider: list[WrittenPartaking], joint: list[WrittenPartaking]) -> Capacity:
    # Where the file names another business, its responsibility is that one's.
    ours = [] if provider else [each.lower() for each in read.entry.texts("responsibility")]
    title = read.entry.text("data_responsibility_title").lower()
    if joint:
        return Capacity.JOINT_CONTROLLER
    said = {*ours, title} - {""}
    processes = bool(said) and "controller" not in said
    return Capacity.PROCESSOR if processes else Capacity.CONTROLLER


def _third_parties(read: _Read) -> Iterator[WrittenPartaking]:
    for each in read.entry.entries("privacy_declarations"):
        told = each.text("third_parties")
        shared = ", ".join(each.texts("shared_categories"))
        if each.flag("data_shared_with_third_parties") and not told:
            read.note(phrase("It shares data, and does not say with whom: declare the recipients."))
        for name in filter(None, (part.strip() for part in told.replace("\n", ";").split(";"))):
            party = WrittenParty(name=name[:_LABEL])
            yield WrittenPartaking(party=party, relation=Relation.RECIPIENT, part=shared)


def _once(parties: list[WrittenPartaking]) -> list[WrittenPartaking]:
    return list({(each.party, each.relation): each for each in parties}.values())


def _transfers(read: _Read, provider: list[WrittenPartaking]) -> Iterator[WrittenTransfer]:
    told = read.entry.texts("legal_basis_for_transfers")
    safeguard = next((SAFEGUARDS[each.lower()] for each in told if each.lower() in SAFEGUARDS), None)
    others = [each for each in told if each.lower() not in SAFEGUARDS]
    if others:
        read.keep("legal_basis_for_transfers", ", ".join(others))
    abroad = read.entry.texts("third_country_transfers")
    if read.entry.flag("does_international_transfers") and not abroad:
        read.note(phrase("It sends data abroad, and does not say to which country: declare the transfers."))
        read.keep("legal_basis_for_transfers", ", ".join(told))
    for place, code in enumerate(abroad):
        country = next(iter(get_global("territory_aliases").get(code.upper(), [code.upper()])))
        if country not in COUNTRIES:
            path = f"{read.entry.path}.third_country_transfers[{place}]"
            refuse(path, read.entry.line, phrase("there is no such country: give the three letters of ISO 3166-1"))
        recipient = provider[0].party.name if provider else _ANYBODY
        yield WrittenTransfer(country=country, recipient=recipient, safeguard=safeguard)


def _measures(read: _Read) -> Iterator[WrittenMeasure]:
    told = read.entry.text("data_security_practices")
    if len(told) > _LABEL:
        read.keep("data_security_practices", told)
    elif told:
        yield WrittenMeasure(domain=MeasureDomain.ORGANISATION, label_fr=told, label_en=told)


def _decisions(read: _Read, name: str) -> Iterator[WrittenDecision]:
    told = [each.lower() for each in read.entry.texts("legal_basis_for_profiling")]
    if read.entry.flag("uses_profiling"):
        # What the format means by it is a profile with a legal effect. GDPR Art. 22(1), (2)
        ground = next((GROUNDS[each] for each in told if each in GROUNDS), None)
        yield WrittenDecision(name=f"Profilage : {name}"[:_LABEL], ground=ground)


def _assets(read: _Read, datasets: Mapping[str, Dataset], named: Mapping[str, str]) -> Iterator[WrittenAsset]:
    names = [(datasets[key].name if key in datasets else key)[:_LABEL] for key in read.datasets]
    names += [named.get(key, key)[:_LABEL] for key in read.systems]
    yield from (WrittenAsset(kind=AssetKind.APPLICATION, name=name) for name in dict.fromkeys(names))
    for dataset in (datasets[key] for key in read.datasets if key in datasets):
        for category in sorted(dataset.holds.keys() - read.covered, key=lambda each: each.code):
            sentence = phrase(
                "“{dataset}” holds data that none of its purposes names ({fields}): {category}. Add them, or ask why "
                "they are there.",
                dataset=dataset.name,
                fields=dataset.fields_of(category),
                category=category,
            )
            read.note(sentence)
        if dataset.unknown:
            keys = listed(list(dataset.unknown)[:_NAMED])
            read.note(
                phrase(
                    "“{dataset}” names kinds of data that stand for nothing here: {keys}.",
                    dataset=dataset.name,
                    keys=keys,
                )
            )
