"""How the register is written for the reader of a page: names in their language, spans of time, articles of law."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Protocol

from flask import Blueprint
from flask_babel import get_locale, gettext, ngettext

from governance.datamap.labels import CATEGORY_LABELS, KINDS_LABELS
from governance.errors import DomainError, mark
from governance.law import quoted, read_at
from governance.periods import Period, Unit
from governance.vocabulary import Channel, DataCategory, LawfulBasis, SubjectKind
from governance.web.context import current
from governance.web.problems import sentence, spoken
from register.catalogue.labels import DOMAIN_LABELS
from register.catalogue.models import Adequacy
from register.catalogue.values import MeasureDomain
from register.enforcement import ENFORCEMENT_LABELS, ENFORCEMENT_MEANINGS, Enforcement
from register.guide.hints import Hint
from register.labels import (
    BASIS_LABELS,
    CHANNEL_LABELS,
    CONDITION_LABELS,
    EVENT_LABELS,
    FATE_LABELS,
    MODE_LABELS,
    OPINION_LABELS,
    PROVENANCE_LABELS,
    STATE_LABELS,
)
from register.lifecycle import ActivityState, Mode, Opinion
from register.models import Activity
from register.pages.line_words import line_words
from register.pages.meanwhile import line_mark
from register.particulars import Particulars, particular
from register.shortcomings import Shortcoming
from register.values import FinalFate, Provenance, SpecialCondition, StartingEvent

# One name for each word of the register: the enumerations share no member that is called differently.
# What is asked for where no message is sent.
_OF_USES: Final = {
    Channel.USE: mark("asked for the use itself"),
    Channel.PROFILING: mark("asked for profiling"),
    Channel.SHARING: mark("asked for sharing with a partner"),
}
_LABELS: Final = {
    ActivityState: STATE_LABELS,
    Mode: MODE_LABELS,
    Opinion: OPINION_LABELS,
    LawfulBasis: BASIS_LABELS,
    SpecialCondition: CONDITION_LABELS,
    Channel: CHANNEL_LABELS,
    Provenance: PROVENANCE_LABELS,
    StartingEvent: EVENT_LABELS,
    FinalFate: FATE_LABELS,
    DataCategory: CATEGORY_LABELS,
    SubjectKind: KINDS_LABELS,
    MeasureDomain: DOMAIN_LABELS,
    Enforcement: ENFORCEMENT_LABELS,
}


class _Named(Protocol):
    name_fr: str
    name_en: str


class _Labelled(Protocol):
    @property
    def label_fr(self) -> str: ...

    @property
    def label_en(self) -> str: ...


def named(activity: _Named) -> str:
    """Return what an activity is called in the reader's language."""
    return activity.name_en if get_locale().language == "en" else activity.name_fr


def named_so(told: Mapping[str, str]) -> str:
    """Return what an activity was called in the reader's language, by what a version of it keeps."""
    return told["name_en"] if get_locale().language == "en" else told["name_fr"]


def labelled(purpose: _Labelled) -> str:
    """Return what a purpose is called in the reader's language."""
    return purpose.label_en if get_locale().language == "en" else purpose.label_fr


def which(row: Particulars) -> str:
    """Return which data of its category a line is about, in the reader's language."""
    return particular(row, "which", get_locale().language)


def whom(row: Particulars) -> str:
    """Return which people of its kind a line is about, in the reader's language."""
    return particular(row, "whom", get_locale().language)


def country_name(code: str) -> str:
    """Return what a country is called in the reader's language, by its code."""
    return str(get_locale().territories.get(code, code))


def word(member: object) -> str:
    """Return what a word of the register is called, in the reader's language."""
    labels: dict[object, str] = _LABELS[type(member)]  # type: ignore[index, assignment] # each table has its own keys
    return str(gettext(labels[member]))


def asked_for(channel: Channel) -> str:
    """Return for what consent is asked, in the reader's language."""
    if channel in _OF_USES:
        return str(gettext(_OF_USES[channel]))
    return str(gettext("asked for on the channel %(channel)s", channel=word(channel)))


def mode_now(activity: Activity) -> Mode:
    """Return whether the rules of an activity refuse now, or only report: an observation ends by itself."""
    return activity.mode_at(current().clock.now())


def told(error: DomainError) -> str:
    """Return what an error says, in the reader's language."""
    return sentence(error)


def scope(decision: Adequacy) -> str:
    """Return for whom alone a decision on adequacy is, in the reader's language."""
    return decision.scope_en if get_locale().language == "en" else decision.scope_fr


def enforcement_meaning(mark: Enforcement) -> str:
    """Return what a mark of enforcement says, in the reader's language."""
    return str(gettext(ENFORCEMENT_MEANINGS[mark]))


def lacking(shortcoming: Shortcoming | Hint) -> str:
    """Return what a record lacks, in the reader's language."""
    return spoken(shortcoming.lack)


def lacking_alone(shortcoming: Shortcoming | Hint) -> str:
    """Return what is lacking, where the page says itself of what."""
    return spoken(replace(shortcoming, purpose=None).lack)


def span(period: Period) -> str:
    """Return how long a period lasts, in the unit in which it was told."""
    match period.unit:
        case Unit.YEAR:
            return str(ngettext("%(num)d year", "%(num)d years", period.number))
        case Unit.MONTH:
            return str(ngettext("%(num)d month", "%(num)d months", period.number))
        case Unit.DAY:
            return str(ngettext("%(num)d day", "%(num)d days", period.number))


def law(article: str) -> str:
    """Return an article of the GDPR as the reader's language quotes it."""
    return quoted(article, get_locale().language)


def law_url(article: str) -> str | None:
    """Return where the first article that is quoted can be read, in the reader's language."""
    return read_at(article, get_locale().language)


# What the templates of the register say these words by.
FILTERS: Final = (
    named, named_so, labelled, word, mode_now, span, law, law_url, told, lacking, lacking_alone, country_name,
    line_words, scope, enforcement_meaning, asked_for, which, whom,
    line_mark,
)  # fmt: skip


def add_filters(blueprint: Blueprint) -> None:
    """Give the templates these functions as filters."""
    for written in FILTERS:
        blueprint.add_app_template_filter(written)
