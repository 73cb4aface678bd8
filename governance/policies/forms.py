"""The forms of access and policies. Labels are translated when they are shown."""

from typing import Final

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from governance.policies.requests import in_order
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind
from governance.web.days import DayField
from governance.web.numbers import WholeNumberField
from register.forms import ChecksField
from register.lifecycle import LONGEST_OBSERVATION

_MISSING: Final = lazy_gettext("This is missing.")
_MOST_WORDS: Final = 2_000
FORMS: Final = tuple(reversed([form for form in in_order(Form) if form is not Form.WITHHELD]))


class _Wish(FlaskForm):
    """What every request says: why, and until when."""

    reason = TextAreaField(lazy_gettext("What you need it for"), [DataRequired(_MISSING), Length(max=_MOST_WORDS)])
    until = DayField(lazy_gettext("Last day"), [InputRequired(_MISSING)])


class AskRoleForm(_Wish):
    """A role to ask for."""

    role = SelectField(lazy_gettext("Role"), [InputRequired(_MISSING)])


class AskDataForm(_Wish):
    """More data for a role."""

    categories = ChecksField(
        lazy_gettext("Which data"), [DataRequired(lazy_gettext("Choose at least one."))], coerce=DataCategory
    )
    kinds = ChecksField(
        lazy_gettext("About whom"), [DataRequired(lazy_gettext("Choose at least one."))], coerce=SubjectKind
    )
    action = SelectField(lazy_gettext("To do what"), coerce=GrantedAction)
    form = SelectField(lazy_gettext("In which form"), coerce=Form)


class ApproveForm(FlaskForm):
    """What is granted: as asked, or less."""

    categories = ChecksField(lazy_gettext("Which data"), [Optional()], coerce=DataCategory)
    form = SelectField(lazy_gettext("In which form"), [Optional()], coerce=Form)
    until = DayField(lazy_gettext("Last day"), [InputRequired(_MISSING)])
    no_second_person = BooleanField(lazy_gettext("The firm has nobody else for this role: accept the conflict"))
    because = TextAreaField(lazy_gettext("A word for whoever asked"), [Length(max=_MOST_WORDS)])


class RefuseForm(FlaskForm):
    """Why a request is refused."""

    because = TextAreaField(lazy_gettext("Why it is refused"), [DataRequired(_MISSING), Length(max=_MOST_WORDS)])


class AdviseForm(FlaskForm):
    """What the data protection officer thinks of a request, and why."""

    advice = SelectField(lazy_gettext("Opinion"), [InputRequired(lazy_gettext("Choose one."))])
    reason = TextAreaField(
        lazy_gettext("The reason for the opinion"), [DataRequired(_MISSING), Length(max=_MOST_WORDS)]
    )


class ReviewForm(FlaskForm):
    """What came of looking at some grants again."""

    grants = HiddenField(validators=[InputRequired(_MISSING)])
    reason = TextAreaField(lazy_gettext("Why"), [Length(max=_MOST_WORDS)])


class RevokeForm(FlaskForm):
    """Why a grant is taken back."""

    because = TextAreaField(lazy_gettext("Why it is taken back"), [DataRequired(_MISSING), Length(max=_MOST_WORDS)])


class ObserveForm(FlaskForm):
    """Why the rules of an activity only report, and for how long."""

    reason = TextAreaField(
        lazy_gettext("Why the rules shall only report"), [DataRequired(_MISSING), Length(max=_MOST_WORDS)]
    )
    days = WholeNumberField(
        lazy_gettext("For how many days"),
        [InputRequired(_MISSING)],
        least=1,
        most=LONGEST_OBSERVATION.days,
        default=7,
    )


class MatrixForm(FlaskForm):
    """What the matrix shows; sent by GET."""

    class Meta:
        csrf = False

    action = SelectField(lazy_gettext("Action"), default=GrantedAction.READ.value)
    kind = SelectField(lazy_gettext("About whom"), [Optional()])
    at = DayField(lazy_gettext("As on the day"), [Optional()])
    since = DayField(lazy_gettext("Compared with"), [Optional()])


class SimulateForm(FlaskForm):
    """A grant to try out."""

    role = SelectField(lazy_gettext("Role"), [InputRequired(_MISSING)])
    purpose = SelectField(lazy_gettext("Purpose"), [InputRequired(_MISSING)])
    categories = ChecksField(
        lazy_gettext("Which data"), [DataRequired(lazy_gettext("Choose at least one."))], coerce=DataCategory
    )
    action = SelectField(lazy_gettext("To do what"), coerce=GrantedAction)
    form = SelectField(lazy_gettext("In which form"), coerce=Form)
