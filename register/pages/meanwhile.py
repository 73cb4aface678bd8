"""Two people at one form: nothing of what somebody wrote meanwhile goes without being seen."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from flask import request
from flask_babel import format_datetime, gettext

from governance.web.context import current
from register import service
from register.models import Activity


def questions_of(form: Any) -> list[Any]:
    """Return the fields that somebody answers."""
    return [each for each in form if each.type not in {"CSRFTokenField", "HiddenField"}]


def mark_of(told: Mapping[str, Any]) -> str:
    """Return what the record says, as one mark: another, and somebody wrote meanwhile."""
    return hashlib.sha256(orjson.dumps(told, default=str, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


def mark_of_form(form: Any) -> str:
    """Return the mark of what a form was filled with from the record."""
    return mark_of({each.name: each.object_data for each in questions_of(form)})


def differing(form: Any) -> list[Any]:
    """Return the fields in which something else was sent than is on record."""
    return [each for each in questions_of(form) if _plain(each.data) != _plain(each.object_data)]


def overwrites(form: Any) -> list[Any]:
    """Return the fields that would go over what somebody wrote since the page was drawn."""
    return [] if request.form.get("mark") == mark_of_form(form) else differing(form)


def marked(form: Any, meanwhile: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what the page of a form carries: the mark of what was seen, and what was written meanwhile."""
    # Sent once more, it was seen.
    seen = request.method == "GET" or meanwhile is not None
    return {"mark": mark_of_form(form) if seen else request.form.get("mark"), "meanwhile": meanwhile}


def written_meanwhile(activity: Activity, fields: Iterable[Any]) -> dict[str, Any]:
    """Return who wrote last, when, and what is on record now, for `register/meanwhile.html`."""
    facts = service.thread_of(current().session, activity)
    last = facts[0] if facts else None
    return {
        "who": None if last is None else last.who,
        "at": None if last is None else format_datetime(last.at, "short"),
        "says": [(each.label.text, _shown(each)) for each in fields],
    }


def _plain(data: Any) -> Any:
    # A browser sends lines ended in its own way, an empty text for nothing, and choices in the order of the page.
    if isinstance(data, (list, tuple)):
        return sorted(map(str, data))
    return (data.replace("\r\n", "\n") or None) if isinstance(data, str) else data


def _shown(field: Any) -> str:
    """Return what the record says of a field, in the words of its choices."""
    data = field.object_data
    choices = dict(getattr(field, "choices", None) or ())
    if isinstance(data, bool):
        return str(gettext("yes") if data else gettext("no"))
    if isinstance(data, (list, tuple)):
        return ", ".join(str(choices.get(each, each)) for each in data) or "—"
    return str(choices.get(data, data) if choices else data or "") or "—"
