"""Written values as plain ones and back: one description of their shape, from which the JSON Schema is made too.

Reading is strict: what is unknown, missing, too long or of another kind is refused with its path (RFC 9535 as far as
names and numbers go).
"""

import re
import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

from governance.days import can_be_kept
from governance.errors import Phrase, phrase
from governance.periods import PATTERN, Period
from governance.text import is_plain, is_storable
from register.exchange.errors import Wrong
from register.exchange.written import Bounds

_UNIONS: Final = (Union, types.UnionType)
_AS_THEY_ARE: Final = frozenset({str, int, bool, Period, type(None)})
_MISSING: Final = phrase("it is missing")


class WrongValueError(Exception):
    """A value that cannot be read. Never leaves this package."""

    def __init__(self, path: str, reason: Phrase) -> None:
        """Keep where it is, and why."""
        super().__init__(path, reason)
        self.wrong: Final = Wrong(path, reason)


def plain(value: Any) -> Any:
    """Return a written value as JSON has it, every field in its order."""
    kind: Any = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is tuple:
        return [plain(each) for each in value]
    if kind is date:
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    return {name: plain(getattr(value, name)) for name in _names(kind)}


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


def read(kind: Any, given: Any, path: str = "$") -> Any:
    """Return the written value that plain ones say.

    Args:
        kind: Of which type, as a dataclass annotates it.
        given: What was read.
        path: Where that stands.

    Raises:
        WrongValueError: If it is none.
    """
    bounds, kind = _unwrapped(kind)
    if get_origin(kind) in _UNIONS:
        return None if given is None else read(_wanted(kind), given, path)
    if get_origin(kind) is tuple:
        _check(given, list, bounds, path)
        return tuple(read(get_args(kind)[0], each, f"{path}[{place}]") for place, each in enumerate(given))
    if is_dataclass(kind):
        return _object(kind, given, path)
    return _scalar(kind, given, bounds, path)


def schema_of(kind: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a type; those of dataclasses go among the known ones."""
    bounds, kind = _unwrapped(kind)
    if get_origin(kind) in _UNIONS:
        return {"anyOf": [schema_of(_wanted(kind), known), {"type": "null"}]}
    if get_origin(kind) is tuple:
        most = {} if bounds is None else {"maxItems": bounds.most}
        return {"type": "array", "items": schema_of(get_args(kind)[0], known), **most}
    if is_dataclass(kind):
        name = kind.__name__  # type: ignore[union-attr] # a class, not one of its values
        if name not in known:
            known[name] = {}
            known[name].update(_object_schema(kind, known))
        return {"$ref": f"#/$defs/{name}"}
    return _scalar_schema(kind, bounds)


def _object_schema(kind: Any, known: dict[str, Any]) -> dict[str, Any]:
    hints, members = _shape(kind)
    return {
        "description": (kind.__doc__ or "").splitlines()[0],
        "type": "object",
        "properties": {name: schema_of(hints[name], known) for name in members},
        "required": [name for name, member in members.items() if _obligatory(member)],
        "additionalProperties": False,
    }


def _scalar_schema(kind: Any, bounds: Bounds | None) -> dict[str, Any]:
    if kind is bool:
        return {"type": "boolean"}
    if kind is date:
        return {"type": "string", "format": "date"}
    if kind is Period:
        return {"type": "string", "pattern": PATTERN}
    if issubclass(kind, StrEnum):
        return {"enum": [member.value for member in kind]}
    assert bounds is not None  # noqa: S101 -- every text and number of a written value has bounds
    if kind is int:
        return {"type": "integer", "minimum": bounds.least, "maximum": bounds.most}
    shape = {} if bounds.pattern is None else {"pattern": bounds.pattern}
    return {"type": "string", "minLength": bounds.least, "maxLength": bounds.most, **shape}


@cache
def _shape(kind: Any) -> tuple[Mapping[str, Any], Mapping[str, Field[Any]]]:
    return get_type_hints(kind, include_extras=True), {each.name: each for each in fields(kind)}


def _obligatory(member: Field[Any]) -> bool:
    return member.default is MISSING


def _unwrapped(kind: Any) -> tuple[Bounds | None, Any]:
    if get_origin(kind) is Annotated:
        inner, bounds = get_args(kind)
        return bounds, inner
    return None, kind


def _wanted(kind: Any) -> Any:
    return next(each for each in get_args(kind) if each is not type(None))


def _object(kind: Any, given: Any, path: str) -> Any:
    _check(given, dict, None, path)
    hints, members = _shape(kind)
    for name in given:
        if name not in members:
            raise WrongValueError(f"{path}.{name[:64]}", phrase("there is no such field: take it out"))
    for name, member in members.items():
        if name not in given and _obligatory(member):
            raise WrongValueError(f"{path}.{name}", _MISSING)
    return kind(**{name: read(hints[name], value, f"{path}.{name}") for name, value in given.items()})


def _scalar(kind: Any, given: Any, bounds: Bounds | None, path: str) -> Any:
    if kind is bool:
        _check(given, bool, None, path)
        return given
    if kind is date:
        return _day(given, path)
    if kind is int:
        return _number(given, bounds, path)
    if kind is Period:
        return _period(given, path)
    _check(given, str, None if issubclass(kind, StrEnum) else bounds, path)
    if issubclass(kind, StrEnum):
        return _member(kind, given, path)
    if bounds is not None and bounds.pattern is not None and re.fullmatch(bounds.pattern, given, re.ASCII) is None:
        raise WrongValueError(path, phrase("it must look like {pattern}", pattern=bounds.pattern))
    _check_plain(given, path)
    return given


def _check_plain(given: str, path: str) -> None:
    if not is_storable(given):
        raise WrongValueError(path, phrase("it holds characters that cannot be stored: take them out"))
    if not is_plain(given):
        raise WrongValueError(path, phrase("it holds characters that are not seen, and mislead: take them out"))


def _member(kind: type[StrEnum], given: str, path: str) -> StrEnum:
    try:
        return kind(given)
    except ValueError:
        raise WrongValueError(path, phrase("it must be one of: {words}", words=", ".join(kind))) from None


def _day(given: Any, path: str) -> date:
    try:
        found = date.fromisoformat(given)
    except (TypeError, ValueError):
        found = None
    if found is None or found.isoformat() != given or not can_be_kept(found):
        raise WrongValueError(path, phrase("it must be a day such as 2026-01-31"))
    return found


def _period(given: Any, path: str) -> Period:
    _check(given, str, None, path)
    try:
        return Period(given)
    except ValueError:
        reason = phrase("it must be a period such as P30D, P3M or P5Y, of at most a hundred years")
        raise WrongValueError(path, reason) from None


def _number(given: Any, bounds: Bounds | None, path: str) -> int:
    fits = isinstance(given, int) and not isinstance(given, bool)
    if not fits or (bounds is not None and not bounds.least <= given <= bounds.most):
        most = bounds.most if bounds else 0
        raise WrongValueError(path, phrase("it must be a whole number from 0 to {most}", most=most))
    return int(given)


_KINDS: Final[Mapping[type, Phrase]] = {
    list: phrase("it must be a list"),
    dict: phrase("it must be an object"),
    bool: phrase("it must be true or false"),
    str: phrase("it must be a text"),
}


def _check(given: Any, kind: type[Any], bounds: Bounds | None, path: str) -> None:
    if not isinstance(given, kind):
        raise WrongValueError(path, _KINDS[kind])
    if bounds is not None and not bounds.least <= len(given) <= bounds.most:
        unit = phrase("entries") if kind is list else phrase("characters")
        sentence = "it has {length} {unit}: it may have {least} to {most}"
        facts = {"length": len(given), "unit": unit, "least": bounds.least, "most": bounds.most}
        raise WrongValueError(path, phrase(sentence, **facts))
