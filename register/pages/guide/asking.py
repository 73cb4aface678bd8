"""What each question of the guide asks: the form that the record's own page has for it, and the use case behind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from flask_wtf import FlaskForm

from governance.actor import Role
from governance.ids import parse_id
from governance.vault.attest import Attestor
from governance.web.context import current
from register import service
from register.forms import ActivityForm, NewPurposeForm, PartyForm, RecipientsForm, TermsForm
from register.guide.values import PARTS, SUBJECTS, GuideStep, Place
from register.lines.values import Relation
from register.models import Activity, Purpose, PurposeData
from register.pages.drafting import given_words, offer_words, parties_on_file, shown_words, slug_of
from register.pages.entrance import desk
from register.pages.lines import LINE_FORMS, offer_line, own_line, shown_line
from register.pages.meanwhile import marks_of, questions_of
from register.pages.parties import given_party, offer_party
from register.pages.purposes import (
    declare,
    offer_purpose,
    offer_roles,
    purpose_form,
    rewritten,
)
from register.pages.terms import gone_over, named_terms, offer_terms, own_purpose, put_terms, shown_terms, with_terms
from register.pages.whole_lines import WHOLE_FORMS, wanted_lines
from register.record import Change, PurposeLines, wanted_terms
from register.service import ActivityChange, NewParty, PutLine, SetLines, SetPurposeRecipients
from register.values import Capacity

_WORDS: Final = ("name_fr", "name_en", "description", "capacity")
_ANSWERING: Final = ("controller_id", "owner_id")
# What a form is told of beside its fields: which line it corrects, which organisation was just put on file.
_NAMED: Final = ("line", "kind", "category", "party")


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """Where in the guide somebody is.

    Attributes:
        lines: The purpose that is asked about; None where none is.
        named: What the address, the form or what was typed names beside the fields.
    """

    activity: Activity
    place: Place
    lines: PurposeLines | None = None
    named: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, ready to be drawn or answered.

    Attributes:
        form: With what is on record, and on it what was sent.
        save: Writes what was sent; returns where that is.
        fields: The template that draws the form.
        listed: Whether the answers are several, each written by itself.
        new: Whether what is written comes in the place of nothing.
        beside: What else on record can be written over here.
        over: What of it is, by what was sent.
    """

    form: Any
    save: Callable[[], Place]
    fields: str = "register/guide/plain_fields.html"
    listed: bool = False
    new: bool = False
    beside: Sequence[PurposeData] = ()
    over: Callable[[], Sequence[PurposeData]] = tuple

    @property
    def questions(self) -> list[Any]:
        """The fields that somebody answers."""
        return questions_of(self.form)

    @property
    def marks(self) -> dict[str, str]:
        """What the record says here, as marks: others, and somebody wrote meanwhile."""
        return marks_of(self.form, self.beside)


def named_in(source: Mapping[str, str]) -> dict[str, str]:
    """Return what is named beside the fields of a form."""
    return {name: source[name] for name in _NAMED if source.get(name)}


def at(activity: Activity, place: Place, named: Mapping[str, str]) -> At:
    """Return where somebody is.

    Raises:
        PurposeNotFoundError: If the activity has no such purpose.
    """
    lines = None if place.purpose is None else own_purpose(activity.slug, place.purpose)
    return At(activity=activity, place=place, lines=lines, named=named)


def ask(where: At) -> Asked:
    """Return the question that is asked somewhere."""
    return _QUESTIONS[where.place.step](where)


def confirm(where: At) -> None:
    """Say that what a starting point proposed here is right."""
    part = PARTS.get(where.place.step)
    if part is not None and where.lines is not None:
        context = current()
        service.confirm_defaults(context.session, context.get(Attestor), context.actor, where.lines.purpose.slug, part)


def _what(where: At) -> Asked:
    return _of_activity(where, _WORDS)


def _answers(where: At) -> Asked:
    if not parties_on_file(where.activity.controller_id):
        return _first_party(where)
    asked = _of_activity(where, _ANSWERING)
    form = asked.form
    if not form.is_submitted():
        there = [value for value, _ in form.controller_id.choices if value]
        wanted = where.named.get("party", there[0] if len(there) == 1 else "")
        form.controller_id.data = form.controller_id.data or wanted
        if where.named.get("party") in there:
            form.controller_id.data = where.named["party"]
    return asked


def _of_activity(where: At, names: Sequence[str]) -> Asked:
    shown = {name: value for name, value in shown_words(where.activity).items() if name in names}
    form = ActivityForm(data=shown)
    offer_words(form, where.activity)
    for name in {each.name for each in form} - {*names, "csrf_token"}:
        del form[name]

    def save() -> Place:
        context = current()
        given = given_words(form)
        changed = {name: value for name, value in given.items() if getattr(where.activity, name) != value}
        if changed:
            target = (where.activity.id, ActivityChange(**changed))
            service.change_activity(context.session, context.clock, context.get(Attestor), context.actor, target)
        return where.place

    return Asked(form=form, save=save)


def _first_party(where: At) -> Asked:
    """Ask for the organisation itself where none is on file, and name it as who answers."""
    form = PartyForm()
    offer_party(form)
    del form.representative_id
    del form.dpo_id
    del form.firm_id

    def save() -> Place:
        context = current()
        party = service.add_party(context.session, context.ids, context.actor, NewParty(**given_party(form)))
        target = (where.activity.id, ActivityChange(controller_id=party.id))
        service.change_activity(context.session, context.clock, context.get(Attestor), context.actor, target)
        return where.place

    return Asked(form=form, save=save, fields="register/party_fields.html", new=True)


def _why(where: At) -> Asked:
    if where.lines is None:
        return _new_purpose(where)
    lines = where.lines
    form = purpose_form(lines)

    def save() -> Place:
        context = current()
        changed = rewritten(form, lines)
        if changed is not None:
            target = (lines.purpose.slug, changed)
            service.change_purpose(context.session, context.clock, context.get(Attestor), context.actor, target)
        confirm(where)
        return where.place

    return Asked(form=form, save=save, fields="register/purpose_fields.html")


def _new_purpose(where: At) -> Asked:
    form = NewPurposeForm()
    offer_purpose(form, where.activity)
    del form.slug

    def save() -> Place:
        slug = service.free_slug(current().session, Purpose.slug, slug_of(form.label_fr.data))
        declare(where.activity.slug, slug, form)
        return Place(step=GuideStep.WHY, purpose=slug)

    return Asked(form=form, save=save, fields="register/purpose_fields.html", new=True)


def _data(where: At) -> Asked:
    lines = where.lines
    row = None if lines is None else named_terms(lines, where.named.get("kind"), where.named.get("category"))
    shown = shown_terms(row)
    form = TermsForm(data=shown | _kinds(where) if row is None else shown)
    offer_terms(form)

    def save() -> Place:
        if lines is not None:
            put_terms(lines.purpose.slug, with_terms(form, lines))
        return where.place

    return Asked(
        form=form,
        save=save,
        fields="register/terms_fields.html",
        listed=True,
        # Terms that the address names and that are gone are not new: somebody left them out.
        new="category" not in where.named,
        beside=() if lines is None else [*wanted_terms(lines)],
        over=lambda: () if lines is None else gone_over(form, lines, row),
    )


def _kinds(where: At) -> dict[str, list[str]]:
    """Return the kinds of people that were counted, for whom data are asked next."""
    counted = [each.subject_kind.value for each in wanted_lines(where.activity, SUBJECTS[GuideStep.PEOPLE])]
    return {"kinds": counted} if counted else {}


def _recipients(where: At) -> Asked:
    lines = where.lines
    there = [] if lines is None else [each for each in lines.recipients if each.change is not Change.LEAVING]
    said = {"roles": [each.role.value for each in there]}
    form = RecipientsForm(data=said)
    offer_roles(form)

    def save() -> Place:
        context = current()
        roles = frozenset(map(Role, form.roles.data or ()))
        if lines is not None and roles != {each.role for each in there}:
            command = SetPurposeRecipients(purpose=lines.purpose.slug, roles=roles)
            service.set_purpose_recipients(context.session, desk(), context.actor, command)
        confirm(where)
        return where.place

    return Asked(form=form, save=save, fields="register/recipient_fields.html")


def _line(where: At) -> Asked:
    subject = SUBJECTS[where.place.step]
    line_id = parse_id(where.named.get("line", ""))
    said = {} if line_id is None else shown_line(own_line(where.activity, subject, line_id))
    form: FlaskForm = LINE_FORMS[subject](data=said or _likely(where))
    offer_line(form)

    def save() -> Place:
        command = PutLine(activity=where.activity.id, subject=subject, line=form.written(), instead_of=line_id)
        service.put_line(current().session, desk(), current().actor, command)
        return where.place

    return Asked(form=form, save=save, listed=True, new=line_id is None)


def _likely(where: At) -> dict[str, str]:
    likely = Relation.PRINCIPAL if where.activity.capacity is Capacity.PROCESSOR else Relation.PROCESSOR
    relation = {"relation": likely.value} if where.place.step is GuideStep.HELPERS else {}
    party = {"party_id": where.named["party"]} if "party" in where.named else {}
    return relation | party


def _whole(where: At) -> Asked:
    subject = SUBJECTS[where.place.step]
    wanted = wanted_lines(where.activity, subject)
    form = WHOLE_FORMS[subject](wanted)

    def save() -> Place:
        lines = form.lines()
        if [*lines] != [*wanted]:
            command = SetLines(activity=where.activity.id, subject=subject, lines=lines)
            service.set_lines(current().session, desk(), current().actor, command)
        return where.place

    if where.place.step is GuideStep.MEASURES:
        return Asked(form=form, save=save, fields="register/measure_fields.html")
    return Asked(form=form, save=save)


_QUESTIONS: Final[Mapping[GuideStep, Callable[[At], Asked]]] = {
    GuideStep.WHAT: _what,
    GuideStep.WHY: _why,
    GuideStep.PEOPLE: _whole,
    GuideStep.DATA: _data,
    GuideStep.RECIPIENTS: _recipients,
    GuideStep.HELPERS: _line,
    GuideStep.TRANSFERS: _line,
    GuideStep.MEASURES: _whole,
    GuideStep.DECISIONS: _line,
    GuideStep.RIGHTS: _whole,
    GuideStep.ASSETS: _whole,
    GuideStep.ANSWERS: _answers,
}
