"""What a request brings, read strictly: no more of it than allowed, JSON as RFC 8259 has it, nothing unstorable.

A body that comes in chunks names no length, so it is counted as it comes: werkzeug would cut it at the limit and say
nothing. NUL, which PostgreSQL cannot store, is refused in an address and in a form before any view sees it; in JSON,
where text stands anywhere, schemas refuse it (`governance.web.fields`). What is unseen is left out
of a form: it comes along with what is pasted, and nobody could find it. A number in an address fits a column.
"""

import io
import json
from collections.abc import Callable, Iterable
from typing import IO, Any, Final, TypeVar, cast

import orjson
from flask import Flask, Request, request
from marshmallow import Schema
from marshmallow.fields import List
from webargs.core import missing
from webargs.flaskparser import FlaskParser, abort
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.routing import IntegerConverter, Map
from werkzeug.utils import cached_property

from governance.text import is_storable, without_unseen

_TERMINATED: Final = "wsgi.input_terminated"
# The most that eight signed bytes hold.
_LARGEST_INTEGER: Final = 2**63 - 1
_FILE: Final = "__egide_file_bytes__"
# What a form holds around its file.
_AROUND: Final = 64 * 1024
_View = TypeVar("_View", bound=Callable[..., object])


class BoundedStream(io.RawIOBase):
    """A stream that may hold so many bytes and no more: whoever reads beyond is told that it is too large."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        """Read nothing yet.

        Args:
            stream: One that ends where the request ends.
            limit: The most it may hold, in bytes.
        """
        self._stream: Final = stream
        self._left = limit

    def readable(self) -> bool:
        """Say that it is read from."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into the buffer.

        Raises:
            RequestEntityTooLarge: If more came than may.
            BadRequest: If what comes is cut, or is not framed as HTTP has it.
        """
        try:
            # One byte more than may come tells a body that fills the limit from one that exceeds it.
            data = self._stream.read(min(len(buffer), self._left + 1))
        except Exception as error:
            # Each server has errors of its own for chunks that are none.
            raise BadRequest from error
        if len(data) > self._left:
            raise RequestEntityTooLarge
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)


class StrictRequest(Request):
    """A request whose body is bounded however it comes, and whose form holds no text that cannot be stored."""

    @cached_property
    def stream(self) -> IO[bytes]:
        """The body, to be read once.

        Raises:
            RequestEntityTooLarge: If it says that it is longer than it may be.
        """
        safe = super().stream
        limit = self.max_content_length
        if limit is None or _TERMINATED not in self.environ:
            return safe
        return cast("IO[bytes]", BoundedStream(self.environ["wsgi.input"], limit))

    def _load_form_data(self) -> None:
        super()._load_form_data()
        names = [file.filename or "" for _, file in self.files.items(multi=True)]
        _check_storable((*_texts(self.form), *self.files, *names))
        plain = [(name, without_unseen(text)) for name, text in self.form.items(multi=True)]
        self.form = ImmutableMultiDict(plain)


class StrictParser(FlaskParser):
    """Reads what the REST interface is asked: JSON of a bounded depth, with whole characters, and nothing after it.

    Nothing is said twice, in a body or in an address: we would go by one of them, where whoever looked before us may
    have gone by the other.
    """

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """Read the query of an address."""
        several = {field.data_key or name for name, field in schema.fields.items() if isinstance(field, List)}
        twice = [name for name, values in req.args.lists() if len(values) > 1 and name not in several]
        if twice:
            abort(422, messages={"query": {name: ["May be given only once."] for name in twice}})
        return super().load_querystring(req, schema)

    def _raw_load_json(self, req: Request) -> Any:
        body = req.get_data() if req.is_json else b""
        if not body:
            return missing
        try:
            # The first is strict, and no depth of a body ends it; but of a key that stands twice it takes the last.
            orjson.loads(body)
            return json.loads(body, object_pairs_hook=_once_each)
        except (ValueError, RecursionError):
            # Not left to the library, which takes an error that quotes nothing for an empty body.
            abort(400, messages={"json": ["Invalid JSON body."]})


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


class StorableInteger(IntegerConverter):
    """A whole number in an address (`<int:index>`) that a column holds: beyond it, there is nothing."""

    def __init__(self, url_map: Map, *arguments: Any, **bounds: Any) -> None:
        """Take the bounds of the route, below those of a column."""
        super().__init__(url_map, *arguments, **{"max": _LARGEST_INTEGER, **bounds})


def takes_file(most: int) -> Callable[[_View], _View]:
    """Declare that a view takes a file of so many bytes at most, where others take a form or a JSON body.

    The limit is set before anything of the body is read, and counted as it streams.
    """

    def declare(view: _View) -> _View:
        setattr(view, _FILE, most + _AROUND)
        return view

    return declare


def prepare(app: Flask) -> None:
    """Let the application read its requests strictly. Comes before its routes."""
    app.request_class = StrictRequest
    app.url_map.converters["int"] = StorableInteger


def init_app(app: Flask) -> None:
    """Look at each address before anything is done with it, once there is what a refusal is told with."""

    def check_address() -> None:
        _check_storable((request.path, *_texts(request.args)))

    def widen() -> None:
        view = app.view_functions.get(request.endpoint or "")
        most: int | None = getattr(view, _FILE, None)
        if most is not None:
            request.max_content_length = most

    app.before_request(check_address)
    app.before_request(widen)


def _texts(given: MultiDict[str, str]) -> Iterable[str]:
    return (text for pair in given.items(multi=True) for text in pair)


def _check_storable(texts: Iterable[str]) -> None:
    if not all(is_storable(text) for text in texts):
        raise BadRequest
