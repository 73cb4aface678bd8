"""Tables of notices: where data are collected, the texts that were published, whom is still to be told.

They are attested evidence: what a notice opens at the gate, the purposes that it names decide.
"""

import uuid
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.orm import Base
from governance.vault.attest import Attested
from governance.vocabulary import SLUG_LENGTH
from register.notices.values import CollectionWay, ToldBy

_LABEL_LENGTH = 200


class CollectionPoint(Attested, Base, kw_only=True):
    """Where data are collected, and so where people are told. GDPR Art. 13, 14.

    `covers_all` says that every activity about customers, prospects or contacts collects here; the others are chosen.
    `source` is where the data come from, where the people themselves do not give them. GDPR Art. 14(2)(f).
    """

    __tablename__ = "collection_point"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint("length(slug) BETWEEN 1 AND 64 AND slug = lower(slug)", name="slug_shape"),
        CheckConstraint("length(name_fr) > 0 AND length(name_en) > 0", name="named"),
        CheckConstraint(
            "(way IN ('bought-file', 'partner', 'public-source')) = (source_fr <> '' AND source_en <> '')",
            name="source_where_indirect",
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH))
    name_fr: Mapped[str] = mapped_column(String(_LABEL_LENGTH))
    name_en: Mapped[str] = mapped_column(String(_LABEL_LENGTH))
    way: Mapped[CollectionWay]
    covers_all: Mapped[bool] = mapped_column(default=False)
    source_fr: Mapped[str] = mapped_column(String(_LABEL_LENGTH), default="")
    source_en: Mapped[str] = mapped_column(String(_LABEL_LENGTH), default="")
    changed_at: Mapped[datetime]


class PointActivity(Attested, Base, kw_only=True):
    """That an activity collects at a point."""

    __tablename__ = "collection_point_activity"
    __decides__: ClassVar[bool] = False
    __table_args__ = (Index("ix_collection_point_activity_activity_id", "activity_id"),)

    point_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("collection_point.id"), primary_key=True)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity.id"), primary_key=True)


class NoticeText(Attested, Base, kw_only=True):
    """One version of a notice as it was published, in both languages and both layers. Never changed.

    `cause` is the activity whose step brought it; None where somebody published it.
    """

    __tablename__ = "notice_text"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        CheckConstraint("version >= 1", name="version_positive"),
        Index("ix_notice_text_point_id", "point_id", "version"),
    )

    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH), primary_key=True)
    version: Mapped[int] = mapped_column(Integer(), primary_key=True, autoincrement=False)
    point_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("collection_point.id"))
    text: Mapped[str] = mapped_column(Text())
    cause: Mapped[str | None] = mapped_column(String(SLUG_LENGTH), default=None)
    actor_id: Mapped[uuid.UUID | None] = mapped_column(default=None)
    at: Mapped[datetime]


class InformationTask(Attested, Base, kw_only=True):
    """That people whose data came from elsewhere are to be told. GDPR Art. 14(3).

    `obtained_on` is the day on which the data came to the company, `used_on` that of the first message to the people or
    of the first disclosure; `told_on` and `told_by` say that it is settled. `message_on` is the day on which the first
    message was made, with `message_version` of the notice, for `message_people` people of `message_of`; both are there
    once it was made whole. `people` is how many are to be told, known once the import has finished; whoever is left out
    of the first message, or came after it was settled how the others were told, is the next `part` of the import.
    """

    __tablename__ = "information_task"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        UniqueConstraint("import_id", "part"),
        CheckConstraint("part >= 1 AND people >= 0", name="part_and_people_positive"),
        CheckConstraint("(told_on IS NULL) = (told_by IS NULL)", name="told_when_and_how"),
        CheckConstraint("(message_on IS NULL) = (message_version IS NULL)", name="message_with_notice"),
        CheckConstraint("(message_people IS NULL) = (message_of IS NULL)", name="message_counted_whole"),
        CheckConstraint("message_people >= 0 AND message_people <= message_of", name="message_counts_add_up"),
        Index("ix_information_task_told_on", "told_on"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    point_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("collection_point.id"))
    import_id: Mapped[uuid.UUID]
    part: Mapped[int] = mapped_column(Integer(), default=1)
    people: Mapped[int | None] = mapped_column(Integer(), default=None)
    obtained_on: Mapped[date]
    used_on: Mapped[date | None] = mapped_column(default=None)
    message_on: Mapped[date | None] = mapped_column(default=None)
    message_by: Mapped[uuid.UUID | None] = mapped_column(default=None)
    message_version: Mapped[int | None] = mapped_column(Integer(), default=None)
    message_people: Mapped[int | None] = mapped_column(Integer(), default=None)
    message_of: Mapped[int | None] = mapped_column(Integer(), default=None)
    told_on: Mapped[date | None] = mapped_column(default=None)
    told_by: Mapped[ToldBy | None] = mapped_column(default=None)
    version: Mapped[int | None] = mapped_column(Integer(), default=None)
    note: Mapped[str] = mapped_column(Text(), default="")
    made_at: Mapped[datetime]
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    settled_by: Mapped[uuid.UUID | None] = mapped_column(default=None)
