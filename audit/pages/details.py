"""The details of an entry as people read them: names, counts and words, and of what only programs read its length."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask_babel import format_datetime, format_decimal, gettext, ngettext

from audit.labels import DETAIL_LABELS

# Longer words than a digest in hexadecimal are for programs.
_LONGEST_WORD: Final = 64
_SHOWN: Final = 20
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_SLUG: Final = re.compile(r"[a-z][a-z-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One part of the details."""

    label: str
    text: str


def readable(details: Mapping[str, Any]) -> list[Detail]:
    """Return what a person can read of an entry's details; the entry itself has the rest."""
    return [Detail(label=_label(name), text=_text(value)) for name, value in details.items() if value not in ({}, [])]


def _label(name: str) -> str:
    known = DETAIL_LABELS.get(name)
    return name.replace("_", " ") if known is None else str(gettext(known))


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return _listed(list(_pairs(value)), "; ")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _listed([_word(each) for each in value])
    return _word(value)


def _pairs(told: Mapping[str, Any]) -> Iterator[str]:
    for name, value in told.items():
        if isinstance(value, list):
            # What was read stands by the form in which it was given.
            yield str(gettext("%(name)s: %(words)s", name=_label(name), words=_listed([_word(each) for each in value])))
            continue
        # Of a box its name is what people look for, and of a rule the number of people.
        yield name if _is_for_programs(value) else f"{name} ({_word(value)})"


def _word(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    if isinstance(value, int):
        return str(format_decimal(value))
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return str(format_datetime(datetime.fromisoformat(value), "medium"))
    if _is_for_programs(value):
        length = len(str(value))
        return str(ngettext("%(num)d character, in the whole entry", "%(num)d characters, in the whole entry", length))
    # The words of our own vocabularies are in the catalogue; a name means what it names in every language.
    return str(gettext(value)) if isinstance(value, str) and _SLUG.fullmatch(value) else str(value)


def _listed(words: list[str], between: str = ", ") -> str:
    shown = between.join(words[:_SHOWN])
    more = len(words) - _SHOWN
    return shown if more <= 0 else str(gettext("%(shown)s and %(more)s more", shown=shown, more=more))


def _is_for_programs(value: Any) -> bool:
    return isinstance(value, Mapping | list) or (isinstance(value, str) and len(value) > _LONGEST_WORD)
