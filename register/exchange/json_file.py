"""The register as JSON, whole and canonical, and the JSON Schema of it.

`format` says which version of it a file is written in. What is added later gets a default, so that older files stay
good; what changes its meaning gets another number.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import IO, Any, Final, NoReturn

import orjson

from governance.errors import phrase
from register.exchange.codec import WrongValueError, read, schema_of
from register.exchange.errors import MalformedRegisterError, Wrong
from register.exchange.placed import PlacedActivity, ReadRegister
from register.exchange.written import MOST_ACTIVITIES, WrittenActivity

FORMAT: Final = "egide-register/1"
NAME: Final = "json"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_ROOT: Final = frozenset({"format", "activities"})
# Five thousand activities that say everything there is to say.
MOST_BYTES: Final = 16 * 1024 * 1024
# What an activity says lies nine deep at most.
_MOST_DEPTH: Final = 16


def write_json(out: IO[bytes], activities: Iterable[WrittenActivity]) -> None:
    """Write activities, one at a time."""
    out.write(b'{\n"format": "%b",\n"activities": [' % FORMAT.encode())
    between = b"\n"
    for activity in activities:
        out.write(between + orjson.dumps(activity))
        between = b",\n"
    out.write(b"\n]\n}\n")


def read_json(content: bytes) -> ReadRegister:
    """Read a file.

    Raises:
        MalformedRegisterError: If it is none, or larger than one can be, with each path at which it is wrong.
    """
    if len(content) > MOST_BYTES:
        _refuse(Wrong("$", phrase("it is larger than {most} bytes: import it in parts", most=MOST_BYTES)))
    found = _parsed(content)
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        _refuse(Wrong("$.format", phrase("it must be {format}", format=FORMAT)))
    unknown = found.keys() - _ROOT
    if unknown:
        _refuse(*(Wrong(f"$.{name[:64]}", phrase("there is no such field: take it out")) for name in sorted(unknown)))
    listed = found.get("activities")
    if not isinstance(listed, list) or len(listed) > MOST_ACTIVITIES:
        _refuse(Wrong("$.activities", phrase("it must be a list of at most {most}", most=MOST_ACTIVITIES)))
    activities: list[PlacedActivity] = []
    wrongs: list[Wrong] = []
    for place, each in enumerate(listed):
        where = f"$.activities[{place}]"
        try:
            activities.append(PlacedActivity(activity=read(WrittenActivity, each, where), where=where))
        except WrongValueError as error:
            wrongs.append(error.wrong)
    if wrongs:
        _refuse(*wrongs)
    return ReadRegister(format=NAME, digest=hashlib.sha256(content).hexdigest(), activities=activities)


def json_schema(address: str) -> dict[str, Any]:
    """Return the JSON Schema of the format (draft 2020-12).

    Args:
        address: Where it is served, by which it is known.
    """
    known: dict[str, Any] = {}
    activity = schema_of(WrittenActivity, known)
    return {
        "$schema": _DIALECT,
        "$id": address,
        "title": "Register of processing activities",
        "description": "GDPR Art. 30: what an organisation does with personal data, why, and for how long.",
        "type": "object",
        "properties": {
            "format": {"const": FORMAT},
            "activities": {"type": "array", "items": activity, "maxItems": MOST_ACTIVITIES},
        },
        "required": ["format", "activities"],
        "additionalProperties": False,
        "$defs": known,
    }


def _parsed(content: bytes) -> Any:
    try:
        # The first is strict, and no depth of a file ends it; but of a key that stands twice it takes the last.
        _check_depth(orjson.loads(content))
        return json.loads(content, object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as error:
        place = getattr(error, "lineno", None)
        where = "$" if place is None else phrase("line {line}", line=place)
        raise MalformedRegisterError(
            wrongs=(Wrong(where, phrase("this is not JSON, or a key stands twice")),)
        ) from None


def _check_depth(found: Any) -> None:
    level = [found]
    for _ in range(_MOST_DEPTH):
        level = [below for each in level if isinstance(each, dict | list) for below in _below(each)]
    if level:
        _refuse(Wrong("$", phrase("this is nested too deep")))


def _below(found: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return found.values() if isinstance(found, dict) else found


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(*wrongs: Wrong) -> NoReturn:
    raise MalformedRegisterError(wrongs=wrongs)
