"""Templates compiled once for all applications of a run of tests, each of which would otherwise compile them again."""

from typing import Final

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class _Compiled(BytecodeCache):
    """What was compiled, by name and content; it goes with the process."""

    def __init__(self) -> None:
        self._kept: Final[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self._kept.get(bucket.key)
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED: Final = _Compiled()


def share_templates(app: Flask) -> Flask:
    """Let the application take templates that another one has compiled, and give it its own."""
    app.jinja_env.bytecode_cache = _COMPILED
    return app
