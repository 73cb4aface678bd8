"""`/inspection`: one button gathers what a supervisory authority asks for; then the file, and those before it."""

import uuid
from http import HTTPStatus
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from sqlalchemy import select

from governance.actor import open_to
from governance.ids import parse_id
from governance.oversight.errors import OversightError
from governance.oversight.inspection import service
from governance.oversight.inspection.forms import LANGUAGE_LABELS, InspectionForm
from governance.oversight.inspection.models import InspectionFile
from governance.oversight.inspection.pages.parts import PARTS
from governance.oversight.inspection.service import InspectionDesk
from governance.oversight.inspection.values import MOST_ACTIVITIES, InspectionState
from governance.oversight.inspection.views import ground_now, hand_out_archive
from governance.oversight.pages.entrance import blueprint, names_of
from governance.oversight.permissions import KEEPERS, SEERS, keeps
from governance.web.context import current
from governance.web.problems import sentence
from register.lifecycle import ActivityState
from register.models import Activity

_ON_A_PAGE: Final = 20


@blueprint.get("/inspection/")
@open_to(*SEERS)
def inspection() -> ResponseReturnValue:
    """Show what a file would hold and what is missing, the one that is being made, and those before."""
    return _page(_form())


@blueprint.post("/inspection/")
@open_to(*KEEPERS)
def order_inspection() -> ResponseReturnValue:
    """Have a file made; while one is being made, lead to that one."""
    context, form = current(), _form()
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        ordered = service.order_inspection(context.session, context.get(InspectionDesk), context.actor, form.written())
    except OversightError as error:
        context.roll_back()
        return _page(form, sentence(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    if not ordered.new:
        flash(gettext("A file is being made already: this is how far it is."), "info")
    return redirect(url_for("oversight.inspection_file", file_id=ordered.file.id), code=303)


@blueprint.get("/inspection/<uuid:file_id>")
@open_to(*SEERS)
def inspection_file(file_id: uuid.UUID) -> ResponseReturnValue:
    """Show how far a file is, and what it holds, each with its digest."""
    context = current()
    desk = context.get(InspectionDesk)
    file = service.find_inspection(context.session, desk, file_id)
    return render_template(
        "oversight/inspection/file.html",
        file=file,
        pieces=service.pieces_of(context.session, desk, file.id),
        parts=PARTS,
        who=names_of(context.session, [file.actor_id]),
        working=file.state is InspectionState.QUEUED,
        english=get_locale().language == "en",
        may_keep=keeps(context.actor),
        now=context.clock.now(),
    )


@blueprint.get("/inspection/<uuid:file_id>/archive")
@open_to(*KEEPERS)
def inspection_archive(file_id: uuid.UUID) -> ResponseReturnValue:
    """Hand the archive out."""
    return hand_out_archive(file_id)


@blueprint.post("/inspection/<uuid:file_id>/discard")
@open_to(*KEEPERS)
def discard_inspection(file_id: uuid.UUID) -> ResponseReturnValue:
    """Destroy the archive, or end its making."""
    context = current()
    service.discard_inspection(context.session, context.get(InspectionDesk), context.actor, file_id)
    return redirect(url_for("oversight.inspection_file", file_id=file_id), code=303)


def _form() -> InspectionForm:
    form = InspectionForm()
    form.languages.choices = [(each, gettext(label)) for each, label in LANGUAGE_LABELS.items()]
    name = Activity.name_en if get_locale().language == "en" else Activity.name_fr
    known = select(Activity.slug, name).where(Activity.state != ActivityState.RETIRED)
    rows = current().session.execute(known.order_by(name, Activity.slug).limit(MOST_ACTIVITIES))
    form.only.choices = [(row[0], row[1]) for row in rows]
    return form


def _page(form: InspectionForm, refusal: str | None = None) -> str:
    context = current()
    session = context.session
    page = service.list_inspections(session, after=parse_id(request.args.get("after", "")), limit=_ON_A_PAGE)
    under_way = session.scalar(select(InspectionFile).where(InspectionFile.state == InspectionState.QUEUED))
    ground = ground_now()
    return render_template(
        "oversight/inspection/files.html",
        form=form,
        refusal=refusal,
        page=page,
        parts=[(part, part.counts(ground)) for part in PARTS],
        who=names_of(session, [row.actor_id for row in page.rows]),
        under_way=under_way,
        may_keep=keeps(context.actor),
    )
