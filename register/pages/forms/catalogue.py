"""The forms of what stands for several activities, with help under each question."""

import uuid
from typing import Final

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from register.catalogue.values import Clause, MeasureDomain, SubProcessing
from register.forms import ChecksField
from register.models import LABEL_LENGTH
from register.pages.forms.lines import text_of
from register.service import AdequacyTerms, ContractTerms, MeasureTerms

_WORDS: Final = Length(max=10_000)
_MISSING: Final = lazy_gettext("This is missing.")
_LINE: Final = (InputRequired(_MISSING), Length(max=LABEL_LENGTH))


class ContractForm(FlaskForm):
    """A contract with a processor, as somebody read it."""

    label = StringField(
        lazy_gettext("What is the contract called?"), _LINE, description=lazy_gettext("Its title, or its reference.")
    )
    signed_on = DateField(
        lazy_gettext("Signed on"), [Optional()], description=lazy_gettext("Leave it empty while it is negotiated.")
    )
    ends_on = DateField(
        lazy_gettext("Ends on"), [Optional()], description=lazy_gettext("Leave it empty if it runs on until ended.")
    )
    clauses = ChecksField(
        lazy_gettext("What have you found in it?"),
        description=lazy_gettext("Tick what you have read in the contract itself: the law asks for all eight."),
    )
    sub_processing = RadioField(
        lazy_gettext("May the processor engage others?"),
        [InputRequired(lazy_gettext("Choose one."))],
        description=lazy_gettext("It never may without your written authorisation."),
    )
    sub_processors = TextAreaField(
        lazy_gettext("Whom does it engage?"), [_WORDS], description=lazy_gettext("One a line, with the country.")
    )
    audited_on = DateField(
        lazy_gettext("Last audited on"),
        [Optional()],
        description=lazy_gettext("An audit of yours, or a report of somebody independent that you have read."),
    )
    document = TextAreaField(
        lazy_gettext("Where is the document?"),
        [_WORDS],
        description=lazy_gettext("A folder, a cupboard, an address: so that it is found on the day of an inspection."),
    )

    def written(self, party_id: uuid.UUID) -> ContractTerms:
        """Return what was written; for a form that was found valid."""
        return ContractTerms(
            party_id=party_id,
            label=self.label.data.strip(),
            signed_on=self.signed_on.data,
            ends_on=self.ends_on.data,
            clauses=frozenset(map(Clause, self.clauses.data)),
            sub_processing=SubProcessing(self.sub_processing.data),
            sub_processors=text_of(self.sub_processors),
            audited_on=self.audited_on.data,
            document=text_of(self.document),
        )


class MeasureForm(FlaskForm):
    """A measure of the catalogue."""

    domain = SelectField(
        lazy_gettext("What is it about?"), description=lazy_gettext("Under which heading it is offered.")
    )
    label_fr = StringField(
        lazy_gettext("The measure in French"),
        _LINE,
        description=lazy_gettext("A few words that everybody understands."),
    )
    label_en = StringField(
        lazy_gettext("The measure in English"), _LINE, description=lazy_gettext("The same in English.")
    )
    withdrawn = BooleanField(
        lazy_gettext("Offer it no more"),
        description=lazy_gettext("Activities that chose it keep it until they change."),
    )

    def written(self) -> MeasureTerms:
        """Return what was written; for a form that was found valid."""
        return MeasureTerms(
            domain=MeasureDomain(self.domain.data),
            label_fr=text_of(self.label_fr),
            label_en=text_of(self.label_en),
            withdrawn=self.withdrawn.data,
        )


class AdequacyForm(FlaskForm):
    """A decision of the Commission on a country."""

    country = SelectField(lazy_gettext("Which country?"), description=lazy_gettext("The country that was decided on."))
    decided_on = DateField(
        lazy_gettext("Decided on"), [InputRequired(_MISSING)], description=lazy_gettext("The date of the decision.")
    )
    until = DateField(
        lazy_gettext("Last day"),
        [Optional()],
        description=lazy_gettext(
            "Where it has an end, or was taken back: transfers after that day need another safeguard."
        ),
    )
    scope_fr = TextAreaField(
        lazy_gettext("For whom alone? In French"),
        [_WORDS],
        description=lazy_gettext("Only where the decision is partial; empty where it is for the whole country."),
    )
    scope_en = TextAreaField(
        lazy_gettext("For whom alone? In English"), [_WORDS], description=lazy_gettext("The same in English.")
    )
    source = StringField(
        lazy_gettext("Number of the decision"), _LINE, description=lazy_gettext("As it was published.")
    )
    checked_on = DateField(
        lazy_gettext("Checked on"),
        [InputRequired(_MISSING)],
        description=lazy_gettext("The day on which you last looked whether it still stands."),
    )

    def written(self) -> AdequacyTerms:
        """Return what was written; for a form that was found valid."""
        return AdequacyTerms(
            country=self.country.data,
            decided_on=self.decided_on.data,
            until=self.until.data,
            scope_fr=text_of(self.scope_fr),
            scope_en=text_of(self.scope_en),
            source=text_of(self.source),
            checked_on=self.checked_on.data,
        )
