"""`/maturity`: how the company finds itself on the CNIL's eight activities: now, last time, and the target."""

from http import HTTPStatus
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import open_to
from governance.identity.service import called
from governance.ids import parse_id
from governance.oversight.accountability.forms import MaturityForm
from governance.oversight.accountability.labels import LEVEL_LABELS, MATURITY_LABELS
from governance.oversight.accountability.maturity import Review, assess, list_reviews
from governance.oversight.accountability.picture import Standing, draw_maturity, draw_narrow_maturity
from governance.oversight.errors import OversightError
from governance.oversight.pages.entrance import address_of, blueprint
from governance.oversight.permissions import KEEPERS, SEERS, keeps
from governance.oversight.plan.views import desk
from governance.oversight.values import About
from governance.oversight.values.accountability import MaturityActivity
from governance.web.context import current
from governance.web.problems import sentence

_ON_A_PAGE: Final = 10


@blueprint.get("/maturity/")
@open_to(*SEERS)
def maturity() -> ResponseReturnValue:
    """Show the last self-assessment beside the one before, as a picture and in words, and the history."""
    context = current()
    page = list_reviews(context.session, after=parse_id(request.args.get("after", "")), limit=_ON_A_PAGE)
    latest = list_reviews(context.session, after=None, limit=2).rows
    return render_template(
        "oversight/file/maturity.html",
        page=page,
        latest=latest[0] if latest else None,
        rows=_rows(latest) if latest else [],
        pictures=_pictures(latest) if latest else None,
        names=called(context.session, {each.made_by for each in page.rows}),
        levels=LEVEL_LABELS,
        activities=[(each, MATURITY_LABELS[each]) for each in MaturityActivity],
        may_keep=keeps(context.actor),
    )


@blueprint.get("/maturity/new")
@open_to(*KEEPERS)
def new_review() -> ResponseReturnValue:
    """Show the form: where to arrive as the last one said, and where things stand asked anew."""
    latest = list_reviews(current().session, after=None, limit=1).rows
    said: dict[str, Any] = {}
    for activity, each in latest[0].levels.items() if latest else ():
        said[f"{activity.value}_target"] = str(each.target)
        said[f"{activity.value}_justification"] = each.justification
    return _form_page(MaturityForm(data=said))


@blueprint.post("/maturity/new")
@open_to(*KEEPERS)
def add_review() -> ResponseReturnValue:
    """Keep a self-assessment."""
    context = current()
    form = MaturityForm()
    if not form.validate():
        return _form_page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        assess(context.session, desk(), context.actor, form.written())
    except OversightError as error:
        context.roll_back()
        return _form_page(form, sentence(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("The self-assessment is kept."), "given")
    return redirect(url_for("oversight.maturity"), code=303)


def _rows(latest: Any) -> list[dict[str, Any]]:
    now, before = latest[0], latest[1] if len(latest) > 1 else None
    return [
        {
            "label": gettext(MATURITY_LABELS[activity]),
            "now": now.levels[activity],
            "before": None if before is None else _level(before, activity),
            "gap": now.levels[activity].target > now.levels[activity].level,
            "add": _address(activity),
        }
        for activity in MaturityActivity
        if activity in now.levels
    ]


def _level(review: Review, activity: MaturityActivity) -> int | None:
    """Return where an activity stood; None where somebody took that away."""
    assessed = review.levels.get(activity)
    return None if assessed is None else assessed.level


def _address(activity: MaturityActivity) -> str | None:
    """Return where an action is made of a gap; None where it is not for whoever looks."""
    if not keeps(current().actor):
        return None
    title = gettext("Go further: %(activity)s", activity=gettext(MATURITY_LABELS[activity]))
    return address_of("oversight.new_action", about=About.MATURITY.value, reference=activity.value, title=title)


def _pictures(latest: Any) -> dict[str, Any]:
    rows: list[Review] = list(latest)
    standings = [
        Standing(
            label=gettext(MATURITY_LABELS[activity]),
            level=rows[0].levels[activity].level,
            target=rows[0].levels[activity].target,
            before=_level(rows[1], activity) if len(rows) > 1 else None,
        )
        for activity in MaturityActivity
        if activity in rows[0].levels
    ]
    return {"wide": draw_maturity(standings), "narrow": draw_narrow_maturity(standings), "standings": standings}


def _form_page(form: MaturityForm, refusal: str | None = None) -> str:
    latest = list_reviews(current().session, after=None, limit=1).rows
    form.remind({activity: each.level for activity, each in latest[0].levels.items()} if latest else {})
    return render_template("oversight/file/assess.html", form=form, refusal=refusal)
