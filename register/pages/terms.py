"""Which data a purpose uses and how long it keeps them: one page that lists them, one that writes some of them."""

from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import open_to
from governance.datamap.labels import CATEGORY_LABELS, KINDS_LABELS
from governance.periods import Period, Unit
from governance.vocabulary import DataCategory, SubjectKind
from governance.web.context import current
from register import service
from register.errors import PurposeNotFoundError, RegisterError
from register.forms import TermsForm, offer
from register.labels import EVENT_LABELS, FATE_LABELS, PROVENANCE_LABELS
from register.models import Activity, PurposeData
from register.pages.drafting import held_activity, own_activity
from register.pages.entrance import DRAFTERS, blueprint, desk, led_back, refuse
from register.pages.meanwhile import altered, form_page, unseen
from register.pages.wording import word
from register.record import PurposeLines, lines_of, wanted_terms
from register.service import DataTerms, SetPurposeData, describe_purpose
from register.service.purposes.contents import terms_of
from register.values import FinalFate, Provenance, StartingEvent

_WHICH: Final = ("which_fr", "which_en")
_WHOM: Final = ("whom_fr", "whom_en")


@blueprint.get("/<slug>/purposes/<purpose>/data")
@open_to(*DRAFTERS)
def data(slug: str, purpose: str) -> ResponseReturnValue:
    """List which data a purpose uses, to be corrected."""
    lines = own_purpose(slug, purpose)
    above = service.could_take_over(current().session, lines.purpose)
    return render_template("register/data.html", activity=own_activity(slug), lines=lines, above=above)


@blueprint.get("/<slug>/purposes/<purpose>/data/terms")
@open_to(*DRAFTERS)
def terms(slug: str, purpose: str) -> ResponseReturnValue:
    """Show the form that adds data or corrects their terms, filled in where the address names some."""
    lines = own_purpose(slug, purpose)
    return _page(slug, _form(lines), lines)


@blueprint.post("/<slug>/purposes/<purpose>/data/terms")
@open_to(*DRAFTERS)
def set_terms(slug: str, purpose: str) -> ResponseReturnValue:
    """Put data on these terms, each kind of people with each category; what else the purpose uses stays."""
    activity, lines = held_purpose(slug, purpose)
    form = _form(lines)
    if not form.validate():
        return _page(slug, form, lines), HTTPStatus.UNPROCESSABLE_ENTITY
    over = gone_over(form, lines, _named(lines))
    if meanwhile := unseen(form, activity, new="category" not in request.args, over=over):
        return _page(slug, form, lines, meanwhile=meanwhile), HTTPStatus.CONFLICT
    try:
        put_terms(purpose, with_terms(form, lines))
    except RegisterError as error:
        refusal = refuse(form, error)
        return _page(slug, form, own_purpose(slug, purpose), refusal=refusal), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("Saved."), "given")
    return redirect(url_for("register.data", slug=slug, purpose=purpose), code=303)


@blueprint.post("/<slug>/purposes/<purpose>/data/remove")
@open_to(*DRAFTERS)
def remove_terms(slug: str, purpose: str) -> ResponseReturnValue:
    """Leave out one category of one kind of people."""
    _, lines = held_purpose(slug, purpose)
    left = (request.form.get("kind", ""), request.form.get("category", ""))
    back = led_back() or url_for("register.data", slug=slug, purpose=purpose)
    row = named_terms(lines, *left)
    if row is not None and altered(row, f"{word(row.category)}, {word(row.subject_kind)}"):
        return redirect(back, code=303)
    wanted = [terms_of(row) for row in wanted_terms(lines) if (row.subject_kind.value, row.category.value) != left]
    put_terms(purpose, wanted)
    flash(gettext("Left out."), "given")
    return redirect(back, code=303)


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


def held_purpose(slug: str, purpose: str) -> tuple[Activity, PurposeLines]:
    """Return a purpose that whoever sends a form may write on, and its activity, held until all is written.

    Raises:
        RegisterError: As `own_purpose`.
    """
    return held_activity(slug), own_purpose(slug, purpose)


def with_terms(form: TermsForm, lines: PurposeLines) -> Iterable[DataTerms]:
    """Return what a purpose shall use once the terms that were written hold too."""
    before = {each.pair: each for each in map(terms_of, wanted_terms(lines))}
    written = {each.pair: _still_exact(form, each, before.get(each.pair)) for each in written_terms(form)}
    return (before | written).values()


def gone_over(form: TermsForm, lines: PurposeLines, named: PurposeData | None) -> list[PurposeData]:
    """Return the terms on record that others were written for, beside those that the form was filled with."""
    after = list(with_terms(form, lines))
    return [row for row in wanted_terms(lines) if row is not named and terms_of(row) not in after]


def _still_exact(form: TermsForm, written: DataTerms, before: DataTerms | None) -> DataTerms:
    """Return terms that were written for several at once with what each said exactly before."""
    if before is None:
        return written
    several = (*(_WHICH if len(form.categories.data) > 1 else ()), *(_WHOM if len(form.kinds.data) > 1 else ()))
    return replace(written, **{name: getattr(before, name) for name in several})


def named_terms(lines: PurposeLines, kind: str | None, category: str | None) -> PurposeData | None:
    """Return the terms that a purpose shall have for a kind of people and a category, as an address names them."""
    rows = wanted_terms(lines)
    return next((row for row in rows if (row.subject_kind.value, row.category.value) == (kind, category)), None)


def put_terms(purpose: str, wanted: Iterable[DataTerms]) -> None:
    """Say which data a purpose shall use, whole."""
    context = current()
    service.set_purpose_data(context.session, desk(), context.actor, SetPurposeData(purpose=purpose, data=[*wanted]))


def shown_terms(row: PurposeData | None) -> dict[str, Any]:
    """Return what a form shows of terms, or of none."""
    if row is None:
        return {
            "kinds": [SubjectKind.CUSTOMER.value],
            "active_unit": Unit.YEAR.value,
            "archive_unit": Unit.YEAR.value,
        }
    return {
        "kinds": [row.subject_kind.value],
        "categories": [row.category.value],
        "active": row.active_for.number,
        "active_unit": _unit(row.active_for),
        "archive": row.archived_for.number,
        "archive_unit": _unit(row.archived_for),
        "starting_event": row.starting_event.value,
        "final_fate": row.final_fate.value,
        "retention_source": row.retention_source,
        **{name: getattr(row, name) for name in (*_WHICH, *_WHOM)},
        "provenance": row.provenance.value,
        "obligatory": row.obligatory,
    }


def _unit(period: Period) -> str:
    # Of none, the unit in which one would most often be told.
    return (period.unit if period else Unit.YEAR).value


def written_terms(form: TermsForm) -> Iterable[DataTerms]:
    """Return the terms that were written: each kind of people with each category."""
    for kind in form.kinds.data:
        for category in form.categories.data:
            yield DataTerms(
                subject_kind=SubjectKind(kind),
                category=DataCategory(category),
                active_for=form.active_for,
                archived_for=form.archived_for,
                starting_event=StartingEvent(form.starting_event.data),
                final_fate=FinalFate(form.final_fate.data),
                obligatory=form.obligatory.data,
                provenance=Provenance(form.provenance.data),
                **{
                    name: (form[name].data or "").replace("\r\n", "\n").strip()
                    for name in ("retention_source", *_WHICH, *_WHOM)
                },
            )


def offer_terms(form: TermsForm) -> None:
    """Give a form of terms its choices."""
    units = [
        (Unit.YEAR.value, gettext("years")), (Unit.MONTH.value, gettext("months")), (Unit.DAY.value, gettext("days"))
    ]  # fmt: skip
    offer(form.active_unit, units)
    offer(form.archive_unit, units)
    offer(form.kinds, ((each.value, gettext(label)) for each, label in KINDS_LABELS.items()))
    offer(form.categories, ((each.value, gettext(label)) for each, label in CATEGORY_LABELS.items()))
    offer(form.starting_event, ((each.value, gettext(label)) for each, label in EVENT_LABELS.items()))
    offer(form.final_fate, ((each.value, gettext(label)) for each, label in FATE_LABELS.items()))
    offer(form.provenance, ((each.value, gettext(label)) for each, label in PROVENANCE_LABELS.items()))


def _form(lines: PurposeLines) -> TermsForm:
    """Return the form of terms, filled in where the address names some."""
    form = TermsForm(data=shown_terms(_named(lines)))
    offer_terms(form)
    return form


def _named(lines: PurposeLines) -> PurposeData | None:
    return named_terms(lines, request.args.get("kind"), request.args.get("category"))


def _page(slug: str, form: TermsForm, lines: PurposeLines, **said: Any) -> str:
    activity, over = own_activity(slug), wanted_terms(lines)
    return form_page("register/terms.html", form, activity=activity, lines=lines, over=over, **said)
