"""The forms of the data map. Labels are translated when they are shown."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import Length, Optional


class NarrowForm(FlaskForm):
    """Which tables and columns; sent by GET, and an empty field asks for nothing."""

    class Meta:
        csrf = False

    q = StringField(lazy_gettext("Table or column"), [Optional(), Length(max=64)])
    category = SelectField(lazy_gettext("Category"), [Optional()])
    flag = SelectField(lazy_gettext("Marked as"), [Optional()])
    source = SelectField(lazy_gettext("Database"), [Optional()])

    @property
    def words(self) -> tuple[str, ...]:
        """What was typed, word by word."""
        return tuple((self.q.data or "").casefold().split())

    @property
    def narrows(self) -> bool:
        """Whether anything was asked for."""
        return any((self.words, self.category.data, self.flag.data, self.source.data))
