"""`/log/export`: the entries that fit the filters as a file, for a spreadsheet or a program, without personal data.

Accounts stand by their id, not by name or address; of the data subjects there is only the number. Whoever may know more
looks at the page. GDPR Art. 5(1)(c): what leaves the house holds what its use needs.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson
from flask import Response, request
from flask.typing import ResponseReturnValue

from audit.entries import Action
from audit.forms import entries_form
from audit.names import ActorNames, PurposeNames
from audit.pages.entrance import READERS, blueprint, record_look
from audit.pages.listing import entries
from audit.search import FoundEntry, search
from governance.actor import open_to
from governance.web.context import current

# The newest; whoever wants more narrows the days.
MOST: Final = 20_000
_COLUMNS: Final = (
    "index", "id", "at", "action", "outcome", "class", "actor_kind", "actor", "roles", "object", "object_id", "purpose",
    "people", "details",
)  # fmt: skip
# A spreadsheet takes a cell that begins so for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@blueprint.get("/export.<any(csv, ndjson):form>")
@open_to(*READERS)
def export(form: str) -> ResponseReturnValue:
    """Hand out the entries that fit the filters, newest first."""
    context = current()
    session = context.session
    asked = entries_form(
        request.args, context.get(ActorNames).everybody(session), context.get(PurposeNames).look_up(session)
    )
    if not asked.validate():
        return entries()
    found = search(session, asked.filters, limit=MOST)
    record_look(len(found), asked.filters, Action.EXPORT)
    rows = (_row(each) for each in found)
    body = _as_csv(rows) if form == "csv" else _as_lines(rows)
    response = Response(body, mimetype="text/csv" if form == "csv" else "application/x-ndjson")
    response.headers["Content-Disposition"] = f'attachment; filename="log.{form}"'
    return response


def _row(entry: FoundEntry) -> dict[str, Any]:
    said = entry.said
    actor, thing = said["actor"], said["object"]
    return {
        "index": entry.index,
        "id": said["id"],
        "at": said["at"],
        "action": said["action"],
        "outcome": said["outcome"],
        "class": said["retention"],
        "actor_kind": actor["kind"],
        "actor": actor.get("id"),
        "roles": actor.get("roles", []),
        "object": thing["type"],
        "object_id": thing["id"],
        "purpose": said["purpose"],
        "people": len(entry.subjects),
        "details": said["details"],
    }


def _as_lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return b"".join(orjson.dumps(row) + b"\n" for row in rows)


def _as_csv(rows: Iterable[Mapping[str, Any]]) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    writer.writerows([_cell(row[name]) for name in _COLUMNS] for row in rows)
    # With the mark of UTF-8, without which a spreadsheet takes accents for something else.
    return written.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str | int:
    if isinstance(value, int):
        return value
    if isinstance(value, list):
        return " ".join(value)
    text = "" if value is None else value if isinstance(value, str) else orjson.dumps(value).decode()
    return f"'{text}" if text.startswith(_FORMULA) else text
