"""Models of these tests alone: an attested table that decides, one that does not, and their children."""

import uuid
from enum import StrEnum

from sqlalchemy import ForeignKey, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column, relationship

from governance.database import Database
from governance.orm import NAMING_CONVENTION, Base
from governance.vault.attest import Attested


class PermitBase(MappedAsDataclass, DeclarativeBase, kw_only=True, repr=False, eq=False):
    """A base of its own, so that the house's tables stay as they are."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = Base.type_annotation_map


class Light(StrEnum):
    RED = "red"
    GREEN = "green"


class Permit(Attested, PermitBase, kw_only=True):
    __tablename__ = "permit"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    role: Mapped[str]
    light: Mapped[Light] = mapped_column(default=Light.RED)
    lasting: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(default=None)
    clauses: Mapped[list["Clause"]] = relationship(back_populates="permit", default_factory=list, order_by="Clause.id")


class Clause(Attested, PermitBase, kw_only=True):
    __tablename__ = "clause"

    id: Mapped[int] = mapped_column(primary_key=True)
    permit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("permit.id"), init=False)
    permit: Mapped[Permit] = relationship(back_populates="clauses", default=None)


class Visit(Attested, PermitBase, kw_only=True):
    """Attested, but nothing is decided by it; `seen` may change without anybody's leave."""

    __tablename__ = "visit"
    __decides__ = False
    __attests__ = ("id", "name")

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    seen: Mapped[int] = mapped_column(default=0)


def create_tables(database: Database) -> None:
    with database.write_connection() as connection:
        PermitBase.metadata.create_all(connection)


def a_permit(number: int = 1, role: str = "sales", **values: object) -> Permit:
    return Permit(id=permit_id(number), role=role, **values)  # type: ignore[arg-type]


def permit_id(number: int) -> uuid.UUID:
    return uuid.UUID(int=number)
