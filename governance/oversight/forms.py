"""What is asked before an account is closed, or a role turned down."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from governance.errors import mark
from governance.oversight.containment import Ground
from governance.web.days import DayField

GROUND_LABELS: Final[Mapping[Ground, str]] = {
    Ground.STOLEN_SECRET: mark("A password or token may be known to somebody else"),
    Ground.LOST_DEVICE: mark("A device was lost or stolen"),
    Ground.UNUSUAL_VOLUME: mark("It read much more than it usually does"),
    Ground.REFUSALS: mark("It tries what it may not"),
    Ground.DEPARTURE: mark("The person has left"),
    Ground.PRECAUTION: mark("As a precaution, until more is known"),
}


class ContainForm(FlaskForm):
    """Why an account or a token is closed."""

    ground = SelectField(
        lazy_gettext("On what ground"),
        [InputRequired(lazy_gettext("Choose the ground: it is kept as evidence."))],
        description=lazy_gettext("Chosen from a list, so that the log speaks of nobody."),
    )
    programs = BooleanField(lazy_gettext("Take back the tokens of programs that it made, too"))

    def __init__(self, **more: Any) -> None:
        """Offer the grounds in the reader's language."""
        super().__init__(**more)
        grounds = [(each.value, gettext(label)) for each, label in GROUND_LABELS.items()]
        self.ground.choices = [("", gettext("Choose…")), *grounds]

    @property
    def chosen(self) -> Ground:
        """The ground, of a form that is valid."""
        return Ground(self.ground.data)


class DeclineForm(FlaskForm):
    """Why a role is turned down."""

    because = TextAreaField(
        lazy_gettext("Why it is refused"),
        [DataRequired(lazy_gettext("This is missing.")), Length(max=2_000)],
    )


class AsideForm(FlaskForm):
    """Until when something that differs is set aside, and why."""

    until = DayField(lazy_gettext("It comes back on"), [InputRequired(lazy_gettext("This is missing."))])
    reason = TextAreaField(
        lazy_gettext("Why it can wait"),
        [DataRequired(lazy_gettext("This is missing.")), Length(max=2_000)],
    )
