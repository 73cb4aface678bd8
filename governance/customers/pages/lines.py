"""Orders, exchanges and equipment of a customer: added, corrected, deleted."""

import uuid
from functools import partial
from http import HTTPStatus

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import open_to
from governance.customers.labels import ADDING, CORRECTING, DELETING
from governance.customers.pages.about import name_of
from governance.customers.pages.blueprint import READERS, TABLE, blueprint
from governance.customers.pages.opening import question_first
from governance.customers.pages.sheets import Sheet, correct, delete, enter
from governance.customers.related import RELATED_TABLES, link_of
from governance.ids import parse_id


@blueprint.route("/<row>/<table>/new", methods=["GET", "POST"])
@open_to(*READERS)
def new_line(row: str, table: str) -> ResponseReturnValue:
    """Add an order, an exchange or a device to a customer."""
    person = parse_id(row)
    if person is None:
        abort(HTTPStatus.NOT_FOUND)
    question = _question(row, table)
    if question is not None:
        return question
    return enter(_sheet(row, table, None, gettext(ADDING[table]), person))


@blueprint.route("/<row>/<table>/<line>/correct", methods=["GET", "POST"])
@open_to(*READERS)
def correct_line(row: str, table: str, line: str) -> ResponseReturnValue:
    """Correct one of them."""
    question = _question(row, table)
    if question is not None:
        return question
    return correct(_sheet(row, table, line, gettext(CORRECTING[table])))


@blueprint.route("/<row>/<table>/<line>/delete", methods=["GET", "POST"])
@open_to(*READERS)
def delete_line(row: str, table: str, line: str) -> ResponseReturnValue:
    """Delete one of them."""
    question = _question(row, table)
    if question is not None:
        return question
    title = gettext(DELETING[table])
    consequences = (
        gettext("It leaves the file at once, and cannot be brought back."),
        gettext("The log keeps the fact that it was deleted, by whom and for which purpose, without any value."),
    )
    return delete(_sheet(row, table, line, title), gettext("Everything that it holds is deleted."), consequences)


def _question(row: str, table: str) -> ResponseReturnValue | None:
    if table not in RELATED_TABLES:
        abort(HTTPStatus.NOT_FOUND)
    return question_first(row, request.args.get("purpose", ""))


def _sheet(row: str, table: str, line: str | None, title: str, person: uuid.UUID | None = None) -> Sheet:
    asked = request.args.get("purpose", "")
    back = url_for("customers.record", row=row, purpose=asked)
    return Sheet(
        table=table,
        purpose=asked,
        title=title,
        back=back,
        row=line,
        links={} if person is None else {link_of(table): person},
        done=lambda _: back,
        about=partial(name_of, TABLE, asked, row),
    )
