"""The forms of collection points, and of telling people whose data came from elsewhere."""

from typing import Any, Final

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from governance.vocabulary import SLUG_LENGTH
from governance.web.days import DayField
from register.forms import ChecksField
from register.models import LABEL_LENGTH
from register.notices.values import CollectionWay, ToldBy
from register.pages.forms.lines import text_of
from register.service import AskAnew, PointTerms, PutForward, SettleInformation, Sooner

_MISSING: Final = lazy_gettext("This is missing.")
_LINE: Final = (InputRequired(_MISSING), Length(max=LABEL_LENGTH))


class PointForm(FlaskForm):
    """A collection point, without its short name."""

    name_fr = StringField(
        lazy_gettext("What is it called, in French?"),
        _LINE,
        description=lazy_gettext("People read it in the title: “the online shop”, “the counter in Lyon”."),
    )
    name_en = StringField(lazy_gettext("And in English?"), _LINE, description=lazy_gettext("The same in English."))
    way = SelectField(
        lazy_gettext("How do the data come in?"),
        description=lazy_gettext(
            "Where people give their data themselves, they are told at once; where the data come from elsewhere, "
            "within a month."
        ),
    )
    source_fr = StringField(
        lazy_gettext("From where, in French?"),
        [Length(max=LABEL_LENGTH)],
        description=lazy_gettext("Only for what people do not give themselves: who sold it, or which source it is."),
    )
    source_en = StringField(
        lazy_gettext("From where, in English?"),
        [Length(max=LABEL_LENGTH)],
        description=lazy_gettext("The same in English."),
    )
    covers_all = BooleanField(
        lazy_gettext("Everything that we do with the data of customers, prospects and contacts"),
        description=lazy_gettext("Every such activity speaks here as soon as it is in force."),
    )
    activities = ChecksField(
        lazy_gettext("Which activities collect here?"),
        description=lazy_gettext("Those alone that you tick, or these besides everything."),
    )

    def written(self, slug: str) -> PointTerms:
        """Return what was written; for a form that was found valid."""
        return PointTerms(
            slug=slug,
            name_fr=text_of(self.name_fr),
            name_en=text_of(self.name_en),
            way=CollectionWay(self.way.data),
            covers_all=self.covers_all.data,
            activities=frozenset(self.activities.data or ()),
            source_fr=text_of(self.source_fr),
            source_en=text_of(self.source_en),
        )


class NewPointForm(PointForm):
    """A collection point to open."""

    slug = StringField(
        lazy_gettext("Short name"),
        [InputRequired(_MISSING), Length(max=SLUG_LENGTH)],
        description=lazy_gettext(
            "It stands in the address that people read, and never changes: small letters, hyphens."
        ),
    )


class SettleForm(FlaskForm):
    """How people were told."""

    told_by = RadioField(lazy_gettext("How were they told?"), [InputRequired(lazy_gettext("Choose one."))])
    told_on = DayField(lazy_gettext("On which day?"), [InputRequired(_MISSING)])
    note = TextAreaField(
        lazy_gettext("Where is the proof?"),
        [Length(max=10_000)],
        description=lazy_gettext("Or why they need not be told. Name nobody: it is kept with the evidence."),
    )

    def written(self, task_id: Any) -> SettleInformation:
        """Return what was written; for a form that was found valid."""
        return SettleInformation(
            task=task_id, told_by=ToldBy(self.told_by.data), told_on=self.told_on.data, note=text_of(self.note)
        )


class AskAnewForm(FlaskForm):
    """From where data came, and when: what is given of a task that was altered outside Égide."""

    point = SelectField(lazy_gettext("Through which collection point did the data come?"), [InputRequired(_MISSING)])
    obtained_on = DayField(lazy_gettext("On which day did you have them?"), [InputRequired(_MISSING)])

    def written(self, task_id: Any) -> AskAnew:
        """Return what was written; for a form that was found valid."""
        return AskAnew(task=task_id, point=self.point.data, obtained_on=self.obtained_on.data)


class PutForwardForm(FlaskForm):
    """Why people are to be told sooner."""

    sooner = RadioField(lazy_gettext("What comes sooner?"), [InputRequired(lazy_gettext("Choose one."))])
    on = DayField(lazy_gettext("On which day?"), [InputRequired(_MISSING)])

    def written(self, task_id: Any) -> PutForward:
        """Return what was written; for a form that was found valid."""
        return PutForward(task=task_id, sooner=Sooner(self.sooner.data), on=self.on.data)
