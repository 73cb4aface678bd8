"""What records name of what is on file, read to be stated: organisations, and measures of security.

Each is kept once for all the records that name it, and decides nothing; but whoever is told in a notice or in the
register how to reach the data protection officer is to reach them. So a row that was altered outside Égide is stated
nowhere. The pages show it, as altered, to whoever can write it anew.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Final, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.vault.attest import Attested, attestor_of
from register.catalogue.models import Measure
from register.models import Party

_BESIDE: Final = ("representative_id", "dpo_id")
_Row = TypeVar("_Row", bound=Attested)


def parties_on_file(session: Session, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Party]:
    """Return these organisations, in one statement.

    Raises:
        AttestationError: If one was altered outside Égide.
    """
    return _verified(session, _parties(session, ids))


def party_on_file(session: Session, party_id: uuid.UUID | None) -> Party | None:
    """Return this organisation; None where none is named.

    Raises:
        AttestationError: If it was altered outside Égide.
    """
    return None if party_id is None else parties_on_file(session, {party_id}).get(party_id)


def parties_and_theirs(session: Session, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Party]:
    """Return these organisations, their representatives and officers, and the officers' firms, in three statements.

    Raises:
        AttestationError: If one was altered outside Égide.
    """
    return _verified(session, _parties_and_theirs(session, ids))


def measures_on_file(session: Session, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Measure]:
    """Return these measures, in one statement.

    Raises:
        AttestationError: If one was altered outside Égide.
    """
    return _verified(session, _measures(session, ids))


def all_on_file(session: Session, ids: Collection[uuid.UUID]) -> Sequence[Attested]:
    """Return these organisations with theirs, and these measures, as they stand: for who shows which were altered."""
    return [*_parties_and_theirs(session, ids).values(), *_measures(session, ids).values()]


def _verified(session: Session, rows: Mapping[uuid.UUID, _Row]) -> Mapping[uuid.UUID, _Row]:
    for row in rows.values():
        attestor_of(session).verify(row)
    return rows


def _parties(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Party]:
    if not ids:
        return {}
    return {row.id: row for row in session.scalars(select(Party).where(Party.id.in_(ids)).order_by(Party.id))}


def _parties_and_theirs(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Party]:
    found = _parties(session, ids)
    # GDPR Art. 37(6): the firm for which an external officer acts.
    for names in (_BESIDE, ("firm_id",)):
        named = {each for row in found.values() for name in names if (each := getattr(row, name)) is not None}
        found |= _parties(session, named - found.keys())
    return found


def _measures(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Measure]:
    if not ids:
        return {}
    return {row.id: row for row in session.scalars(select(Measure).where(Measure.id.in_(ids)).order_by(Measure.id))}
