"""Tables of the register on paper: who asked for it, how far it is, and its volumes. The files lie sealed."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.errors import mark
from governance.orm import Base
from governance.vault.attest import Attested
from register.values import Register


class PrintState(StrEnum):
    """How far the register on paper has come."""

    QUEUED = mark("queued")
    READY = mark("ready")
    FAILED = mark("broken off")
    EXPIRED = mark("expired")


# The volumes of any other are destroyed.
WITH_FILES: Final = (PrintState.QUEUED, PrintState.READY)


class RegisterPrint(Attested, Base, kw_only=True):
    """The register, whole or one of the two, asked for on paper by somebody, in a language.

    It is attested, since it says whose it is: nobody else is given it. It opens nothing.

    Attributes:
        register: Which of the two registers; None for both.
        last_id: The last activity that stood in the register when it was asked for.
        count: How many activities that were.
        done: How many are printed.
        failure: Why it broke off, as a code.
        expires_at: When its volumes are destroyed.
    """

    __tablename__ = "register_print"
    __table_args__ = (
        CheckConstraint("count >= 0 AND done >= 0", name="numbers_not_negative"),
        CheckConstraint("expires_at > made_at", name="ends_after_start"),
        Index(None, "actor_id", "id"),
        Index(None, "state", "expires_at"),
    )
    __decides__: ClassVar[bool] = False

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    actor_id: Mapped[uuid.UUID]
    language: Mapped[str] = mapped_column(String(8))
    register: Mapped[Register | None] = mapped_column(default=None)
    state: Mapped[PrintState] = mapped_column(default=PrintState.QUEUED)
    last_id: Mapped[uuid.UUID | None] = mapped_column(default=None)
    count: Mapped[int] = mapped_column(Integer())
    done: Mapped[int] = mapped_column(Integer(), default=0)
    failure: Mapped[str | None] = mapped_column(String(32), default=None)
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class RegisterVolume(Attested, Base, kw_only=True):
    """One volume: its identity is the name of its sealed file. `digest` is that of what it states, on its cover."""

    __tablename__ = "register_volume"
    __table_args__ = (
        UniqueConstraint("print_id", "number"),
        CheckConstraint("number >= 1 AND first >= 1 AND count >= 0 AND size > 0", name="numbers_make_sense"),
    )
    __decides__: ClassVar[bool] = False

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    print_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("register_print.id"))
    number: Mapped[int] = mapped_column(Integer())
    first: Mapped[int] = mapped_column(Integer())
    count: Mapped[int] = mapped_column(Integer())
    size: Mapped[int] = mapped_column(Integer())
    digest: Mapped[str] = mapped_column(String(64))
