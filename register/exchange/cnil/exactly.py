"""What people wrote in a cell, and in which text of a record it is kept, both ways: so that it stands there again.

Several rows of the template may come to one line of a record. Then each is a line of that line's text, under the row's
label; what has no text of its own is a sentence of the description.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from governance.actor import Role
from governance.periods import NONE
from governance.vocabulary import SubjectKind
from register.catalogue.countries import EEA
from register.exchange.cnil.labels import (
    ABROAD,
    INTERNAL,
    KIND_OF,
    KINDS,
    PARTNERS,
    PEOPLE_TYPES,
    PROCESSORS,
    RECIPIENT_TYPES,
    ROLE_NAMES,
    SERVICES,
    plain,
)
from register.exchange.cnil.periods import Kept, understood
from register.exchange.written import WrittenActivity, WrittenParty, WrittenTerms
from register.lines.values import Relation
from register.values import FinalFate, StartingEvent

BETWEEN: Final = " : "
# How sentences of the description begin that stand for cells.
KEPT_SERVICE: Final = "Destinataire interne"
KEPT_RECIPIENTS: Final = "Destinataires"
KEPT_TRANSFER: Final = "Transfert"
# What a period that nobody understood stands as, under the words that were written.
NOTHING: Final = Kept(NONE, NONE, StartingEvent.COLLECTION, FinalFate.DELETION)
_NUMBER: Final = re.compile(r"\d[\d \u00a0\u202f.]*")
_ESTIMATE: Final = re.compile(r"(?:environ\s+)?(\d[\d \u00a0\u202f.]*)", re.IGNORECASE)
_ROLES: Final = {plain(name): role for role, name in ROLE_NAMES.items()}


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return plain(text)


def under(label: str, text: str) -> str:
    """Return a text as it stands under a label in a text of several."""
    return f"{label}{BETWEEN}{text}" if text else label


def texts_under(text: str, labels: Iterable[str]) -> dict[str, str]:
    """Return what a text says under each label; under the empty one what it says under none."""
    wanted = {_plain(label): label for label in labels}
    found: dict[str, list[str]] = {}
    label = ""
    for line in text.splitlines():
        head, _, rest = line.partition(BETWEEN)
        known = wanted.get(_plain(head))
        label, told = (label, line) if known is None else (known, rest)
        found.setdefault(label, []).append(told)
    return {each: "\n".join(told).strip("\n") for each, told in found.items()}


def is_said(terms: WrittenTerms, sentence: str) -> bool:
    """Say whether a sentence tells the whole period of terms, as far as it was understood."""
    said = (understood(sentence) or NOTHING) if sentence else None
    return said is not None and all(getattr(terms, name) == getattr(said, name) for name in Kept._fields)


def estimate_in(text: str) -> tuple[int | None, str]:
    """Return how many people a cell says there are, and what else it says."""
    before, _, last = text.rpartition("\n")
    alone = _ESTIMATE.fullmatch(last.strip())
    number = alone[1] if alone else None
    if number is None:
        said = _NUMBER.search(text)
        return (None if said is None else _whole(said[0])), text
    return _whole(number), before.strip()


def _whole(number: str) -> int:
    return int("".join(filter(str.isdigit, number)))


def kind_of(text: str) -> SubjectKind | None:
    """Return the kind of people that a cell names."""
    words = _plain(text)
    return next((kind for word, kind in KIND_OF.items() if words.startswith(word)), None)


def people_told(rows: Sequence[tuple[str, str]]) -> str:
    """Return what the rows of one kind of people say exactly: each its words in the list, and what is beside them."""
    told = [_person(*row) for row in rows]
    if len(told) == 1:
        return told[0]
    return "\n".join(dict.fromkeys(each or row[0] for each, row in zip(told, rows, strict=True)))


def _person(listed: str, beside: str) -> str:
    exactly = "; ".join(filter(None, map(str.strip, beside.splitlines())))
    kind = kind_of(listed)
    usual = kind is not None and _plain(listed) == _plain(KINDS[kind])
    return exactly if usual else under(listed, exactly)


def people_rows(activity: WrittenActivity) -> Iterator[tuple[str, str]]:
    """Yield the rows of the people concerned."""
    estimates = {each.subject_kind: each.estimate for each in activity.people}
    said: dict[SubjectKind, dict[str, None]] = {}
    for purpose in activity.purposes:
        for each in purpose.data:
            said.setdefault(each.subject_kind, {}).update(dict.fromkeys((each.whom_fr or each.whom_en).splitlines()))
    for kind in SubjectKind:
        if kind in said or kind in estimates:
            rows = [_row_of(kind, line) for line in said.get(kind, ())] or [(KINDS[kind], "")]
            yield from _estimated(rows, estimates.get(kind))


def _row_of(kind: SubjectKind, line: str) -> tuple[str, str]:
    head, _, beside = line.partition(BETWEEN)
    listed = PEOPLE_TYPES.get(_plain(head))
    return (listed, beside) if listed is not None and kind_of(listed) is kind else (KINDS[kind], line)


def _estimated(rows: Sequence[tuple[str, str]], estimate: int | None) -> Iterator[tuple[str, str]]:
    told = estimate is None or any(_NUMBER.search(text) and estimate_in(text)[0] == estimate for _, text in rows)
    for place, (listed, beside) in enumerate(rows):
        yield listed, beside if told or place else "\n".join(filter(None, (beside, f"Environ {estimate}")))


def role_of(told: str) -> Role | None:
    """Return the role that a service of the company is."""
    words = _plain(told)
    return _ROLES.get(words) or next((role for word, role in SERVICES.items() if word in words), None)


def is_role_name(told: str) -> bool:
    """Say whether a service is called as we call the role."""
    return _plain(told) in _ROLES


def recipient_rows(activity: WrittenActivity) -> Iterator[tuple[str, str]]:
    """Yield the rows of those who receive data."""
    roles = list(dict.fromkeys(role for purpose in activity.purposes for role in purpose.recipients))
    services = [each for each in kept_in(activity, KEPT_SERVICE) if role_of(each) is None or role_of(each) in roles]
    named = {role_of(each) for each in services}
    for role in roles:
        if role not in named:
            yield INTERNAL, ROLE_NAMES.get(role, role)
    for each in services:
        yield INTERNAL, "" if _plain(each) == _plain(INTERNAL) else each
    for partaking in activity.parties:
        if partaking.relation in {Relation.PROCESSOR, Relation.RECIPIENT}:
            kind, part = usual_type(partaking.party, partaking.relation), partaking.part
            first, _, rest = part.partition("\n")
            kind, part = (RECIPIENT_TYPES[_plain(first)], rest) if _plain(first) in RECIPIENT_TYPES else (kind, part)
            yield kind, "\n".join(filter(None, (partaking.party.name, part)))
    for each in kept_in(activity, KEPT_RECIPIENTS):
        yield each, ""


def usual_type(party: WrittenParty, relation: Relation) -> str:
    """Return as what the template lists somebody who receives data."""
    if relation is Relation.PROCESSOR:
        return PROCESSORS
    return PARTNERS if party.country in EEA else ABROAD


def kept_in(activity: WrittenActivity, beginning: str) -> list[str]:
    """Return what the description says in sentences that begin so."""
    start = beginning + BETWEEN
    return [line.removeprefix(start) for line in activity.description.splitlines() if line.startswith(start)]
