"""What the rows of each table are about, and how they lead to persons.

A table is of persons when it is called so, or when its columns name people. Any other table that refers, through
foreign keys, to a table of persons is linked to them. What is left is about things.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from governance.datamap.adopt.columns import About, meaning_of
from governance.datamap.adopt.content import Sample
from governance.datamap.adopt.names import look_up, slug_of, words_of
from governance.datamap.adopt.proposal import Confidence, Grounds, ProposedLink
from governance.datamap.adopt.reflect import ForeignKey, ReflectedTable
from governance.datamap.adopt.vocabulary import (
    BIRTH_DATE,
    EMAIL,
    FAMILY_NAME,
    GIVEN_NAME,
    KEY_WORDS,
    NIR,
    ORGANISATIONS,
    TABLE_WORDS,
    TABLES,
)
from governance.datamap.values import NOBODY, Link
from governance.errors import listed, phrase
from governance.vocabulary import SubjectKind

SELF: Final = "person"
_NAMES_PEOPLE: Final = (FAMILY_NAME, GIVEN_NAME, BIRTH_DATE, NIR)
# How many of a number of sampled values of columns are keys of a table: (values, found).
CountKeys = Callable[[ReflectedTable, str, ReflectedTable], tuple[int, int]]
_THINGS: Final = Grounds(
    confidence=Confidence.MEDIUM, reasons=(phrase("about things: no column names a person, and it refers to none"),)
)
_ENOUGH_KEYS: Final = 0.95
_FEW_KEYS: Final = 5


@dataclass(slots=True, kw_only=True)
class Subject:
    """A table while its proposal takes shape."""

    name: str
    reflected: ReflectedTable
    samples: Mapping[str, Sample]
    about: About = About.THINGS
    grounds: Grounds = _THINGS
    links: list[ProposedLink] = field(default_factory=list)

    @property
    def main_link(self) -> Link | None:
        """The link that the table's own columns speak of: a customer rather than an employee who serves them."""
        links = [proposed.link for proposed in self.links]
        others = [link for link in links if link.kind is not SubjectKind.EMPLOYEE]
        if self.about is About.PERSONS or not others:
            return links[0] if links else None
        return others[0]


def find_persons(subjects: Sequence[Subject], count_keys: CountKeys) -> None:
    """Find out what each table is about and give it its links."""
    for subject in subjects:
        _called_persons(subject)
    references = {id(subject): list(_references(subject, subjects, count_keys)) for subject in subjects}
    persons = {id(subject) for subject in subjects if subject.about is About.PERSONS}
    for subject in subjects:
        if subject.about is About.THINGS and not any(id(other) in persons for _, other, _ in references[id(subject)]):
            _names_people(subject)
    _lead_to_persons(subjects, references)


def _called_persons(subject: Subject) -> None:
    words = [word for word in words_of(subject.reflected.name) if word not in TABLE_WORDS]
    kind = look_up("_".join(words), TABLES) if len(words) == 1 else TABLES.get("".join(words))
    if kind is not None:
        _mark(subject, kind, _by_name(kind))


def _by_name(kind: SubjectKind) -> Grounds:
    named = phrase("named like a table of persons")
    if kind is not SubjectKind.OTHER:
        return Grounds(confidence=Confidence.HIGH, reasons=(named,))
    unsure = phrase("the name does not say whether they are customers or staff")
    return Grounds(confidence=Confidence.MEDIUM, reasons=(named, unsure))


def _names_people(subject: Subject) -> None:
    named = {meaning_of(name, About.PERSONS) for name in subject.reflected.columns}
    seen = {sample.best.meaning for sample in subject.samples.values() if sample.best is not None}
    found = [meaning.spoken for meaning in _NAMES_PEOPLE if meaning in named or meaning in seen]
    organisation = any(word in ORGANISATIONS for word in words_of(subject.reflected.name))
    if not organisation and (EMAIL in named or EMAIL in seen):
        found.append(EMAIL.spoken)
    if found:
        kind = look_up(subject.reflected.name, TABLES) or SubjectKind.OTHER
        reasons = (phrase("its columns hold {what}; say what kind of persons they are", what=listed(found)),)
        _mark(subject, kind, Grounds(confidence=Confidence.MEDIUM, reasons=reasons))


def _mark(subject: Subject, kind: SubjectKind, grounds: Grounds) -> None:
    subject.about, subject.grounds = About.PERSONS, grounds
    subject.links.append(ProposedLink(link=Link(name=SELF, kind=kind), grounds=grounds))


_Reference = tuple[ForeignKey, Subject, Grounds]


def _references(subject: Subject, subjects: Sequence[Subject], count_keys: CountKeys) -> Iterator[_Reference]:
    declared: set[str] = set()
    for foreign_key in subject.reflected.foreign_keys:
        target = _table_named(subjects, subject.reflected.schema, foreign_key.table)
        declared.update(foreign_key.columns)
        if target is not None and set(foreign_key.referred) == set(target.reflected.key):
            grounds = Grounds(
                confidence=Confidence.HIGH, reasons=(phrase("foreign key to {table}", table=foreign_key.table),)
            )
            yield _in_key_order(foreign_key, target.reflected), target, grounds
    for column in subject.reflected.columns:
        if column not in declared:
            yield from _undeclared(subject, column, subjects, count_keys)


def _undeclared(
    subject: Subject, column: str, subjects: Sequence[Subject], count_keys: CountKeys
) -> Iterator[_Reference]:
    words = words_of(column)
    plain = [word for word in words if word not in KEY_WORDS]
    if not plain or len(plain) == len(words) or (column,) == subject.reflected.key:
        return
    for target in subjects:
        key = target.reflected.key
        same = words_of(target.reflected.name)
        called_so = "".join(plain) in {"".join(same), "".join(same).removesuffix("s"), f"{''.join(same)}s"}
        if target is subject or len(key) != 1 or not called_so:
            continue
        if subject.reflected.columns[column].type is not target.reflected.columns[key[0]].type:
            continue
        looked, found = count_keys(subject.reflected, column, target.reflected)
        if looked >= _FEW_KEYS and found >= _ENOUGH_KEYS * looked:
            of_them = {"found": f"{found:,}", "looked": f"{looked:,}", "table": target.reflected.name}
            reasons = (phrase("no foreign key, but {found} of {looked} values are keys of {table}", **of_them),)
            foreign_key = ForeignKey(columns=(column,), table=target.reflected.name, referred=key)
            yield foreign_key, target, Grounds(confidence=Confidence.MEDIUM, reasons=reasons)
            return


def _table_named(subjects: Sequence[Subject], schema: str | None, name: str) -> Subject | None:
    for subject in subjects:
        if (subject.reflected.schema, subject.reflected.name) == (schema, name):
            return subject
    return None


def _in_key_order(foreign_key: ForeignKey, target: ReflectedTable) -> ForeignKey:
    by_referred = dict(zip(foreign_key.referred, foreign_key.columns, strict=True))
    columns = tuple(by_referred[column] for column in target.key)
    return ForeignKey(columns=columns, table=foreign_key.table, referred=target.key)


def _lead_to_persons(subjects: Sequence[Subject], references: Mapping[int, list[_Reference]]) -> None:
    """Give links to whatever refers to a table that has some, from table to table until nothing changes."""
    linked: set[tuple[int, tuple[str, ...]]] = set()
    changed = True
    while changed:
        changed = False
        for subject in subjects:
            for foreign_key, target, grounds in references[id(subject)]:
                place = (id(subject), foreign_key.columns)
                if place in linked or target.main_link is None or _through_itself(subject, target):
                    continue
                linked.add(place)
                changed = True
                _link(subject, foreign_key, target, grounds)


def _through_itself(subject: Subject, target: Subject) -> bool:
    # A linked table that refers to itself would lead in a circle; a table of persons leads to its own persons.
    return subject is target and subject.about is not About.PERSONS


def _link(subject: Subject, foreign_key: ForeignKey, target: Subject, grounds: Grounds) -> None:
    meant = target.main_link
    if meant is None:
        return
    taken = {SELF, NOBODY, *(proposed.link.name for proposed in subject.links)}
    link = Link(
        name=_link_name(foreign_key, target, taken),
        kind=meant.kind,
        of=target.name,
        of_link=meant.name,
        columns=foreign_key.columns,
    )
    subject.links.append(ProposedLink(link=link, grounds=grounds))
    if subject.about is About.THINGS:
        subject.about = About.LINKED
        subject.grounds = Grounds(
            confidence=grounds.confidence, reasons=(phrase("it refers to {table}", table=target.reflected.name),)
        )


def _link_name(foreign_key: ForeignKey, target: Subject, taken: set[str]) -> str:
    words: list[str] = []
    if len(foreign_key.columns) == 1:
        words = [word for word in words_of(foreign_key.columns[0]) if word not in KEY_WORDS]
    name = "_".join(words) or target.name
    # `person` is the row itself, here or once somebody says so.
    return slug_of(f"linked_{name}" if name == SELF else name, taken, SELF)
