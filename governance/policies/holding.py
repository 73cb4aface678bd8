"""What roles hold: for each purpose, action, kind of person and category the strongest form, and until when.

Overlapping grants do not add up: the strongest wins (docs/adr/0042), and of equals the one that lasts longest.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from governance.actor import Role
from governance.days import day_of
from governance.policies.models import Grant
from governance.policies.requests import in_order
from governance.policies.values import GrantOnFile
from governance.vault.attest import Attestor
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind
from register.verified import Altered, verified_rows


class Cell(NamedTuple):
    """What a form is held of."""

    purpose_id: int
    action: GrantedAction
    kind: SubjectKind
    category: DataCategory


class Held(NamedTuple):
    """A form, and until when it is held."""

    form: Form
    until: datetime


Holding = Mapping[Cell, Held]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Cells of one purpose that are said in one breath."""

    action: GrantedAction
    form: Form
    categories: tuple[DataCategory, ...]
    kinds: tuple[SubjectKind, ...]
    until: date


def grants_of(session: Session, attestor: Attestor, roles: Collection[Role]) -> list[GrantOnFile]:
    """Return the approved and unrevoked grants of some roles whose attestation holds; one that fails gives nothing."""
    standing = (Grant.approved_at.is_not(None), Grant.revoked_at.is_(None), Grant.role.in_(roles))
    rows = verified_rows(session, attestor, Grant, GrantOnFile._fields, *standing)
    return [GrantOnFile._make(row) for row in rows if not isinstance(row, Altered)]


def holding_of(grants: Iterable[GrantOnFile], now: datetime) -> Holding:
    """Return what these grants give together at a moment."""
    held: dict[Cell, Held] = {}
    for grant in grants:
        if grant.valid_from <= now < grant.valid_to:
            cell = Cell(grant.purpose_id, grant.action, grant.subject_kind, grant.category)
            stronger = Held(grant.form, grant.valid_to)
            if cell not in held or _rank(stronger) > _rank(held[cell]):
                held[cell] = stronger
    return held


def together(*holdings: Holding) -> Holding:
    """Return what holdings give together."""
    held: dict[Cell, Held] = {}
    for holding in holdings:
        for cell, one in holding.items():
            held[cell] = max(held.get(cell, one), one, key=_rank)
    return held


def lines_of(holding: Holding, purpose_id: int) -> list[Line]:
    """Return what is held for a purpose in as few lines as it takes: reading first, and the strongest form first."""
    kinds: dict[tuple[GrantedAction, Form, date, DataCategory], set[SubjectKind]] = defaultdict(set)
    for cell, held in holding.items():
        if cell.purpose_id == purpose_id:
            kinds[cell.action, held.form, day_of(held.until), cell.category].add(cell.kind)
    grouped: dict[tuple[GrantedAction, Form, date, tuple[SubjectKind, ...]], list[DataCategory]] = defaultdict(list)
    for (action, form, until, category), found in kinds.items():
        grouped[action, form, until, tuple(in_order(found))].append(category)
    lines = [
        Line(action=action, form=form, categories=tuple(in_order(categories)), kinds=found, until=until)
        for (action, form, until, found), categories in grouped.items()
    ]
    return sorted(lines, key=lambda line: (line.action.code, -line.form.code, line.categories[0].code, line.kinds))


def _rank(held: Held) -> tuple[int, datetime]:
    return held.form.code, held.until
