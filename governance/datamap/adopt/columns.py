"""Judging one column: what its name says, what a sample of it looks like, and what follows from both."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from governance.datamap.adopt.content import STRICT, Evidence, Sample
from governance.datamap.adopt.names import look_up
from governance.datamap.adopt.proposal import Confidence, Grounds, LeftOut
from governance.datamap.adopt.reflect import ColumnType, ReflectedColumn
from governance.datamap.adopt.vocabulary import COLUMNS, LABEL, SECRET, Meaning
from governance.datamap.values import FieldKind
from governance.errors import phrase
from governance.vocabulary import DataCategory

_CERTAIN_SHARE: Final = 0.95
_CERTAIN_SAMPLE: Final = 20
_CONTRADICTED_SHARE: Final = 0.2
_CONTRADICTED_SAMPLE: Final = 5
_DAYS: Final = frozenset({FieldKind.DATE, FieldKind.BIRTH_DATE})
# Kinds whose values are digits, and may lie in a column of numbers.
_DIGITS: Final = frozenset({FieldKind.PHONE, FieldKind.POSTCODE, FieldKind.SIRET, FieldKind.SIREN})
_BY_TYPE: Final[Mapping[ColumnType, FieldKind]] = {
    ColumnType.TEXT: FieldKind.TEXT,
    ColumnType.INTEGER: FieldKind.INTEGER,
    ColumnType.NUMBER: FieldKind.NUMBER,
    ColumnType.BOOLEAN: FieldKind.BOOLEAN,
    ColumnType.DATE: FieldKind.DATE,
    ColumnType.MOMENT: FieldKind.MOMENT,
}


class About(StrEnum):
    """What the rows of a table are about."""

    PERSONS = "persons"
    LINKED = "linked"
    THINGS = "things"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a column holds, and why we think so. `kind` fits the column's type."""

    meaning: Meaning
    kind: FieldKind
    grounds: Grounds


def judge(column: ReflectedColumn, sample: Sample, about: About) -> Judgement | LeftOut:
    """Return what a column holds, or why it is left out.

    Args:
        column: Its name and type.
        sample: What its values look like.
        about: What its table's rows are about.
    """
    if column.type is ColumnType.OTHER:
        return LeftOut(name=column.name, reason=phrase("its type {type} cannot be given", type=column.declared))
    named = meaning_of(column.name, about)
    if named == SECRET:
        return LeftOut(name=column.name, reason=phrase("named like a secret; nobody needs to read it"))
    seen = sample.best
    if named is not None:
        return _by_name(column, sample, named, seen)
    if seen is not None:
        return _by_content(column, sample, seen)
    kind = _BY_TYPE[column.type]
    if about is not About.THINGS:
        return LeftOut(
            name=column.name,
            reason=phrase("neither its name nor its content says what it holds"),
            # A text that holds days may be given as days, once somebody has said whose they are.
            kind=FieldKind.DATE if column.type is ColumnType.TEXT and sample.midnight else kind,
        )
    grounds = Grounds(confidence=Confidence.LOW, reasons=(phrase("nothing about it looks personal"),))
    return Judgement(meaning=LABEL, kind=_fitting(kind, column, sample), grounds=grounds)


def meaning_of(name: str, about: About) -> Meaning | None:
    """Return what a column's name says in its table."""
    found = look_up(name, COLUMNS)
    if found is None or not found.of_persons or about is About.PERSONS:
        return found
    # `name` and `title` name things here.
    return LABEL if about is About.THINGS else None


def _by_name(column: ReflectedColumn, sample: Sample, named: Meaning, seen: Evidence | None) -> Judgement:
    says = phrase("named like {what}", what=named.spoken)
    if seen is not None and seen.meaning != named and seen.meaning.what in STRICT:
        grounds = Grounds(
            confidence=Confidence.MEDIUM, reasons=(phrase("{says}, but {seen}", says=says, seen=seen.sentence),)
        )
        return _judgement(column, sample, _flagged(seen.meaning, named), grounds)
    found = sample.of(named)
    if found is None:
        return _judgement(column, sample, named, Grounds(confidence=Confidence.MEDIUM, reasons=(says,)))
    if found.convincing:
        grounds = Grounds(confidence=Confidence.HIGH, reasons=(says, found.sentence))
        return _judgement(column, sample, named, grounds)
    if named.what in STRICT and found.sample >= _CONTRADICTED_SAMPLE and found.share < _CONTRADICTED_SHARE:
        grounds = Grounds(
            confidence=Confidence.LOW, reasons=(phrase("{says}, but {seen}", says=says, seen=found.sentence),)
        )
        return _judgement(column, sample, replace(named, kind=FieldKind.TEXT, search=frozenset()), grounds)
    reasons = (says, found.sentence) if found.share else (says,)
    return _judgement(column, sample, named, Grounds(confidence=Confidence.MEDIUM, reasons=reasons))


def _by_content(column: ReflectedColumn, sample: Sample, seen: Evidence) -> Judgement:
    certain = seen.share >= _CERTAIN_SHARE and seen.sample >= _CERTAIN_SAMPLE and seen.meaning.what in STRICT
    confidence = Confidence.HIGH if certain else Confidence.MEDIUM
    return _judgement(column, sample, seen.meaning, Grounds(confidence=confidence, reasons=(seen.sentence,)))


def _flagged(seen: Meaning, named: Meaning) -> Meaning:
    """Return what was seen, with the warnings that the name gave: they are not lost to a guess."""
    category = DataCategory.SPECIAL if named.special else seen.category
    return replace(
        seen,
        category=category,
        special=seen.special or named.special,
        criminal=seen.criminal or named.criminal,
        nir=seen.nir or named.nir,
    )


def _judgement(column: ReflectedColumn, sample: Sample, meaning: Meaning, grounds: Grounds) -> Judgement:
    kind = _fitting(meaning.kind, column, sample)
    if kind is meaning.kind:
        return Judgement(meaning=meaning, kind=kind, grounds=grounds)
    # Only what a kind is searched by fits that kind.
    return Judgement(meaning=replace(meaning, search=frozenset()), kind=kind, grounds=grounds)


def _fitting(kind: FieldKind, column: ReflectedColumn, sample: Sample) -> FieldKind:
    """Return the kind that fits both the meaning and the column's type."""
    if column.type is ColumnType.TEXT:
        return _fitting_text(kind, sample)
    if column.type is ColumnType.INTEGER:
        return kind if kind in _DIGITS else FieldKind.INTEGER
    if column.type in {ColumnType.DATE, ColumnType.MOMENT}:
        if kind is FieldKind.BIRTH_DATE:
            return kind
        return FieldKind.DATE if column.type is ColumnType.DATE or sample.midnight else FieldKind.MOMENT
    return _BY_TYPE[column.type]


def _fitting_text(kind: FieldKind, sample: Sample) -> FieldKind:
    if kind in _DAYS | {FieldKind.MOMENT}:
        if not sample.midnight:
            return FieldKind.TEXT
        return FieldKind.DATE if kind is FieldKind.MOMENT else kind
    return FieldKind.TEXT if kind in {FieldKind.NUMBER, FieldKind.INTEGER, FieldKind.BOOLEAN} else kind
