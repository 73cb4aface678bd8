"""The forms of the lines of a record: one subject each, with help under each question."""

import uuid
from typing import Any, Final

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from governance.datamap.labels import KINDS_LABELS
from governance.vocabulary import SubjectKind
from governance.web.numbers import WholeNumberField
from register.catalogue.models import Measure
from register.catalogue.values import MeasureDomain
from register.forms import ChecksField
from register.lines.contents import (
    AssetLine,
    Content,
    DecisionLine,
    MeasureLine,
    PartyLine,
    PeopleLine,
    RightsLine,
    TransferLine,
)
from register.lines.values import AssetKind, DecisionGround, Derogation, Relation, Safeguard
from register.models import LABEL_LENGTH

_MOST_WORDS: Final = 10_000
_MOST_PEOPLE: Final = 2_000_000_000
_CHOOSE: Final = lazy_gettext("Choose one.")
_WORDS: Final = Length(max=_MOST_WORDS)


class PartyLineForm(FlaskForm):
    """Another organisation that takes part."""

    relation = RadioField(
        lazy_gettext("What does it have to do with this activity?"),
        [InputRequired(_CHOOSE)],
        description=lazy_gettext(
            "It decides with you: joint controller. It works on your data as you tell it: processor. It receives data "
            "and uses them for ends of its own: recipient. You work for it, as it tells you: the controller for whom "
            "you process."
        ),
    )
    party_id = SelectField(
        lazy_gettext("Which organisation?"),
        [InputRequired(_CHOOSE)],
        description=lazy_gettext("Only those on file are offered; put it on file first if it is not there."),
    )
    part = TextAreaField(
        lazy_gettext("What does it do?"),
        [_WORDS],
        description=lazy_gettext(
            "In a sentence or two: what it does with the data, or what it receives and why. Of a joint controller: "
            "who informs people, who answers their requests, and who is the point of contact. Of a controller for "
            "whom you process: which kinds of processing you do."
        ),
    )

    def written(self) -> PartyLine:
        """Return the line that was written."""
        return PartyLine(
            party_id=uuid.UUID(self.party_id.data), relation=Relation(self.relation.data), part=text_of(self.part)
        )


class TransferLineForm(FlaskForm):
    """That data go to another country."""

    country = SelectField(
        lazy_gettext("To which country?"),
        [InputRequired(_CHOOSE)],
        description=lazy_gettext(
            "Where whoever receives or sees the data is. Seeing them from there is enough. Countries of the European "
            "Economic Area need no safeguard."
        ),
    )
    party_id = SelectField(
        lazy_gettext("To which organisation?"),
        description=lazy_gettext("One on file; or leave it open and name a kind of recipient below."),
    )
    recipient = StringField(
        lazy_gettext("Or to which kind of recipient?"),
        [Length(max=LABEL_LENGTH)],
        description=lazy_gettext("For instance: the support desk of our host, hotels booked for travellers."),
    )
    safeguard = SelectField(
        lazy_gettext("What protects the data there?"),
        description=lazy_gettext(
            "A decision on adequacy says that the country protects data as the Union does. Without one it takes "
            "clauses, rules, a code or a certificate. A derogation is for one situation, never for what goes on."
        ),
    )
    derogation = SelectField(
        lazy_gettext("For a derogation: which situation?"),
        description=lazy_gettext("Only where you chose a derogation above."),
    )
    grounds = TextAreaField(
        lazy_gettext("What covers this transfer, and where is a copy?"),
        [_WORDS],
        description=lazy_gettext(
            "The date and module of the clauses, the number of the certificate; where the decision on adequacy is "
            "partial, why it covers this recipient."
        ),
    )
    assessment = TextAreaField(
        lazy_gettext("What did the transfer impact assessment find?"),
        [_WORDS],
        description=lazy_gettext(
            "Whether the law of the country, and who may demand the data there, undo the safeguard; and what you did "
            "about it: encryption, pseudonyms."
        ),
    )
    assessed_on = DateField(
        lazy_gettext("Assessed on"), [Optional()], description=lazy_gettext("Do it again when the law there changes.")
    )

    def written(self) -> TransferLine:
        """Return the line that was written."""
        return TransferLine(
            country=self.country.data,
            party_id=uuid.UUID(self.party_id.data) if self.party_id.data else None,
            recipient=text_of(self.recipient),
            safeguard=Safeguard(self.safeguard.data) if self.safeguard.data else None,
            derogation=Derogation(self.derogation.data) if self.derogation.data else None,
            grounds=text_of(self.grounds),
            assessment=text_of(self.assessment),
            assessed_on=self.assessed_on.data,
        )


class DecisionLineForm(FlaskForm):
    """What a machine decides, or makes of somebody."""

    name = StringField(
        lazy_gettext("What is decided, or worked out?"),
        [InputRequired(lazy_gettext("This is missing.")), Length(max=LABEL_LENGTH)],
        description=lazy_gettext("For instance: payment in instalments refused, score of loyalty."),
    )
    solely = BooleanField(
        lazy_gettext("No person decides"),
        description=lazy_gettext(
            "Tick it also where somebody presses the button but nearly always follows the machine: a score on which a "
            "decision heavily depends is a decision (CJEU C-634/21)."
        ),
    )
    ground = SelectField(
        lazy_gettext("Which exception allows it?"),
        description=lazy_gettext("Where no person decides, the law forbids it but for these three."),
    )
    logic = TextAreaField(
        lazy_gettext("How does it come to its result?"),
        [_WORDS],
        description=lazy_gettext("The data it looks at and the rules it follows, as you would tell the person."),
    )
    significance = TextAreaField(
        lazy_gettext("What follows from it for the person?"),
        [_WORDS],
        description=lazy_gettext("What they get or do not get, pay or do not pay."),
    )
    safeguards = TextAreaField(
        lazy_gettext("How can the person have it looked at again?"),
        [_WORDS],
        description=lazy_gettext("Whom they reach, how they tell their side, who may decide otherwise."),
    )

    def written(self) -> DecisionLine:
        """Return the line that was written."""
        return DecisionLine(
            name=text_of(self.name),
            solely=self.solely.data,
            ground=DecisionGround(self.ground.data) if self.ground.data else None,
            logic=text_of(self.logic),
            significance=text_of(self.significance),
            safeguards=text_of(self.safeguards),
        )


class RightsForm(FlaskForm):
    """How people exercise their rights."""

    how_fr = TextAreaField(
        lazy_gettext("How do people exercise their rights? In French"),
        [_WORDS],
        description=lazy_gettext("An address, a form, a page of their account: they will read this in the notice."),
    )
    how_en = TextAreaField(
        lazy_gettext("The same in English"), [_WORDS], description=lazy_gettext("For those who read no French.")
    )
    limits = TextAreaField(
        lazy_gettext("Are there limits?"),
        [_WORDS],
        description=lazy_gettext("For instance: invoices are kept ten years, whoever asks for them to be deleted."),
    )

    def lines(self) -> list[Content]:
        """Return the lines that were written."""
        line = RightsLine(how_fr=text_of(self.how_fr), how_en=text_of(self.how_en), limits=text_of(self.limits))
        return [] if line == RightsLine() else [line]


class AssetsForm(FlaskForm):
    """What an activity works with."""

    applications = TextAreaField(
        lazy_gettext("Which applications?"),
        [_WORDS],
        description=lazy_gettext("One a line: the till, the newsletter tool, the spreadsheet of the stock."),
    )
    tables = ChecksField(
        lazy_gettext("Which tables of the data map?"),
        description=lazy_gettext("Those that hold data of this activity."),
    )

    def lines(self) -> list[Content]:
        """Return the lines that were written."""
        names = dict.fromkeys(each.strip() for each in text_of(self.applications).split("\n") if each.strip())
        applications = [AssetLine(kind=AssetKind.APPLICATION, name=name[:LABEL_LENGTH]) for name in names]
        return [*applications, *(AssetLine(kind=AssetKind.TABLE, name=name) for name in self.tables.data or ())]


class PeopleForm(FlaskForm):
    """About how many people of each kind; the fields are those of `people_form`."""

    def lines(self) -> list[Content]:
        """Return the lines that were written."""
        return [
            PeopleLine(subject_kind=kind, estimate=self[kind.value].data)
            for kind in SubjectKind
            if self[kind.value].data is not None
        ]


def people_form(data: dict[str, Any] | None) -> PeopleForm:
    """Return the form of the numbers, a field for each kind of people."""
    made = {
        kind.value: WholeNumberField(
            lazy_gettext(KINDS_LABELS[kind]),
            [Optional()],
            least=0,
            most=_MOST_PEOPLE,
            # Said once, above the first.
            description=lazy_gettext("An order of magnitude; leave it empty where it concerns none.") if first else "",
        )
        for first, kind in ((each is SubjectKind.CUSTOMER, each) for each in SubjectKind)
    }
    form: PeopleForm = type("KindsForm", (PeopleForm,), made)(data=data)
    return form


class MeasuresForm(FlaskForm):
    """Which measures of the catalogue; the fields are those of `measures_form`."""

    offered: tuple[Measure, ...] = ()

    def lines(self) -> list[Content]:
        """Return the lines that were written."""
        return [
            MeasureLine(measure_id=each.id, remark=text_of(self[f"remark_{each.id.hex}"]))
            for each in self.offered
            if self[f"measure_{each.id.hex}"].data
        ]

    def by_domain(self) -> list[tuple[MeasureDomain, list[tuple[Any, Any]]]]:
        """Return the boxes, each with its remark, by domain."""
        found: dict[MeasureDomain, list[tuple[Any, Any]]] = {}
        for each in self.offered:
            fields = (self[f"measure_{each.id.hex}"], self[f"remark_{each.id.hex}"])
            found.setdefault(each.domain, []).append(fields)
        return [(domain, found[domain]) for domain in MeasureDomain if domain in found]


def measures_form(offered: tuple[Measure, ...], english: bool, data: dict[str, Any] | None) -> MeasuresForm:  # noqa: FBT001 -- a language
    """Return the form of measures, a box and a remark for each that is offered."""
    made: dict[str, Any] = {"offered": offered}
    for each in offered:
        label = each.label_en if english else each.label_fr
        made[f"measure_{each.id.hex}"] = BooleanField(label)
        made[f"remark_{each.id.hex}"] = StringField(
            lazy_gettext("Remark on: %(measure)s", measure=label), [Length(max=LABEL_LENGTH)]
        )
    form: MeasuresForm = type("ChosenForm", (MeasuresForm,), made)(data=data)
    return form


def text_of(field: Any) -> str:
    """Return what was written in a field, without the ends of lines of other systems."""
    return (field.data or "").replace("\r\n", "\n").strip()
