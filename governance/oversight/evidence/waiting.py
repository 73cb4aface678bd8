"""Documents as matters of the officer's first page: those that end within thirty days, or have ended."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance.oversight.altered import altered_ids
from governance.oversight.models import Document
from governance.oversight.values import Item, Label, Matter

_SOON: Final = timedelta(days=30)
_MOST: Final = 50


def documents_ending(session: Session, today: date) -> list[Item]:
    """Return the documents to renew, those that end first before the others; first those that were altered."""
    altered = altered_ids(session, Document)
    whole = Document.id.not_in(altered)
    ending = Document.removed_at.is_(None) & (Document.valid_until <= today + _SOON)
    wanted = select(Document).where(or_(ending, ~whole))
    rows = session.scalars(wanted.order_by(whole, Document.valid_until, Document.id).limit(_MOST))
    return [
        Item(
            matter=Matter.DOCUMENT_ENDS,
            label=Label(fr=each.title, en=each.title),
            reference=str(each.id),
            last_day=None if each.id in altered else each.valid_until,
            grave=each.id in altered,
        )
        for each in rows
    ]
