"""Which column of a table is what, asked of whoever brought it in, before they are shown what it would bring."""

from dataclasses import replace
from http import HTTPStatus
from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import open_to
from governance.errors import DomainError
from governance.web.context import current
from register.exchange import waiting
from register.exchange.errors import MalformedRegisterError, NoFileWaitsError, OtherFileWaitsError
from register.exchange.tables.asked import MOST_ROWS, AskedColumns
from register.exchange.tables.columns import Field
from register.exchange.tables.labels import CERTAINTY_LABELS, FIELD_GROUPS
from register.exchange.waiting import Waiting
from register.pages.entrance import DRAFTERS, blueprint, exchange_desk
from register.pages.exchange import refusal_told

_COLUMN: Final = "column-"
_FIELDS: Final = {each.value: each for each in Field}


@blueprint.get("/-/exchange/file/columns")
@open_to(*DRAFTERS)
def file_columns() -> ResponseReturnValue:
    """Ask what each column is; of another sheet, or below other headings, where an address says so."""
    otherwise = _place(request.args.get("sheet"), request.args.get("row", ""))
    try:
        found = waiting.waiting(exchange_desk(), current().actor, otherwise)
    except NoFileWaitsError:
        return redirect(url_for("register.exchange"), code=303)
    except MalformedRegisterError as error:
        return _ask(waiting.waiting(exchange_desk(), current().actor), error)
    return _ask(found, None if otherwise else found.opened.refused)


@blueprint.post("/-/exchange/file/columns")
@open_to(*DRAFTERS)
def say_file_columns() -> ResponseReturnValue:
    """Keep what the columns are."""
    asked = _asked()
    try:
        waiting.say_columns(exchange_desk(), current().actor, request.form.get("shown", ""), asked)
    except (MalformedRegisterError, OtherFileWaitsError) as error:
        return _ask(_as_typed(asked), error)
    return redirect(url_for("register.look_over_file"), code=303)


def _ask(found: Waiting, refused: DomainError | None = None) -> ResponseReturnValue:
    if found.opened.proposal is None:
        return redirect(url_for("register.look_over_file"), code=303)
    told = refusal_told(refused)
    if isinstance(refused, MalformedRegisterError):
        told["refusal"] = gettext("Nothing was imported. Correct what the columns are, or mend the file.")
    page = render_template(
        "register/exchange_columns.html",
        file=found,
        groups=FIELD_GROUPS,
        certainty=CERTAINTY_LABELS,
        typed={name: said for name, said in request.form.items() if name.startswith(_COLUMN)},
        **told,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK


def _as_typed(asked: AskedColumns) -> Waiting:
    """Return the file as it lies where somebody looked, whatever they said of its columns."""
    place = AskedColumns(sheet=asked.sheet, row=asked.row)
    try:
        return waiting.waiting(exchange_desk(), current().actor, place)
    except MalformedRegisterError:
        return waiting.waiting(exchange_desk(), current().actor)


def _asked() -> AskedColumns:
    place = _place(request.form.get("sheet"), request.form.get("row", "")) or AskedColumns()
    said = {
        _number(name.removeprefix(_COLUMN)): text for name, text in request.form.items() if name.startswith(_COLUMN)
    }
    numbers = {number: _FIELDS[text] for number, text in said.items() if number and text in _FIELDS}
    return replace(place, numbers=numbers)


def _place(sheet: str | None, row: str) -> AskedColumns | None:
    given = _number(row)
    return AskedColumns(sheet=sheet, row=given) if sheet is not None or given else None


def _number(text: str) -> int | None:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(MOST_ROWS)) else 0
    return number if 1 <= number <= MOST_ROWS else None
