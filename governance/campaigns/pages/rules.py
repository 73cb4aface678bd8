"""`/rules/prospecting`: by which rules people may be solicited, for those who solicit, advise and answer for it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import confirmed_anew, open_to
from governance.campaigns.comparing import Differences, differences
from governance.campaigns.errors import CampaignsError, RulesClosedError, RulesFileError
from governance.campaigns.forms import WhyForm
from governance.campaigns.labels import ABSOLUTE_ARTICLES, REASON_LABELS, RECIPIENT_LABELS
from governance.campaigns.models import RulesVersion
from governance.campaigns.pages.wording import demanded, in_language, rows_of
from governance.campaigns.reading import MOST_BYTES, PACKAGED, read_rules
from governance.campaigns.schemas import FILE_NAME
from governance.campaigns.service import PutInForce, RulesInForce, put_in_force, rules_in_force, rules_versions
from governance.campaigns.views import CHECKERS, DECIDERS, READERS, desk, rules_now
from governance.days import day_of
from governance.errors import phrase
from governance.identity.service.names import called
from governance.vault.attest import Attestor
from governance.web.bodies import takes_file
from governance.web.context import current
from governance.web.problems import sentence
from register.labels import CHANNEL_LABELS

blueprint: Final = Blueprint("campaigns", __name__, url_prefix="/rules/prospecting")
blueprint.add_app_template_filter(demanded)
blueprint.add_app_template_filter(in_language)

_NAME: Final = re.compile(FILE_NAME, re.ASCII)
_KIB: Final = MOST_BYTES // 1024


@blueprint.get("")
@open_to(*READERS)
def rules() -> ResponseReturnValue:
    """Show the rules in force today, and which file says them."""
    return _page()


@blueprint.get("/file")
@open_to(*READERS)
def file() -> ResponseReturnValue:
    """Hand the file in force out, to be read or to begin another one with."""
    found = rules_in_force(current().session, current().get(Attestor))
    answer = Response(found.text, mimetype="text/yaml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.file}"'
    return answer


@blueprint.post("/check")
@open_to(*CHECKERS)
@takes_file(MOST_BYTES)
def check() -> ResponseReturnValue:
    """Read a file, and say what it would change; nothing is kept."""
    try:
        brought = _brought()
        if brought is None:
            return _page(wrong=gettext("Choose a file.")), HTTPStatus.UNPROCESSABLE_ENTITY
        name, text = brought
        found = differences(rules_now(), read_rules(text, name))
    except RulesFileError as error:
        return _page(wrong=sentence(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    return _page(checked=Checked(name, found))


@blueprint.get("/change")
@open_to(*DECIDERS)
@confirmed_anew
def changing() -> ResponseReturnValue:
    """Ask for another file, and why."""
    return _change_page(WhyForm())


@blueprint.post("/change")
@open_to(*DECIDERS)
@confirmed_anew
@takes_file(MOST_BYTES)
def change() -> ResponseReturnValue:
    """Put another file in force."""
    context, form = current(), WhyForm()
    valid = form.validate()
    try:
        brought = _brought()
        if brought is None or not valid:
            wrong = None if brought else gettext("Choose a file.")
            return _change_page(form, wrong), HTTPStatus.UNPROCESSABLE_ENTITY
        name, text = brought
        put_in_force(context.session, desk(), context.actor, PutInForce(file=name, text=text, why=form.reason))
    except CampaignsError as error:
        context.roll_back()
        return _change_page(form, sentence(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    return _decided()


@blueprint.get("/default")
@open_to(*DECIDERS)
@confirmed_anew
def defaulting() -> ResponseReturnValue:
    """Ask why the file that comes with the program shall be in force again."""
    return _default_page(WhyForm())


@blueprint.post("/default")
@open_to(*DECIDERS)
@confirmed_anew
def default() -> ResponseReturnValue:
    """Put the file that comes with the program in force again."""
    context, form = current(), WhyForm()
    if not form.validate():
        return _default_page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        put_in_force(context.session, desk(), context.actor, PutInForce(file=PACKAGED.name, text=None, why=form.reason))
    except CampaignsError as error:
        context.roll_back()
        return _default_page(form, sentence(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    return _decided()


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that can be used, and what it would change."""

    file: str
    differences: Differences

    @property
    def rows(self) -> list[tuple[str, tuple[str, ...]]]:
        """What it would change, in words."""
        named = (
            (gettext("New rules"), self.differences.added),
            (gettext("Rules that would go"), self.differences.removed),
            (gettext("Rules said otherwise"), self.differences.changed),
        )
        return [(str(label), slugs) for label, slugs in named if slugs]


def _brought() -> tuple[str, str] | None:
    """Return the name and the text of the file that was sent; None where none was.

    Raises:
        RulesFileError: If it is not text.
    """
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None
    name = sent.filename if _NAME.fullmatch(sent.filename) else PACKAGED.name
    try:
        return name, sent.stream.read(MOST_BYTES + 1).decode()
    except UnicodeError:
        raise RulesFileError(file=name, line=1, reason=phrase("the file cannot be read as UTF-8")) from None


def _decided() -> ResponseReturnValue:
    flash(gettext("The rules are in force from now on."), "given")
    return redirect(url_for("campaigns.rules"), code=303)


def _page(checked: Checked | None = None, wrong: str | None = None) -> str:
    context = current()
    found, closed = _found()
    versions = _versions()
    today = day_of(context.clock.now())
    return render_template(
        "campaigns/rules.html",
        found=found,
        closed=closed,
        rows=[] if found is None else rows_of(found.rules, today),
        today=today,
        versions=versions,
        whole=context.get(Attestor).is_whole,
        names=called(context.session, {each.decided_by for each in versions if each.decided_by is not None}),
        channels=CHANNEL_LABELS,
        recipients=RECIPIENT_LABELS,
        reasons=REASON_LABELS,
        absolute=ABSOLUTE_ARTICLES,
        checked=checked,
        wrong=wrong,
        kib=_KIB,
        may_check=bool(context.actor.roles & set(CHECKERS)),
        may_decide=bool(context.actor.roles & set(DECIDERS)),
    )


def _found() -> tuple[RulesInForce | None, str | None]:
    """Return the file in force, or why nobody may be solicited."""
    try:
        return rules_in_force(current().session, current().get(Attestor)), None
    except RulesClosedError as error:
        return None, sentence(error)


def _versions() -> Sequence[RulesVersion]:
    try:
        return rules_versions(current().session)
    except RulesClosedError:
        return ()


def _change_page(form: WhyForm, wrong: str | None = None) -> str:
    return render_template("campaigns/change.html", form=form, wrong=wrong, kib=_KIB)


def _default_page(form: WhyForm, refusal: str | None = None) -> str:
    back = url_for("campaigns.rules")
    return render_template(
        "components/confirm.html",
        title=gettext("Go back to the rules that come with Égide"),
        text=gettext("From now on people are solicited by the rules that come with Égide, and follow its updates."),
        consequences=[
            gettext("The file in force now stays in the history."),
            gettext("The log says who decided, and when."),
        ],
        verb=gettext("Put them in force"),
        grave=False,
        action=url_for("campaigns.default"),
        back=back,
        steps=[(gettext("Rules of prospecting"), back)],
        form=form,
        refusal=refusal,
    )
