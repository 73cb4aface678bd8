"""Putting a customer on file, correcting their record, deleting it."""

from collections.abc import Sequence
from functools import partial
from http import HTTPStatus

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import open_to
from governance.customers.pages.about import name_of
from governance.customers.pages.blueprint import READERS, TABLE, blueprint
from governance.customers.pages.opening import question_first
from governance.customers.pages.purposes import entering_purposes
from governance.customers.pages.sheets import Sheet, correct, delete, enter
from governance.errors import mark

# What can be put on file by itself; the address calls it so.
_KINDS = {TABLE: mark("Add a customer"), "companies": mark("Add a company")}


@blueprint.route("/new", methods=["GET", "POST"])
@open_to(*READERS)
def new() -> ResponseReturnValue:
    """Put a person or a company on file."""
    kind = request.args.get("kind", TABLE)
    if kind not in _KINDS:
        abort(HTTPStatus.NOT_FOUND)
    purposes = entering_purposes(kind)
    asked = request.args.get("purpose", "")
    if len(purposes) == 1 and not asked:
        return redirect(url_for("customers.new", kind=kind, purpose=purposes[0][0]), code=303)
    if asked not in {slug for slug, _ in purposes}:
        return _purposes_page(kind, purposes, asked)
    page = "customers.company" if kind == "companies" else "customers.record"
    sheet = Sheet(
        table=kind,
        purpose=asked,
        title=gettext(_KINDS[kind]),
        back=url_for("customers.companies" if kind == "companies" else "customers.search", purpose=asked),
        done=lambda written: url_for(page, row=written.id, purpose=asked),
    )
    return enter(sheet)


@blueprint.route("/<row>/correct", methods=["GET", "POST"])
@open_to(*READERS)
def correct_record(row: str) -> ResponseReturnValue:
    """Correct fields of a customer's record."""
    asked = request.args.get("purpose", "")
    question = question_first(row, asked)
    if question is not None:
        return question
    back = url_for("customers.record", row=row, purpose=asked)
    title = gettext("Correct the record")
    about = partial(name_of, TABLE, asked, row)
    return correct(Sheet(table=TABLE, purpose=asked, title=title, back=back, row=row, done=lambda _: back, about=about))


@blueprint.route("/<row>/delete", methods=["GET", "POST"])
@open_to(*READERS)
def delete_record(row: str) -> ResponseReturnValue:
    """Delete a customer's record, where nothing else refers to it."""
    asked = request.args.get("purpose", "")
    question = question_first(row, asked)
    if question is not None:
        return question
    sheet = Sheet(
        table=TABLE,
        purpose=asked,
        title=gettext("Delete this record?"),
        back=url_for("customers.record", row=row, purpose=asked),
        row=row,
        done=lambda _: url_for("customers.search", purpose=asked),
    )
    consequences = (
        gettext("The record leaves the file at once, and cannot be brought back."),
        gettext("The log keeps the fact that it was deleted, by whom and for which purpose, without any value."),
        gettext("The person stays known to the file: erasing a person on their request is another step."),
    )
    return delete(sheet, gettext("Everything that this record holds is deleted."), consequences)


def _purposes_page(kind: str, purposes: Sequence[tuple[str, str]], asked: str) -> ResponseReturnValue:
    page = render_template("customers/enter_purpose.html", title=gettext(_KINDS[kind]), kind=kind, purposes=purposes)
    return page, HTTPStatus.OK if purposes and not asked else HTTPStatus.FORBIDDEN
