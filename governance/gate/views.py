"""`/data` and `/plan`: the gate over HTTP.

Rows leave as the bytes that the gate made; nothing decodes them again. Filters that may identify somebody stand in the
body of a POST, never in an address, which proxies and histories keep.
"""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson
from flask import Response, request, stream_with_context
from flask.views import MethodView
from marshmallow import RAISE

from governance.actor import BUSINESS_ROLES, Role, open_to
from governance.gate.commands import ChangeRow, CreateRow, DeleteRow, WrittenRow
from governance.gate.errors import RowIdInvalidError
from governance.gate.gate import Gate
from governance.gate.openings import Openings
from governance.gate.query import DEFAULT_LIMIT, Page, Query
from governance.gate.reasons import Reason
from governance.gate.retries.service import Retry, retry_of
from governance.gate.schemas import (
    ChangeSchema,
    CreateSchema,
    DeleteSchema,
    OneArguments,
    PageArguments,
    PurposeArguments,
    QuerySchema,
    WrittenSchema,
)
from governance.gate.writer import Writer
from governance.ids import parse_id
from governance.vault.keyring import Keyring
from governance.web.context import current
from governance.web.problems import spoken
from governance.web.rest import Blueprint
from governance.web.signed_in import came_with_token

blueprint = Blueprint("data", __name__, url_prefix="/api/v1", description="Customers' data, through the gate.")

_NDJSON: Final = "application/x-ndjson"
_JSON: Final = "application/json"
# A line that is none of the rows would have to be told from them by every program that reads a stream.
_ROWS: Final = (
    "A page of rows. Where application/x-ndjson is accepted, a stream: one row to a line and nothing else, so that any "
    "tool reads it. It does not say what is withheld: GET /plan/{table} does, and so does a page."
)
_RETRY_SECRET: Final = "retry"  # noqa: S105 -- the name of a derived secret
# Everybody who may ever read is asked for a plan; the plan says no to whoever holds no grant.
READERS: Final = (*sorted(BUSINESS_ROLES), Role.DPO, Role.CONTROLLER, Role.OWNER, Role.SECURITY)

_PAGE: Final[Mapping[str, Any]] = {
    "type": "object",
    "required": ["purpose", "rows", "withheld", "entry", "next"],
    "properties": {
        "purpose": {"type": "string"},
        "rows": {"type": "array", "items": {"type": "object"}},
        "withheld": {"type": "object", "additionalProperties": {"type": "object"}},
        "entry": {"type": "integer"},
        "next": {"type": ["string", "null"]},
    },
}


@blueprint.route("/data/<table>/query", methods=["POST"])
@open_to(*READERS)
@blueprint.arguments(QuerySchema)
@blueprint.alt_response(200, schema=_PAGE, description=_ROWS, success=True)
def query(asked: dict[str, Any], table: str) -> Response:
    """Read rows for a purpose."""
    wanted = asked["fields_"]
    found = Query(
        purpose=asked["purpose"],
        table=table,
        fields=None if wanted is None else tuple(wanted),
        where=tuple(asked["where"]),
        order=tuple(asked["order"]),
        limit=asked["limit"] or DEFAULT_LIMIT,
        after=asked["after"],
    )
    if request.accept_mimetypes.best_match([_JSON, _NDJSON]) == _NDJSON:
        return _stream(found, asked["limit"])
    return _page(current().get(Gate).find(current().actor, found, _openings()))


@blueprint.route("/data/<table>")
class Rows(MethodView):
    """Rows of a table."""

    @open_to(*READERS)
    @blueprint.arguments(PageArguments, location="query", unknown=RAISE)
    @blueprint.alt_response(200, schema=_PAGE, success=True)
    def get(self, asked: dict[str, Any], table: str) -> Response:
        """Read rows for a purpose, without filters."""
        found = Query(
            purpose=asked["purpose"],
            table=table,
            fields=tuple(asked["field"]) or None,
            limit=asked["limit"],
            after=asked["after"],
        )
        return _page(current().get(Gate).find(current().actor, found, _openings()))

    @open_to(*READERS)
    @blueprint.arguments(CreateSchema)
    @blueprint.response(201, WrittenSchema)
    def post(self, asked: dict[str, Any], table: str) -> WrittenRow:
        """Create a row. A repeated Idempotency-Key answers as the first time did."""
        command = CreateRow(table=table, retry=_retry(table, asked), **asked)
        return current().get(Writer).create(current().actor, command)


@blueprint.route("/data/<table>/<row>")
class OneRow(MethodView):
    """One row of a table."""

    @open_to(*READERS)
    @blueprint.arguments(OneArguments, location="query", unknown=RAISE)
    @blueprint.alt_response(200, schema={"type": "object"}, success=True)
    def get(self, asked: dict[str, Any], table: str, row: str) -> Response:
        """Read one row for a purpose, with its revision."""
        found = Query(purpose=asked["purpose"], table=table, fields=tuple(asked["field"]) or None)
        return _one(current().get(Gate).one(current().actor, found, row, _openings()))

    @open_to(*READERS)
    @blueprint.arguments(ChangeSchema)
    @blueprint.response(200, WrittenSchema)
    def patch(self, asked: dict[str, Any], table: str, row: str) -> WrittenRow:
        """Change fields of a row, against the revision that was read."""
        command = ChangeRow(table=table, id=_own_id(table, row), **asked)
        return current().get(Writer).change(current().actor, command)

    @open_to(*READERS)
    @blueprint.arguments(DeleteSchema)
    @blueprint.response(200, WrittenSchema)
    def delete(self, asked: dict[str, Any], table: str, row: str) -> WrittenRow:
        """Delete a row, in the revision that was read."""
        command = DeleteRow(table=table, id=_own_id(table, row), **asked)
        return current().get(Writer).delete(current().actor, command)


@blueprint.route("/plan/<table>")
@open_to(*READERS)
@blueprint.arguments(PurposeArguments, location="query", unknown=RAISE)
@blueprint.alt_response(200, schema={"type": "object"}, success=True)
def plan(asked: dict[str, Any], table: str) -> Response:
    """Explain what would be given, in which form, and what not and why."""
    explanation = current().get(Gate).explain(current().actor, asked["purpose"], table)
    return Response(orjson.dumps(explanation.as_json(spoken)), mimetype=_JSON)


def reason_json(reason: Reason) -> dict[str, str]:
    """Return a reason as programs read it, its sentence in the reader's language."""
    return reason.as_json(spoken)


def _page(page: Page) -> Response:
    head = orjson.dumps({"purpose": page.purpose, "table": page.table})[:-1]
    tail = orjson.dumps(
        {
            "withheld": {name: reason_json(reason) for name, reason in page.withheld.items()},
            "entry": page.entry.index,
            "next": page.next,
        }
    )[1:]
    return Response(b'%b,"rows":%b,%b' % (head, page.rows, tail), mimetype=_JSON)


def _one(page: Page) -> Response:
    head = orjson.dumps({"purpose": page.purpose, "table": page.table})[:-1]
    tail = orjson.dumps(
        {
            "withheld": {name: reason_json(reason) for name, reason in page.withheld.items()},
            "entry": page.entry.index,
        }
    )[1:]
    return Response(b'%b,"row":%b,%b' % (head, page.rows, tail), mimetype=_JSON)


def _stream(found: Query, most: int | None) -> Response:
    chunks = current().get(Gate).stream(current().actor, found, most=most, openings=_openings())
    # The first chunk is read here, so that a refusal is an answer of its own and not a broken stream.
    first = next(chunks, None)

    def lines() -> Iterator[bytes]:
        if first is not None:
            yield first.lines
        for chunk in chunks:
            yield chunk.lines

    return Response(stream_with_context(lines()), mimetype=_NDJSON)


def _openings() -> Openings | None:
    """Return what is asked before people are handed out; nothing by a token, which names its purpose each time."""
    return None if came_with_token() else current().get(Openings)


def _own_id(table: str, row: str) -> uuid.UUID:
    found = parse_id(row)
    if found is None:
        raise RowIdInvalidError(table=table)
    return found


def _retry(table: str, asked: Mapping[str, Any]) -> Retry | None:
    key = request.headers.get("Idempotency-Key")
    actor = current().actor
    if not key or actor.id is None:
        return None
    secret = current().get(Keyring).secret(_RETRY_SECRET)
    links = {name: str(value) for name, value in asked["links"].items()}
    return retry_of(secret, actor.id, key, {"table": table, **asked, "links": links})
