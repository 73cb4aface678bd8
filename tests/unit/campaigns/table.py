"""The truth table as situations: one line for a person of the law to read, one for the rules to answer."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from consent.states import ConsentState
from governance.campaigns.rules import Recipient
from governance.campaigns.values import Contract, Occasion, Situation
from governance.vocabulary import Channel

TABLE: Final = Path(__file__).parent / "truth.csv"
_Known = Mapping[str, Any]

# What may stand in the column `known`: of the message, and of the person.
_OF_MESSAGE: Final[Mapping[str, _Known]] = {
    "similar": {"similar": True},
    "message offers objection": {"offers_objection": True},
}
_OF_PERSON: Final[Mapping[str, _Known]] = {
    **{f"consent {state.value}": {"consent": state} for state in ConsentState},
    "contract its object": {"contract": Contract.ITS_OBJECT},
    "contract other object": {"contract": Contract.OTHER_OBJECT},
    "bought": {"bought": True},
    "objection offered": {"objection_offered": True},
    "minor alone": {"minor_alone": True},
    **{each: {each: True} for each in ("objected", "restricted", "deceased", "erased", "suppressed")},
}
_WITH_DAYS: Final[Mapping[str, Callable[[tuple[date, ...]], _Known]]] = {
    "called ": lambda days: {"contacts": days},
    "refused in a call ": lambda days: {"refused_on": days[-1]},
}


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    case: str
    occasion: Occasion
    situation: Situation
    answer: str
    reasons: tuple[str, ...]
    rules: tuple[str, ...]
    allowed_from: datetime | None

    def __str__(self) -> str:
        return self.case


def lines() -> list[Line]:
    """Read the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [_line(row) for row in csv.DictReader(file)]


def _line(row: Mapping[str, str]) -> Line:
    known = [each for each in row["known"].split("; ") if each]
    message = {name: value for each in known for name, value in _OF_MESSAGE.get(each, {}).items()}
    person = {name: value for each in known if each not in _OF_MESSAGE for name, value in _of_person(each)}
    return Line(
        case=row["case"],
        occasion=Occasion(
            channel=Channel(row["channel"]),
            recipient=Recipient(row["recipient"]),
            moment=datetime.fromisoformat(row["moment"]),
            **message,
        ),
        situation=Situation(**person),
        answer=row["answer"],
        reasons=tuple(row["reasons"].split()),
        rules=tuple(row["rules"].split()),
        allowed_from=datetime.fromisoformat(row["allowed_from"]) if row["allowed_from"] else None,
    )


def _of_person(known: str) -> Iterator[tuple[str, Any]]:
    for begins, made in _WITH_DAYS.items():
        if known.startswith(begins):
            yield from made(tuple(map(date.fromisoformat, known.removeprefix(begins).split()))).items()
            return
    yield from _OF_PERSON[known].items()
