"""Which page shows an object that the log names."""

import uuid
from collections.abc import Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from register.models import Activity

# By what an entry says it is about: the endpoint, and what its address calls the identifier.
_PAGES: Final[Mapping[str, tuple[str, str | None]]] = {
    "account": ("oversight.holder", "holder_id"),
    "action": ("oversight.action", "action_id"),
    "data-map": ("datamap.show", None),
    "document": ("oversight.document", "document_id"),
    "inspection": ("oversight.inspection_file", "file_id"),
    "letter": ("oversight.letter", "letter_id"),
    "maturity": ("oversight.maturity", None),
    "officer": ("oversight.officer", None),
    "training": ("oversight.training_session", "training_id"),
    "grant": ("policies.matrix", None),
    "policy-set": ("oversight.policies", None),
    "prospecting-rules": ("campaigns.rules", None),
    "token": ("oversight.holder", "holder_id"),
}


def page_of_object(session: Session, kind: str, identifier: str | None) -> tuple[str, Mapping[str, str]] | None:
    """Return the endpoint of an object's own page and what its address takes; None where it has none.

    Args:
        session: A transaction that reads.
        kind: What an entry says it is about.
        identifier: Which one.
    """
    if kind == "activity":
        slug = _slug(session, identifier)
        return None if slug is None else ("register.activity", {"slug": slug})
    endpoint, name = _PAGES.get(kind, (None, None))
    if endpoint is None:
        return None
    if name is None:
        return endpoint, {}
    return None if identifier is None else (endpoint, {name: identifier})


def _slug(session: Session, identifier: str | None) -> str | None:
    try:
        activity_id = uuid.UUID(identifier or "")
    except ValueError:
        return None
    return session.scalars(select(Activity.slug).where(Activity.id == activity_id)).first()
