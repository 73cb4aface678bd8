"""What a map opens: columns that it describes for the first time, and who would read them by what was granted before.

Grants, and activities that only observe, open whole categories. A column that enters such a category is read at once by
people to whom nobody ever gave it, so whoever gives access puts such a map in force. GDPR Art. 24, 25(2) and 32(4).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from governance.actor import Role
from governance.datamap.labels import OF_KINDS_LABELS
from governance.datamap.values import DataMap, MappedField, MappedTable
from governance.errors import Phrase, listed, mark, phrase
from governance.vocabulary import Form, GrantedAction, SubjectKind

# So many are named in an error; the page names them all.
_NAMED: Final = 10
_DOING: Final = {GrantedAction.READ: mark("would read"), GrantedAction.EXPORT: mark("would export")}
_FINDING: Final = mark("would find people by")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewColumn:
    """A column that no map in force describes as this one does."""

    table: MappedTable
    field: MappedField

    @property
    def kind(self) -> SubjectKind | None:
        """What kind of person it speaks of; None where it speaks of nobody."""
        return None if self.field.link is None else self.table.links[self.field.link].kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """New columns that a role would obtain for a purpose, without anybody's giving them.

    Attributes:
        purpose: The purpose's slug.
        label_fr: What it is called.
        label_en: The same in English.
        action: Read or export.
        form: In which form at most; withheld where people may only be found by them.
        kind: Of which kind of person; None where the columns speak of nobody.
    """

    role: Role
    purpose: str
    label_fr: str
    label_en: str
    action: GrantedAction
    form: Form
    kind: SubjectKind | None
    columns: tuple[NewColumn, ...]

    @property
    def doing(self) -> Phrase:
        """What the role would do with them, and in which form."""
        doing = Phrase(_FINDING if self.form is Form.WITHHELD else _DOING[self.action], {})
        if self.form in {Form.CLEAR, Form.WITHHELD}:
            return doing
        return phrase("{doing}, {form}", doing=doing, form=self.form)

    def of_whom(self, columns: Phrase) -> Phrase:
        """Return the columns, by these names, with the people of whom they speak."""
        if self.kind is None:
            return columns
        return phrase("{columns} {people}", columns=columns, people=Phrase(OF_KINDS_LABELS[self.kind], {}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Openings:
    """What a map opens.

    Attributes:
        altered: Whether something that decides was altered outside Égide: then nobody can tell what it opens.
    """

    found: tuple[Opening, ...] = ()
    altered: bool = False

    def __bool__(self) -> bool:
        return self.altered or bool(self.found)

    def said(self) -> Phrase:
        """Return it in words, for an error: the first of them."""
        if self.altered:
            return phrase("what decides who reads was altered outside Égide")
        more = len(self.found) - _NAMED
        told = [_said(each) for each in self.found[:_NAMED]]
        return listed([*told, phrase("and {count} more", count=more)] if more > 0 else told, "; ")


# Asked under the lock of what decides; given by the roof, for grants stand above this room.
WhoReads = Callable[[Session, datetime, Sequence[NewColumn]], Openings]


def new_columns(before: DataMap | None, after: DataMap) -> list[NewColumn]:
    """Return the columns that a map describes and the one before did not, whatever their fields are called.

    A column counts as described before only where its table, its person, its category and its marks were the same;
    letter case makes a difference, as it does to PostgreSQL.
    """
    known = set() if before is None else {_place(each) for each in _columns(before)}
    return [each for each in _columns(after) if _place(each) not in known]


def _columns(described: DataMap) -> Iterator[NewColumn]:
    for table in described.tables.values():
        for field in table.fields.values():
            yield NewColumn(table=table, field=field)


def _place(column: NewColumn) -> tuple[object, ...]:
    table, field = column.table, column.field
    link = None if field.link is None else table.links[field.link]
    whose = None if link is None else (link.name, link.kind, link.of, link.of_link, link.columns)
    # Grants on `special` decide about what is marked, and its marks about what the register must say (GDPR Art. 9, 10).
    speaks_of = (field.category, field.special, field.criminal, field.nir)
    return table.schema, table.physical, table.key, field.column, speaks_of, whose


def _said(opening: Opening) -> Phrase:
    names = [f"{each.table.name}.{each.field.name}" for each in opening.columns[:_NAMED]]
    more = len(opening.columns) - _NAMED
    columns = listed([*names, phrase("and {count} more", count=more)] if more > 0 else names)
    return phrase(
        "{role}, for {purpose}, {doing}: {columns}",
        role=opening.role,
        purpose=opening.purpose,
        doing=opening.doing,
        columns=opening.of_whom(columns),
    )
