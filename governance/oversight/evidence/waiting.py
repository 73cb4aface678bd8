"""Documents as matters of the officer's first page: those that end within thirty days, or have ended."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.oversight.models import Document
from governance.oversight.values import Item, Label, Matter

_SOON: Final = timedelta(days=30)
_MOST: Final = 50


def documents_ending(session: Session, today: date) -> list[Item]:
    """Return the documents to renew, those that end first before the others."""
    ending = select(Document).where(Document.removed_at.is_(None), Document.valid_until <= today + _SOON)
    rows = session.scalars(ending.order_by(Document.valid_until, Document.id).limit(_MOST))
    return [
        Item(
            matter=Matter.DOCUMENT_ENDS,
            label=Label(fr=each.title, en=each.title),
            reference=str(each.id),
            last_day=each.valid_until,
        )
        for each in rows
    ]
