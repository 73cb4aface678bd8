"""The notices on the DPO's pages: where data are collected, what is told there, its versions, and what would change."""

from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from governance.actor import open_to
from governance.identity.service import called
from governance.ids import parse_id
from governance.settings import Settings
from governance.vault.attest import Attestor
from governance.web.access import may_open
from governance.web.context import current
from governance.web.locale import choose_locale
from register import service
from register.errors import RegisterError
from register.forms import offer
from register.models import Activity
from register.notices.comparing import SHORT, TITLE, changes, headings
from register.notices.labels import WAY_LABELS
from register.notices.marking import marked
from register.notices.sections import WHY
from register.notices.values import NoticeBody
from register.pages.entrance import DRAFTERS, READERS, blueprint, desk, refuse
from register.pages.forms.notices import NewPointForm, PointForm
from register.pages.meanwhile import form_page, unseen
from register.pages.record import signed_size
from register.pages.wording import named
from register.service import ListedPoint
from register.values import Capacity

_ON_A_PAGE: Final = 50
# More activities than that are chosen over REST, or all at once.
_MOST_CHOSEN: Final = 200


@blueprint.get("/-/notices")
@open_to(*READERS)
def notices() -> ResponseReturnValue:
    """List where data are collected, and how each notice stands."""
    context = current()
    page = service.list_points(context.session, desk(), after=parse_id(request.args.get("after", "")), limit=_ON_A_PAGE)
    return render_template("register/notices.html", page=page, ways=WAY_LABELS, may_draft=_may_draft())


@blueprint.get("/-/notices/-/new")
@open_to(*DRAFTERS)
def new_point() -> ResponseReturnValue:
    """Show the form of a collection point."""
    form = NewPointForm()
    _offer(form)
    return _form(form, None)


@blueprint.post("/-/notices/-/new")
@open_to(*DRAFTERS)
def add_point() -> ResponseReturnValue:
    """Open a collection point."""
    context = current()
    form = NewPointForm()
    _offer(form)
    if not form.validate():
        return _form(form, None), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        point = service.add_point(context.session, desk(), context.actor, form.written(form.slug.data.strip()))
    except RegisterError as error:
        return _form(form, None, refusal=refuse(form, error)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("Saved."), "given")
    return redirect(url_for("register.notice", point=point.slug), code=303)


@blueprint.get("/-/notices/<point>")
@open_to(*READERS)
def notice(point: str) -> ResponseReturnValue:
    """Show a collection point: what is told there, in which versions, and what is on its way."""
    context = current()
    told = service.show_point(context.session, desk(), point)
    texts = service.list_notice_texts(
        context.session, point, after=request.args.get("after", type=int), limit=_ON_A_PAGE
    )
    names = called(context.session, {each.actor_id for each in texts.rows if each.actor_id})
    return render_template(
        "register/notice.html",
        told=told,
        point=told.point,
        address=f"{context.get(Settings).base_url}{url_for('notices.newest', slug=point)}",
        texts=texts,
        names=names,
        causes=_causes({each.cause for each in texts.rows if each.cause}),
        ways=WAY_LABELS,
        on_the_way=service.activities_on_the_way(context.session, told.point),
        may_draft=_may_draft(),
        wording=None if told.body is None else told.body.wordings[choose_locale()],
        rows=_behind(told),
    )


def _causes(slugs: Collection[str]) -> dict[str, str]:
    """Return what the activities are called because of which versions were published, by their slugs."""
    rows = current().session.scalars(select(Activity).where(Activity.slug.in_(slugs)))
    return {each.slug: named(each) for each in rows}


@blueprint.get("/-/notices/<point>/edit")
@open_to(*DRAFTERS)
def edit_point(point: str) -> ResponseReturnValue:
    """Show the form that corrects a collection point."""
    told = service.show_point(current().session, desk(), point)
    return _form(_filled(told), told)


@blueprint.post("/-/notices/<point>/edit")
@open_to(*DRAFTERS)
def change_point(point: str) -> ResponseReturnValue:
    """Correct a collection point, and publish its notice where the text differs."""
    context = current()
    session = context.session
    told = service.show_point(session, desk(), point)
    form = _filled(told)
    if not form.validate():
        return _form(form, told), HTTPStatus.UNPROCESSABLE_ENTITY
    terms = form.written(told.point.slug)
    try:
        service.hold_point(session, desk(), terms)
        # As it is now that nobody else writes on it.
        told = service.show_point(session, desk(), point)
        form = _filled(told)
        if meanwhile := unseen(form):
            return _form(form, told, meanwhile=meanwhile), HTTPStatus.CONFLICT
        service.change_point(session, desk(), context.actor, terms)
    except RegisterError as error:
        refusal = refuse(form, error)
        told = service.show_point(session, desk(), point)
        return _form(form, told, refusal=refusal), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("Saved."), "given")
    return redirect(url_for("register.notice", point=point), code=303)


@blueprint.post("/-/notices/<point>/publish")
@open_to(*DRAFTERS)
def publish_notice(point: str) -> ResponseReturnValue:
    """Publish a notice anew where the register says otherwise by now."""
    context = current()
    published = service.publish_anew(context.session, desk(), context.actor, point)
    said = gettext("The text is the same: nothing was published.")
    if published is not None:
        said = gettext("Version %(number)s is published.", number=published.version)
    flash(said, "given")
    return redirect(url_for("register.notice", point=point), code=303)


@blueprint.get("/-/notices/<point>/versions/<int:version>")
@open_to(*READERS)
def notice_version(point: str, version: int) -> ResponseReturnValue:
    """Show a version beside another: the one before it, unless another is asked for."""
    context = current()
    session, attestor = context.session, context.get(Attestor)
    found = service.published_notice(session, attestor, point, version)
    since = request.args.get("since", type=int) or found.before
    other = None if since is None else service.published_notice(session, attestor, point, since)
    entry = service.entry_of(session, found)
    wording = found.body.wordings[choose_locale()]
    return render_template(
        "register/notice_version.html",
        point=service.find_point(session, point),
        found=found,
        other=other,
        rows=_rows(None if other is None else other.body, found.body),
        entry=entry,
        proof_url=_proof(entry),
        wording=wording,
        purposes=[each.title for section in wording.sections if section.key == WHY for each in section.passages],
    )


@blueprint.get("/-/notices/<point>/activities/<slug>")
@open_to(*READERS)
def notice_on_the_way(point: str, slug: str) -> ResponseReturnValue:
    """Show what a notice would say otherwise if an activity were activated as it stands."""
    found = service.notice_on_the_way(current().session, desk(), point, slug)
    return render_template("register/notice_on_the_way.html", found=found, rows=_rows(found.now, found.then))


def _behind(told: ListedPoint) -> list[dict[str, Any]]:
    if not told.behind or told.body is None or told.altered is not None:
        return []
    return _rows(told.body, service.body_today(current().session, desk(), told.point))


def _rows(then: NoticeBody | None, now: NoticeBody) -> list[dict[str, Any]]:
    """Return the passages that differ, in the reader's language, each under what its section is called."""
    language = choose_locale()
    called: Mapping[str, str] = {
        **({} if then is None else headings(then, language)),
        **headings(now, language),
        TITLE: gettext("Heading"),
        SHORT: gettext("In short"),
    }
    rows = []
    for each in changes(then, now, language):
        old, new = marked(each.then, each.now)
        rows.append({"section": called[each.field], "what": each.key[0], "then": old, "now": new})
    return rows


def _proof(entry: int | None) -> str | None:
    if entry is None or not may_open(current_app, "log.proof", current().actor):
        return None
    return url_for("log.proof", index=entry) if entry < signed_size() else None


def _may_draft() -> bool:
    return bool(current().actor.roles & set(DRAFTERS))


def _filled(told: ListedPoint) -> PointForm:
    """Return the form of a collection point, with what is on record of it."""
    way, activities = told.point.way.value, [each.slug for each in told.activities]
    form = PointForm(obj=told.point, data={"way": way, "activities": activities})
    _offer(form, told)
    return form


def _offer(form: PointForm, told: ListedPoint | None = None) -> None:
    offer(form.way, ((each.value, gettext(label)) for each, label in WAY_LABELS.items()))
    found = service.list_activities(current().session, after=None, limit=_MOST_CHOSEN).rows
    there = {each.slug: named(each) for each in found if each.capacity is not Capacity.PROCESSOR}
    there |= {each.slug: named(each) for each in (() if told is None else told.activities)}
    offer(form.activities, there.items())


def _form(form: PointForm, told: ListedPoint | None, **said: Any) -> str:
    return form_page("register/point.html", form, told=told, **said)
