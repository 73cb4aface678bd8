"""`/officer`: the data protection officer's designation, what it lacks, and those before."""

import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from governance.actor import Role, open_to
from governance.days import day_of
from governance.errors import mark
from governance.ids import parse_id
from governance.oversight.accountability.forms import OfficerForm
from governance.oversight.accountability.keeping import find_record
from governance.oversight.accountability.labels import MANDATE_LABELS
from governance.oversight.accountability.officer import (
    OBJECT,
    in_office,
    keep_officer,
    lacking,
    list_officers,
    name_designated,
    nameable,
    named_officer,
    parting,
)
from governance.oversight.drift.views.words import parting_words
from governance.oversight.errors import (
    DayToComeError,
    EndBeforeBeginError,
    FirmInternalError,
    OversightError,
    RecordNotFoundError,
)
from governance.oversight.models import Officer
from governance.oversight.pages.beside import beside
from governance.oversight.pages.correcting import said_of, unseen_of, was_altered
from governance.oversight.pages.entrance import address_of, blueprint
from governance.oversight.pages.refusals import Places, told
from governance.oversight.pages.threads import drawn_thread
from governance.oversight.permissions import KEEPERS, SEERS, keeps
from governance.oversight.plan.thread import deeds_of
from governance.oversight.plan.views import desk
from governance.oversight.values import About
from governance.oversight.values.accountability import Mandate
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from governance.web.context import current
from register.models import Party
from register.pages.meanwhile import form_page, held

_DONE: Final = {"add-officer": mark("Was put on file"), "change-officer": mark("Corrected")}
_NOBODY: Final = uuid.UUID(int=0)
_MOST_FIRMS: Final = 1_000
_PLACES: Final[Places] = {EndBeforeBeginError: "until", FirmInternalError: "firm_id"}
# What a designation does not say yet, in words, with its article.
_LACKING: Final = {
    "published": (mark("how people reach the officer is published"), "GDPR Art. 37(7)"),
    "number": (mark("the number of the designation"), "GDPR Art. 37(7)"),
    "declared_on": (mark("the day on which the CNIL was told"), "GDPR Art. 37(7)"),
    "resources": (mark("what the officer has for the tasks"), "GDPR Art. 38(2)"),
    "conflicts": (mark("what was found about conflicts of interests"), "GDPR Art. 38(6)"),
    "conflicts_on": (mark("the day on which conflicts of interests were looked at"), "GDPR Art. 38(6)"),
}


@blueprint.get("/officer/")
@open_to(*SEERS)
def officer() -> ResponseReturnValue:
    """Show who is designated, what the designation does not say yet, and those before."""
    context = current()
    session = context.session
    found = list_officers(session)
    now = in_office(found, day_of(context.clock.now()))
    firms = {row.firm_id for row in found if row.firm_id is not None}
    return render_template(
        "oversight/file/officer.html",
        officer=now,
        others=[row for row in found if row is not now],
        firms={row.id: row.name for row in session.execute(select(Party.id, Party.name).where(Party.id.in_(firms)))},
        mandates=MANDATE_LABELS,
        parted=_parted(now),
        lacking=[] if now is None else [_LACKING[name] for name in lacking(now)],
        beside=None if now is None else beside(About.OFFICER.value, str(now.id)),
        thread=[] if now is None else drawn_thread(deeds_of(session, OBJECT, now.id), _DONE),
        whole=context.get(Attestor).is_whole,
        may_keep=keeps(context.actor),
    )


@blueprint.get("/officer/new")
@open_to(*KEEPERS)
def new_officer() -> ResponseReturnValue:
    """Show the form of a designation; the first begins with whom the register names."""
    try:
        named = None if list_officers(current().session) else named_officer(current().session)
    except AttestationError:
        named = None
    if named is None or named.dpo is None:
        return _form_page(_form(), None)
    mandate = Mandate.INTERNAL if named.dpo.firm_id is None else Mandate.EXTERNAL
    data = {"name": named.dpo.name, "mandate": mandate.value, "firm_id": str(named.dpo.firm_id or "")}
    return _form_page(_form(data=data), None)


@blueprint.post("/officer/new")
@open_to(*KEEPERS)
def add_officer() -> ResponseReturnValue:
    """Put a designation on file."""
    return _keep(None)


@blueprint.get("/officer/<uuid:officer_id>/edit")
@open_to(*KEEPERS)
def edit_officer(officer_id: uuid.UUID) -> ResponseReturnValue:
    """Show a designation, to correct it."""
    found = find_record(current().session, Officer, officer_id)
    return _form_page(_form(data=said_of(found, OfficerForm)), found)


@blueprint.post("/officer/<uuid:officer_id>/edit")
@open_to(*KEEPERS)
def change_officer(officer_id: uuid.UUID) -> ResponseReturnValue:
    """Correct a designation."""
    return _keep(officer_id)


def _parted(officer: Officer | None) -> dict[str, Any] | None:
    """Return how the register parts from the designation, and where the register is corrected."""
    try:
        named = named_officer(current().session)
    except AttestationError:
        return {
            "words": gettext(
                "What the register says of its officer was altered outside Égide: nothing is compared to it."
            ),
            "url": address_of("register.parties"),
            "link": gettext("Organisations on file"),
        }
    code = None if named is None else parting(named, officer)
    if named is None or code is None:
        return None
    said = ("" if named.dpo is None else named.dpo.name, "" if officer is None else officer.name)
    # By what was altered nobody is named: it is written anew first.
    designated = None if officer is None or was_altered(officer) else officer
    known = () if designated is None else nameable(current().session, designated)
    return {
        "words": f"{parting_words(code, *said)} {gettext('Notices and exports name the register’s.')}",
        "url": address_of("register.party", party_id=named.controller.id),
        "link": gettext("See %(name)s in the register", name=named.controller.name),
        "controller": named.controller,
        "designated": designated,
        "known": known,
        "add": address_of("register.new_party"),
        "decides": Role.CONTROLLER in current().actor.roles,
    }


@blueprint.post("/officer/name")
@open_to(Role.CONTROLLER)
def name_the_designated() -> ResponseReturnValue:
    """Let the register name whom the designation in force names."""
    context = current()
    designation, officer = (parse_id(request.form.get(name, "")) or _NOBODY for name in ("designation", "officer"))
    try:
        known = name_designated(context.session, desk(), context.actor, (designation, officer))
    except RecordNotFoundError:
        context.roll_back()
        flash(gettext("The designation changed meanwhile: look at it as it is now, then decide."), "refused")
        return redirect(url_for("oversight.officer"), code=303)
    said = gettext(
        "The register names %(name)s now. Publish the notices that are behind it, and tell the CNIL.",
        name=known.name,
    )
    flash(said, "given")
    return redirect(url_for("oversight.officer"), code=303)


def _keep(officer_id: uuid.UUID | None) -> ResponseReturnValue:
    context = current()
    found = None if officer_id is None else held(find_record(context.session, Officer, officer_id))
    form = _form(data=said_of(found, OfficerForm))
    if not form.validate():
        return _form_page(form, found), HTTPStatus.UNPROCESSABLE_ENTITY
    if meanwhile := unseen_of(form, found, OBJECT):
        return _form_page(form, found, meanwhile=meanwhile), HTTPStatus.CONFLICT
    try:
        keep_officer(context.session, desk(), context.actor, (officer_id, form.written()))
    except OversightError as error:
        context.roll_back()
        # Of its two days that cannot be to come, the one that is.
        passed = form.declared_on.data is None or form.declared_on.data <= day_of(context.clock.now())
        places = {**_PLACES, DayToComeError: "conflicts_on" if passed else "declared_on"}
        return _form_page(form, found, told(form, error, places)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("The designation is on file.") if found is None else gettext("Saved."), "given")
    return redirect(url_for("oversight.officer"), code=303)


def _form(**more: Any) -> OfficerForm:
    form = OfficerForm(**more)
    firms = current().session.execute(select(Party.id, Party.name).order_by(Party.name, Party.id).limit(_MOST_FIRMS))
    form.firm_id.choices = [("", gettext("none")), *((str(key), name) for key, name in firms)]
    return form


def _form_page(
    form: OfficerForm, found: Officer | None, refusal: str | None = None, meanwhile: Mapping[str, Any] | None = None
) -> str:
    heading = gettext("Correct: %(name)s", name=found.name) if found else gettext("Put a designation on file")
    return form_page(
        "oversight/file/edit.html",
        form,
        altered=was_altered(found),
        meanwhile=meanwhile,
        heading=heading,
        steps=[(gettext("The data protection officer"), url_for("oversight.officer"))],
        back=url_for("oversight.officer"),
        refusal=refusal,
    )
