"""Correcting what is on file: what somebody else wrote meanwhile is shown before anything goes over it."""

import uuid
from collections.abc import Mapping
from enum import Enum
from typing import Any

from governance.oversight.plan.thread import deeds_of
from governance.vault.attest import Attested, Attestor
from governance.web.context import current
from register.pages.meanwhile import unseen


def said_of(row: Attested | None, form: type) -> dict[str, Any]:
    """Return what a row says, as the fields of a form of that class have it; nothing where there is no row."""
    names = (name for name in vars(form) if hasattr(row, name) and not name.startswith("_"))
    return {} if row is None else {name: _plain(getattr(row, name)) for name in names}


def was_altered(row: Attested | None) -> bool:
    """Say whether what is to be corrected was altered outside Égide: it is written anew, whole."""
    return row is not None and not current().get(Attestor).is_whole(row)


def unseen_of(form: Any, row: Any, kind: str) -> Mapping[str, Any] | None:
    """Return what was written of a row since its form was drawn, by the thread of its kind; None where nothing was."""
    if row is None:
        return None
    last = next(iter(deeds_of(current().session, kind, row.id)), None)
    return unseen(form, altered=was_altered(row), last=last)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, uuid.UUID) else value
