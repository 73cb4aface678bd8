"""The forms of the file of accountability, with help under each question."""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from governance.oversight.accountability.labels import DIRECTION_LABELS, LEVEL_LABELS, MANDATE_LABELS, MATURITY_LABELS
from governance.oversight.accountability.schemas import MOST_MINUTES, NUMBER_LENGTH
from governance.oversight.models.plan import TITLE_LENGTH
from governance.oversight.plan.schemas import MOST_WORDS
from governance.oversight.values.accountability import (
    Assessed,
    Direction,
    LetterTerms,
    Mandate,
    MaturityActivity,
    MaturityTerms,
    OfficerTerms,
    TrainingTerms,
)
from governance.web.days import DayField
from governance.web.numbers import WholeNumberField
from register.forms import ChecksField

_MISSING: Final = lazy_gettext("This is missing.")
_CHOOSE: Final = lazy_gettext("Choose one.")
_LINE: Final = (InputRequired(_MISSING), Length(max=TITLE_LENGTH))
_WORDS: Final = Length(max=MOST_WORDS)


class TrainingForm(FlaskForm):
    """A session that was held."""

    subject = StringField(
        lazy_gettext("What was it about?"), _LINE, description=lazy_gettext("What people know now that they did not.")
    )
    held_on = DayField(lazy_gettext("When was it held?"), [InputRequired(_MISSING)])
    minutes = WholeNumberField(
        lazy_gettext("How long did it take, in minutes?"),
        [InputRequired(_MISSING)],
        least=1,
        most=MOST_MINUTES,
    )
    held_by = StringField(
        lazy_gettext("Who held it?"),
        [Length(max=TITLE_LENGTH)],
        description=lazy_gettext("Somebody of the house, or a firm."),
    )
    note = TextAreaField(
        lazy_gettext("What else is worth keeping?"),
        [_WORDS],
        description=lazy_gettext("How it went, a test at its end, who from outside took part."),
    )
    accounts = ChecksField(
        lazy_gettext("Who took part?"),
        description=lazy_gettext(
            "Only those with an account are counted: say in the note above who else took part, and put the signed list "
            "on file as a document."
        ),
    )

    def written(self) -> TrainingTerms:
        """Return what was written; for a form that was found valid."""
        return TrainingTerms(
            subject=self.subject.data.strip(),
            held_on=self.held_on.data,
            minutes=self.minutes.data,
            held_by=_text(self.held_by),
            note=_text(self.note),
            accounts=frozenset(map(uuid.UUID, self.accounts.data or ())),
        )


class OfficerForm(FlaskForm):
    """A designation of a data protection officer."""

    name = StringField(
        lazy_gettext("Who is the officer?"), _LINE, description=lazy_gettext("A person, or the firm itself.")
    )
    mandate = RadioField(
        lazy_gettext("Of the house, or of a firm?"),
        [InputRequired(_CHOOSE)],
        description=lazy_gettext("The law allows both; an officer of the house has no tasks that conflict with it."),
    )
    firm_id = SelectField(
        lazy_gettext("Of which firm?"),
        [Optional()],
        description=lazy_gettext("Only organisations on file are offered."),
    )
    since = DayField(
        lazy_gettext("Since when?"),
        [InputRequired(_MISSING)],
        description=lazy_gettext("A designation before this one ends the day before at the latest."),
    )
    until = DayField(
        lazy_gettext("Until when does it last?"),
        [Optional()],
        description=lazy_gettext("Leave it empty while it lasts."),
    )
    number = StringField(
        lazy_gettext("Under which number does the CNIL know the designation?"),
        [Length(max=NUMBER_LENGTH)],
        description=lazy_gettext("It stands in the letter by which the CNIL acknowledges it."),
    )
    declared_on = DayField(lazy_gettext("When was the CNIL told?"), [Optional()])
    published = TextAreaField(
        lazy_gettext("Where do people find how to reach the officer?"),
        [_WORDS],
        description=lazy_gettext("The pages and notices that name the address, and where the staff finds it."),
    )
    resources = TextAreaField(
        lazy_gettext("What does the officer have for the tasks?"),
        [_WORDS],
        description=lazy_gettext("Time, budget, help, training, access to the data and to the management."),
    )
    conflicts = TextAreaField(
        lazy_gettext("What was looked at, and found, about conflicts of interests?"),
        [_WORDS],
        description=lazy_gettext(
            "The officer’s other tasks: whoever decides on purposes and means cannot monitor them."
        ),
    )
    conflicts_on = DayField(lazy_gettext("When was it looked at?"), [Optional()])

    def __init__(self, **more: Any) -> None:
        """Offer the mandates in the reader's language."""
        super().__init__(**more)
        self.mandate.choices = [(each.value, gettext(label)) for each, label in MANDATE_LABELS.items()]

    def written(self) -> OfficerTerms:
        """Return what was written; for a form that was found valid."""
        return OfficerTerms(
            name=self.name.data.strip(),
            mandate=Mandate(self.mandate.data),
            firm_id=uuid.UUID(self.firm_id.data) if self.firm_id.data else None,
            since=self.since.data,
            until=self.until.data,
            number=_text(self.number),
            declared_on=self.declared_on.data,
            published=_text(self.published),
            resources=_text(self.resources),
            conflicts=_text(self.conflicts),
            conflicts_on=self.conflicts_on.data,
        )


class LetterForm(FlaskForm):
    """A letter from or to an authority."""

    direction = RadioField(lazy_gettext("Which way did it go?"), [InputRequired(_CHOOSE)])
    authority = StringField(lazy_gettext("Which authority?"), _LINE, default="CNIL")
    dated_on = DayField(lazy_gettext("Of which day?"), [InputRequired(_MISSING)])
    subject = StringField(lazy_gettext("What is it about?"), _LINE)
    reference = StringField(
        lazy_gettext("Under which reference?"),
        [Length(max=NUMBER_LENGTH)],
        description=lazy_gettext("The one that the authority wants quoted."),
    )
    summary = TextAreaField(
        lazy_gettext("What does it say, in short?"),
        [_WORDS],
        description=lazy_gettext("What is asked, or what was answered; the letter itself goes on file as a document."),
    )
    due_on = DayField(
        lazy_gettext("By when has it to be answered?"),
        [Optional()],
        description=lazy_gettext("You are told of it until an answer is on file. Leave it empty if none is asked for."),
    )
    answers_id = SelectField(
        lazy_gettext("Which letter does it answer?"),
        [Optional()],
        description=lazy_gettext("An answer on file ends the time that runs."),
    )

    def __init__(self, **more: Any) -> None:
        """Offer the directions in the reader's language."""
        super().__init__(**more)
        self.direction.choices = [(each.value, gettext(label)) for each, label in DIRECTION_LABELS.items()]

    def written(self) -> LetterTerms:
        """Return what was written; for a form that was found valid."""
        return LetterTerms(
            authority=self.authority.data.strip(),
            direction=Direction(self.direction.data),
            dated_on=self.dated_on.data,
            subject=self.subject.data.strip(),
            reference=_text(self.reference),
            summary=_text(self.summary),
            due_on=self.due_on.data,
            answers_id=uuid.UUID(self.answers_id.data) if self.answers_id.data else None,
        )


class MaturityForm(FlaskForm):
    """Where each of the eight activities stands, and where it is to stand."""

    def __init__(self, **more: Any) -> None:
        """Offer the levels in the reader's language."""
        super().__init__(**more)
        levels = [(str(number), f"{number} · {gettext(label)}") for number, label in enumerate(LEVEL_LABELS)]
        for activity in MaturityActivity:
            for part in ("level", "target"):
                self[f"{activity.value}_{part}"].choices = [("", gettext("Choose…")), *levels]

    def remind(self, before: Mapping[MaturityActivity, int]) -> None:
        """Say where each activity stood the last time."""
        for activity, level in before.items():
            self[f"{activity.value}_level"].description = gettext("The last time: %(level)s", level=level)

    def parts(self) -> list[tuple[str, Any, Any, Any]]:
        """Return the questions of each activity, with what it is called."""
        return [
            (
                gettext(MATURITY_LABELS[activity]),
                self[f"{activity.value}_level"],
                self[f"{activity.value}_target"],
                self[f"{activity.value}_justification"],
            )
            for activity in MaturityActivity
        ]

    def written(self) -> MaturityTerms:
        """Return what was written; for a form that was found valid."""
        return {
            activity: Assessed(
                level=int(self[f"{activity.value}_level"].data),
                target=int(self[f"{activity.value}_target"].data),
                justification=_text(self[f"{activity.value}_justification"]),
            )
            for activity in MaturityActivity
        }


for _activity in MaturityActivity:
    # Above the form all that lacks stands together: each says of which activity.
    _unsaid = lazy_gettext("Choose a level for “%(activity)s”.", activity=lazy_gettext(MATURITY_LABELS[_activity]))
    setattr(
        MaturityForm, f"{_activity.value}_level", SelectField(lazy_gettext("Where it stands"), [InputRequired(_unsaid)])
    )
    setattr(
        MaturityForm,
        f"{_activity.value}_target",
        SelectField(lazy_gettext("Where it is to stand"), [InputRequired(_unsaid)]),
    )
    setattr(
        MaturityForm,
        f"{_activity.value}_justification",
        TextAreaField(lazy_gettext("Why you think so"), [_WORDS]),
    )


def _text(field: Any) -> str:
    return (field.data or "").strip()
