"""Attested rows and the policy set, against somebody who writes SQL."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import MetaData, text
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, Session, mapped_column

from governance.database import Database
from governance.orm import NAMING_CONVENTION, Base
from governance.vault.attest import Attested, Attestor
from governance.vault.errors import AttestationError, PolicySetError, UnattestedWriteError
from tests.builders.vault import a_keyring


class PermitBase(MappedAsDataclass, DeclarativeBase, kw_only=True, repr=False, eq=False):
    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = Base.type_annotation_map


class Permit(Attested, PermitBase, kw_only=True):
    """Something that decides, like a grant."""

    __tablename__ = "permit"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    role: Mapped[str]
    open: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(default=None)


@pytest.fixture
def attestor(database: Database, tmp_path: Path) -> Iterator[Attestor]:
    with database.write_connection() as connection:
        PermitBase.metadata.create_all(connection)
    attestor = Attestor(a_keyring(tmp_path), PermitBase)
    attestor.attach(database.sessions)
    yield attestor


def permit(number: int, role: str = "sales") -> Permit:
    return Permit(id=uuid.UUID(int=number), role=role)


def test_a_row_is_signed_and_verified(database: Database, attestor: Attestor) -> None:
    with database.write() as session:
        session.add_all([permit(1), permit(2)])
    with database.read() as session:
        for row in session.query(Permit):
            attestor.verify(row)
        assert attestor.verify_policy_set(session).epoch == 1

    with database.write() as session:
        found = session.get_one(Permit, uuid.UUID(int=1))
        found.open = True
        session.flush()
        found.note = "x"
        session.flush()
    with database.read() as session:
        attestor.verify(session.get_one(Permit, uuid.UUID(int=1)))
        assert attestor.verify_policy_set(session).epoch == 2

    with database.write() as session:
        session.execute(text("UPDATE permit SET role = 'x' WHERE open"))
    with database.read() as session, pytest.raises(AttestationError) as caught:
        attestor.verify(session.get_one(Permit, uuid.UUID(int=1)))
    assert str(caught.value).startswith("permit 00000000-0000-0000-0000-000000000001")
    with database.write() as session:
        session.execute(text("DELETE FROM permit WHERE open"))
    with database.read() as session, pytest.raises(PolicySetError) as caught2:
        attestor.verify_policy_set(session)
    assert "permit" in str(caught2.value)
