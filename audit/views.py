"""`/audit`: the log over HTTP, in formats that others' programs check (C2SP tlog-checkpoint, tlog-tiles, tlog-proof).

Checkpoints and tiles hold commitments and say nothing of anybody; entries do, so looking at them is recorded too.
"""

import re
import uuid
from typing import Any, Final

import orjson
from flask import Response
from marshmallow import RAISE

from audit.checkpoints import latest_note
from audit.counts import Span, by_class, refusals
from audit.errors import NoSuchEntryError, NoSuchTileError, NothingSignedError
from audit.live import LiveCheck
from audit.log import Log
from audit.looks import record_look
from audit.notes import TreeHead, split_note
from audit.proving import prove
from audit.sampling import sample
from audit.schemas import EntriesArguments, SampleArguments, SummaryArguments
from audit.search import entry_by_id, search
from audit.signer import Signer
from audit.state import log_state
from audit.tree import entry_bundle, hash_tile
from governance.actor import Role, open_to
from governance.web.context import current
from governance.web.rest import Blueprint

blueprint = Blueprint("audit", __name__, url_prefix="/api/v1/audit", description="The log, checkable by others.")

READERS: Final = (Role.AUDITOR, Role.DPO, Role.SECURITY)
_TEXT: Final = "text/plain; charset=utf-8"
_WIDTH: Final = 256
# tlog-tiles: the number in groups of three digits, all but the last with an x, and the width of a partial tile.
_TILE: Final = re.compile(
    r"(?P<level>entries|[0-9]|[1-5][0-9]|6[0-3])/(?P<number>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[0-9]{1,3}))?"
)


@blueprint.route("/entries")
@open_to(*READERS)
@blueprint.arguments(EntriesArguments, location="query", unknown=RAISE)
@blueprint.alt_response(200, schema={"type": "object"}, success=True)
def entries(asked: dict[str, Any]) -> Response:
    """List entries, newest first."""
    found = search(current().session, asked["filters"], asked["after"], asked["limit"])
    _record_look(len(found), asked["filters"].subject)
    listed = [{"index": entry.index, **entry.said} for entry in found]
    following = found[-1].index if len(found) == asked["limit"] else None
    return Response(orjson.dumps({"entries": listed, "next": following}), mimetype="application/json")


@blueprint.route("/summary")
@open_to(*READERS)
@blueprint.arguments(SummaryArguments, location="query", unknown=RAISE)
@blueprint.alt_response(200, schema={"type": "object"}, success=True)
def summary(asked: dict[str, Any]) -> Response:
    """Tell how the log stands, and how many entries of each class there are, day by day."""
    context = current()
    now = context.clock.now()
    span = Span.until(now, asked["days"])
    told = {
        "state": log_state(context.session, context.get(LiveCheck).anchor, now),
        "first": span.first,
        "last": span.last,
        "classes": {kind.value: days for kind, days in by_class(context.session, span).items()},
        "refused": refusals(context.session, span),
    }
    return Response(orjson.dumps(told, default=str), mimetype="application/json")


@blueprint.route("/sample")
@open_to(*READERS)
@blueprint.arguments(SampleArguments, location="query", unknown=RAISE)
@blueprint.alt_response(200, schema={"type": "object"}, success=True)
def drawn(asked: dict[str, Any]) -> Response:
    """Draw entries by a seed: the same seed out of the same number of entries draws the same ones."""
    session = current().session
    signed = TreeHead.parse(split_note(_note())[0]).size
    found = sample(session, asked["seed"], min(asked["of"] or signed, signed), asked["size"])
    _record_look(len(found.found), None)
    listed = [{"index": each, **found.found[each].said} for each in found.places if each in found.found]
    told = {"seed": found.seed, "of": found.of, "places": found.places, "entries": listed}
    return Response(orjson.dumps(told), mimetype="application/json")


@blueprint.route("/entries/<entry>/proof")
@open_to(*READERS)
@blueprint.alt_response(200, schema={"type": "string"}, content_type="text/plain", success=True)
def proof(entry: str) -> Response:
    """Prove that an entry (its id or index) stands in the log of the last checkpoint: tlog-proof, with the entry."""
    found = prove(current().session, _note(), _which(entry))
    # Others can check a proof against an entry only with the entry, so it is in there: this is a look at it.
    _record_look(1, None)
    return Response(found, mimetype=_TEXT)


@blueprint.route("/entries/<entry>")
@open_to(*READERS)
@blueprint.alt_response(200, schema={"type": "object"}, success=True)
def entry(entry: str) -> Response:
    """Return one entry."""
    try:
        found = entry_by_id(current().session, uuid.UUID(entry))
    except ValueError:
        raise NoSuchEntryError from None
    _record_look(1, None)
    return Response(orjson.dumps({"index": found.index, **found.said}), mimetype="application/json")


@blueprint.route("/checkpoint")
@open_to(*READERS)
@blueprint.alt_response(200, schema={"type": "string"}, content_type="text/plain", success=True)
def checkpoint() -> Response:
    """Return the last signed checkpoint: a C2SP signed note."""
    return Response(_note(), mimetype=_TEXT)


@blueprint.route("/checkpoint", methods=["POST"])
@open_to(Role.AUDITOR, Role.DPO, Role.ADMIN)
@blueprint.alt_response(200, schema={"type": "string"}, content_type="text/plain", success=True)
def sign() -> Response:
    """Sign the log as it is now."""
    return Response(current().get(Signer).checkpoint().note, mimetype=_TEXT)


@blueprint.route("/tile/<path:place>")
@open_to(*READERS)
@blueprint.alt_response(
    200, schema={"type": "string", "format": "binary"}, content_type="application/octet-stream", success=True
)
def tile(place: str) -> Response:
    """Return a tile of hashes, or a bundle of leaf data (`entries/...`): tlog-tiles."""
    found = _TILE.fullmatch(place)
    if found is None:
        raise NoSuchTileError
    number = int(found["number"].replace("x", "").replace("/", ""))
    width = _WIDTH if found["width"] is None else int(found["width"])
    if not 1 <= width <= _WIDTH or number >= 2**53:
        raise NoSuchTileError
    session = current().session
    if found["level"] == "entries":
        return Response(entry_bundle(session, number, width), mimetype="application/octet-stream")
    return Response(hash_tile(session, int(found["level"]), number, width), mimetype="application/octet-stream")


def _note() -> str:
    note = latest_note(current().session)
    if note is None:
        raise NothingSignedError
    return note


def _which(entry: str) -> uuid.UUID | int:
    if entry.isascii() and entry.isdigit() and len(entry) < 19:  # noqa: PLR2004 -- an index is below 2^63
        return int(entry)
    try:
        return uuid.UUID(entry)
    except ValueError:
        raise NoSuchEntryError from None


def _record_look(count: int, subject: int | None) -> None:
    record_look(current().get(Log), current().actor, count, subject)
