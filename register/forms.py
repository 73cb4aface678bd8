"""The forms of the register. Labels are translated when they are shown."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any, Final

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    RadioField,
    SearchField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from governance.days import day_of
from governance.ids import parse_id
from governance.periods import MOST, Period, Unit
from governance.vocabulary import SLUG_LENGTH
from governance.web.context import current
from governance.web.days import DayField
from governance.web.numbers import WholeNumberField
from register.models import LABEL_LENGTH

_MISSING: Final = lazy_gettext("This is missing.")
_MOST_WORDS: Final = 10_000
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

    text = SearchField(lazy_gettext("Name or purpose"), [Optional(), Length(max=LABEL_LENGTH)])
    state = SelectField(lazy_gettext("State"), [Optional()])
    capacity = SelectField(lazy_gettext("Register"), [Optional()])
    category = SelectField(lazy_gettext("Category"), [Optional()])
    basis = SelectField(lazy_gettext("Lawful basis"), [Optional()])
    party = SelectField(lazy_gettext("Organisation"), [Optional()])
    mine = BooleanField(lazy_gettext("Only those of my business line"))
    to_review = BooleanField(lazy_gettext("Only those to look at again"))
    after = HiddenField(validators=[Optional(), _is_place])


class PrintForm(FlaskForm):
    """Which register is put on paper; an empty field asks for both."""

    capacity = RadioField(lazy_gettext("Which register?"), [Optional()], default="")


def _is_of_a_record(_form: FlaskForm, field: Field) -> None:
    # Somewhere it is tomorrow already.
    tomorrow = day_of(current().clock.now()) + timedelta(days=1)
    if field.data is not None and not _GDPR <= field.data <= tomorrow:
        raise ValidationError(
            lazy_gettext("Take a day from 25 May 2018, when the GDPR began to apply, and not after today.")
        )


class VersionsForm(FlaskForm):
    """The day whose record is asked for; sent by GET."""

    class Meta:
        csrf = False

    on = DayField(lazy_gettext("As it stood on"), [Optional(), _is_of_a_record])


class ActivityForm(FlaskForm):
    """What an activity is called, what it is, and who answers for it."""

    name_fr = StringField(
        lazy_gettext("Name in French"),
        _LINE,
        description=lazy_gettext("A few words, as you call it among yourselves."),
    )
    name_en = StringField(
        lazy_gettext("Name in English"),
        [Length(max=LABEL_LENGTH)],
        description=lazy_gettext("Empty: the French name stands there too."),
    )
    reference = StringField(
        lazy_gettext("Reference"),
        [Length(max=LABEL_LENGTH)],
        description=lazy_gettext("The number of this record in a register that you kept before. Empty: it has none."),
    )
    kept_since = DayField(
        lazy_gettext("Record kept since"),
        [Optional()],
        description=lazy_gettext("If you kept it elsewhere before. Empty: since the day it was drafted here."),
    )
    description = TextAreaField(
        lazy_gettext("What is done, in a few sentences"),
        [Length(max=_MOST_WORDS)],
        description=lazy_gettext("Who does what with the data, from when they come to when they go."),
    )
    controller_id = SelectField(
        lazy_gettext("Who answers for it"),
        description=lazy_gettext(
            "The organisation that decides why and how, or that acts for those who do. It can be said later, before "
            "the record is submitted."
        ),
    )
    capacity = SelectField(
        lazy_gettext("In what capacity"),
        description=lazy_gettext("Nearly always the first: you decide why and how the data are used."),
    )
    owner_id = SelectField(
        lazy_gettext("Head of the business line"),
        description=lazy_gettext("They write this record and review who holds access for it."),
    )


class NewActivityForm(ActivityForm):
    """A draft, with the name by which addresses and commands know it."""

    slug = StringField(
        lazy_gettext("Short name"),
        [Length(max=SLUG_LENGTH)],
        description=lazy_gettext(
            "For addresses and commands, and never changed later. Empty: made from the French name."
        ),
    )


class ArgumentsForm(FlaskForm):
    """Why a purpose is lawful, in words, and beneath which other it stands: what may be written better at any time."""

    parent = SelectField(
        lazy_gettext("Sub-purpose of"),
        description=lazy_gettext("Its own answers stay as they are: only its place changes."),
        default="",
        # What came to stand beneath it meanwhile is refused with the reason (CircularPurposeError).
        validate_choice=False,
    )
    number_ground = TextAreaField(
        lazy_gettext("What allows the social security number (NIR)"),
        [Length(max=_MOST_WORDS)],
        description=lazy_gettext(
            "It may serve only what decree no. 2019-341 lists, such as payroll and social declarations (GDPR Art. 87, "
            "Act of 6 January 1978, Art. 30): say which."
        ),
    )
    offences_ground = TextAreaField(
        lazy_gettext("What allows convictions and offences"),
        [Length(max=_MOST_WORDS)],
        description=lazy_gettext(
            "Few may use them: authorities, auxiliaries of justice, and victims for their own claims in court among "
            "others (GDPR Art. 10, Act of 6 January 1978, Art. 46): say why you are one."
        ),
    )
    legal_reference = TextAreaField(lazy_gettext("The text of law"), [Length(max=_MOST_WORDS)])
    interest = TextAreaField(
        lazy_gettext("1. The interest pursued"),
        [Length(max=_MOST_WORDS)],
        description=lazy_gettext("What your firm gains by it, such as: not being robbed."),
    )
    necessity = TextAreaField(
        lazy_gettext("2. Why this is necessary for it"),
        [Length(max=_MOST_WORDS)],
        description=lazy_gettext("Why nothing milder would do."),
    )
    balance = TextAreaField(
        lazy_gettext("3. Why it does not weigh too much on people"),
        [Length(max=_MOST_WORDS)],
        description=lazy_gettext("What they expect, what you do to spare them, how they say no."),
    )


class PurposeForm(ArgumentsForm):
    """A purpose, and why it is lawful."""

    label_fr = StringField(lazy_gettext("Purpose, in French"), _LINE)
    label_en = StringField(
        lazy_gettext("Purpose, in English"),
        [Length(max=LABEL_LENGTH)],
        description=lazy_gettext("Empty: the French words stand there too."),
    )
    basis = SelectField(lazy_gettext("Lawful basis"), [InputRequired(lazy_gettext("Choose one."))])
    consent_channel = SelectField(lazy_gettext("What people consent to"))
    special_condition = SelectField(lazy_gettext("Condition for special categories"))


class NewPurposeForm(PurposeForm):
    """A purpose to declare, with the name by which addresses and commands know it, and the one above it."""

    parent = SelectField(
        lazy_gettext("Sub-purpose"),
        description=lazy_gettext(
            "Beneath another purpose, it takes over what you leave unsaid: its lawful basis, its data with their "
            "periods, its recipients. You look at them afterwards, and correct them."
        ),
        default="",
    )
    slug = StringField(
        lazy_gettext("Short name"),
        [Length(max=SLUG_LENGTH)],
        description=lazy_gettext(
            "For addresses and commands, and never changed later. Empty: made from the French name."
        ),
    )


def _is_outlived(form: FlaskForm, field: Field) -> None:
    unit = form[f"{field.name}_unit"].data
    if field.data is not None and unit in MOST and field.data > MOST[unit]:
        raise ValidationError(lazy_gettext("This is longer than a hundred years."))


def _one_of(several: str, told: Any) -> Callable[[FlaskForm, Field], None]:
    """Return a validator: words about one thing are not said of several at once."""

    def check(form: FlaskForm, field: Field) -> None:
        if field.data and len(form[several].data or ()) > 1:
            raise ValidationError(told)

    return check


class TermsForm(FlaskForm):
    """Which data of whom, and how long they are kept; for several kinds of people and categories at once."""

    kinds = ChecksField(lazy_gettext("Whose data"), [InputRequired(lazy_gettext("Tick at least one."))])
    categories = ChecksField(lazy_gettext("Which categories"), [InputRequired(lazy_gettext("Tick at least one."))])
    which_fr = TextAreaField(
        lazy_gettext("Which data exactly, in French"),
        [Length(max=_MOST_WORDS), _one_of("categories", lazy_gettext("Tick one category alone to say which data."))],
        description=lazy_gettext("A few words, such as: bank details. People read them in the notice."),
    )
    which_en = TextAreaField(
        lazy_gettext("Which data exactly, in English"),
        [Length(max=_MOST_WORDS), _one_of("categories", lazy_gettext("Tick one category alone to say which data."))],
    )
    whom_fr = TextAreaField(
        lazy_gettext("Whose data exactly, in French"),
        [Length(max=_MOST_WORDS), _one_of("kinds", lazy_gettext("Tick one kind of people alone to say whose data."))],
        description=lazy_gettext("A few words, such as: applicants, or visitors of the site."),
    )
    whom_en = TextAreaField(
        lazy_gettext("Whose data exactly, in English"),
        [Length(max=_MOST_WORDS), _one_of("kinds", lazy_gettext("Tick one kind of people alone to say whose data."))],
    )
    active = WholeNumberField(lazy_gettext("Kept in use for"), [InputRequired(_MISSING), _is_outlived], least=0)
    active_unit = SelectField(lazy_gettext("Unit"))
    archive = WholeNumberField(lazy_gettext("Then archived for"), [Optional(), _is_outlived], least=0)
    archive_unit = SelectField(lazy_gettext("Unit of the archive"))
    starting_event = SelectField(lazy_gettext("Counted from"))
    final_fate = SelectField(lazy_gettext("And then"))
    retention_source = TextAreaField(
        lazy_gettext("Where these periods come from"),
        [Length(max=_MOST_WORDS)],
        description=lazy_gettext("An article of law, a reference of the CNIL with its date, or your own reasoning."),
    )
    provenance = SelectField(lazy_gettext("The data come from"))
    obligatory = BooleanField(
        lazy_gettext("People must give them"),
        description=lazy_gettext(
            "By law or by contract; people are told what follows if they do not (GDPR Art. 13(2)(e))."
        ),
    )

    @property
    def active_for(self) -> Period:
        """The first phase."""
        return Period.of(self.active.data, Unit(self.active_unit.data))

    @property
    def archived_for(self) -> Period:
        """The second phase."""
        return Period.of(self.archive.data or 0, Unit(self.archive_unit.data))


class RecipientsForm(FlaskForm):
    """Who may receive data for a purpose."""

    roles = ChecksField(lazy_gettext("Roles that receive data"))


class ReviewPeriodForm(FlaskForm):
    """After how long a record is looked at again."""

    months = SelectField(lazy_gettext("It is looked at again"))


class StepForm(FlaskForm):
    """What a step of an activity's life says."""

    text = TextAreaField(lazy_gettext("Note"), [Length(max=_MOST_WORDS)])


class OpinionForm(StepForm):
    """The opinion of the data protection officer."""

    opinion = RadioField(lazy_gettext("Opinion"), [InputRequired(lazy_gettext("Choose one."))])


class SubmissionForm(StepForm):
    """The submission of what never ran, which says what the data on file was collected for."""

    collected_for = TextAreaField(
        lazy_gettext("Why the data on file was collected for these purposes"), [Length(max=_MOST_WORDS)]
    )


_POINT: Final = (InputRequired(_MISSING), Length(max=_MOST_WORDS))


class CompatibilityForm(FlaskForm):
    """The compatibility test: the five points of GDPR Art. 6(4), in the order of the law."""

    link = TextAreaField(lazy_gettext("1. The link with what the data was collected for"), _POINT)
    context = TextAreaField(lazy_gettext("2. The context in which it was collected, and what people expect"), _POINT)
    nature = TextAreaField(lazy_gettext("3. The nature of the data"), _POINT)
    consequences = TextAreaField(lazy_gettext("4. What follows for the people"), _POINT)
    safeguards = TextAreaField(lazy_gettext("5. What protects them"), _POINT)


class DecisionForm(StepForm):
    """The decision on a compatibility test, with the information of people."""

    informed_on = DayField(lazy_gettext("The day people are informed"), [InputRequired(_MISSING)])
    information = TextAreaField(lazy_gettext("How they are informed"), _POINT)


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
    firm_id = SelectField(lazy_gettext("Acts for the firm"))


def offer(field: Any, choices: Iterable[tuple[str, str]], *, none: str | None = None) -> None:
    """Give a field its choices, and before them one for nothing where it has a label."""
    field.choices = ([] if none is None else [("", none)]) + list(choices)
