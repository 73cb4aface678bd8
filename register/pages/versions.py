"""The versions of an activity: the list, and the page of one, on which it is shown as it stood, beside today."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from http import HTTPStatus
from typing import Any, Final

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import ROLE_LABELS, open_to
from governance.days import end_of_day, last_of_day
from governance.errors import mark
from governance.identity.service import called
from governance.ids import parse_id
from governance.vault.attest import Attestor
from governance.vocabulary import Channel, DataCategory, LawfulBasis, SubjectKind
from governance.web.access import may_open
from governance.web.clockface import day, moment
from governance.web.context import current
from register import service
from register.articles import articles_of
from register.forms import VersionsForm
from register.labels import BASIS_ARTICLES, CAPACITY_LABELS, CONDITION_ARTICLES, DONE_LABELS
from register.lifecycle import ActivityState, Mode, Opinion
from register.lines.labels import SUBJECT_WORDS
from register.lines.told import ToldLine
from register.lines.values import Subject
from register.models import ActivityVersion
from register.pages.entrance import READERS, blueprint
from register.pages.record import signed_size
from register.pages.wording import labelled, word
from register.past import Difference, PastData
from register.service import ListedVersion, PastVersion
from register.values import Capacity, SpecialCondition

_ON_A_PAGE: Final = 100
_STANDING_LABELS: Final[Mapping[str, str]] = {
    "proposed": mark("proposed"),
    "in-force": mark("in force"),
    "leaving": mark("to end"),
}
# What a field of a difference is called.
_FIELD_LABELS: Final[Mapping[str, str]] = {
    "name_fr": mark("Name in French"),
    "name_en": mark("Name in English"),
    "description": mark("What is done, in a few sentences"),
    "capacity": mark("In what capacity"),
    "owner_id": mark("Head of the business line"),
    "controller": mark("Who answers for it"),
    "representative": mark("Representative in the Union"),
    "dpo": mark("Data protection officer (DPO)"),
    "dpo_firm": mark("Firm of the DPO"),
    "reference": mark("Reference"),
    "kept_since": mark("Record kept since"),
    "state": mark("State"),
    "mode": mark("Mode"),
    "observed_until": mark("Observed until"),
    "opinion": mark("Opinion of the data protection officer"),
    "opinion_text": mark("Grounds of the opinion"),
    "overriding_reason": mark("Why it was decided against the opinion"),
    "purpose": mark("The purpose itself"),
    "parent": mark("Sub-purpose of"),
    "label_fr": mark("Purpose, in French"),
    "label_en": mark("Purpose, in English"),
    "basis": mark("Lawful basis"),
    "consent_channel": mark("What people consent to"),
    "special_condition": mark("Condition for special categories"),
    "number_ground": mark("What allows the social security number (NIR)"),
    "offences_ground": mark("What allows convictions and offences"),
    "legal_reference": mark("The text of law"),
    "collected_for": mark("Why the data on file was collected for these purposes"),
    "interest": mark("1. The interest pursued"),
    "necessity": mark("2. Why this is necessary for it"),
    "balance": mark("3. Why it does not weigh too much on people"),
    "data": mark("Data"),
    "recipients": mark("Recipients"),
    **{subject.value: words.heading for subject, words in SUBJECT_WORDS.items()},
}


@blueprint.get("/<slug>/versions")
@open_to(*READERS)
def versions(slug: str) -> ResponseReturnValue:
    """List the versions of an activity, or lead to the one that stood on a day."""
    context = current()
    form = VersionsForm(formdata=request.args)
    activity = service.get_activity(context.session, slug)
    valid = form.validate()
    none_then = False
    end = end_of_day(form.on.data) if valid else None
    if end is not None:
        revision = service.revision_at(context.session, slug, last_of_day(end))
        if revision is not None:
            return redirect(url_for("register.version", slug=slug, revision=revision), code=303)
        none_then = True
    page = service.list_versions(context.session, slug, after=request.args.get("after", type=int), limit=_ON_A_PAGE)
    names = called(context.session, {each.actor_id for each in page.rows if each.actor_id})
    drawn = render_template(
        "register/versions.html",
        activity=activity,
        form=form,
        page=page,
        numbers=service.version_numbers(context.session, activity.id),
        none_then=none_then,
        names=names,
        done=_done,
    )
    return drawn, HTTPStatus.OK if valid else HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/<slug>/versions/<int:revision>")
@open_to(*READERS)
def version(slug: str, revision: int) -> ResponseReturnValue:
    """Show an activity as it stood in a version."""
    context = current()
    beside = request.args.get("with", type=int)
    found = service.past_version(context.session, context.get(Attestor), slug, revision, beside)
    people = {each for each in (found.version.actor_id, *map(parse_id, _owners(found))) if each is not None}
    names = {str(key): name for key, name in called(context.session, people).items()}
    return render_template(
        "register/version.html",
        found=found,
        version=found.version,
        record=found.record,
        activity=found.activity,
        names=names,
        done=_done(found.version),
        rows=_rows(found, names),
        numbers=service.version_numbers(context.session, found.activity.id),
        capacities=CAPACITY_LABELS,
        basis_articles=BASIS_ARTICLES,
        condition_articles=CONDITION_ARTICLES,
        articles=articles_of(found.record.capacity),
        standings=_STANDING_LABELS,
        subjects=SUBJECT_WORDS,
        proof_url=_proof(found),
    )


def _done(kept: ListedVersion | ActivityVersion) -> str:
    verb = kept.verb or "set-mode"
    return str(gettext(DONE_LABELS[verb]))


def _owners(found: PastVersion) -> list[str]:
    return [each for each in (found.record.told["owner_id"], found.today["owner_id"]) if each]


def _proof(found: PastVersion) -> str | None:
    if found.entry is None or not may_open(current_app, "log.proof", current().actor):
        return None
    return url_for("log.proof", index=found.entry) if found.entry < signed_size() else None


def _rows(found: PastVersion, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the differences in words, each under the purpose that it belongs to."""
    labels = {
        told["slug"]: _label(told) for snapshot in (found.today, found.record.told) for told in snapshot["purposes"]
    }
    called = {**names, **labels}
    return [
        {
            "where": None if each.purpose is None else labels[each.purpose],
            "what": _what(each),
            "then": _side(each, each.then, called),
            "now": _side(each, each.now, called),
            "terms": each.field == "data",
            "line": each.field in set(Subject),
            # One of several: where it is missing, the others may well be there.
            "one": bool(each.key),
        }
        for each in found.since
    ]


def _label(told: Mapping[str, Any]) -> str:
    return labelled(_Labels(told["label_fr"], told["label_en"]))


class _Labels:
    def __init__(self, french: str, english: str) -> None:
        self.label_fr = french
        self.label_en = english


def _what(each: Difference) -> str:
    said = str(gettext(_FIELD_LABELS.get(each.field, each.field)))
    if each.field == "data":
        kind, category, side = each.key
        told = f"{word(SubjectKind(kind))}, {word(DataCategory(category))}"
        return f"{told} ({gettext('proposed')})" if side == "proposed" else told
    if each.field in set(Subject) and each.key[-1] == "proposed":
        return f"{said} ({gettext('proposed')})"
    return said


def _side(each: Difference, value: Any, names: Mapping[str, str]) -> Any:
    """Return one side of a difference: a text, the terms of data, or None where nothing stood there."""
    if value in (None, ""):
        return None
    if each.field == "data":
        return PastData.read(value)
    if each.field in set(Subject):
        return ToldLine.read(Subject(each.field), value)
    if each.field in {"owner_id", "parent"}:
        return names.get(value, value)
    return _TELLERS[each.field](value) if each.field in _TELLERS else value


def _recipient(row: Mapping[str, str]) -> str:
    labels = {role.value: label for role, label in ROLE_LABELS.items()}
    said = str(gettext(labels.get(row["role"], row["role"])))
    return said if row["standing"] == "in-force" else f"{said} ({gettext(_STANDING_LABELS[row['standing']])})"


_TELLERS: Final[Mapping[str, Callable[[Any], str]]] = {
    "capacity": lambda value: str(gettext(CAPACITY_LABELS[Capacity(value)])),
    "controller": lambda value: str(value["name"]),
    "representative": lambda value: str(value["name"]),
    "dpo": lambda value: str(value["name"]),
    "dpo_firm": lambda value: str(value["name"]),
    "state": lambda value: word(ActivityState(value)),
    "mode": lambda value: word(Mode(value)),
    "kept_since": lambda value: day(date.fromisoformat(value)),
    "observed_until": lambda value: moment(datetime.fromisoformat(value)),
    "opinion": lambda value: word(Opinion(value)),
    "purpose": lambda value: str(gettext(_STANDING_LABELS[value])),
    "basis": lambda value: word(LawfulBasis(value)),
    "consent_channel": lambda value: word(Channel(value)),
    "special_condition": lambda value: word(SpecialCondition(value)),
    "recipients": _recipient,
}
