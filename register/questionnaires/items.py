"""Answers, one by one, as whoever drafts looks at them: each speaks of one thing that the record may say."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from governance.vocabulary import SubjectKind
from register.lines.contents import AssetLine, Content, MeasureLine, PeopleLine
from register.lines.values import AssetKind, Safeguard
from register.questionnaires.values import Answers, Kind, Part
from register.values import Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How somebody is reached at work."""

    name: str = ""
    email: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredTransfer:
    """That data go to another country, as the processor says."""

    country: str
    safeguard: Safeguard | None
    grounds: str


Said = str | date | Content | Contact | AnsweredTransfer | tuple[Provenance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One answer.

    Attributes:
        key: What tells it from the others of a questionnaire; it stays the same, for what was sent is not changed.
        said: What was answered.
        words: What was added in words.
    """

    key: str
    part: Part
    said: Said
    words: str = ""


def items_of(kind: Kind, answers: Answers) -> tuple[Item, ...]:
    """Return what was answered, in the order of the questions; what was left empty is no answer."""
    readers = _PROCESSOR if kind is Kind.PROCESSOR else _PRACTICE
    return tuple(item for read in readers for item in read(answers))


def _measures(answers: Answers) -> Iterator[Item]:
    for each in _list(answers, "measures"):
        measure_id = uuid.UUID(each)
        yield Item(key=f"measure:{measure_id.hex}", part=Part.MEASURE, said=MeasureLine(measure_id=measure_id))


def _sub_processors(answers: Answers) -> Iterator[Item]:
    named = _text(answers, "sub_processors")
    if _text(answers, "engages") == "yes" and named:
        yield Item(key=Part.SUB_PROCESSORS, part=Part.SUB_PROCESSORS, said=named)
    elif _text(answers, "engages") == "no":
        yield Item(key=Part.SUB_PROCESSORS, part=Part.SUB_PROCESSORS, said="")


def _transfers(answers: Answers) -> Iterator[Item]:
    if _text(answers, "abroad") != "yes":
        return
    for each in _list(answers, "transfers"):
        safeguard = Safeguard(each["safeguard"]) if each["safeguard"] else None
        said = AnsweredTransfer(country=each["country"], safeguard=safeguard, grounds=each["grounds"])
        yield Item(key=f"transfer:{said.country}", part=Part.TRANSFER, said=said)


def _ends_on(answers: Answers) -> Iterator[Item]:
    day = _text(answers, "ends_on")
    if day:
        yield Item(key=Part.ENDS_ON, part=Part.ENDS_ON, said=date.fromisoformat(day))


def _contacts(answers: Answers) -> Iterator[Item]:
    for part, prefix in ((Part.BREACH_CONTACT, "breach"), (Part.DPO, "dpo")):
        given = {name: _text(answers, f"{prefix}_{name}") for name in ("name", "email", "telephone")}
        if any(given.values()):
            yield Item(key=part, part=part, said=Contact(**given))


def _people(answers: Answers) -> Iterator[Item]:
    for each in _list(answers, "people"):
        line = PeopleLine(subject_kind=SubjectKind(each["kind"]), estimate=each["estimate"])
        yield Item(key=f"people:{line.subject_kind.value}", part=Part.PEOPLE, said=line)


def _applications(answers: Answers) -> Iterator[Item]:
    for place, name in enumerate(_list(answers, "applications"), 1):
        line = AssetLine(kind=AssetKind.APPLICATION, name=name)
        yield Item(key=f"application:{place}", part=Part.APPLICATION, said=line)


def _sources(answers: Answers) -> Iterator[Item]:
    ticked = tuple(Provenance(each) for each in _list(answers, "sources"))
    words = _text(answers, "sources_more")
    if ticked or words:
        yield Item(key=Part.SOURCES, part=Part.SOURCES, said=ticked, words=words)


def _worded(part: Part) -> Callable[[Answers], Iterator[Item]]:
    def read(answers: Answers) -> Iterator[Item]:
        words = _text(answers, part.value)
        if words:
            yield Item(key=part, part=part, said=words)

    return read


def _text(answers: Answers, name: str) -> str:
    found = answers.get(name, "")
    return found if isinstance(found, str) else ""


def _list(answers: Answers, name: str) -> list[Any]:
    found = answers.get(name, [])
    return list(found) if isinstance(found, list) else []


_Readers = tuple[Callable[[Answers], Iterator[Item]], ...]
_PROCESSOR: Final[_Readers] = (
    _measures,
    _worded(Part.SECURITY),
    _sub_processors,
    _transfers,
    _worded(Part.CERTIFICATIONS),
    _ends_on,
    _contacts,
)
_PRACTICE: Final[_Readers] = (
    _worded(Part.DATA),
    _sources,
    _people,
    _worded(Part.WHO),
    _worded(Part.KEPT),
    _applications,
    _worded(Part.PAPERS),
)
