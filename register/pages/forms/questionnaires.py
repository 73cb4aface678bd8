"""The forms by which somebody without an account is asked."""

from typing import Any, Final

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from governance.web.numbers import WholeNumberField
from register.models import LABEL_LENGTH
from register.questionnaires.values import MOST_DAYS

_MISSING: Final = lazy_gettext("This is missing.")


class AskForm(FlaskForm):
    """What every questionnaire asks of whoever sends it."""

    # Both are taken out of the form where there is no mail server.
    email: Any = EmailField(
        lazy_gettext("To which e-mail address?"),
        [InputRequired(_MISSING), Length(max=320)],
        description=lazy_gettext("Kept sealed, and deleted once the questionnaire is answered, taken back or ended."),
    )
    locale: Any = RadioField(
        lazy_gettext("In which language is the letter?"),
        [InputRequired(lazy_gettext("Choose one."))],
    )
    days = WholeNumberField(
        lazy_gettext("For how many days does the link live?"),
        [InputRequired(_MISSING)],
        least=1,
        most=MOST_DAYS,
    )


class ProcessorForm(AskForm):
    """Which processor is asked."""

    party_id = SelectField(
        lazy_gettext("Which processor?"),
        [InputRequired(lazy_gettext("Choose one."))],
        description=lazy_gettext("Those that the record names, or would name."),
    )


class ColleagueForm(AskForm):
    """Which function is asked."""

    whom = StringField(
        lazy_gettext("Who is asked?"),
        [InputRequired(_MISSING), Length(max=LABEL_LENGTH)],
        description=lazy_gettext("The function or the service, not the person’s name: till of the shop, accounting."),
    )
