"""The forms of second factors, and of one's own password."""

from typing import Final

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from governance.identity.factors.models import FACTOR_NAME_LENGTH
from governance.identity.passwords import MAXIMUM_BYTES

_MISSING: Final = lazy_gettext("This is missing.")
# Groups and white space included, and no more than anybody types.
_LONGEST_CODE: Final = 40
# An answer of a browser, with the certificates that some authenticators add.
_LONGEST_CREDENTIAL: Final = 32 * 1024


class CodeForm(FlaskForm):
    """A code of an authenticator app."""

    code = StringField(lazy_gettext("Code of 6 digits"), [InputRequired(_MISSING), Length(max=_LONGEST_CODE)])
    next = HiddenField()


class RecoveryForm(FlaskForm):
    """A recovery code."""

    recovery = StringField(lazy_gettext("Recovery code"), [InputRequired(_MISSING), Length(max=_LONGEST_CODE)])
    next = HiddenField()


class ConfirmPasswordForm(FlaskForm):
    """The password again, of somebody who has no second factor."""

    password = PasswordField(lazy_gettext("Password"), [InputRequired(_MISSING), Length(max=4 * MAXIMUM_BYTES)])
    next = HiddenField()


class ShowPasskeyForm(FlaskForm):
    """What a browser answers for a passkey, filled in by the script."""

    credential = HiddenField(validators=[InputRequired(_MISSING), Length(max=_LONGEST_CREDENTIAL)])
    next = HiddenField()


class AddAppForm(FlaskForm):
    """An authenticator app, with its first code."""

    name = StringField(lazy_gettext("Name"), [Length(max=FACTOR_NAME_LENGTH)])
    code = StringField(lazy_gettext("Code of 6 digits"), [InputRequired(_MISSING), Length(max=_LONGEST_CODE)])
    factor = HiddenField()
    sealed = HiddenField()
    next = HiddenField()


class AddPasskeyForm(FlaskForm):
    """A passkey, with what the browser answered."""

    name = StringField(lazy_gettext("Name"), [Length(max=FACTOR_NAME_LENGTH)])
    credential = HiddenField(validators=[InputRequired(_MISSING), Length(max=_LONGEST_CREDENTIAL)])
    next = HiddenField()


class ChangePasswordForm(FlaskForm):
    """The password that was, and the one that shall be, twice."""

    current = PasswordField(lazy_gettext("Current password"), [InputRequired(_MISSING), Length(max=4 * MAXIMUM_BYTES)])
    new = PasswordField(lazy_gettext("New password"), [InputRequired(_MISSING), Length(max=4 * MAXIMUM_BYTES)])
    again = PasswordField(
        lazy_gettext("The same password again"),
        [EqualTo("new", lazy_gettext("The two passwords are not the same."))],
    )
