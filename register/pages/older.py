"""Older data and a purpose: how it stands, and the test that opens it, written, advised on, decided, withdrawn."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired

from governance.actor import Role, confirmed_anew, open_to
from governance.datamap.desk import MapDesk
from governance.errors import mark
from governance.identity.service import called
from governance.identity.service.second_person import another_decides
from governance.vault.attest import Attestor
from governance.web.context import current
from register import service
from register.errors import AdviserDecidesError, PurposeNotFoundError, RegisterError
from register.forms import CompatibilityForm, DecisionForm, OpinionForm, StepForm, offer
from register.labels import OLDER_LABELS, OPINION_LABELS
from register.lifecycle import Opinion
from register.models import Activity, CompatibilityTest
from register.older import OlderStanding, older_standings
from register.pages.entrance import DRAFTERS, READERS, blueprint, desk, refuse
from register.permissions import account_of, check_keeps
from register.record import PurposeLines, lines_of
from register.service import AdviseTest, DecideTest, WriteTest, describe_purpose
from register.service.older_data.tests import POINTS, had_a_hand_in
from register.values import Standing

_TITLES: Final[Mapping[str, str]] = {
    "test": mark("Write the compatibility test"),
    "opinion": mark("Give an opinion on the test"),
    "decision": mark("Open older data"),
    "withdrawal": mark("Close older data again"),
}
# What each step is called that is not for whoever took the one before it.
_VERBS: Final[Mapping[str, str]] = {"opinion": "advise-test", "decision": "decide-test"}
_DONE: Final[Mapping[str, str]] = {
    "test": mark("The test is written. The data protection officer gives an opinion on it."),
    "opinion": mark("Your opinion is kept with the test. The controller decides."),
    "decision": mark("The test is decided. Older data is read from the day people are informed."),
    "withdrawal": mark("Older data is closed again, from the next request on."),
}


def standings(purposes: list[PurposeLines]) -> Mapping[str, OlderStanding]:
    """Return how purposes stand to older data."""
    context = current()
    attestor = context.get(Attestor)
    tables = context.get(MapDesk).catalogue(context.session, attestor).tables.values()
    return older_standings(context.session, attestor, purposes, tables, context.clock.now())


@blueprint.get("/<slug>/purposes/<purpose>/older-data")
@open_to(*READERS)
def older_data(slug: str, purpose: str) -> ResponseReturnValue:
    """Say how a purpose stands to older data, and what leads on."""
    activity, lines = _activity(slug), _lines(slug, purpose)
    older = standings([lines])[purpose]
    consented = (
        service.only_by_consent(current().session, current().get(Attestor), lines.purpose)
        if older.closed
        else frozenset()
    )
    return render_template(
        "register/older.html",
        activity=activity,
        lines=lines,
        older=older,
        labels=OLDER_LABELS,
        people=_people(older.test),
        points=CompatibilityForm(formdata=None),
        consented=sorted(consented),
        roles=current().actor.roles,
    )


@blueprint.get("/<slug>/purposes/<purpose>/older-data/test")
@open_to(*DRAFTERS)
def older_test(slug: str, purpose: str) -> ResponseReturnValue:
    """Show the form of the test: the five points of the law."""
    check_keeps(current().actor, _activity(slug))
    return _page(slug, purpose, "test", _form(purpose, "test"))


@blueprint.post("/<slug>/purposes/<purpose>/older-data/test")
@open_to(*DRAFTERS)
def write_older_test(slug: str, purpose: str) -> ResponseReturnValue:
    """Write the test of a purpose, or write it anew."""
    return _take(slug, purpose, "test")


@blueprint.get("/<slug>/purposes/<purpose>/older-data/opinion")
@open_to(Role.DPO)
def older_opinion(slug: str, purpose: str) -> ResponseReturnValue:
    """Show the form of the opinion on a test."""
    return _page(slug, purpose, "opinion", _form(purpose, "opinion"))


@blueprint.post("/<slug>/purposes/<purpose>/older-data/opinion")
@open_to(Role.DPO)
def advise_older_test(slug: str, purpose: str) -> ResponseReturnValue:
    """Give an opinion on the test."""
    return _take(slug, purpose, "opinion")


@blueprint.get("/<slug>/purposes/<purpose>/older-data/<any(decision,withdrawal):step>")
@open_to(Role.CONTROLLER)
@confirmed_anew
def older_decision(slug: str, purpose: str, step: str) -> ResponseReturnValue:
    """Say what deciding does, and ask for it."""
    return _page(slug, purpose, step, _form(purpose, step))


@blueprint.post("/<slug>/purposes/<purpose>/older-data/<any(decision,withdrawal):step>")
@open_to(Role.CONTROLLER)
@confirmed_anew
def decide_older_data(slug: str, purpose: str, step: str) -> ResponseReturnValue:
    """Open older data to the purpose, or close it again."""
    return _take(slug, purpose, step)


def _take(slug: str, purpose: str, step: str) -> ResponseReturnValue:
    _lines(slug, purpose)
    form = _form(purpose, step)
    if not form.validate():
        return _page(slug, purpose, step, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        _ACTS[step](purpose, form)
    except RegisterError as error:
        return _page(slug, purpose, step, form, refuse(form, error)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext(_DONE[step]), "given")
    return redirect(url_for("register.older_data", slug=slug, purpose=purpose), code=303)


def _write(purpose: str, form: Any) -> None:
    context = current()
    texts = {name: (form[name].data or "").strip() for name in POINTS}
    service.write_test(context.session, desk(), context.actor, WriteTest(purpose=purpose, **texts))


def _advise(purpose: str, form: Any) -> None:
    context = current()
    command = AdviseTest(purpose=purpose, opinion=Opinion(form.opinion.data), text=form.text.data or "")
    service.advise_test(context.session, desk(), context.actor, command)


def _decide(purpose: str, form: Any) -> None:
    context = current()
    command = DecideTest(
        purpose=purpose,
        informed_on=form.informed_on.data,
        information=form.information.data,
        reason=form["text"].data or "" if "text" in form else "",
    )
    service.decide_test(context.session, desk(), context.actor, command)


def _withdraw(purpose: str, _form: Any) -> None:
    context = current()
    service.withdraw_test(context.session, desk(), context.actor, purpose)


_ACTS: Final[Mapping[str, Callable[[str, Any], None]]] = {
    "test": _write,
    "opinion": _advise,
    "decision": _decide,
    "withdrawal": _withdraw,
}


def _form(purpose: str, step: str) -> FlaskForm:
    found = _test(purpose)
    if step == "test":
        return CompatibilityForm(data={} if found is None else {name: getattr(found, name) for name in POINTS})
    if step == "opinion":
        opinion = OpinionForm()
        offer(opinion.opinion, ((each.value, gettext(label)) for each, label in OPINION_LABELS.items()))
        opinion.text.label.text = lazy_gettext("Grounds")
        return opinion
    if step == "decision":
        decision = DecisionForm()
        if found is not None and found.opinion is Opinion.UNFAVOURABLE:
            decision.text.label.text = lazy_gettext("Why you decide against the opinion")
            decision.text.validators = [InputRequired(lazy_gettext("This is missing.")), *decision.text.validators]
        else:
            del decision.text
        return decision
    return StepForm()


def _activity(slug: str) -> Activity:
    return service.get_activity(current().session, slug)


def _lines(slug: str, purpose: str) -> PurposeLines:
    session = current().session
    found = service.get_purpose(session, purpose)
    if found.activity_id != _activity(slug).id or found.standing is Standing.ENDED:
        raise PurposeNotFoundError(reference=purpose)
    described = describe_purpose(session, found)
    return lines_of(found, described.data, described.recipients)


def _test(purpose: str) -> CompatibilityTest | None:
    session = current().session
    return service.current_test(session, service.get_purpose(session, purpose).id)


def _people(test: CompatibilityTest | None) -> Mapping[Any, str]:
    if test is None:
        return {}
    ids = {test.written_by, test.advised_by, test.decided_by} - {None}
    return called(current().session, [each for each in ids if each is not None])


def _page(slug: str, purpose: str, step: str, form: FlaskForm, refusal: str | None = None) -> str:
    test = _test(purpose)
    own = _own_hand(test, step)
    return render_template(
        "register/older_step.html",
        activity=_activity(slug),
        lines=_lines(slug, purpose),
        step=step,
        title=_TITLES[step],
        form=form,
        test=test,
        points=CompatibilityForm(formdata=None),
        refusal=refusal,
        own=own,
        obstacle=_obstacle(purpose) if own and step == "decision" else None,
    )


def _own_hand(test: CompatibilityTest | None, step: str) -> bool:
    """Say whether whoever looks wrote what they would advise on, or advised on what they would decide."""
    return step in _VERBS and test is not None and had_a_hand_in(test, _VERBS[step], account_of(current().actor))


def _obstacle(purpose: str) -> RegisterError | None:
    context = current()
    if not another_decides(context.session, account_of(context.actor), context.clock.now()):
        return None
    return AdviserDecidesError(slug=purpose)
