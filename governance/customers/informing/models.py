"""The table of first messages: each file that was made of an import's people, for whom it was, and who was left out."""

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base
from governance.vocabulary import SLUG_LENGTH, Channel

_NOBODY: Final = "{}"


class FirstMessage(Base, kw_only=True):
    """One file of the first message to the people of an import. It grants nothing, and names nobody.

    Attributes:
        id: Its identity.
        import_id: The import.
        purpose: The slug of the purpose that its people were read for.
        channel: By which way they are written to.
        version: The version of the notice that it carries.
        actor_id: Who made it.
        people: How many people stand in it; None until it has left whole.
        left_out: How many people do not, by reason, as JSON.
        made_at: When it was begun.
    """

    __tablename__ = "first_message"
    __table_args__ = (CheckConstraint("people >= 0", name="people_not_negative"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    import_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("import_run.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(SLUG_LENGTH))
    channel: Mapped[Channel]
    version: Mapped[int] = mapped_column(Integer())
    actor_id: Mapped[uuid.UUID | None]
    people: Mapped[int | None] = mapped_column(Integer(), default=None)
    left_out: Mapped[str] = mapped_column(Text(), default=_NOBODY)
    made_at: Mapped[datetime]
