"""The forms of whoever looks after accounts and programs' tokens."""

from collections.abc import Collection
from typing import Any, Final

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from governance.actor import ROLE_LABELS, Role
from governance.identity.models import EMAIL_LENGTH, NAME_LENGTH
from governance.identity.permissions import NOT_FOR_PROGRAMS
from governance.identity.service.overview import AccountState
from governance.settings import LOCALES
from governance.web.days import DayField

_MISSING: Final = lazy_gettext("This is missing.")
_REASON_LENGTH: Final = 2_000
_EVERY: Final = "every"
# Each in its own words.
_LANGUAGES: Final = {"fr": "Français", "en": "English"}
_STATE_LABELS: Final = {
    AccountState.WAITING: lazy_gettext("Waiting for the controller"),
    AccountState.WITHOUT_WAY_IN: lazy_gettext("Without a password"),
    AccountState.WITHOUT_SECOND_FACTOR: lazy_gettext("Without a second factor"),
    AccountState.DISABLED: lazy_gettext("Disabled"),
}


class RoleField(SelectField):
    """A role to choose. None is chosen beforehand: the first of the list decides everything."""

    def __init__(self, label: object, **more: Any) -> None:
        """Make a choice that has to be made."""
        told = lazy_gettext("Choose a role.")
        messages = {"invalid_value_message": told, "invalid_choice_message": told}
        super().__init__(label, [InputRequired(told)], coerce=_role_or_none, **messages, **more)

    def offer(self, roles: Collection[Role]) -> None:
        """Offer roles, by the order in which they are declared, after the empty choice."""
        self.choices = [("", gettext("Choose…")), *role_choices(roles)]


class AccountFilterForm(FlaskForm):
    """Which accounts to list; sent as a form, for an address stands in no URL. Without one, the list has an address."""

    text = StringField(lazy_gettext("Name or e-mail address"), [Length(max=EMAIL_LENGTH)])
    role = SelectField(lazy_gettext("Role"), default=_EVERY)
    state = SelectField(lazy_gettext("State"), default=_EVERY)

    def fill(self) -> None:
        """Offer the roles and the states."""
        everyone = (_EVERY, gettext("every"))
        self.role.choices = [everyone, *((role.value, gettext(ROLE_LABELS[role])) for role in Role)]
        self.state.choices = [everyone, *((state.value, str(label)) for state, label in _STATE_LABELS.items())]

    @property
    def wanted_role(self) -> Role | None:
        """The role asked for, None for every."""
        return None if self.role.data in {None, _EVERY} else Role(self.role.data)

    @property
    def wanted_state(self) -> AccountState | None:
        """The state asked for, None for every."""
        return None if self.state.data in {None, _EVERY} else AccountState(self.state.data)


class NewAccountForm(FlaskForm):
    """An account to add, with its first role."""

    email = EmailField(lazy_gettext("E-mail address"), [InputRequired(_MISSING), Length(max=EMAIL_LENGTH)])
    name = StringField(lazy_gettext("Name"), [Length(max=NAME_LENGTH)])
    locale = SelectField(lazy_gettext("Language"), default=LOCALES[0])
    role = RoleField(lazy_gettext("Role"))
    reason = TextAreaField(lazy_gettext("Reason"), [InputRequired(_MISSING), Length(max=_REASON_LENGTH)])
    until = DayField(lazy_gettext("Last day"), [Optional()])

    def fill(self) -> None:
        """Offer the languages by name, and the roles that a person holds."""
        self.locale.choices = list(_LANGUAGES.items())
        self.role.offer(set(Role) - {Role.SERVICE})


class NewRoleForm(FlaskForm):
    """A role to assign."""

    role = RoleField(lazy_gettext("Role"))
    reason = TextAreaField(lazy_gettext("Reason"), [InputRequired(_MISSING), Length(max=_REASON_LENGTH)])
    until = DayField(lazy_gettext("Last day"), [Optional()])
    no_second_person = BooleanField(lazy_gettext("The firm has no second person for this: accept it, and flag it."))


class NewProgramTokenForm(FlaskForm):
    """A program's token."""

    name = StringField(lazy_gettext("Name"), [InputRequired(_MISSING), Length(max=NAME_LENGTH)])
    role = SelectField(lazy_gettext("Role"), coerce=Role, default=Role.SERVICE)
    until = DayField(lazy_gettext("Last day"), [InputRequired(_MISSING)])

    def fill(self) -> None:
        """Offer the roles that a program may act in."""
        self.role.choices = role_choices(set(Role) - NOT_FOR_PROGRAMS)


def role_choices(roles: Collection[Role]) -> list[tuple[Role, str]]:
    """Return roles as a choice offers them, by the order in which they are declared."""
    return [(role, gettext(ROLE_LABELS[role])) for role in Role if role in roles]


def _role_or_none(written: object) -> Role | None:
    return None if written in {None, ""} else Role(str(written))
