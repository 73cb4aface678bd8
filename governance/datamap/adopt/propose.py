"""Proposing a map of a database: its structure, a sample of its content, and what a person should look at."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import column, exists, func, select, table

from governance.datamap.adopt.columns import About, Judgement, judge
from governance.datamap.adopt.content import SAMPLE, Sample, sample_table
from governance.datamap.adopt.names import slug_of
from governance.datamap.adopt.proposal import LeftOut, ProposedField, ProposedTable
from governance.datamap.adopt.reflect import ReflectedTable
from governance.datamap.adopt.tables import Subject, find_persons
from governance.datamap.adopt.vocabulary import LABEL
from governance.datamap.errors import SourceUnreachableError
from governance.datamap.sources import SourceDatabase
from governance.datamap.values import RESERVED_FIELDS, FieldKind, MappedField, Storage
from governance.errors import phrase
from governance.vocabulary import DataCategory

_NO_SAMPLE: Final = Sample(size=0)
# Columns of keys and references are proposed only where they say something of a person by themselves.
_TELLING: Final = frozenset(
    {FieldKind.EMAIL, FieldKind.PHONE, FieldKind.IBAN, FieldKind.SIRET, FieldKind.SIREN, FieldKind.NAME}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """The tables of a proposal, and those that are left out."""

    tables: tuple[ProposedTable, ...]
    left_out: tuple[LeftOut, ...]


def propose(
    database: SourceDatabase,
    reflected: Sequence[ReflectedTable],
    taken: Collection[str],
    progress: Callable[[str], None],
) -> Proposed:
    """Return what a database seems to hold.

    Args:
        database: Where samples are taken.
        reflected: Its tables.
        taken: Names that other maps have.
        progress: Told the name of each table as it is looked at.

    Raises:
        SourceUnreachableError: If the database does not answer.
    """
    subjects: list[Subject] = []
    left_out: list[LeftOut] = []
    names = set(taken)
    for each in reflected:
        progress(each.name)
        reason = _why_not(each)
        if reason is not None:
            left_out.append(LeftOut(name=each.name, reason=reason))
            continue
        try:
            samples = sample_table(database, each)
        except SourceUnreachableError as error:
            # An account that may not read everything is no reason to propose nothing.
            left_out.append(LeftOut(name=each.name, reason=phrase("it cannot be read ({why})", why=error.reason)))
            continue
        name = slug_of(each.name if each.schema is None else f"{each.schema}_{each.name}", names, "table")
        names.add(name)
        subjects.append(Subject(name=name, reflected=each, samples=samples))
    find_persons(subjects, lambda source, name, target: _count_keys(database, source, name, target))
    tables = [_table(subject) for subject in subjects]
    bare = [each for each in tables if not each.fields and not _referred(each, tables)]
    left_out += [LeftOut(name=each.physical, reason=_bare(each)) for each in bare]
    return Proposed(tables=tuple(each for each in tables if each not in bare), left_out=tuple(left_out))


def _why_not(reflected: ReflectedTable) -> str | None:
    if not reflected.key:
        return phrase("it has no primary key, so nothing can name its rows")
    if not reflected.name.isprintable() or not all(name.isprintable() for name in reflected.key):
        return phrase("its name or its key's name cannot be written in a map")
    return None


def _bare(proposed: ProposedTable) -> str:
    return phrase("none of its columns is understood") if proposed.left_out else phrase("it holds nothing but keys")


def _referred(proposed: ProposedTable, tables: Sequence[ProposedTable]) -> bool:
    return any(each.link.of == proposed.name for other in tables for each in other.links)


def _table(subject: Subject) -> ProposedTable:
    fields: list[ProposedField] = []
    left_out: list[LeftOut] = []
    taken = set(RESERVED_FIELDS)
    pointing = {*subject.reflected.key, *(name for each in subject.links for name in each.link.columns)}
    pointing |= {name for each in subject.reflected.foreign_keys for name in each.columns}
    for name, reflected in subject.reflected.columns.items():
        judged = judge(reflected, subject.samples.get(name, _NO_SAMPLE), subject.about)
        if name in pointing and (isinstance(judged, LeftOut) or not _telling(judged)):
            continue
        if isinstance(judged, LeftOut) or not name.isprintable():
            left_out.append(
                judged if isinstance(judged, LeftOut) else LeftOut(name="?", reason=phrase("it cannot be written"))
            )
            continue
        field = _field(subject, name, judged, taken)
        taken.add(field.name)
        fields.append(ProposedField(field=field, grounds=judged.grounds))
    return ProposedTable(
        name=subject.name,
        physical=subject.reflected.name,
        schema=subject.reflected.schema,
        key=subject.reflected.key,
        about=subject.grounds,
        links=tuple(subject.links),
        fields=tuple(fields),
        left_out=tuple(left_out),
    )


def _telling(judged: Judgement) -> bool:
    return judged.kind in _TELLING or judged.meaning.nir


def _field(subject: Subject, column_name: str, judged: Judgement, taken: Collection[str]) -> MappedField:
    meaning, link = judged.meaning, subject.main_link
    category = meaning.category
    # `state` is a word of every row already; `customer_state` is free.
    proposed = f"{subject.name}_{column_name}" if column_name.lower() in RESERVED_FIELDS else column_name
    if meaning == LABEL and subject.about is not About.THINGS:
        category = DataCategory.RELATIONSHIP
    return MappedField(
        name=slug_of(proposed, taken, subject.name),
        column=column_name,
        category=category,
        link=None if link is None else link.name,
        kind=judged.kind,
        storage=Storage.CLEAR,
        origin=meaning.origin,
        search=meaning.search,
        special=meaning.special,
        criminal=meaning.criminal,
        nir=meaning.nir,
        free_text=judged.kind is FieldKind.FREE_TEXT,
    )


def _count_keys(database: SourceDatabase, source: ReflectedTable, name: str, target: ReflectedTable) -> tuple[int, int]:
    """Return how many distinct values of a column were looked at, and how many of them are keys of a table."""
    here = table(source.name, column(name), schema=source.schema)
    there = table(target.name, column(target.key[0]), schema=target.schema)
    some = select(here.c[name].label("v")).where(here.c[name].is_not(None)).limit(SAMPLE).subquery()
    values = select(some.c.v).distinct().subquery()
    is_key = exists(select(1).select_from(there).where(there.c[target.key[0]] == values.c.v))
    try:
        with database.read() as session:
            looked = session.scalar(select(func.count()).select_from(values)) or 0
            found = session.scalar(select(func.count()).select_from(values).where(is_key)) or 0
    except SourceUnreachableError:
        # Types that the database does not compare hold no keys of one another.
        return 0, 0
    return looked, found
