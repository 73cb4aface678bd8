"""How the register is written for the reader of a page: names in their language, spans of days, articles of law."""

import re
from collections.abc import Mapping
from typing import Final, Protocol

from flask import Blueprint
from flask_babel import get_locale, gettext, ngettext

from governance.datamap.labels import CATEGORY_LABELS, KINDS_LABELS
from governance.errors import DomainError
from governance.vocabulary import Channel, DataCategory, LawfulBasis, SubjectKind
from governance.web.context import current
from governance.web.problems import sentence, spoken
from register.errors import Shortcoming
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
from register.values import FinalFate, Provenance, SpecialCondition, StartingEvent

DAYS_OF_A_YEAR: Final = 365
DAYS_OF_A_MONTH: Final = 30
_ARTICLE: Final = re.compile(r"(\d+)((?:\([0-9a-z]+\))*)")
_PART: Final = re.compile(r"\(([0-9a-z]+)\)")
_LAW: Final = "https://eur-lex.europa.eu/legal-content/{language}/TXT/HTML/?uri=CELEX:32016R0679#art_{number}"
# One name for each word of the register: the enumerations share no member that is called differently.
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
}


class _Named(Protocol):
    name_fr: str
    name_en: str


class _Labelled(Protocol):
    label_fr: str
    label_en: str


def add_filters(blueprint: Blueprint) -> None:
    """Give the templates these functions as filters."""
    for written in (named, named_so, labelled, word, mode_now, span, law, law_url, told, lacking, country_name):
        blueprint.add_app_template_filter(written)


def named(activity: _Named) -> str:
    """Return what an activity is called in the reader's language."""
    return activity.name_en if get_locale().language == "en" else activity.name_fr


def named_so(told: Mapping[str, str]) -> str:
    """Return what an activity was called in the reader's language, by what a version of it keeps."""
    return told["name_en"] if get_locale().language == "en" else told["name_fr"]


def labelled(purpose: _Labelled) -> str:
    """Return what a purpose is called in the reader's language."""
    return purpose.label_en if get_locale().language == "en" else purpose.label_fr


def country_name(code: str) -> str:
    """Return what a country is called in the reader's language, by its code."""
    return str(get_locale().territories.get(code, code))


def word(member: object) -> str:
    """Return what a word of the register is called, in the reader's language."""
    labels: dict[object, str] = _LABELS[type(member)]  # type: ignore[index, assignment] # each table has its own keys
    return str(gettext(labels[member]))


def mode_now(activity: Activity) -> Mode:
    """Return whether the rules of an activity refuse now, or only report: an observation ends by itself."""
    return activity.mode_at(current().clock.now())


def told(error: DomainError) -> str:
    """Return what an error says, in the reader's language."""
    return sentence(error)


def lacking(shortcoming: Shortcoming) -> str:
    """Return what a record lacks, in the reader's language."""
    return spoken(shortcoming.lack)


def span(days: int) -> str:
    """Return a number of days in the largest unit that measures it whole: years of 365 days, months of 30."""
    if days and days % DAYS_OF_A_YEAR == 0:
        return str(ngettext("%(num)d year", "%(num)d years", days // DAYS_OF_A_YEAR))
    if days and days % DAYS_OF_A_MONTH == 0:
        return str(ngettext("%(num)d month", "%(num)d months", days // DAYS_OF_A_MONTH))
    return str(ngettext("%(num)d day", "%(num)d days", days))


def law(article: str) -> str:
    """Return an article of the GDPR as the reader's language quotes it: `GDPR Art. 6(1)(a)`, `RGPD, art. 6, § 1, a`."""
    if get_locale().language == "en" or not article.startswith("GDPR"):
        return article
    quoted = [_quoted(number, parts) for number, parts in _ARTICLE.findall(article.removeprefix("GDPR Art. "))]
    return "RGPD, art. " + " et ".join(quoted)


def law_url(article: str) -> str | None:
    """Return where the first article that is quoted can be read, in the reader's language."""
    found = _ARTICLE.search(article)
    if found is None or not article.startswith("GDPR"):
        return None
    return _LAW.format(language="EN" if get_locale().language == "en" else "FR", number=found[1])


def _quoted(number: str, parts: str) -> str:
    told_parts = [f"§ {part}" if part.isdigit() else part for part in _PART.findall(parts)]
    return ", ".join([number, *told_parts])
