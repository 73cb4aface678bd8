"""The lines of a record in words: what each is called, and what it says, on the page of today and of a version."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from flask_babel import format_decimal, get_locale, gettext

from governance.datamap.labels import KINDS_LABELS
from governance.spoken_days import spoken_day
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
from register.lines.labels import ASSET_LABELS, DEROGATION_LABELS, GROUND_LABELS, RELATION_TAGS, SAFEGUARD_LABELS
from register.lines.told import Called
from register.lines.values import Relation


class _Line(Protocol):
    @property
    def content(self) -> Content: ...
    @property
    def called(self) -> Called | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWords:
    """A line in words.

    Attributes:
        title: What it is called.
        tags: What it is, in a word or two each.
        facts: What it says: pairs of a name and a text.
    """

    title: str
    tags: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


def line_words(line: _Line) -> LineWords:
    """Return what a line says, in the reader's language."""
    return _TELLERS[type(line.content)](line.content, called_here(line.called))


def called_here(called: Called | None) -> str:
    """Return what an organisation or a measure is called in the reader's language."""
    return "—" if called is None else called[1 if get_locale().language == "en" else 0]


def _facts(*pairs: tuple[str, str | None]) -> tuple[tuple[str, str], ...]:
    return tuple((name, text) for name, text in pairs if text)


def _party(content: PartyLine, name: str) -> LineWords:
    says = {
        Relation.JOINT_CONTROLLER: gettext("What the arrangement says"),
        Relation.PRINCIPAL: gettext("What we do for it"),
    }
    return LineWords(
        title=name,
        tags=(gettext(RELATION_TAGS[content.relation]),),
        facts=_facts((says.get(content.relation, gettext("What it does")), content.part)),
    )


def _transfer(content: TransferLine, name: str) -> LineWords:
    country = str(get_locale().territories.get(content.country, content.country))
    to = content.recipient or name
    safeguard = None if content.safeguard is None else gettext(SAFEGUARD_LABELS[content.safeguard])
    derogation = None if content.derogation is None else gettext(DEROGATION_LABELS[content.derogation])
    day = None if content.assessed_on is None else spoken_day(content.assessed_on, str(get_locale()))
    return LineWords(
        title=gettext("%(country)s: %(to)s", country=country, to=to),
        tags=() if safeguard is None else (safeguard,),
        facts=_facts(
            (gettext("Situation of Article 49"), derogation),
            (gettext("What covers it"), content.grounds),
            (gettext("Transfer impact assessment"), content.assessment),
            (gettext("Assessed on"), day),
        ),
    )


def _measure(content: MeasureLine, name: str) -> LineWords:
    return LineWords(title=name, facts=_facts((gettext("Remark"), content.remark)))


def _people(content: PeopleLine, _name: str) -> LineWords:
    return LineWords(
        title=gettext(KINDS_LABELS[content.subject_kind]),
        tags=(gettext("about %(number)s", number=format_decimal(content.estimate)),),
    )


def _decision(content: DecisionLine, _name: str) -> LineWords:
    ground = None if content.ground is None else gettext(GROUND_LABELS[content.ground])
    return LineWords(
        title=content.name,
        tags=(gettext("taken by a machine alone") if content.solely else gettext("a person decides"),),
        facts=_facts(
            (gettext("Exception of Article 22"), ground),
            (gettext("Logic"), content.logic),
            (gettext("What follows from it"), content.significance),
            (gettext("Safeguards"), content.safeguards),
        ),
    )


def _rights(content: RightsLine, _name: str) -> LineWords:
    # What is said in one language alone is said better so than not at all.
    both = (content.how_en, content.how_fr)
    how = next(filter(None, both if get_locale().language == "en" else both[::-1]), "")
    return LineWords(
        title=gettext("How they are exercised"),
        facts=_facts((gettext("Where to ask"), how), (gettext("Limits"), content.limits)),
    )


def _asset(content: AssetLine, _name: str) -> LineWords:
    return LineWords(title=content.name, tags=(gettext(ASSET_LABELS[content.kind]),))


_TELLERS: Final[Mapping[type[Content], Callable[[Any, str], LineWords]]] = {
    PartyLine: _party,
    TransferLine: _transfer,
    MeasureLine: _measure,
    PeopleLine: _people,
    DecisionLine: _decision,
    RightsLine: _rights,
    AssetLine: _asset,
}
