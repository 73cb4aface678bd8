"""The lines of a record read from their tables, told in a version, and read back from one."""

import types
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, Self, Union, get_args, get_origin, get_type_hints

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from audit.entries import JsonValue
from register.catalogue.models import Measure
from register.lines.contents import SPECS, Content, Spec
from register.lines.models import ActivityLine
from register.lines.values import Subject
from register.models import Party
from register.values import Standing

# What something is called, in French and in English.
Called = tuple[str, str]
_UNIONS: Final = (Union, types.UnionType)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLine:
    """A line as a version keeps it.

    Attributes:
        called: What the organisation or the measure that it names was called then.
    """

    subject: Subject
    standing: Standing
    content: Content
    called: Called | None

    @classmethod
    def read(cls, subject: Subject, told: Mapping[str, Any]) -> Self:
        """Read a line of a snapshot."""
        spec = SPECS[subject]
        hints = get_type_hints(spec.content)
        called = told["called"]
        return cls(
            subject=subject,
            standing=Standing(told["standing"]),
            content=spec.content(**{name: _read(hints[name], told[name]) for name in spec.names}),
            called=None if called is None else (called[0], called[1]),
        )


def statement_of(spec: Spec, activity_id: uuid.UUID) -> Select[Any]:
    """Return the statement that reads the lines of a subject, in the order in which they came."""
    return select(spec.model).where(spec.model.activity_id == activity_id).order_by(spec.model.id)


def read_lines(session: Session, activity_id: uuid.UUID) -> Mapping[Subject, Sequence[ActivityLine]]:
    """Return every line of an activity by subject, one statement each; what is proposed and leaving among them."""
    return {subject: list(session.scalars(statement_of(spec, activity_id))) for subject, spec in SPECS.items()}


def read_lines_of(
    session: Session, activities: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, Mapping[Subject, Sequence[ActivityLine]]]:
    """Return every line of several activities, in as many statements as of one."""
    found: dict[uuid.UUID, dict[Subject, list[ActivityLine]]] = {
        activity: {subject: [] for subject in SPECS} for activity in activities
    }
    for subject, spec in SPECS.items():
        asked = select(spec.model).where(spec.model.activity_id.in_(activities)).order_by(spec.model.id)
        for row in session.scalars(asked):
            found[row.activity_id][subject].append(row)
    return found


def called_in(session: Session, rows: Iterable[object]) -> Mapping[uuid.UUID, Called]:
    """Return what the organisations and measures that lines name are called, in two statements."""
    named = {each for row in rows if (each := named_by(row)) is not None}
    parties = session.execute(select(Party.id, Party.name).where(Party.id.in_(named)))
    measures = session.execute(select(Measure.id, Measure.label_fr, Measure.label_en).where(Measure.id.in_(named)))
    return {row.id: (row.name, row.name) for row in parties} | {
        row.id: (row.label_fr, row.label_en) for row in measures
    }


def named_by(content: object) -> uuid.UUID | None:
    """Return what a line names of what is on file; None where nothing."""
    return getattr(content, "party_id", None) or getattr(content, "measure_id", None)


def tell_lines(session: Session, activity_id: uuid.UUID) -> dict[str, JsonValue]:
    """Return every line of an activity by subject, as JSON."""
    lines = read_lines(session, activity_id)
    called = called_in(session, [row for rows in lines.values() for row in rows])
    return {subject.value: [_tell(SPECS[subject], row, called) for row in rows] for subject, rows in lines.items()}


def _tell(spec: Spec, row: ActivityLine, called: Mapping[uuid.UUID, Called]) -> JsonValue:
    names = called.get(named_by(row) or uuid.UUID(int=0))
    told: dict[str, JsonValue] = {name: _plain(getattr(row, name)) for name in spec.names}
    return {**told, "standing": row.standing.value, "called": None if names is None else [*names]}


def _plain(value: Any) -> JsonValue:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    plain: JsonValue = value
    return plain


def _read(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(kind) in _UNIONS:
        kind = next(each for each in get_args(kind) if each is not type(None))
    return date.fromisoformat(value) if kind is date else kind(value)
