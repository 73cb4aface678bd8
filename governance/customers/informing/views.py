"""`/imports/runs/<id>/message`: the first message to the people of an import, over REST. GDPR Art. 14(3)(b)."""

import uuid
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final

import orjson
from flask import Response, stream_with_context, url_for
from flask.views import MethodView

from governance.actor import BUSINESS_ROLES, open_to
from governance.customers.informing.making import Headings, MakeMessage, make_message
from governance.customers.informing.messages import MessageDesk, message_standing
from governance.customers.informing.schemas import FirstMessageSchema, MakeMessageSchema
from governance.customers.informing.ways import told_ways
from governance.settings import Settings
from governance.web.context import current
from governance.web.rest import Blueprint
from register.values import NoticeRef

blueprint: Final = Blueprint(
    "first-message-files", __name__, url_prefix="/api/v1", description="First messages to people of imports."
)

WRITERS: Final = tuple(sorted(BUSINESS_ROLES))
_CSV: Final = "text/csv"


@blueprint.route("/imports/runs/<uuid:import_id>/message")
class FirstMessages(MethodView):
    """The first message to the people of an import whose data came from elsewhere."""

    @open_to(*WRITERS)
    @blueprint.response(200, FirstMessageSchema)
    def get(self, import_id: uuid.UUID) -> dict[str, Any]:
        """Say how it stands: who is still to be told, by which ways they can be written to, which files were made."""
        context = current()
        house = context.get(MessageDesk).house
        standing = message_standing(context.session, house, import_id)
        words = standing.words
        return {
            "asked": standing.asked,
            "people": standing.people,
            "reached": standing.reached,
            "version": None if words is None else words.version,
            "newest": None if words is None else words.newest,
            "ways": told_ways(house.gate, context.actor, standing.run),
            "files": [
                {
                    "made_at": file.made_at,
                    "purpose": file.purpose,
                    "channel": file.channel,
                    "version": file.version,
                    "people": file.people,
                    "counts": orjson.loads(file.left_out),
                }
                for file in standing.files
            ],
        }

    @open_to(*WRITERS)
    @blueprint.arguments(MakeMessageSchema)
    @blueprint.alt_response(200, schema={"type": "string", "format": "binary"}, content_type=_CSV, success=True)
    def post(self, asked: dict[str, Any], import_id: uuid.UUID) -> Response:
        """Make it: a CSV with one row a person, each with the notice. It is the first use of these data."""
        command = MakeMessage(import_id=import_id, **asked)
        named = headings(of=str, language="language", notice="notice", address="notice_address")
        parts = make_message(current().get(MessageDesk).house, current().actor, command, named)
        # The first part is made here, so that a refusal is an answer of its own and not a broken file.
        return whole_file(next(parts), parts, import_id)


def headings(*, of: Callable[[str], str], language: str, notice: str, address: str) -> Headings:
    """Return what stands above the columns, and where the notices stand whole."""
    return Headings(of=of, language=language, notice=notice, address=address, whole=cache(whole_address))


def whole_file(first: bytes, parts: Iterator[bytes], import_id: uuid.UUID) -> Response:
    """Return the answer that hands a file out while it is made."""

    def file() -> Iterator[bytes]:
        yield first
        yield from parts

    answer = Response(stream_with_context(file()), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="first-message-{import_id}.csv"'
    return answer


def whole_address(notice: NoticeRef) -> str:
    """Return where a version stands, for good: what they read there is what was sent."""
    page = url_for("notices.version_in", slug=notice.slug, version=notice.version, language=notice.language)
    return f"{current().get(Settings).base_url}{page}"
