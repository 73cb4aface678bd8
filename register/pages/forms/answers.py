"""The pages of a questionnaire, for somebody who never saw Égide: plain words, nothing that must be answered.

Each form reads what was answered so far, and gives back the answers to its own questions.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField, SelectField, StringField, TelField, TextAreaField
from wtforms.validators import Length, Optional, Regexp

from audit.entries import JsonValue
from governance.datamap.labels import KINDS_LABELS
from governance.vocabulary import SubjectKind
from governance.web.days import DayField
from governance.web.numbers import WholeNumberField
from register.forms import ChecksField, offer
from register.models import LABEL_LENGTH
from register.pages.forms.lines import text_of
from register.questionnaires.values import MOST_LINES, MOST_TRANSFERS, MOST_WORDS, Answers, Topic

_WORDS: Final = Length(max=MOST_WORDS)
_LINE: Final = Length(max=LABEL_LENGTH)
_MOST_PEOPLE: Final = 2_000_000_000
_YES_NO: Final = (("yes", lazy_gettext("Yes")), ("no", lazy_gettext("No")))
_SOURCES: Final = (
    ("person", lazy_gettext("from the people themselves")),
    ("internal", lazy_gettext("from other files of ours")),
    ("third-party-file", lazy_gettext("from a file that was bought or given")),
    ("public-source", lazy_gettext("from a public source, such as the web")),
)
_ADDRESS: Final = (
    Optional(),
    Length(max=320),
    Regexp(r"[^@\s]+@[^@\s]+\Z", message=lazy_gettext("An e-mail address, such as name@firm.example.")),
)
_DAY: Final = (Optional(),)
_TWICE: Final = lazy_gettext("This country is named above already: say there all that protects the data.")


class TopicForm(FlaskForm):
    """One page of a questionnaire; what is left empty is no answer."""

    def answers(self) -> dict[str, JsonValue]:
        """Return the answers to the questions of this page."""
        return {field.short_name: self._plain(field) for field in self if field.type != "CSRFTokenField"}

    @staticmethod
    def _plain(field: Any) -> JsonValue:
        if isinstance(field, ChecksField):
            return [str(each) for each in field.data or ()]
        if isinstance(field, RadioField):
            return field.data or ""
        if isinstance(field, DayField):
            return "" if field.data is None else str(field.data.isoformat())
        return text_of(field)


class SecurityForm(TopicForm):
    """How a processor protects the data."""

    measures = ChecksField(
        lazy_gettext("Which of these are in place for our data?"),
        description=lazy_gettext("Tick only what is really done today."),
    )
    security = TextAreaField(
        lazy_gettext("Is there anything else that protects the data?"),
        [_WORDS],
        description=lazy_gettext("In a few sentences; leave it empty if the list says it all."),
    )


class OthersForm(TopicForm):
    """Whom a processor engages in turn."""

    engages = RadioField(
        lazy_gettext("Do other companies work on our data for you?"),
        [Optional()],
        description=lazy_gettext("A host, a support desk, a carrier: anybody who can see the data or keeps them."),
    )
    sub_processors = TextAreaField(
        lazy_gettext("If yes, which?"),
        [_WORDS],
        description=lazy_gettext("One a line: its name, its country, and what it does."),
    )


class CountriesForm(TopicForm):
    """Where data go; the fields of each country are those of `form_of`."""

    abroad = RadioField(
        lazy_gettext("Are our data kept, or seen, outside the European Economic Area?"),
        [Optional()],
        description=lazy_gettext(
            "The European Union with Iceland, Liechtenstein and Norway. A support desk elsewhere that can open our "
            "files sees them."
        ),
    )

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """Return the fields of each country."""
        return [
            (self[f"country_{place}"], self[f"safeguard_{place}"], self[f"grounds_{place}"])
            for place in range(MOST_TRANSFERS)
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a country that is named twice: neither answer about it would be kept instead of the other unseen."""
        valid: bool = super().validate(extra_validators)
        named: set[str] = set()
        for country, _, _ in self.rows():
            if country.data in named:
                country.errors = [*country.errors, _TWICE]
                valid = False
            if country.data:
                named.add(country.data)
        return valid

    def answers(self) -> dict[str, JsonValue]:
        """Return the countries that were named."""
        named: list[JsonValue] = [
            {"country": country.data, "safeguard": safeguard.data or "", "grounds": text_of(grounds)}
            for country, safeguard, grounds in self.rows()
            if country.data
        ]
        return {"abroad": self.abroad.data or "", "transfers": named}


class ContractForm(TopicForm):
    """What a processor can show, and until when it is bound."""

    certifications = TextAreaField(
        lazy_gettext("Which certificates or audit reports can you show us?"),
        [_WORDS],
        description=lazy_gettext("For instance ISO 27001, HDS, SOC 2: which, for what, and until when."),
    )
    ends_on = DayField(
        lazy_gettext("When does our contract end?"),
        _DAY,
        description=lazy_gettext("Leave it empty if it goes on until somebody ends it."),
    )


class ContactsForm(TopicForm):
    """Whom we reach at a processor."""

    breach_name = StringField(
        lazy_gettext("Who tells us when data are lost or stolen, or can be asked at any hour?"),
        [_LINE],
        description=lazy_gettext("A function or a service rather than a person, if you can."),
    )
    breach_email = EmailField(lazy_gettext("Their e-mail address"), _ADDRESS)
    breach_telephone = TelField(lazy_gettext("Their telephone number"), [Length(max=32)])
    dpo_name = StringField(
        lazy_gettext("Who is your data protection officer?"),
        [_LINE],
        description=lazy_gettext("Or who answers for data protection, if you need none."),
    )
    dpo_email = EmailField(lazy_gettext("The officer’s e-mail address"), _ADDRESS)


class DataForm(TopicForm):
    """What is collected, and where from."""

    data = TextAreaField(
        lazy_gettext("Which information about people do you work with?"),
        [_WORDS],
        description=lazy_gettext("As you would tell a new colleague: names, addresses, orders, notes from calls..."),
    )
    sources = ChecksField(
        lazy_gettext("Where does it come from?"),
    )
    sources_more = TextAreaField(lazy_gettext("Which, precisely?"), [_WORDS])


class PeopleAnsweredForm(TopicForm):
    """About how many people; the fields are those of `form_of`."""

    def answers(self) -> dict[str, JsonValue]:
        """Return the numbers that were given."""
        given: list[JsonValue] = [
            {"kind": kind.value, "estimate": self[kind.value].data}
            for kind in SubjectKind
            if self[kind.value].data is not None
        ]
        return {"people": given}


class AccessForm(TopicForm):
    """Who sees the information, and for how long."""

    who = TextAreaField(
        lazy_gettext("Who sees it?"),
        [_WORDS],
        description=lazy_gettext("Services of the company, and anybody outside to whom it is given or sent."),
    )
    kept = TextAreaField(
        lazy_gettext("How long is it kept, and what happens then?"),
        [_WORDS],
        description=lazy_gettext("As it is really done. If nothing is ever deleted, say so."),
    )


class ToolsForm(TopicForm):
    """What one works with."""

    applications = TextAreaField(
        lazy_gettext("Which programs and files do you use for it?"),
        [_WORDS],
        description=lazy_gettext("One a line: the till, the mailbox, the spreadsheet on the shared drive."),
    )
    papers = TextAreaField(
        lazy_gettext("Which papers?"),
        [_WORDS],
        description=lazy_gettext("Forms, binders, lists on the wall: what they are and where they lie."),
    )

    def answers(self) -> dict[str, JsonValue]:
        """Return the programs one by one, and the papers in words."""
        lines = dict.fromkeys(each.strip()[:LABEL_LENGTH] for each in text_of(self.applications).split("\n"))
        names: list[JsonValue] = [*[each for each in lines if each][:MOST_LINES]]
        return {"applications": names, "papers": text_of(self.papers)}


_CHOOSE: Final = lazy_gettext("choose")
_UNKNOWN: Final = lazy_gettext("I do not know")
Choices = list[tuple[str, str]]


def form_of(topic: Topic, answers: Answers, offered: Mapping[str, Choices]) -> TopicForm:
    """Return the form of a topic, filled in with what was answered so far.

    Args:
        topic: Which page.
        answers: What was answered.
        offered: The choices of its lists: `measures`, `countries`, `safeguards`.
    """
    form: TopicForm = _FORMS[topic](data=_shown(topic, answers))
    if isinstance(form, SecurityForm):
        offer(form.measures, offered["measures"])
    if isinstance(form, OthersForm):
        offer(form.engages, _YES_NO)
    if isinstance(form, DataForm):
        offer(form.sources, _SOURCES)
    if isinstance(form, CountriesForm):
        offer(form.abroad, _YES_NO)
        for country, safeguard, _ in form.rows():
            offer(country, offered["countries"], none=str(_CHOOSE))
            offer(safeguard, offered["safeguards"], none=str(_UNKNOWN))
    return form


def _shown(topic: Topic, answers: Answers) -> dict[str, Any]:
    if topic is Topic.COUNTRIES:
        return {"abroad": answers.get("abroad"), **_transfers(answers.get("transfers"))}
    if topic is Topic.PEOPLE:
        return {each["kind"]: each["estimate"] for each in _dicts(answers.get("people"))}
    if topic is Topic.TOOLS:
        named = answers.get("applications")
        lines = [str(each) for each in named] if isinstance(named, list) else []
        return {"applications": "\n".join(lines), "papers": answers.get("papers")}
    shown = dict(answers)
    if shown.get("ends_on"):
        shown["ends_on"] = date.fromisoformat(str(shown["ends_on"]))  # type: ignore[assignment] # as the field has it
    elif "ends_on" in shown:
        shown["ends_on"] = None
    return shown


def _transfers(told: JsonValue) -> dict[str, Any]:
    return {
        f"{name}_{place}": each[name] for place, each in enumerate(_dicts(told)) for name in each if name in _OF_A_ROW
    }


def _dicts(told: JsonValue) -> list[dict[str, Any]]:
    return [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []


_OF_A_ROW: Final = frozenset({"country", "safeguard", "grounds"})


def _countries_form() -> type[CountriesForm]:
    made: dict[str, Any] = {}
    for place in range(MOST_TRANSFERS):
        made[f"country_{place}"] = SelectField(lazy_gettext("Which country?"), [Optional()])
        made[f"safeguard_{place}"] = SelectField(
            lazy_gettext("What protects the data there?"),
            [Optional()],
            description=lazy_gettext("Your contract or your provider’s documents name it."),
        )
        made[f"grounds_{place}"] = TextAreaField(
            lazy_gettext("Anything that shows it"),
            [_WORDS],
            description=lazy_gettext("The date of the clauses, the number of a certificate, who is there."),
        )
    return type("CountriesAnsweredForm", (CountriesForm,), made)


def _people_form() -> type[PeopleAnsweredForm]:
    made = {
        kind.value: WholeNumberField(lazy_gettext(KINDS_LABELS[kind]), [Optional()], least=0, most=_MOST_PEOPLE)
        for kind in SubjectKind
    }
    return type("KindsAnsweredForm", (PeopleAnsweredForm,), made)


_FORMS: Final[Mapping[Topic, type[TopicForm]]] = {
    Topic.SECURITY: SecurityForm,
    Topic.OTHERS: OthersForm,
    Topic.COUNTRIES: _countries_form(),
    Topic.CONTRACT: ContractForm,
    Topic.CONTACTS: ContactsForm,
    Topic.DATA: DataForm,
    Topic.PEOPLE: _people_form(),
    Topic.ACCESS: AccessForm,
    Topic.TOOLS: ToolsForm,
}
