"""Tables of propagation: who is told, what is to be told, and how far each telling has come.

A subscriber says where facts about people go, so its row is attested; a change carries a MAC, so that nobody is told
what no event says. What merely moves (attempts, failures) lies apart and decides nothing.
"""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    bindparam,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from consent.propagation.values import (
    ADDRESS_LENGTH,
    NAME_LENGTH,
    UNSETTLED,
    DeliveryState,
    PauseCause,
    SubscriberState,
    Way,
)
from governance.orm import Base
from governance.vault.attest import Attested
from governance.vault.models import MAC_BYTES

ONLY: Final = 1
_SERIAL: Final = BigInteger().with_variant(Integer(), "sqlite")


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Subscriber(Attested, Base, kw_only=True):
    """Whoever is told of changes.

    Attributes:
        token_id: The token of the program that reads a feed.
        purposes: The numbers of the purposes whose changes are told, in order; None for all.
        secret: What a webhook's changes are signed with, sealed; gone once it ended.
        older_secret: The one before, sealed, which signs beside it for a while.
    """

    __tablename__ = "subscriber"
    __decides__: ClassVar[bool] = False
    __table_args__ = (
        CheckConstraint("(way = 'webhook') = (address IS NOT NULL)", name="webhook_has_address"),
        CheckConstraint("(way = 'feed') = (token_id IS NOT NULL)", name="feed_has_reader"),
        CheckConstraint("(way = 'webhook' AND state <> 'ended') = (secret IS NOT NULL)", name="webhook_signs"),
        CheckConstraint("secret IS NOT NULL OR older_secret IS NULL", name="older_secret_beside_another"),
        CheckConstraint("(secret IS NULL) = (secret_since IS NULL)", name="secret_since_known"),
        CheckConstraint("(state = 'paused') = (paused_because IS NOT NULL)", name="paused_for_a_cause"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended_at_known"),
        Index("uq_subscriber_live_name", "name", unique=True, **_where("state <> 'ended'")),
        Index("uq_subscriber_live_token", "token_id", unique=True, **_where("state <> 'ended'")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    way: Mapped[Way]
    state: Mapped[SubscriberState] = mapped_column(default=SubscriberState.ACTIVE)
    address: Mapped[str | None] = mapped_column(String(ADDRESS_LENGTH), default=None)
    token_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("api_token.id"), default=None)
    purposes: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True), default=None)
    secret: Mapped[bytes | None] = mapped_column(LargeBinary(), default=None)
    older_secret: Mapped[bytes | None] = mapped_column(LargeBinary(), default=None)
    secret_since: Mapped[datetime | None] = mapped_column(default=None)
    paused_because: Mapped[PauseCause | None] = mapped_column(default=None)
    made_by: Mapped[uuid.UUID | None]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)

    def wants(self, purpose_id: int) -> bool:
        """Say whether changes for this purpose are told."""
        return self.purposes is None or purpose_id in self.purposes


class SubscriberLine(Base, kw_only=True):
    """How the line to a webhook does: what could not be told for want of an answer waits until `retry_at`."""

    __tablename__ = "subscriber_line"
    __table_args__ = (CheckConstraint("(failures = 0) = (failing_since IS NULL)", name="failing_since_known"),)

    subscriber_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subscriber.id"), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None] = mapped_column(default=None)
    retry_at: Mapped[datetime | None] = mapped_column(default=None)
    last_status: Mapped[int | None] = mapped_column(SmallInteger(), default=None)
    delivered_at: Mapped[datetime | None] = mapped_column(default=None)


class ConsentChange(Base, kw_only=True):
    """Something that changed what a consent amounts to, to be told. `channel`, `kind` and `state` are codes.

    Attributes:
        id: Given while the person's row is held, so that it ascends in the order of their events.
        position: Given after the commit, to whom nothing can come before any more.
    """

    __tablename__ = "consent_change"
    __table_args__ = (
        CheckConstraint("position >= 1", name="position_positive"),
        Index("ix_consent_change_unnumbered", "id", **_where("position IS NULL")),
        Index("ix_consent_change_recorded_at", "recorded_at"),
        # A number never returns after its row is gone.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(_SERIAL, Identity(), primary_key=True, init=False)
    position: Mapped[int | None] = mapped_column(BigInteger(), unique=True, default=None)
    subject_id: Mapped[int] = mapped_column(BigInteger(), ForeignKey("data_subject.id"))
    purpose_id: Mapped[int] = mapped_column(SmallInteger(), ForeignKey("purpose.id"))
    channel: Mapped[int] = mapped_column(SmallInteger())
    sequence: Mapped[int]
    kind: Mapped[int] = mapped_column(SmallInteger())
    state: Mapped[int] = mapped_column(SmallInteger())
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    holds_until: Mapped[datetime | None] = mapped_column(default=None)
    mac: Mapped[bytes] = mapped_column(LargeBinary(MAC_BYTES))


class ChangeHead(Base, kw_only=True):
    """The one row that says which position was given last; whoever gives positions holds it."""

    __tablename__ = "consent_change_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInteger())


class Delivery(Base, kw_only=True):
    """One change on its way to one subscriber, and the evidence that it arrived."""

    __tablename__ = "consent_delivery"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        CheckConstraint("state <> 'delivered' OR delivered_at IS NOT NULL", name="delivered_at_known"),
        Index("ix_consent_delivery_waiting", "subscriber_id", "position", **_where("state = 'waiting'")),
        Index(
            "ix_consent_delivery_unsettled", "subscriber_id", "subject_id", "position",
            **_where("state IN ('waiting', 'dead')"),
        ),
    )  # fmt: skip

    subscriber_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subscriber.id"), primary_key=True)
    position: Mapped[int] = mapped_column(
        BigInteger(), ForeignKey("consent_change.position"), primary_key=True, autoincrement=False
    )
    subject_id: Mapped[int] = mapped_column(BigInteger(), ForeignKey("data_subject.id"))
    state: Mapped[DeliveryState]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    last_status: Mapped[int | None] = mapped_column(SmallInteger(), default=None)
    tried_at: Mapped[datetime | None] = mapped_column(default=None)
    delivered_at: Mapped[datetime | None] = mapped_column(default=None)


def is_unsettled(delivery: type[Delivery]) -> ColumnElement[bool]:
    """Return the condition under which a delivery still stands before a person's later ones.

    The states are written out, so that SQLite sees that its index of what is unsettled holds them.
    """
    return delivery.state.in_(bindparam("unsettled", UNSETTLED, expanding=True, literal_execute=True))
