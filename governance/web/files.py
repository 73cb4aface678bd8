"""Handing out a file that lies open, a piece at a time, to whoever keeps it on their own disk."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, Final

from flask import Response

_PIECE_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """What a browser is told of a file: its name in plain letters and digits, its kind, its size."""

    name: str
    kind: str
    size: int


def hand_over(stack: ExitStack, file: IO[bytes], told: Attachment) -> Response:
    """Return a file as an attachment; the stack that holds it open is closed with the answer."""
    response = Response(_pieces(file), mimetype=told.kind)
    response.call_on_close(stack.close)
    response.content_length = told.size
    response.headers["Content-Disposition"] = f'attachment; filename="{told.name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE_BYTES):
        yield piece
