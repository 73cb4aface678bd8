"""The form by which a file for an inspection is asked for."""

from typing import Final

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from governance.errors import mark
from governance.oversight.inspection.values import OCCASION_LENGTH, OrderInspection
from register.forms import ChecksField

# The first language is that of the index.
LANGUAGE_LABELS: Final = {
    "fr en": mark("French and English"),
    "fr": mark("French alone"),
    "en": mark("English alone"),
}


class InspectionForm(FlaskForm):
    """Why a file is made, in which languages, about what."""

    occasion = StringField(
        lazy_gettext("On which occasion?"),
        [InputRequired(lazy_gettext("Say on which occasion: it stands on the cover.")), Length(max=OCCASION_LENGTH)],
        description=lazy_gettext(
            "It stands on the cover: “inspection on site of 3 March”, “letter of the CNIL, reference …”. Name nobody."
        ),
    )
    languages = RadioField(lazy_gettext("In which languages?"), default="fr en")
    only = ChecksField(lazy_gettext("Only these activities"), description=lazy_gettext("Tick none for all of them."))

    def written(self) -> OrderInspection:
        """Return what was written; for a form that was found valid."""
        return OrderInspection(
            occasion=(self.occasion.data or "").strip(),
            languages=tuple(self.languages.data.split()),
            only=tuple(self.only.data or ()),
        )
