"""When a record is looked at again: its own period, and the house's."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from governance.actor import Role, open_to
from governance.vault.attest import Attestor
from governance.web.context import current
from register import service
from register.forms import ReviewPeriodForm, offer
from register.models import Activity
from register.pages.entrance import DRAFTERS, blueprint
from register.pages.meanwhile import form_page, held, unseen
from register.permissions import check_keeps
from register.reviews.values import PERIODS
from register.service import SetReviewPeriod


@blueprint.get("/<slug>/review")
@open_to(*DRAFTERS)
def review_period(slug: str) -> ResponseReturnValue:
    """Show after how many months a record is looked at again."""
    activity = _own(slug)
    return _page(_form(data=_own_months(activity)), activity)


@blueprint.post("/<slug>/review")
@open_to(*DRAFTERS)
def set_review_period(slug: str) -> ResponseReturnValue:
    """Say after how many months a record is looked at again."""
    context = current()
    activity = held(_own(slug))
    form = _form(data=_own_months(activity))
    if not form.validate():
        return _page(form, activity), HTTPStatus.UNPROCESSABLE_ENTITY
    if meanwhile := unseen(form, activity):
        return _page(form, activity, meanwhile), HTTPStatus.CONFLICT
    command = SetReviewPeriod(activity=slug, months=int(form.months.data) if form.months.data else None)
    service.set_review_period(context.session, context.get(Attestor), context.actor, command)
    flash(gettext("Saved."), "given")
    return redirect(url_for("register.activity", slug=slug), code=303)


@blueprint.get("/-/review")
@open_to(Role.DPO)
def house_review_period() -> ResponseReturnValue:
    """Show after how many months records are looked at again that have no period of their own."""
    return _page(_form(house=True, data=_house_months()))


@blueprint.post("/-/review")
@open_to(Role.DPO)
def set_house_review_period() -> ResponseReturnValue:
    """Say after how many months records are looked at again that have no period of their own."""
    form = _form(house=True, data=_house_months())
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    last = next(iter(service.house_period_thread_of(current().session, limit=1)), None)
    if meanwhile := unseen(form, last=last):
        return _page(form, meanwhile=meanwhile), HTTPStatus.CONFLICT
    service.set_default_months(current().session, current().actor, int(form.months.data))
    flash(gettext("Saved."), "given")
    return redirect(url_for("register.activities"), code=303)


def _own(slug: str) -> Activity:
    activity = service.get_activity(current().session, slug)
    check_keeps(current().actor, activity)
    return activity


def _own_months(activity: Activity) -> dict[str, str]:
    own = service.review_of(current().session, activity).own_months
    return {"months": "" if own is None else str(own)}


def _house_months() -> dict[str, str]:
    return {"months": str(service.default_months(current().session))}


def _form(*, house: bool = False, **given: Any) -> ReviewPeriodForm:
    form = ReviewPeriodForm(**given)
    months = service.default_months(current().session)
    usual = ngettext("as the house does: after %(num)d month", "as the house does: after %(num)d months", months)
    choices = ((str(each), ngettext("after %(num)d month", "after %(num)d months", each)) for each in PERIODS)
    offer(form.months, choices, none=None if house else str(usual))
    return form


def _page(form: ReviewPeriodForm, activity: Activity | None = None, meanwhile: Mapping[str, Any] | None = None) -> str:
    return form_page("register/review.html", form, activity=activity, meanwhile=meanwhile)
