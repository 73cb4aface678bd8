"""The forms of the action plan."""

import uuid
from typing import Any, Final

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from governance.oversight.models.plan import TITLE_LENGTH
from governance.oversight.plan.labels import PRIORITY_LABELS, STATE_LABELS
from governance.oversight.plan.schemas import MOST_EUROS, MOST_WORDS
from governance.oversight.values import Thing
from governance.oversight.values.plan import OPEN, ActionState, ActionTerms, Priority
from governance.web.days import DayField
from governance.web.numbers import WholeNumberField

_MISSING: Final = lazy_gettext("This is missing.")


class PlanForm(FlaskForm):
    """Which actions; sent by GET, and an empty field asks for nothing."""

    class Meta:
        csrf = False

    state = SelectField(lazy_gettext("State"), [Optional()])
    owner = SelectField(lazy_gettext("Given to"), [Optional()])
    late = BooleanField(lazy_gettext("Only the late ones"))
    mine = BooleanField(lazy_gettext("Only mine"))

    def __init__(self, **more: Any) -> None:
        """Offer the states in the reader's language."""
        super().__init__(**more)
        states = [(each.value, gettext(label)) for each, label in STATE_LABELS.items()]
        self.state.choices = [("", gettext("to do and under way")), *states, ("all", gettext("all"))]

    @property
    def states(self) -> frozenset[ActionState] | None:
        """The states asked for."""
        if self.state.data == "all":
            return None
        return frozenset({ActionState(self.state.data)}) if self.state.data else OPEN


class ActionForm(FlaskForm):
    """What is to be done, by whom, until when."""

    title = StringField(
        lazy_gettext("What is to be done?"),
        [InputRequired(_MISSING), Length(max=TITLE_LENGTH)],
        description=lazy_gettext("A verb first: sign the contract, shorten the period, train the shop."),
    )
    why = TextAreaField(
        lazy_gettext("Why?"),
        [Length(max=MOST_WORDS)],
        description=lazy_gettext("What was found, and what happens if nothing is done."),
    )
    owner_id = SelectField(
        lazy_gettext("Who does it?"),
        [InputRequired(_MISSING)],
        description=lazy_gettext("They find it on their pages, and are reminded by mail."),
    )
    due_on = DayField(lazy_gettext("Until when?"), [InputRequired(_MISSING)], description=lazy_gettext("The last day."))
    priority = RadioField(lazy_gettext("How pressing is it?"), [InputRequired(lazy_gettext("Choose one."))])
    cost = WholeNumberField(
        lazy_gettext("What may it cost, in euros?"),
        [Optional()],
        least=0,
        most=MOST_EUROS,
        description=lazy_gettext("A whole number; leave it empty if nobody has estimated it yet."),
    )

    def __init__(self, **more: Any) -> None:
        """Offer the priorities in the reader's language."""
        super().__init__(**more)
        self.priority.choices = [(each.value, gettext(label)) for each, label in PRIORITY_LABELS.items()]

    def written(self, about: Thing | None) -> ActionTerms:
        """Return what was written; for a form that was found valid."""
        return ActionTerms(
            title=self.title.data.strip(),
            why=(self.why.data or "").strip(),
            about=about,
            owner_id=uuid.UUID(self.owner_id.data),
            due_on=self.due_on.data,
            cost=self.cost.data,
            priority=Priority(self.priority.data),
        )


class FinishForm(FlaskForm):
    """What was done."""

    statement = TextAreaField(
        lazy_gettext("What was done?"),
        [Length(max=MOST_WORDS)],
        description=lazy_gettext("A written statement; it may stay empty if a document on this page proves it."),
    )


class ReasonForm(FlaskForm):
    """Why an action is dropped, or taken up again."""

    reason = TextAreaField(
        lazy_gettext("Why?"), [Length(max=MOST_WORDS)], description=lazy_gettext("The reason is kept.")
    )
