"""The manifest of an archive: every file with its size and digest, and what each is. It is what the log's key signs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import orjson

FORMAT: Final = "egide-inspection/1"
MANIFEST: Final = "manifest.json"
NOTE: Final = "manifest.note"
SUMS: Final = "SHA256SUMS"
# These cannot stand in the manifest: it cannot hold its own digest, nor the note that signs it.
SIGNED_BY: Final = frozenset({MANIFEST, NOTE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file of the archive.

    Attributes:
        piece: Its number, which every page of it bears; None for what binds the archive together.
        title: What it is called, by language.
    """

    path: str
    size: int
    sha256: str
    part: str | None = None
    piece: int | None = None
    title: Mapping[str, str] | None = None
    language: str | None = None
    pages: int | None = None
    rows: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What stands in an archive, whose it is, and what it was made of.

    Attributes:
        activities: The short names of those it is about; None for all.
        parts: Key, title and provision of each part, with what the house cannot give.
    """

    reference: str
    origin: str
    made_at: str
    generator: str
    languages: Sequence[str]
    activities: Sequence[str] | None
    parts: Sequence[Mapping[str, Any]]
    files: Sequence[Entry]

    def to_json(self) -> bytes:
        """Write it: the same archive gives the same bytes."""
        told = {"format": FORMAT, **asdict(self)}
        return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"


def listed_files(content: bytes) -> dict[str, tuple[int, str]] | None:
    """Return size and digest of each file that a manifest lists, by path; None where it is no manifest."""
    try:
        told = orjson.loads(content)
        if told["format"] != FORMAT:
            return None
        return {str(each["path"]): (int(each["size"]), str(each["sha256"])) for each in told["files"]}
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return None
