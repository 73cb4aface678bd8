"""Actions as matters of the first pages: the officer's late ones, and one's own."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Final

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from governance.oversight.altered import altered_ids
from governance.oversight.models import PlanAction
from governance.oversight.values import Item, Label, Matter
from governance.oversight.values.plan import OPEN

_MOST: Final = 50


def late_actions(session: Session, today: date) -> list[Item]:
    """Return the actions whose day has passed, the latest first; before them those that were altered outside Égide."""
    altered = altered_ids(session, PlanAction)
    late = or_(PlanAction.due_on < today, PlanAction.id.in_(altered))
    return _items(session.scalars(_open(altered).where(late)), altered)


def own_actions(session: Session, account_id: uuid.UUID) -> list[Item]:
    """Return somebody's actions that are neither done nor dropped, the next due first, and those that were altered."""
    altered = altered_ids(session, PlanAction)
    return _items(session.scalars(_open(altered).where(PlanAction.owner_id == account_id)), altered)


def _open(altered: frozenset[uuid.UUID]) -> Select[PlanAction]:
    whole = PlanAction.id.not_in(altered)
    still = or_(PlanAction.state.in_(OPEN), ~whole)
    return select(PlanAction).where(still).order_by(whole, PlanAction.due_on, PlanAction.id).limit(_MOST)


def _items(actions: Iterable[PlanAction], altered: frozenset[uuid.UUID]) -> list[Item]:
    return [
        Item(
            matter=Matter.ACTION_DUE,
            label=Label(fr=each.title, en=each.title),
            name=each.state.value,
            person=each.owner_id,
            reference=str(each.id),
            last_day=None if each.id in altered else each.due_on,
            grave=each.id in altered,
        )
        for each in actions
    ]
