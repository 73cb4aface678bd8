"""`/log/entries/<id>`: one entry, everything that can be read of it, its leaf and its proof."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from audit.checkpoints import latest_note
from audit.entries import Retention
from audit.errors import EntryNotFoundError
from audit.merkle import leaf_hash
from audit.models import Leaf
from audit.names import ObjectPages, PurposeNames
from audit.pages.entrance import READERS, blueprint, names_of, record_look, row_of, signed_size
from audit.retention import rules_in_force
from audit.search import FoundEntry, entry_at, entry_by_id
from governance.actor import open_to
from governance.web.access import may_open
from governance.web.context import current

_SHOWN_SUBJECTS: Final = 100
_LONGEST_INDEX: Final = 18


@blueprint.get("/entries/<which>")
@open_to(*READERS)
def entry(which: str) -> ResponseReturnValue:
    """Show one entry, by its id or its place."""
    session = current().session
    found = _found(session, which)
    signed = signed_size(latest_note(session))
    purposes = current().get(PurposeNames).look_up(session)
    leaf = session.get_one(Leaf, found.index)
    record_look(1)
    return render_template(
        "log/entry.html",
        row=row_of(found, names_of(session, [found]), purposes, signed),
        subjects=list(found.subjects)[:_SHOWN_SUBJECTS],
        leaf=leaf.data.hex(),
        leaf_hash=leaf_hash(leaf.data).hex(),
        kept_until=_kept_until(session, found),
        page=_page_of(session, found),
        whole=orjson.dumps(found.said, option=orjson.OPT_INDENT_2).decode(),
    )


def _found(session: Session, which: str) -> FoundEntry:
    if which.isascii() and which.isdigit() and len(which) <= _LONGEST_INDEX:
        return entry_at(session, int(which))
    try:
        return entry_by_id(session, uuid.UUID(which))
    except ValueError:
        raise EntryNotFoundError(entry="") from None


def _kept_until(session: Session, found: FoundEntry) -> datetime | None:
    """Return when the purge deletes the entry, by the rules of today; None where something else than time ends it."""
    days = rules_in_force(session, current().clock.now().date()).get(Retention(found.said["retention"]))
    return None if days is None else datetime.fromisoformat(found.said["at"]) + timedelta(days=days)


def _page_of(session: Session, found: FoundEntry) -> str | None:
    """Return the address of the object's own page, where it has one that whoever looks may open."""
    thing: dict[str, Any] = found.said["object"]
    place = current().get(ObjectPages).look_up(session, thing["type"], thing["id"])
    if place is None or not may_open(current_app, place[0], current().actor):
        return None
    address: dict[str, Any] = dict(place[1])
    return url_for(place[0], **address)
