"""Which imports are as Égide wrote them, asked before they are loaded: SQL may write what nothing can be read as."""

import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from governance.customers.importing.models import ImportRun
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from register.verified import Altered, verified_rows


def altered_imports(session: Session, attestor: Attestor, *where: ColumnElement[bool]) -> Sequence[uuid.UUID]:
    """Return which imports are not as Égide wrote them, in one statement."""
    rows = verified_rows(session, attestor, ImportRun, ("id",), *where)
    return [uuid.UUID(row.reference) for row in rows if isinstance(row, Altered)]


def whole_import(session: Session, attestor: Attestor, import_id: uuid.UUID) -> ImportRun | None:
    """Return an import as Égide wrote it; None where there is none.

    Raises:
        AttestationError: If it was altered outside Égide.
    """
    if altered_imports(session, attestor, ImportRun.id == import_id):
        raise AttestationError(kind=ImportRun.__tablename__, reference=str(import_id))
    return session.get(ImportRun, import_id)
