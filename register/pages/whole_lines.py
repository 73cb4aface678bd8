"""Drafting what a record says in one page: its measures, how many people, how rights are exercised, its assets."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from governance.actor import open_to
from governance.datamap.desk import MapDesk
from governance.vault.attest import Attestor
from governance.web.context import current
from register import service
from register.errors import RegisterError
from register.forms import offer
from register.lines.contents import AssetLine, MeasureLine, PeopleLine, RightsLine
from register.lines.labels import SUBJECT_WORDS
from register.lines.told import read_lines
from register.lines.values import AssetKind, Subject
from register.models import Activity
from register.pages.drafting import held_activity, own_activity
from register.pages.entrance import DRAFTERS, blueprint, desk, refuse
from register.pages.forms.lines import AssetsForm, RightsForm, measures_form, people_form
from register.pages.lines import saved
from register.pages.meanwhile import form_page, unseen
from register.record import Change, record_lines
from register.service import SetLines

_MOST_MEASURES: Final = 500


@blueprint.get("/<slug>/<any(measures,people,rights,assets):subject>")
@open_to(*DRAFTERS)
def whole(slug: str, subject: str) -> ResponseReturnValue:
    """Show the form of everything that a record says of a subject."""
    activity = own_activity(slug)
    return _page(activity, Subject(subject), WHOLE_FORMS[Subject(subject)](wanted_lines(activity, Subject(subject))))


@blueprint.post("/<slug>/<any(measures,people,rights,assets):subject>")
@open_to(*DRAFTERS)
def set_whole(slug: str, subject: str) -> ResponseReturnValue:
    """Say everything of a subject; what differs from what is in force is a proposal."""
    activity = held_activity(slug)
    form = WHOLE_FORMS[Subject(subject)](wanted_lines(activity, Subject(subject)))
    if not form.validate():
        return _page(activity, Subject(subject), form), HTTPStatus.UNPROCESSABLE_ENTITY
    if meanwhile := unseen(form, activity):
        return _page(activity, Subject(subject), form, meanwhile=meanwhile), HTTPStatus.CONFLICT
    command = SetLines(activity=slug, subject=Subject(subject), lines=form.lines())
    try:
        service.set_lines(current().session, desk(), current().actor, command)
    except RegisterError as error:
        refusal = refuse(form, error)
        return _page(own_activity(slug), Subject(subject), form, refusal=refusal), HTTPStatus.UNPROCESSABLE_ENTITY
    return saved(slug, Subject(subject))


def wanted_lines(activity: Activity, subject: Subject) -> list[Any]:
    """Return what an activity shall say of a subject after the next activation."""
    rows = {subject: read_lines(current().session, activity.id)[subject]}
    lines = record_lines(current().session, rows)[subject]
    return [line.content for line in lines if line.change is not Change.LEAVING]


def _measures(wanted: Sequence[MeasureLine]) -> Any:
    chosen = {each.measure_id: each.remark for each in wanted}
    page = service.list_measures(current().session, after=None, limit=_MOST_MEASURES)
    offered = tuple(each for each in page.rows if not each.withdrawn or each.id in chosen)
    told: dict[str, Any] = {f"measure_{each.hex}": True for each in chosen}
    told |= {f"remark_{each.hex}": remark for each, remark in chosen.items()}
    return measures_form(offered, get_locale().language == "en", told)


def _people(wanted: Sequence[PeopleLine]) -> Any:
    return people_form({each.subject_kind.value: each.estimate for each in wanted})


def _rights(wanted: Sequence[RightsLine]) -> Any:
    return RightsForm(obj=wanted[0] if wanted else None)


def _assets(wanted: Sequence[AssetLine]) -> Any:
    named = [each.name for each in wanted if each.kind is AssetKind.TABLE]
    applications = [each.name for each in wanted if each.kind is AssetKind.APPLICATION]
    form = AssetsForm(data={"applications": "\n".join(applications), "tables": named})
    # What the data map no longer holds stays on the record until somebody takes it off.
    mapped = current().get(MapDesk).catalogue(current().session, current().get(Attestor)).tables
    tables = dict.fromkeys([*sorted(mapped), *named])
    offer(form.tables, ((each, each) for each in tables))
    return form


WHOLE_FORMS: Final[Mapping[Subject, Callable[[Sequence[Any]], Any]]] = {
    Subject.MEASURES: _measures,
    Subject.PEOPLE: _people,
    Subject.RIGHTS: _rights,
    Subject.ASSETS: _assets,
}


def _page(activity: Activity, subject: Subject, form: Any, **said: Any) -> str:
    template = "register/measures.html" if subject is Subject.MEASURES else "register/line.html"
    words = SUBJECT_WORDS[subject]
    return form_page(template, form, activity=activity, subject=subject, words=words, **said)
