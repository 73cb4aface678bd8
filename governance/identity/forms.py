"""The forms of identity. Labels are translated when they are shown."""

from typing import Final

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Optional

from governance.actor import Role
from governance.identity.models import EMAIL_LENGTH, NAME_LENGTH
from governance.identity.passwords import MAXIMUM_BYTES
from governance.web.days import DayField

_MISSING: Final = lazy_gettext("This is missing.")


class SignInForm(FlaskForm):
    """Who, and the password. What is wrong with them is never told apart."""

    email = EmailField(lazy_gettext("E-mail address"), [InputRequired(_MISSING), Length(max=EMAIL_LENGTH)])
    password = PasswordField(lazy_gettext("Password"), [InputRequired(_MISSING), Length(max=4 * MAXIMUM_BYTES)])
    next = HiddenField()


class ForgottenForm(FlaskForm):
    """Whose password was forgotten."""

    email = EmailField(lazy_gettext("E-mail address"), [InputRequired(_MISSING), Length(max=EMAIL_LENGTH)])


class TokenForm(FlaskForm):
    """A token of one's own. The choice of roles is what the person holds."""

    name = StringField(lazy_gettext("Name"), [InputRequired(_MISSING), Length(max=NAME_LENGTH)])
    role = SelectField(lazy_gettext("Role"), coerce=Role)
    until = DayField(lazy_gettext("Last day"), [Optional()])


class LinkForm(FlaskForm):
    """A new password, twice; for the first administrator, their e-mail too."""

    email = EmailField(lazy_gettext("E-mail address"), [InputRequired(_MISSING), Length(max=EMAIL_LENGTH)])
    password = PasswordField(lazy_gettext("New password"), [InputRequired(_MISSING), Length(max=4 * MAXIMUM_BYTES)])
    again = PasswordField(
        lazy_gettext("The same password again"),
        [EqualTo("password", lazy_gettext("The two passwords are not the same."))],
    )
