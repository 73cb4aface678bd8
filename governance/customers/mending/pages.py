"""`/imports/altered`: imports whose account was altered outside Égide, each written anew as the log has it."""

import uuid
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from audit.names import ActorNames
from governance.actor import open_to
from governance.customers.errors import CustomersError, ImportNotFoundError
from governance.customers.importing.anew import LoggedImport, logged_import, write_anew
from governance.customers.importing.whole import altered_imports
from governance.customers.labels import TABLE_NAMES
from governance.customers.mending.forms import AnewForm
from governance.customers.mending.views import MENDERS, desk
from governance.gate.gate import Gate
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from governance.web.context import current
from governance.web.problems import sentence

blueprint: Final = Blueprint("altered_imports", __name__, url_prefix="/imports/altered")


@dataclass(frozen=True, slots=True)
class _Shown:
    """One of them: what the log says, or nothing where it says nothing."""

    id: uuid.UUID
    logged: LoggedImport | None
    form: AnewForm


@blueprint.get("/")
@open_to(*MENDERS)
def listed() -> ResponseReturnValue:
    """Show what the log says of each, and what is asked to write it anew."""
    return _page()


@blueprint.post("/<uuid:import_id>")
@open_to(*MENDERS)
def anew(import_id: uuid.UUID) -> ResponseReturnValue:
    """Write the account of an import anew."""
    context = current()
    form = AnewForm(prefix=str(import_id))
    if not form.validate():
        return _page(form, import_id), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        write_anew(context.session, desk(), context.actor, (import_id, str(form.source.data).strip()))
    except (AttestationError, CustomersError) as error:
        context.roll_back()
        return _page(form, import_id, sentence(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("Saved."), "given")
    return redirect(url_for("altered_imports.listed"), code=303)


def _page(given: AnewForm | None = None, of: uuid.UUID | None = None, refusal: str | None = None) -> str:
    context = current()
    shown = [
        _Shown(each, _logged(each), given if given is not None and each == of else AnewForm(None, prefix=str(each)))
        for each in altered_imports(context.session, context.get(Attestor))
    ]
    people = {each.logged.actor_id for each in shown if each.logged is not None and each.logged.actor_id is not None}
    return render_template(
        "imports/altered.html",
        shown=shown,
        refusal=refusal,
        names=context.get(ActorNames).look_up(context.session, people),
        tables=TABLE_NAMES,
        purposes=context.get(Gate).snapshot().purposes.by_slug,
    )


def _logged(import_id: uuid.UUID) -> LoggedImport | None:
    try:
        return logged_import(current().session, import_id)
    except ImportNotFoundError:
        return None
