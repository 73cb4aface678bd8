"""The forms of the register. Labels are translated when they are shown."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from governance.ids import parse_id
from governance.vocabulary import SLUG_LENGTH
from governance.web.context import current
from register.models import LABEL_LENGTH

_MISSING: Final = lazy_gettext("This is missing.")
_NO_DAY: Final = lazy_gettext("This is no day. Write it as year-month-day, such as 2026-03-31.")
_MOST_WORDS: Final = 10_000
# A hundred years.
_MOST_DAYS: Final = 36_525
# Its Art. 99(2). No record of this register can be older than what asks for it.
_GDPR: Final = date(2018, 5, 25)
_LINE: Final = (InputRequired(_MISSING), Length(max=LABEL_LENGTH))


def _is_place(_form: FlaskForm, field: Field) -> None:
    if field.data and parse_id(field.data) is None:
        raise ValidationError(lazy_gettext("This is no place in the list."))


class ChecksField(SelectMultipleField):
    """Several of a list, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class NarrowForm(FlaskForm):
    """Which activities; sent by GET, and an empty field asks for nothing."""

    class Meta:
        csrf = False

    state = SelectField(lazy_gettext("State"), [Optional()])
    mine = BooleanField(lazy_gettext("Only those of my business line"))
    after = HiddenField(validators=[Optional(), _is_place])


def _is_of_a_record(_form: FlaskForm, field: Field) -> None:
    # Somewhere it is tomorrow already.
    tomorrow = current().clock.now().date() + timedelta(days=1)
    if field.data is not None and not _GDPR <= field.data <= tomorrow:
        raise ValidationError(
            lazy_gettext("Take a day from 25 May 2018, when the GDPR began to apply, and not after today.")
        )


class VersionsForm(FlaskForm):
    """The day whose record is asked for; sent by GET."""

    class Meta:
        csrf = False

    on = DateField(lazy_gettext("As it stood on"), [Optional(), _is_of_a_record], invalid_value_message=_NO_DAY)


class ActivityForm(FlaskForm):
    """What an activity is called, what it is, and who answers for it."""

    name_fr = StringField(lazy_gettext("Name in French"), _LINE)
    name_en = StringField(lazy_gettext("Name in English"), _LINE)
    description = TextAreaField(lazy_gettext("What is done, in a few sentences"), [Length(max=_MOST_WORDS)])
    capacity = SelectField(lazy_gettext("In what capacity"))
    owner_id = SelectField(lazy_gettext("Head of the business line"))
    controller_id = SelectField(lazy_gettext("Who answers for it"))


class NewActivityForm(ActivityForm):
    """A draft, with the name by which addresses and commands know it."""

    slug = StringField(lazy_gettext("Short name"), [Length(max=SLUG_LENGTH)])


class ArgumentsForm(FlaskForm):
    """Why a purpose is lawful, in words: what may be written better at any time."""

    legal_reference = TextAreaField(lazy_gettext("The text of law"), [Length(max=_MOST_WORDS)])
    interest = TextAreaField(lazy_gettext("1. The interest pursued"), [Length(max=_MOST_WORDS)])
    necessity = TextAreaField(lazy_gettext("2. Why this is necessary for it"), [Length(max=_MOST_WORDS)])
    balance = TextAreaField(lazy_gettext("3. Why it does not weigh too much on people"), [Length(max=_MOST_WORDS)])


class PurposeForm(ArgumentsForm):
    """A purpose, and why it is lawful."""

    label_fr = StringField(lazy_gettext("Purpose, in French"), _LINE)
    label_en = StringField(lazy_gettext("Purpose, in English"), _LINE)
    basis = SelectField(lazy_gettext("Lawful basis"))
    consent_channel = SelectField(lazy_gettext("Consent is given on this channel"))
    special_condition = SelectField(lazy_gettext("Condition for special categories"))


class NewPurposeForm(PurposeForm):
    """A purpose to declare, with the name by which addresses and commands know it."""

    slug = StringField(lazy_gettext("Short name"), [Length(max=SLUG_LENGTH)])


def _is_outlived(form: FlaskForm, field: Field) -> None:
    unit = form[f"{field.name}_unit"].data or ""
    if field.data is not None and unit.isdigit() and field.data * int(unit) > _MOST_DAYS:
        raise ValidationError(lazy_gettext("This is longer than a hundred years."))


class TermsForm(FlaskForm):
    """Which data of whom, and how long they are kept; for several kinds of people and categories at once."""

    kinds = ChecksField(lazy_gettext("Whose data"), [InputRequired(lazy_gettext("Tick at least one."))])
    categories = ChecksField(lazy_gettext("Which categories"), [InputRequired(lazy_gettext("Tick at least one."))])
    active = IntegerField(lazy_gettext("Kept in use for"), [InputRequired(_MISSING), NumberRange(min=0), _is_outlived])
    active_unit = SelectField(lazy_gettext("Unit"))
    archive = IntegerField(lazy_gettext("Then archived for"), [Optional(), NumberRange(min=0), _is_outlived])
    archive_unit = SelectField(lazy_gettext("Unit of the archive"))
    starting_event = SelectField(lazy_gettext("Counted from"))
    final_fate = SelectField(lazy_gettext("And then"))
    retention_source = TextAreaField(lazy_gettext("Where these periods come from"), [Length(max=_MOST_WORDS)])
    provenance = SelectField(lazy_gettext("The data come from"))
    obligatory = BooleanField(lazy_gettext("People must give them"))

    @property
    def active_days(self) -> int:
        """The first phase, in days."""
        return int(self.active.data) * int(self.active_unit.data)

    @property
    def archive_days(self) -> int:
        """The second phase, in days."""
        return int(self.archive.data or 0) * int(self.archive_unit.data)


class RecipientsForm(FlaskForm):
    """Who may receive data for a purpose."""

    roles = ChecksField(lazy_gettext("Roles that receive data"))


class StepForm(FlaskForm):
    """What a step of an activity's life says."""

    text = TextAreaField(lazy_gettext("Note"), [Length(max=_MOST_WORDS)])


class OpinionForm(StepForm):
    """The opinion of the data protection officer."""

    opinion = RadioField(lazy_gettext("Opinion"), [InputRequired(lazy_gettext("Choose one."))])


class PartyForm(FlaskForm):
    """An organisation, and how to reach it."""

    name = StringField(lazy_gettext("Name"), _LINE)
    legal_form = StringField(lazy_gettext("Legal form"), [Length(max=LABEL_LENGTH)])
    registration = StringField(lazy_gettext("Registration number (SIREN)"), [Length(max=32)])
    address = TextAreaField(lazy_gettext("Address"), [Length(max=_MOST_WORDS)])
    postcode = StringField(lazy_gettext("Postcode"), [Length(max=16)])
    city = StringField(lazy_gettext("Town"), [Length(max=LABEL_LENGTH)])
    country = StringField(
        lazy_gettext("Country"),
        [InputRequired(_MISSING), Regexp(r"[A-Z]{2}\Z", message=lazy_gettext("Two capital letters, as in FR."))],
        default="FR",
    )
    email = EmailField(lazy_gettext("E-mail address"), [Length(max=320)])
    telephone = StringField(lazy_gettext("Telephone"), [Length(max=32)])
    representative_id = SelectField(lazy_gettext("Representative in the Union"))
    dpo_id = SelectField(lazy_gettext("Data protection officer (DPO)"))


def offer(field: Any, choices: Iterable[tuple[str, str]], *, none: str | None = None) -> None:
    """Give a field its choices, and before them one for nothing where it has a label."""
    field.choices = ([] if none is None else [("", none)]) + list(choices)
