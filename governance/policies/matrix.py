"""The policy matrix: roles down, purposes across, and for each pair the form in which each category is given.

It is made of the grants' own history, so that it can be drawn for any moment of the past, and two moments compared: a
grant counted from its approval, or its beginning where that came later, until it was taken back or ended.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from governance.actor import Role
from governance.policies.models import Grant
from governance.policies.terms import HOLDERS
from governance.policies.union import Mark
from governance.vault.attest import Attestor
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind
from register.values import DeclaredPurposes
from register.verified import Altered, verified_rows

# As their grants are drawn: those who sell and serve first.
ROLES: Final = tuple(role for role in Role if role in HOLDERS)
Pair = tuple[Role, int]


class Span(NamedTuple):
    """A grant with the times between which it counted."""

    role: Role
    purpose_id: int
    subject_kind: SubjectKind
    category: DataCategory
    action: GrantedAction
    form: Form
    valid_from: datetime
    valid_to: datetime
    approved_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixQuery:
    """What the matrix shows.

    Attributes:
        at: At which moment.
        since: Compared with which earlier moment; None for no comparison.
        action: For which action.
        kind: Of which kind of people; None for all, of which the strongest form counts.
    """

    at: datetime
    since: datetime | None = None
    action: GrantedAction = GrantedAction.READ
    kind: SubjectKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The forms at a moment.

    Attributes:
        marks: For each role and purpose, the categories that are given or, compared, were given before.
        altered: How many grants were left out because they were altered outside Égide.
    """

    query: MatrixQuery
    marks: Mapping[Pair, tuple[Mark, ...]] = field(default_factory=lambda: MappingProxyType({}))
    altered: int = 0

    def of(self, role: Role, purpose_id: int) -> tuple[Mark, ...]:
        """Return the marks of one pair."""
        return self.marks.get((role, purpose_id), ())


def draw_matrix(session: Session, attestor: Attestor, query: MatrixQuery) -> Matrix:
    """Draw the matrix in one statement."""
    spans: list[Span] = []
    altered = 0
    for row in verified_rows(session, attestor, Grant, Span._fields, Grant.approved_at.is_not(None)):
        if isinstance(row, Altered):
            altered += 1
        else:
            spans.append(Span._make(row))
    after = _forms_at(spans, query, query.at)
    before = after if query.since is None else _forms_at(spans, query, query.since)
    pairs = sorted({*before, *after}, key=lambda pair: (ROLES.index(pair[0]), pair[1]))
    return Matrix(
        query=query,
        marks=MappingProxyType({pair: _marks(before.get(pair, {}), after.get(pair, {})) for pair in pairs}),
        altered=altered,
    )


def is_recipient(purposes: DeclaredPurposes, role: Role, purpose_id: int) -> bool:
    """Say whether the register names the role as a recipient: to another nothing can be given."""
    purpose = purposes.by_id.get(purpose_id)
    return purpose is not None and role in purpose.recipients


def _forms_at(spans: Iterable[Span], query: MatrixQuery, at: datetime) -> Mapping[Pair, Mapping[DataCategory, Form]]:
    forms: dict[Pair, dict[DataCategory, Form]] = defaultdict(dict)
    for span in spans:
        if span.action is query.action and query.kind in (None, span.subject_kind) and _counts(span, at):
            cell = forms[span.role, span.purpose_id]
            if span.category not in cell or span.form.code > cell[span.category].code:
                cell[span.category] = span.form
    return forms


def _counts(span: Span, at: datetime) -> bool:
    begun = max(span.approved_at, span.valid_from) <= at
    return begun and at < span.valid_to and (span.revoked_at is None or at < span.revoked_at)


def _marks(before: Mapping[DataCategory, Form], after: Mapping[DataCategory, Form]) -> tuple[Mark, ...]:
    return tuple(
        Mark(category=category, before=before.get(category), after=after.get(category))
        for category in DataCategory
        if category in before or category in after
    )
