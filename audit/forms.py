"""What is asked of the log on its page. A form of the address: it is sent by GET and changes nothing."""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from flask_babel import get_locale, gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, SelectField, StringField
from wtforms.validators import AnyOf, InputRequired, Length, Optional, Regexp, ValidationError

from audit.entries import Action, Outcome, Retention
from audit.labels import ACTION_LABELS, CLASS_LABELS, OUTCOME_LABELS
from audit.sampling import LARGEST, SEED_LENGTH
from audit.search import Filters
from governance.days import end_of_day, start_of_day
from governance.web.days import DayField
from governance.web.numbers import WholeNumberField

_ALL: Final = lazy_gettext("all")
_INDEX: Final = Regexp(r"[0-9]{1,18}\Z", message=lazy_gettext("This is not the number of an entry."))
_NUMBER: Final = lazy_gettext("A data subject's number is of digits only, up to 4294967295.")
_HIGHEST_SUBJECT: Final = 2**32 - 1


def _is_a_subject(_form: FlaskForm, field: Field) -> None:
    if not (field.data.isascii() and field.data.isdigit() and int(field.data[:11]) <= _HIGHEST_SUBJECT):
        raise ValidationError(_NUMBER)


def _is_not_before_the_first(form: FlaskForm, field: Field) -> None:
    if field.data is not None and form.since.data is not None and field.data < form.since.data:
        raise ValidationError(gettext("This day lies before the first one."))


class EntriesForm(FlaskForm):
    """Which entries; an empty field asks for nothing."""

    class Meta:
        csrf = False

    actor = SelectField(lazy_gettext("Who"), [Optional()], validate_choice=False)
    action = SelectField(lazy_gettext("Action"), [Optional()], validate_choice=False)
    outcome = SelectField(lazy_gettext("Outcome"), [Optional()], validate_choice=False)
    object = StringField(lazy_gettext("Object"), [Optional(), Length(max=64)])
    which = StringField(lazy_gettext("Which one"), [Optional(), Length(max=255)])
    retention = SelectField(lazy_gettext("Class"), [Optional()], validate_choice=False)
    purpose = SelectField(lazy_gettext("Purpose"), [Optional()], validate_choice=False)
    subject = StringField(lazy_gettext("Person (number)"), [Optional(), _is_a_subject])
    since = DayField(lazy_gettext("From"), [Optional()])
    until = DayField(lazy_gettext("Until (included)"), [Optional(), _is_not_before_the_first])
    after = HiddenField(validators=[Optional(), _INDEX])
    before = HiddenField(validators=[Optional(), _INDEX])

    @property
    def asked(self) -> dict[str, str]:
        """What was asked for, as the address says it: without the place in the pages."""
        raw = {field.name: field.raw_data[0].strip() for field in self if field.raw_data}
        return {name: text for name, text in raw.items() if text and name not in {"after", "before"}}

    @property
    def filters(self) -> Filters:
        """What was asked for, as the search takes it; of a form that is valid."""
        since, until = self.since.data, self.until.data
        return Filters(
            actor_id=uuid.UUID(self.actor.data) if self.actor.data else None,
            action=Action(self.action.data) if self.action.data else None,
            outcome=Outcome(self.outcome.data) if self.outcome.data else None,
            retention=Retention(self.retention.data) if self.retention.data else None,
            object_type=(self.object.data or "").strip() or None,
            object_id=(self.which.data or "").strip() or None,
            purpose=self.purpose.data or None,
            subject=int(self.subject.data) if self.subject.data else None,
            since=None if since is None else start_of_day(since),
            until=end_of_day(until),
        )


class SampleForm(FlaskForm):
    """By what a sample is drawn."""

    class Meta:
        csrf = False

    seed = StringField(lazy_gettext("Seed"), [InputRequired(), Length(max=SEED_LENGTH)])
    size = WholeNumberField(lazy_gettext("How many entries"), [InputRequired()], least=1, most=LARGEST)
    of = WholeNumberField(lazy_gettext("Out of the first (empty: all that are signed)"), [Optional()], least=1)


def entries_form(
    address: MultiDict[str, str], everybody: Mapping[uuid.UUID, str], purposes: Mapping[str, tuple[str, str]]
) -> EntriesForm:
    """Return the form as an address fills it.

    Args:
        address: The query of the address.
        everybody: Who may have acted, by name.
        purposes: What the register calls each purpose, in French and in English.
    """
    form = EntriesForm(formdata=address)
    _offer(form.actor, {str(each): name for each, name in everybody.items()})
    _offer(form.action, {each.value: gettext(label) for each, label in ACTION_LABELS.items()})
    _offer(form.outcome, {each.value: gettext(label) for each, label in OUTCOME_LABELS.items()})
    _offer(form.retention, {each.value: gettext(label) for each, label in CLASS_LABELS.items()})
    _offer(form.purpose, {slug: label_of(slug, purposes) for slug in purposes})
    return form


def label_of(slug: str, purposes: Mapping[str, tuple[str, str]]) -> str:
    """Return what the register calls a purpose in the reader's language, or its slug where it does not know it."""
    french, english = purposes.get(slug, (slug, slug))
    return english if get_locale().language == "en" else french


def _offer(field: Any, choices: Mapping[str, str]) -> None:
    field.choices = [("", _ALL), *choices.items()]
    known = AnyOf(choices, message=lazy_gettext("There is no such choice: take one from the list."))
    field.validators = [*field.validators, known]
