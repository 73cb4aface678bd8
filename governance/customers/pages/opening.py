"""For which purpose the reader has a record open, and the question before it is opened for another."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from flask import redirect, url_for
from pyroaring import BitMap
from werkzeug import Response

from governance.customers.opened import Opened, check_open, opened_for
from governance.customers.pages.blueprint import TABLE
from governance.gate.gate import Gate
from governance.gate.openings import Handing, Openings
from governance.identity.models import SignInSession
from governance.web.context import current
from governance.web.signed_in import came_with_token, visitor

# As long as a session can last, for whoever comes with a token and has none.
_LONGEST: Final = timedelta(hours=12)


def signed_in_since() -> datetime:
    """Return when the reader signed in."""
    admission = visitor()
    with current().database.read() as session:
        found = None if admission is None else session.get(SignInSession, admission.reference)
        return current().clock.now() - _LONGEST if found is None else found.opened_at


def opened_now(row: str) -> Opened | None:
    """Return for which purpose the reader has a record open."""
    since, people = signed_in_since(), people_of(row)
    with current().database.read() as session:
        return opened_for(session, current().actor, people, since)


def people_of(row: str) -> BitMap:
    """Return whose record it is."""
    return current().get(Gate).people_of(TABLE, row)


def check_opening(handing: Handing) -> None:
    """Refuse to hand out people beside the pages of their records for another purpose than those are open for.

    Raises:
        PurposeSwitchNeededError: If one is open for another.
    """
    since = signed_in_since()
    with current().database.read() as session:
        check_open(session, current().actor, handing, since)


def openings() -> Openings | None:
    """Return what is asked about who is alone in an answer; nothing by a token, which names its purpose each time.

    A list on a page is not asked about: it shows by what people are told from each other, and leads to the records.
    """
    return None if came_with_token() else replace(current().get(Openings), lists=False)


def question_first(row: str, asked: str) -> Response | None:
    """Return the way to the question why, where the record is open for another purpose than the one asked for.

    A purpose that does not open customers to the reader is refused by the gate, and needs no question.
    """
    opened = opened_now(row)
    if opened is None or opened.purpose == asked:
        return None
    context = current()
    if context.get(Gate).explain(context.actor, asked, TABLE).plan is None:
        return None
    answer: Response = redirect(url_for("customers.why", row=row, to=asked), code=303)
    return answer
