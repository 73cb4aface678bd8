"""Two people at one form: nothing of what somebody wrote meanwhile goes without being seen."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, TypeVar

import orjson
from flask import flash, request
from flask_babel import format_date, format_datetime, gettext

from governance.web.context import current
from register import service
from register.lines.contents import Content
from register.models import Activity, Party, PurposeData
from register.service.contents import terms_of
from register.service.threads import ThreadFact

_Row = TypeVar("_Row")


def questions_of(form: Any) -> list[Any]:
    """Return the fields that somebody answers."""
    return [each for each in form if each.type not in {"CSRFTokenField", "HiddenField"}]


def held(row: _Row) -> _Row:
    """Return a row as it is now, held until the transaction ends: nobody writes between comparing and writing."""
    current().session.refresh(row, with_for_update=True)
    return row


def mark_of(told: Mapping[str, Any]) -> str:
    """Return what the record says, as one mark: another, and somebody wrote meanwhile."""
    # A question that was not offered before, and of which nothing is on record, is nothing that somebody wrote.
    said = {name: plain for name, value in told.items() if (plain := _plain(value)) is not None}
    return hashlib.sha256(orjson.dumps(said, default=str, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


def mark_of_form(form: Any) -> str:
    """Return the mark of what a form was filled with from the record."""
    return mark_of({each.name: each.object_data for each in questions_of(form)})


def line_mark(line: Content | PurposeData) -> str:
    """Return the mark of a line as a page shows it beside the button that leaves it out."""
    return mark_of(asdict(terms_of(line) if isinstance(line, PurposeData) else line))


def altered(line: Content | PurposeData) -> bool:
    """Say whether a line that shall be left out is not as the page showed it; whoever sent it is told to look."""
    if request.form.get("shown") == line_mark(line):
        return False
    flash(gettext("Somebody changed this meanwhile: look at it as it is now, then leave it out."), "refused")
    return True


def unseen(form: Any, about: Activity | Party | None = None) -> dict[str, Any] | None:
    """Return what was written since the page was drawn and what was sent would go over; None where nothing was.

    Args:
        form: What was sent, and what is on record now. Sent without a mark, nothing of it was seen.
        about: Whose thread tells who wrote last, where there is one.

    Returns:
        Who wrote last and when, and what is on record now, for `register/meanwhile.html`.
    """
    if request.form.get("mark") == mark_of_form(form):
        return None
    fields = [each for each in questions_of(form) if _plain(each.data) != _plain(each.object_data)]
    if not fields:
        return None
    last = next(iter(_thread_of(about)), None)
    return {
        "who": None if last is None else last.who,
        "at": None if last is None else format_datetime(last.at, "short"),
        "says": [(each.label.text, _shown(each)) for each in fields],
    }


def marked(form: Any, meanwhile: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what the page of a form carries: the mark of what was seen, and what was written meanwhile."""
    # Sent once more, it was seen.
    seen = request.method == "GET" or meanwhile is not None
    return {"mark": mark_of_form(form) if seen else request.form.get("mark"), "meanwhile": meanwhile}


def _thread_of(about: Activity | Party | None) -> Sequence[ThreadFact]:
    session = current().session
    if isinstance(about, Party):
        return service.party_thread_of(session, about, limit=1)
    return () if about is None else service.thread_of(session, about, limit=1)


def _plain(data: Any) -> Any:
    # A browser sends lines ended in its own way, nothing or an empty text for nothing, and choices in the order of the
    # page.
    if isinstance(data, (list, tuple)):
        return sorted(map(str, data)) or None
    if isinstance(data, bool):
        return data or None
    return (data.replace("\r\n", "\n") or None) if isinstance(data, str) else data


def _shown(field: Any) -> str:
    """Return what the record says of a field, in the words of its choices."""
    data = field.object_data
    choices = dict(getattr(field, "choices", None) or ())
    if field.type == "BooleanField":
        return str(gettext("yes") if data else gettext("no"))
    if isinstance(data, date):
        return str(format_date(data))
    if data is None or data in ("", []):
        return "—"
    if isinstance(data, (list, tuple)):
        return ", ".join(str(choices.get(each, each)) for each in data)
    return str(choices.get(data, data))
