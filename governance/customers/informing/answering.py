"""How a first message leaves: as a file, part by part, each notice at the address of its very version."""

import uuid
from collections.abc import Callable, Iterator
from functools import cache

from flask import Response, stream_with_context, url_for

from governance.customers.informing.messages import Headings
from governance.settings import Settings
from governance.web.context import current
from register.values import NoticeRef


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
