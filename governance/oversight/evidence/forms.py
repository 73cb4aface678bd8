"""The forms of the library of evidence. The file itself is beside them, for no form of ours reads it."""

from typing import Final

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from governance.oversight.models.plan import TITLE_LENGTH
from governance.oversight.values import Thing
from governance.oversight.values.evidence import DocumentTerms
from governance.web.days import DayField
from register.forms import ChecksField

_MISSING: Final = lazy_gettext("This is missing.")


class DocumentForm(FlaskForm):
    """What is said of a document."""

    title = StringField(
        lazy_gettext("What is it?"),
        [InputRequired(_MISSING), Length(max=TITLE_LENGTH)],
        description=lazy_gettext("So that whoever looks for it finds it: its kind, and of whom or what."),
    )
    dated_on = DayField(
        lazy_gettext("Of which day?"),
        [InputRequired(_MISSING)],
        description=lazy_gettext("The day it bears, or of which it tells."),
    )
    valid_until = DayField(
        lazy_gettext("Valid until"),
        [Optional()],
        description=lazy_gettext("Where it ends: it is told a month before. Leave it empty if it does not."),
    )

    def written(self, proves: tuple[Thing, ...]) -> DocumentTerms:
        """Return what was written; for a form that was found valid."""
        return DocumentTerms(
            title=self.title.data.strip(),
            dated_on=self.dated_on.data,
            valid_until=self.valid_until.data,
            proves=proves,
        )


class ProvingForm(DocumentForm):
    """The same, with what it goes on proving."""

    proves = ChecksField(
        lazy_gettext("What it proves"), description=lazy_gettext("Take a tick away where it proves that no more.")
    )
