"""The form of a campaign. Labels are translated when shown."""

from typing import Final

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from governance.campaigns.sending.values import MOST_IN_A_WEEK, NAME_LENGTH, SUBJECT_LENGTH, TEXT_LENGTH
from governance.web.days import DayField
from governance.web.numbers import WholeNumberField

_MISSING: Final = lazy_gettext("This is missing.")
_SUBJECT: Final = (InputRequired(_MISSING), Length(max=SUBJECT_LENGTH))
_TEXT: Final = (InputRequired(_MISSING), Length(max=TEXT_LENGTH))


class CampaignForm(FlaskForm):
    """What a campaign says, to whom, when."""

    name = StringField(lazy_gettext("Name, for yourselves"), [InputRequired(_MISSING), Length(max=NAME_LENGTH)])
    purpose = SelectField(lazy_gettext("Purpose that people agreed to"), [InputRequired(_MISSING)])
    subject_fr = StringField(lazy_gettext("Subject, in French"), _SUBJECT)
    text_fr = TextAreaField(lazy_gettext("Message, in French"), _TEXT)
    subject_en = StringField(lazy_gettext("Subject, in English"), _SUBJECT)
    text_en = TextAreaField(lazy_gettext("Message, in English"), _TEXT)
    send_on = DayField(lazy_gettext("Not before"), [Optional()])
    most_in_a_week = WholeNumberField(
        lazy_gettext("Messages for one person in seven days, at most"),
        [InputRequired(_MISSING)],
        least=1,
        most=MOST_IN_A_WEEK,
    )
