"""What a version keeps of an activity, read back from its text, and what has changed since. GDPR Art. 5(2), 30(1)."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Self

import orjson

from governance.actor import Role
from governance.periods import Period
from governance.vocabulary import Channel, DataCategory, LawfulBasis, SubjectKind
from register.lifecycle import Mode, Opinion
from register.lines.contents import SPECS
from register.lines.told import ToldLine
from register.lines.values import Subject
from register.values import Capacity, FinalFate, Provenance, SpecialCondition, Standing, StartingEvent

# What a version numbers, or says a second time.
_UNTOLD: Final = frozenset({"id", "slug", "running", "revision", "changed_at", "purposes", "lines"})
_OF_PURPOSES: Final = (
    "label_fr", "label_en", "basis", "consent_channel", "special_condition", "legal_reference", "number_ground",
    "offences_ground", "collected_for",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PastData:
    """One category of one kind of person, and its terms."""

    kind: SubjectKind
    category: DataCategory
    standing: Standing
    obligatory: bool
    provenance: Provenance
    active_for: Period
    archived_for: Period
    starting_event: StartingEvent
    final_fate: FinalFate
    retention_source: str
    which_fr: str
    which_en: str
    whom_fr: str
    whom_en: str

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Self:
        """Read a line of a snapshot."""
        return cls(
            kind=SubjectKind(row["subject_kind"]),
            category=DataCategory(row["category"]),
            standing=Standing(row["standing"]),
            obligatory=row["obligatory"],
            provenance=Provenance(row["provenance"]),
            active_for=Period(row["active_for"]),
            archived_for=Period(row["archived_for"]),
            starting_event=StartingEvent(row["starting_event"]),
            final_fate=FinalFate(row["final_fate"]),
            retention_source=row["retention_source"],
            which_fr=row.get("which_fr", ""),
            which_en=row.get("which_en", ""),
            whom_fr=row.get("whom_fr", ""),
            whom_en=row.get("whom_en", ""),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPurpose:
    """A purpose as it stood, with what it used and who received it; `parent` is the slug of that above it."""

    slug: str
    parent: str | None
    standing: Standing
    label_fr: str
    label_en: str
    basis: LawfulBasis | None
    consent_channel: Channel | None
    special_condition: SpecialCondition | None
    number_ground: str
    offences_ground: str
    legal_reference: str
    balancing: tuple[str, str, str]
    collected_for: str | None
    data: tuple[PastData, ...]
    recipients: tuple[tuple[Role, Standing], ...]

    @property
    def groups(self) -> tuple[tuple[PastData, ...], ...]:
        """Its data, those of one kind of people that were on the same terms together."""
        found: dict[PastData, list[PastData]] = {}
        for row in self.data:
            found.setdefault(replace(row, category=self.data[0].category), []).append(row)
        return tuple(map(tuple, found.values()))

    @classmethod
    def read(cls, told: Mapping[str, Any], slugs: Mapping[int | None, str]) -> Self:
        """Read a purpose of a snapshot, in which the numbers of purposes mean these slugs."""
        channel, condition, balancing = told["consent_channel"], told["special_condition"], told["balancing"]
        basis = told["basis"]
        return cls(
            slug=told["slug"],
            parent=slugs.get(told["parent_id"]),
            standing=Standing(told["standing"]),
            label_fr=told["label_fr"],
            label_en=told["label_en"],
            basis=None if basis is None else LawfulBasis(basis),
            consent_channel=None if channel is None else Channel(channel),
            special_condition=None if condition is None else SpecialCondition(condition),
            number_ground=told.get("number_ground", ""),
            offences_ground=told.get("offences_ground", ""),
            legal_reference=told["legal_reference"],
            balancing=(balancing["interest"], balancing["necessity"], balancing["balance"]),
            collected_for=told["collected_for"],
            data=tuple(map(PastData.read, told["data"])),
            recipients=tuple((Role(row["role"]), Standing(row["standing"])) for row in told["recipients"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRecord:
    """An activity as it stood after one decision.

    Attributes:
        told: The snapshot itself, as plain values.
        controller: What whoever answered for it was called then.
        representative: What their representative in the Union was called.
        dpo: What their data protection officer was called.
        dpo_firm: What the firm was called that the officer acted for.
        purposes: Those that had not ended.
        lines: What else it said, by subject.
    """

    told: Mapping[str, Any]
    capacity: Capacity
    mode: Mode
    kept_since: date | None
    opinion: Opinion | None
    controller: str | None
    representative: str | None
    dpo: str | None
    dpo_firm: str | None
    purposes: tuple[PastPurpose, ...]
    lines: Mapping[Subject, tuple[ToldLine, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that a version says otherwise than the record of today.

    Attributes:
        purpose: The slug of the purpose; None for the activity itself.
        field: What: a field, `data`, `recipients`, the subject of a line, or `purpose` where the whole one is meant.
        key: Which data, by kind and category; which role; what tells the line from others; and on which side.
        then: What stood; None where nothing did.
        now: What stands; None where nothing does.
    """

    purpose: str | None
    field: str
    key: tuple[str, ...]
    then: Any
    now: Any


_Place = tuple[str | None, str, tuple[str, ...]]


def past_record(snapshot: str) -> PastRecord:
    """Read the text that a version keeps."""
    told = orjson.loads(snapshot)
    opinion = told["opinion"]
    slugs = _slugs(told)
    purposes = (PastPurpose.read(each, slugs) for each in told["purposes"])
    return PastRecord(
        told=told,
        capacity=Capacity(told["capacity"]),
        mode=Mode(told["mode"]),
        kept_since=None if told.get("kept_since") is None else date.fromisoformat(told["kept_since"]),
        opinion=None if opinion is None else Opinion(opinion),
        controller=_name(told["controller"]),
        representative=_name(told.get("representative")),
        dpo=_name(told.get("dpo")),
        dpo_firm=_name(told.get("dpo_firm")),
        purposes=tuple(each for each in purposes if each.standing is not Standing.ENDED),
        lines={
            subject: tuple(ToldLine.read(subject, row) for row in told.get("lines", {}).get(subject.value, ()))
            for subject in Subject
        },
    )


def _name(party: Mapping[str, Any] | None) -> str | None:
    return None if party is None else str(party["name"])


def differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[Difference]:
    """Return what one snapshot says otherwise than another: the activity's own first, then purpose by purpose.

    What only one of them can say, having been kept before the other knew of it, is no difference.
    """
    both = then.keys() & now.keys()
    before, after = dict(_places(then, both)), dict(_places(now, both))
    return [
        Difference(purpose=place[0], field=place[1], key=place[2], then=before.get(place), now=after.get(place))
        for place in _in_order(before, after)
        if before.get(place) != after.get(place)
    ]


def _in_order(before: Mapping[_Place, Any], after: Mapping[_Place, Any]) -> list[_Place]:
    places = list(dict.fromkeys([*before, *after]))
    # A purpose that stands on one side only is one difference, not one for each of its lines.
    apart = {place[0] for place in places if place[1] == "purpose" and (place in before) != (place in after)}
    kept = [place for place in places if place[0] not in apart or place[1] == "purpose"]
    slugs = list(dict.fromkeys(place[0] for place in kept))
    return sorted(kept, key=lambda place: slugs.index(place[0]))


def _places(told: Mapping[str, Any], asked: AbstractSet[str]) -> Iterator[tuple[_Place, Any]]:
    for name, value in told.items():
        if name in asked and name not in _UNTOLD:
            yield (None, name, ()), value
    # Of an activity that does not run no line is in force: that it comes to be is the activity's own difference.
    whole = {} if told.get("running") else {"standing": Standing.IN_FORCE.value}
    for subject in Subject:
        for row in ({**row, **whole} for row in told.get("lines", {}).get(subject.value, ())):
            key = tuple(str(row[name]) for name in SPECS[subject].key)
            yield (None, subject.value, (*key, _side(row))), row
    slugs = _slugs(told)
    for purpose in told["purposes"]:
        if purpose["standing"] != Standing.ENDED.value:
            yield from _of_purpose(purpose, slugs)


def _slugs(told: Mapping[str, Any]) -> Mapping[int | None, str]:
    """Return the purposes that a snapshot tells, by number."""
    return {each["id"]: each["slug"] for each in told["purposes"]}


def _of_purpose(told: Mapping[str, Any], slugs: Mapping[int | None, str]) -> Iterator[tuple[_Place, Any]]:
    slug = told["slug"]
    yield (slug, "purpose", ()), told["standing"]
    yield (slug, "parent", ()), slugs.get(told["parent_id"])
    for name in _OF_PURPOSES:
        yield (slug, name, ()), told.get(name, "")
    for name, text in told["balancing"].items():
        yield (slug, name, ()), text
    # Of a purpose that is only proposed every line is: that it comes into force is one difference, the purpose's own.
    whole = {"standing": Standing.IN_FORCE.value} if told["standing"] == Standing.PROPOSED.value else {}
    for row in ({**row, **whole} for row in told["data"]):
        yield (slug, "data", (row["subject_kind"], row["category"], _side(row))), row
    for row in ({**row, **whole} for row in told["recipients"]):
        yield (slug, "recipients", (row["role"], _side(row))), row


def _side(row: Mapping[str, Any]) -> str:
    # What leaves is in force until it goes; what is proposed stands beside it.
    return "proposed" if row["standing"] == Standing.PROPOSED.value else "in-force"
