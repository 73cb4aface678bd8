"""Actions as matters of the first pages: the officer's late ones, and one's own."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from governance.oversight.models import PlanAction
from governance.oversight.values import Item, Label, Matter
from governance.oversight.values.plan import OPEN

_MOST: Final = 50


def late_actions(session: Session, today: date) -> list[Item]:
    """Return the actions whose day has passed, the latest first."""
    return _items(session.scalars(_open().where(PlanAction.due_on < today)))


def own_actions(session: Session, account_id: uuid.UUID) -> list[Item]:
    """Return somebody's actions that are neither done nor dropped, the next due first."""
    return _items(session.scalars(_open().where(PlanAction.owner_id == account_id)))


def _open() -> Select[PlanAction]:
    return select(PlanAction).where(PlanAction.state.in_(OPEN)).order_by(PlanAction.due_on, PlanAction.id).limit(_MOST)


def _items(actions: Iterable[PlanAction]) -> list[Item]:
    return [
        Item(
            matter=Matter.ACTION_DUE,
            label=Label(fr=each.title, en=each.title),
            name=each.state.value,
            person=each.owner_id,
            reference=str(each.id),
            last_day=each.due_on,
        )
        for each in actions
    ]
