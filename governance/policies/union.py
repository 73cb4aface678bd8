"""The union: what somebody, or a role, would hold in all once a request is granted, beside what is held now.

Purpose by purpose and action by action, so that whoever decides sees what one hand would come to hold, not only what is
asked for (docs/adr/0043).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from governance.errors import mark
from governance.policies.holding import Cell, Holding, together
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind


class Change(StrEnum):
    """What becomes of one category."""

    SAME = mark("unchanged")
    ADDED = mark("new")
    STRONGER = mark("stronger")
    WEAKER = mark("weaker")
    REMOVED = mark("gone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One category, before and after. Of several kinds of people the strongest form counts."""

    category: DataCategory
    before: Form | None
    after: Form | None
    kinds: tuple[SubjectKind, ...] = ()

    @property
    def change(self) -> Change:
        """What becomes of it."""
        if self.before is self.after:
            return Change.SAME
        if self.before is None:
            return Change.ADDED
        if self.after is None:
            return Change.REMOVED
        return Change.STRONGER if self.after.code > self.before.code else Change.WEAKER


@dataclass(frozen=True, slots=True, kw_only=True)
class UnionRow:
    """One purpose and action."""

    purpose_id: int
    action: GrantedAction
    marks: tuple[Mark, ...]

    @property
    def changed(self) -> bool:
        """Whether anything in it would be new."""
        return any(each.change is not Change.SAME for each in self.marks)


def union_of(before: Holding, more: Holding) -> list[UnionRow]:
    """Return what would be held in all: rows with something new first, then by purpose and action."""
    after = together(before, more)
    places = sorted({(cell.purpose_id, cell.action) for cell in after}, key=lambda place: (place[0], place[1].code))
    rows = [
        UnionRow(purpose_id=number, action=action, marks=_marks(before, after, number, action))
        for number, action in places
    ]
    return sorted(rows, key=lambda row: not row.changed)


def _marks(before: Holding, after: Holding, purpose_id: int, action: GrantedAction) -> tuple[Mark, ...]:
    marks = []
    for category in DataCategory:
        cells = [cell for cell in after if cell[:2] == (purpose_id, action) and cell.category is category]
        if cells:
            marks.append(
                Mark(
                    category=category,
                    before=_strongest(before, cells),
                    after=_strongest(after, cells),
                    kinds=tuple(sorted((cell.kind for cell in cells), key=lambda kind: kind.code)),
                )
            )
    return tuple(marks)


def _strongest(holding: Holding, cells: Iterable[Cell]) -> Form | None:
    return max((holding[cell].form for cell in cells if cell in holding), key=lambda form: form.code, default=None)
