"""What the log does not hold of an import, on a page."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from governance.customers.importing.writing import SOURCE_LENGTH


class AnewForm(FlaskForm):
    """What the log does not hold of an import."""

    source = StringField(
        lazy_gettext("Where did these data come from?"),
        [InputRequired(lazy_gettext("This is missing.")), Length(max=SOURCE_LENGTH)],
        description=lazy_gettext("In words, as on the file: it is the one thing that the log does not hold."),
    )
