"""Which data a purpose uses and how long it keeps them: one page that lists them, one that writes some of them."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import open_to
from governance.datamap.labels import CATEGORY_LABELS, KINDS_LABELS
from governance.vocabulary import DataCategory, SubjectKind
from governance.web.context import current
from register import service
from register.errors import PurposeNotFoundError, RegisterError
from register.forms import TermsForm, offer
from register.labels import EVENT_LABELS, FATE_LABELS, PROVENANCE_LABELS
from register.models import PurposeData
from register.pages.drafting import own_activity
from register.pages.entrance import DRAFTERS, blueprint, desk, refuse
from register.pages.wording import DAYS_OF_A_MONTH, DAYS_OF_A_YEAR
from register.record import PurposeLines, lines_of, wanted_terms
from register.service import DataTerms, SetPurposeData, describe_purpose
from register.values import FinalFate, Provenance, StartingEvent

_TERMS: Final = tuple(DataTerms.__dataclass_fields__)
_UNITS: Final = (DAYS_OF_A_YEAR, DAYS_OF_A_MONTH, 1)


@blueprint.get("/<slug>/purposes/<purpose>/data")
@open_to(*DRAFTERS)
def data(slug: str, purpose: str) -> ResponseReturnValue:
    """List which data a purpose uses, to be corrected."""
    return render_template("register/data.html", activity=own_activity(slug), lines=own_purpose(slug, purpose))


@blueprint.get("/<slug>/purposes/<purpose>/data/terms")
@open_to(*DRAFTERS)
def terms(slug: str, purpose: str) -> ResponseReturnValue:
    """Show the form that adds data or corrects their terms, filled in where the address names some."""
    lines = own_purpose(slug, purpose)
    named = next((row for row in wanted_terms(lines) if _is_named(row)), None)
    form = TermsForm(data=_shown(named))
    _offer(form)
    return _page(slug, form, lines)


@blueprint.post("/<slug>/purposes/<purpose>/data/terms")
@open_to(*DRAFTERS)
def set_terms(slug: str, purpose: str) -> ResponseReturnValue:
    """Put data on these terms, each kind of people with each category; what else the purpose uses stays."""
    lines = own_purpose(slug, purpose)
    form = TermsForm()
    _offer(form)
    if not form.validate():
        return _page(slug, form, lines), HTTPStatus.UNPROCESSABLE_ENTITY
    written = {each.pair: each for each in _written(form)}
    wanted = {each.pair: each for each in map(_as_terms, wanted_terms(lines))} | written
    try:
        _set(purpose, wanted.values())
    except RegisterError as error:
        refusal = refuse(form, error)
        return _page(slug, form, own_purpose(slug, purpose), refusal), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("Saved."), "given")
    return redirect(url_for("register.data", slug=slug, purpose=purpose), code=303)


@blueprint.post("/<slug>/purposes/<purpose>/data/remove")
@open_to(*DRAFTERS)
def remove_terms(slug: str, purpose: str) -> ResponseReturnValue:
    """Leave out one category of one kind of people."""
    lines = own_purpose(slug, purpose)
    left = (request.form.get("kind", ""), request.form.get("category", ""))
    wanted = [_as_terms(row) for row in wanted_terms(lines) if (row.subject_kind.value, row.category.value) != left]
    _set(purpose, wanted)
    flash(gettext("Left out."), "given")
    return redirect(url_for("register.data", slug=slug, purpose=purpose), code=303)


def own_purpose(slug: str, purpose: str) -> PurposeLines:
    """Return a purpose of an activity that whoever looks may write on.

    Raises:
        PurposeNotFoundError: If the activity has none of this name.
        RegisterError: If it is for somebody else, or not now.
    """
    activity = own_activity(slug)
    session = current().session
    found = service.get_purpose(session, purpose)
    if found.activity_id != activity.id:
        raise PurposeNotFoundError(reference=purpose)
    described = describe_purpose(session, found)
    return lines_of(found, described.data, described.recipients)


def _set(purpose: str, wanted: Iterable[DataTerms]) -> None:
    context = current()
    service.set_purpose_data(context.session, desk(), context.actor, SetPurposeData(purpose=purpose, data=[*wanted]))


def _is_named(row: PurposeData) -> bool:
    return (row.subject_kind.value, row.category.value) == (request.args.get("kind"), request.args.get("category"))


def _as_terms(row: PurposeData) -> DataTerms:
    return DataTerms(**{name: getattr(row, name) for name in _TERMS})


def _shown(row: PurposeData | None) -> dict[str, Any]:
    if row is None:
        return {
            "kinds": [SubjectKind.CUSTOMER.value],
            "active_unit": str(DAYS_OF_A_YEAR),
            "archive_unit": str(DAYS_OF_A_YEAR),
        }
    active, active_unit = _measured(row.active_days)
    archive, archive_unit = _measured(row.archive_days)
    return {
        "kinds": [row.subject_kind.value],
        "categories": [row.category.value],
        "active": active,
        "active_unit": str(active_unit),
        "archive": archive,
        "archive_unit": str(archive_unit),
        "starting_event": row.starting_event.value,
        "final_fate": row.final_fate.value,
        "retention_source": row.retention_source,
        "provenance": row.provenance.value,
        "obligatory": row.obligatory,
    }


def _measured(days: int) -> tuple[int, int]:
    unit = next(unit for unit in _UNITS if days % unit == 0)
    return days // unit, unit


def _written(form: TermsForm) -> Iterable[DataTerms]:
    for kind in form.kinds.data:
        for category in form.categories.data:
            yield DataTerms(
                subject_kind=SubjectKind(kind),
                category=DataCategory(category),
                active_days=form.active_days,
                archive_days=form.archive_days,
                starting_event=StartingEvent(form.starting_event.data),
                final_fate=FinalFate(form.final_fate.data),
                obligatory=form.obligatory.data,
                provenance=Provenance(form.provenance.data),
                retention_source=(form.retention_source.data or "").replace("\r\n", "\n").strip(),
            )


def _offer(form: TermsForm) -> None:
    units = [(str(DAYS_OF_A_YEAR), gettext("years")), (str(DAYS_OF_A_MONTH), gettext("months")), ("1", gettext("days"))]
    offer(form.active_unit, units)
    offer(form.archive_unit, units)
    offer(form.kinds, ((each.value, gettext(label)) for each, label in KINDS_LABELS.items()))
    offer(form.categories, ((each.value, gettext(label)) for each, label in CATEGORY_LABELS.items()))
    offer(form.starting_event, ((each.value, gettext(label)) for each, label in EVENT_LABELS.items()))
    offer(form.final_fate, ((each.value, gettext(label)) for each, label in FATE_LABELS.items()))
    offer(form.provenance, ((each.value, gettext(label)) for each, label in PROVENANCE_LABELS.items()))


def _page(slug: str, form: TermsForm, lines: PurposeLines, refusal: str | None = None) -> str:
    return render_template("register/terms.html", activity=own_activity(slug), lines=lines, form=form, refusal=refusal)
