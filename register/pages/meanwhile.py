"""Two people at one form: nothing of what somebody wrote meanwhile goes without being seen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final, Protocol, TypeVar

from flask import flash, render_template, request
from flask_babel import gettext

from governance.web.clockface import day, moment
from governance.web.context import current
from register import service
from register.in_force import IN_PLACE
from register.lines.contents import Content
from register.marks import mark_of, plainly
from register.models import Activity, Party, PurposeData
from register.record import Change, PurposeLines, wanted_terms
from register.service.life.threads import ThreadFact
from register.service.purposes.contents import terms_of

_Row = TypeVar("_Row")


class Wrote(Protocol):
    """A fact of the thread of anything: who wrote, and when."""

    @property
    def who(self) -> str | None:
        """What they are called; None where no account is known."""
        ...

    @property
    def at(self) -> datetime:
        """When."""
        ...


# What a purpose is declared with, beside what is written in place.
_DECLARED: Final = ("label_fr", "label_en", "basis", "consent_channel", "special_condition")


def questions_of(form: Any) -> list[Any]:
    """Return the fields that somebody answers."""
    return [each for each in form if each.type not in {"CSRFTokenField", "HiddenField"}]


def held(row: _Row) -> _Row:
    """Return a row as it is now, held until the transaction ends: nobody writes between comparing and writing."""
    current().session.refresh(row, with_for_update=True)
    return row


def mark_of_form(form: Any) -> str:
    """Return the mark of what a form was filled with from the record."""
    return mark_of({each.name: each.object_data for each in questions_of(form)})


def line_mark(line: Content | PurposeData | PurposeLines) -> str:
    """Return the mark of a line, or of a whole purpose, as a page shows it beside the button that moves it."""
    if isinstance(line, PurposeLines):
        return mark_of(_whole(line))
    return mark_of(asdict(terms_of(line) if isinstance(line, PurposeData) else line))


def altered(line: Content | PurposeData | PurposeLines, called: str) -> bool:
    """Say whether what a button shall move is not as the page showed it; whoever sent it is told to look.

    Where they are led then has the notice on top: an address that names a place further down would hide it.
    """
    if _was_shown(line):
        return False
    said = gettext("Somebody changed “%(what)s” meanwhile: look at it as it is now, then decide.", what=called)
    flash(said, "refused")
    return True


def unseen(
    form: Any,
    about: Activity | Party | None = None,
    *,
    new: bool = False,
    over: Iterable[PurposeData] = (),
    altered: bool = False,
    last: Wrote | None = None,
) -> dict[str, Any] | None:
    """Return what was written since the page was drawn and what was sent would go over; None where nothing was.

    Args:
        form: What was sent, and what is on record now. Sent without a mark, nothing of it was seen.
        about: Whose thread tells who wrote last, where there is one.
        new: Whether the answers to the form come in the place of nothing.
        over: What else on record would be written otherwise. What the page did not carry was not seen.
        altered: Whether the record was altered outside Égide: nobody in the log wrote last then, and who did not see
            all of it as it stands now answers for none of it.
        last: Who wrote last, where no thread of `about` tells.

    Returns:
        Who wrote last and when, and what is on record now, for `register/meanwhile.html`.
    """
    kept = new or request.form.get("mark") == mark_of_form(form)
    answers = [] if kept else [each for each in questions_of(form) if altered or _answers_otherwise(each)]
    lines = [line for line in over if not _was_shown(line)]
    if not answers and not lines:
        return None
    last = None if altered else next(iter(_thread_of(about)), last)
    return {
        "who": None if last is None else last.who,
        "at": None if last is None else moment(last.at),
        "says": [(each.label.text, _shown(each)) for each in answers],
        "lines": lines,
    }


def form_page(
    template: str,
    form: Any,
    *,
    refusal: str | None = None,
    meanwhile: Mapping[str, Any] | None = None,
    over: Iterable[PurposeData] = (),
    **beside: Any,
) -> str:
    """Draw the page of a form, with the marks of what whoever sends it has seen.

    Args:
        template: What draws it.
        form: With what is on record, and on it what was sent.
        refusal: Why what was sent was not taken.
        meanwhile: What somebody else wrote, as `unseen` returns it: sent once more, it was seen.
        over: What else on record the form can be written over.
        beside: What else the template draws.
    """
    seen = request.method == "GET" or meanwhile is not None
    marks = marks_of(form, over) if seen else marks_in(request.form)
    return render_template(template, form=form, refusal=refusal, meanwhile=meanwhile, **marks, **beside)


def marks_of(form: Any, over: Iterable[PurposeData] = ()) -> dict[str, str]:
    """Return the marks of what is on record now: what the form was filled with, and what else it can go over."""
    return {"mark": mark_of_form(form), "shown": " ".join(map(line_mark, over))}


def marks_in(sent: Mapping[str, str]) -> dict[str, str]:
    """Return the marks of what somebody had seen who typed something."""
    return {name: sent.get(name, "") for name in ("mark", "shown")}


def _was_shown(line: Content | PurposeData | PurposeLines) -> bool:
    return line_mark(line) in request.form.get("shown", "").split()


def _whole(lines: PurposeLines) -> dict[str, Any]:
    purpose = lines.purpose
    words = {name: getattr(purpose, name) for name in (*_DECLARED, *IN_PLACE, "standing")}
    kept = [each.role for each in lines.recipients if each.change is not Change.LEAVING]
    return words | {"data": [*map(line_mark, wanted_terms(lines))], "recipients": kept}


def _thread_of(about: Activity | Party | None) -> Sequence[ThreadFact]:
    session = current().session
    if isinstance(about, Party):
        return service.party_thread_of(session, about, limit=1)
    return () if about is None else service.thread_of(session, about, limit=1)


def _answers_otherwise(field: Any) -> bool:
    return bool(plainly(field.data) != plainly(field.object_data))


def _shown(field: Any) -> str:
    """Return what the record says of a field, in the words of its choices."""
    data = field.object_data
    choices = dict(getattr(field, "choices", None) or ())
    if field.type == "BooleanField":
        return str(gettext("yes") if data else gettext("no"))
    if isinstance(data, date):
        return day(data)
    if data is None or data in ("", []):
        return "—"
    if isinstance(data, (list, tuple)):
        return ", ".join(str(choices.get(each, each)) for each in data)
    return str(choices.get(data, data))
