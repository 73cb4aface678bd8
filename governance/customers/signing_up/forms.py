"""The forms of signing up: what people fill in, and what its keepers write. Labels are translated when shown."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Email, InputRequired, Length, Optional, Regexp, ValidationError

from governance.customers.signing_up.values import (
    EMAIL_LENGTH,
    LABEL_LENGTH,
    MOST_ORIGINS,
    MOST_QUESTIONS,
    NAME_LENGTH,
    WORDS_LENGTH,
    Question,
    Said,
)
from governance.periods import Period, Unit
from governance.vocabulary import SLUG_LENGTH
from governance.web.numbers import WholeNumberField
from register.forms import offer

_MISSING: Final = lazy_gettext("This is missing.")
_NO_ADDRESS: Final = lazy_gettext("An e-mail address, such as name@firm.example.")
_NAME: Final = Length(max=NAME_LENGTH)
_MOST_MONTHS: Final = 120
ANSWER: Final = "answer-"
_FROM_15: Final = "from-15"
_UNDER_15: Final = "under-15"
_AGES: Final = ((_FROM_15, lazy_gettext("I am 15 or older")), (_UNDER_15, lazy_gettext("I am under 15")))


def _printable(_form: FlaskForm, field: Field) -> None:
    if field.data and not str(field.data).isprintable():
        raise ValidationError(lazy_gettext("This cannot be read."))


class JoinForm(FlaskForm):
    """What somebody says of themself; the questions stand beside it, none answered beforehand."""

    class Meta:
        # It knows nobody, and may stand on the company's own sites.
        csrf = False

    email = EmailField(
        lazy_gettext("Your e-mail address"),
        [InputRequired(_MISSING), Length(max=EMAIL_LENGTH), Email(_NO_ADDRESS), _printable],
    )
    family_name = StringField(lazy_gettext("Your family name"), [InputRequired(_MISSING), _NAME, _printable])
    given_name = StringField(lazy_gettext("Your given name"), [Optional(), _NAME, _printable])


class MinorForm(JoinForm):
    """The same where age matters. GDPR Art. 8, LIL art. 45."""

    age = RadioField(lazy_gettext("Your age"), [InputRequired(_MISSING)])
    guardian_name = StringField(lazy_gettext("A parent’s name"), [Optional(), _NAME, _printable])
    guardian_email = EmailField(
        lazy_gettext("That parent’s e-mail address"),
        [Optional(), Length(max=EMAIL_LENGTH), Email(_NO_ADDRESS), _printable],
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        """Offer the two answers."""
        super().__init__(*given, **more)
        offer(self.age, _AGES)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Ask who agrees with a minor, and for an address other than the minor's."""
        fine = bool(super().validate(extra_validators))
        if not self.under_15:
            return fine
        for field in (self.guardian_name, self.guardian_email):
            if not field.data:
                field.errors = [*field.errors, _MISSING]
                fine = False
        if self.guardian_email.data and self.guardian_email.data.casefold() == (self.email.data or "").casefold():
            self.guardian_email.errors = [lazy_gettext("It is the same address as yours: a parent has their own.")]
            fine = False
        return fine

    @property
    def under_15(self) -> bool:
        """Whether they say so."""
        return bool(self.age.data == _UNDER_15)


def answers_in(form: Mapping[str, str], purposes: Sequence[str]) -> dict[str, Said]:
    """Return what was answered to these questions; whatever else was sent is no answer."""
    said = {purpose: form.get(f"{ANSWER}{purpose}", "") for purpose in purposes}
    return {purpose: Said(each) for purpose, each in said.items() if each in set(Said)}


class QuestionForm(Form):
    """One question of a form; a row left empty asks nothing."""

    purpose = SelectField(lazy_gettext("Purpose"), [Optional()])
    label_fr = StringField(lazy_gettext("The words in French"), [Length(max=LABEL_LENGTH)])
    label_en = StringField(lazy_gettext("The words in English"), [Length(max=LABEL_LENGTH)])

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written in this row."""
        return not any(str(field.data or "").strip() for field in self)


def _each_whole(_form: FlaskForm, field: Field) -> None:
    """Ask of each question its purpose and its words in both languages, and about each purpose once."""
    asked = [row.form for row in field if not row.form.is_empty]
    for row in asked:
        for part in row:
            if not str(part.data or "").strip():
                part.errors = [*part.errors, _MISSING]
    purposes = [row.purpose.data for row in asked]
    if not asked:
        raise ValidationError(lazy_gettext("Ask at least one question."))
    if len(set(purposes)) != len(purposes):
        raise ValidationError(lazy_gettext("Each purpose is asked about once."))
    if any(part.errors for row in asked for part in row):
        raise ValidationError(lazy_gettext("A question needs its purpose, and its words in both languages."))


def _few_lines(form: "TermsForm", _field: Field) -> None:
    """Keep the list of sites short."""
    if len(form.origin_lines()) > MOST_ORIGINS:
        raise ValidationError(lazy_gettext("That is too many."))


class TermsForm(FlaskForm):
    """What a form says and does."""

    slug = StringField(
        lazy_gettext("Short name, for its address"),
        [InputRequired(_MISSING), Length(max=SLUG_LENGTH), Regexp(re.compile(r"[a-z][a-z0-9-]*\Z"))],
    )
    title_fr = StringField(lazy_gettext("Title, in French"), [InputRequired(_MISSING), Length(max=LABEL_LENGTH)])
    title_en = StringField(lazy_gettext("Title, in English"), [InputRequired(_MISSING), Length(max=LABEL_LENGTH)])
    intro_fr = TextAreaField(lazy_gettext("A word before the questions, in French"), [Length(max=WORDS_LENGTH)])
    intro_en = TextAreaField(lazy_gettext("A word before the questions, in English"), [Length(max=WORDS_LENGTH)])
    questions = FieldList(FormField(QuestionForm), validators=[_each_whole], max_entries=MOST_QUESTIONS)
    purpose = SelectField(lazy_gettext("People are put on file for"), [InputRequired(_MISSING)])
    point = SelectField(lazy_gettext("Collection point, whose notice is shown"), [InputRequired(_MISSING)])
    token = SelectField(lazy_gettext("Program in whose name they are put on file"), [InputRequired(_MISSING)])
    months = WholeNumberField(
        lazy_gettext("A yes counts for how many months"), [InputRequired(_MISSING)], least=1, most=_MOST_MONTHS
    )
    asks_age = BooleanField(lazy_gettext("Ask if people are under 15"))
    origins = TextAreaField(lazy_gettext("Sites that may hold the form, one a line"), [_few_lines])

    @property
    def lasts(self) -> Period:
        """How long a yes counts."""
        return Period.of(int(self.months.data or 0), Unit.MONTH)

    def asked(self) -> tuple[Question, ...]:
        """Return the questions."""
        rows = [row.form for row in self.questions if not row.form.is_empty]
        return tuple(
            Question(purpose=row.purpose.data, label_fr=row.label_fr.data.strip(), label_en=row.label_en.data.strip())
            for row in rows
        )

    def origin_lines(self) -> tuple[str, ...]:
        """Return the sites."""
        return tuple(line.strip().rstrip("/") for line in (self.origins.data or "").splitlines() if line.strip())
