"""Rows of the plan and of the library that are not as Égide wrote them. They count as what is worst, and are shown so.

Whoever alters a row alters what a list is narrowed by, too. So each list looks at every row of its table first, in one
statement and without objects, and takes those that were altered along, whatever they say of themselves.
"""

import uuid

from sqlalchemy.orm import Session

from governance.vault.attest import Attested, attestor_of
from register.verified import Altered, verified_rows


def altered_ids(session: Session, model: type[Attested]) -> frozenset[uuid.UUID]:
    """Return the identifiers of the rows of a table that are not as Égide wrote them, in one statement."""
    rows = verified_rows(session, attestor_of(session), model, ("id",))
    return frozenset(uuid.UUID(row.reference) for row in rows if isinstance(row, Altered))
