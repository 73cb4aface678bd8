"""The rules in the words of the pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from babel.dates import get_day_names
from flask_babel import get_locale, gettext, ngettext

from governance.campaigns.rules import Demand, Frequency, Hours, Recipient, Rule, Rules, Window
from governance.errors import mark
from governance.periods import Period
from governance.vocabulary import MESSAGING, Channel
from register.pages.wording import span
from register.starting_points.values import Language, Words

_OPENING: Final = (Demand.CONSENT, Demand.SOFT_OPT_IN, Demand.CONTRACT_OBJECT, Demand.NO_OBJECTION)
_DEMANDED: Final[Mapping[Demand, str]] = {
    Demand.CONSENT: mark("they agreed beforehand"),
    Demand.SOFT_OPT_IN: mark(
        "they bought from this very seller, the products are similar, and they could object when their address was "
        "collected and can in each message"
    ),
    Demand.CONTRACT_OBJECT: mark("a contract with them is running, and the call or message is about its object"),
    Demand.NO_OBJECTION: mark("they were told, and did not object"),
    Demand.JOINT_CONSENT: mark("of minors too young to consent alone: a holder of parental authority agreed with them"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """What holds on a day for one channel and one kind of recipient: what opens it, and what limits it."""

    channel: Channel
    recipient: Recipient
    opens: tuple[Rule, ...]
    limits: tuple[Rule, ...]


def rows_of(rules: Rules, day: date) -> list[Row]:
    """Return a row for each channel and kind of recipient."""
    channels = sorted(MESSAGING, key=lambda each: each.code)
    return [_row(rules, channel, recipient, day) for channel in channels for recipient in Recipient]


def demanded(rule: Rule) -> str:
    """Return what a rule demands, in the reader's language."""
    limit = rule.limit
    if isinstance(limit, Hours):
        return _hours(limit)
    if isinstance(limit, Frequency):
        within = span(limit.within)
        return str(
            ngettext("at most %(num)d call in %(span)s", "at most %(num)d calls in %(span)s", limit.most, span=within)
        )
    if isinstance(limit, Period):
        return str(gettext("after a refusal, no call for %(span)s", span=span(limit)))
    return str(gettext(_DEMANDED[rule.demand]))


def in_language(words: Words) -> str:
    """Return what a file says in both languages, in the reader's."""
    return words.written(Language.ENGLISH if get_locale().language == "en" else Language.FRENCH)


def _row(rules: Rules, channel: Channel, recipient: Recipient, day: date) -> Row:
    found = rules.of(channel, recipient, day)
    opens = tuple(rule for demand in _OPENING for rule in found if rule.demand is demand)
    return Row(channel, recipient, opens, tuple(rule for rule in found if rule.demand not in _OPENING))


def _hours(hours: Hours) -> str:
    names = get_day_names("wide", locale=get_locale())
    parts = []
    for windows, days in groupby(range(len(hours.weekdays)), key=lambda day: hours.weekdays[day]):
        if windows:
            each = list(days)
            first, last = names[each[0]], names[each[-1]]
            named = first if len(each) == 1 else gettext("%(first)s to %(last)s", first=first, last=last)
            parts.append(f"{named} {_windows(windows)}")
    told = gettext("public holidays as other days") if hours.public_holidays else gettext("never on a public holiday")
    return f"{', '.join(parts)} ; {told}" if get_locale().language == "fr" else f"{', '.join(parts)}; {told}"


def _windows(windows: tuple[Window, ...]) -> str:
    return ", ".join(str(window).replace("-", "–") for window in windows)
