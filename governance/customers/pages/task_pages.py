"""Beginning from a task: the exchanges that wait, and the customer of an order or an exchange."""

from http import HTTPStatus
from typing import Final

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance.actor import open_to
from governance.customers.pages.blueprint import READERS, TABLE, blueprint
from governance.customers.pages.purposes import label_of
from governance.customers.pages.tasking import purposes_for
from governance.customers.related import latest
from governance.customers.tasks import TASKS, TICKET
from governance.gate.errors import RowIdInvalidError
from governance.gate.gate import Gate
from governance.gate.query import Condition, Operator, Query
from governance.web.context import current

# The states in which an exchange waits for somebody.
_WAITING: Final = ("open", "waiting")


@blueprint.get("/tickets")
@open_to(*READERS)
def tickets() -> ResponseReturnValue:
    """Show the exchanges that wait for somebody, the newest first."""
    possible = purposes_for(TICKET)
    context = current()
    gate = context.get(Gate)
    plan = gate.explain(context.actor, possible[0], TICKET.table).plan if possible else None
    if plan is None:
        abort(HTTPStatus.NOT_FOUND)
    where = (Condition(field="status", operator=Operator.IN, value=_WAITING),)
    return render_template(
        "customers/tickets.html",
        listing=latest(gate, context.actor, plan, where, request.args.get("after")),
        purpose=possible[0],
        purpose_label=label_of(possible[0]),
        begun=bool(request.args.get("after")),
    )


@blueprint.get("/task/<slug>/<row>")
@open_to(*READERS)
def task(slug: str, row: str) -> ResponseReturnValue:
    """Open the customer of an order or an exchange, for the purpose that follows from it; ask where several may."""
    known = TASKS.get(slug)
    possible = [] if known is None else purposes_for(known)
    if known is None or not possible:
        abort(HTTPStatus.NOT_FOUND)
    if len(possible) > 1:
        purposes = [(each, label_of(each)) for each in possible]
        return render_template("customers/task_purpose.html", task=known, row=row, purposes=purposes)
    where = (Condition(field="person", value=row, of=known.table),)
    context = current()
    try:
        found = context.get(Gate).read(context.actor, Query(purpose=possible[0], table=TABLE, where=where, limit=1))
    except RowIdInvalidError:
        found = None
    if not found:
        return render_template("customers/missing.html", purpose=possible[0]), HTTPStatus.NOT_FOUND
    person = found.decoded()[0]["id"]
    return redirect(url_for("customers.record", row=person, purpose=possible[0], task=slug, of=row), code=303)
