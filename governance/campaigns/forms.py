"""Why another file of rules is put in force, on a page."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from governance.campaigns.models import WHY_LENGTH


class WhyForm(FlaskForm):
    """The reason."""

    why = TextAreaField(
        lazy_gettext("Why"),
        [DataRequired(lazy_gettext("This is missing.")), Length(max=WHY_LENGTH)],
        description=lazy_gettext("A new text of law, a decision of the company: whoever looks later reads it."),
    )

    @property
    def reason(self) -> str:
        """What was written."""
        return str(self.why.data or "").strip()
