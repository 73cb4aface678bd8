"""Measures in words, each with the rows behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext

from governance.errors import mark
from governance.oversight.pages.entrance import address_of
from governance.oversight.values import Indicator, Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """An indicator as a page shows it."""

    title: str
    figure: str
    target: str
    met: bool | None
    trend: tuple[int, ...]
    url: str | None
    hint: str


_MEASURES: Final[Mapping[Measure, tuple[str, str]]] = {
    Measure.IN_FORCE: (
        mark("Activities in force"),
        mark("Of those that the register declares, drafts and retired ones left out."),
    ),
    Measure.ENFORCED: (
        mark("Activities enforced"),
        mark("Of those in force. One that only observes reports what it would refuse."),
    ),
    Measure.SEALED: (
        mark("Exposed fields that lie sealed"),
        mark("Of the fields by which people are reached, found or hurt: contact, family, money, place, free text."),
    ),
    Measure.CLEAR: (
        mark("Values given in clear"),
        mark("Of the values of the latest 2,000 reads; the others were masked, generalised or pseudonyms."),
    ),
    Measure.READS: (mark("Reads in four weeks"), mark("Reads and exports of customers’ data.")),
    Measure.REFUSALS: (
        mark("Refusals in four weeks"),
        mark("At the gate, at a page, at sign-in. Many of one kind tell of a missing grant, or of an attempt."),
    ),
    Measure.VERIFIED: (
        mark("Days since the log was verified whole"),
        mark("Every entry against its proof, from the first to the last."),
    ),
}
_PERCENTS: Final = frozenset({Measure.SEALED, Measure.CLEAR})


def tile_of(indicator: Indicator) -> Tile:
    """Return an indicator in words, with the rows behind it."""
    title, hint = _MEASURES[indicator.measure]
    return Tile(
        title=str(gettext(title)),
        figure=_figure(indicator),
        target=_target(indicator),
        met=indicator.met,
        trend=indicator.trend,
        url=_rows_behind(indicator.measure),
        hint=str(gettext(hint)),
    )


def _figure(indicator: Indicator) -> str:
    if indicator.value is None:
        return "—"
    if indicator.measure in _PERCENTS:
        return str(gettext("%(share)s %%", share=indicator.value))
    if indicator.of is not None:
        return f"{indicator.value} / {indicator.of}"
    return str(indicator.value)


def _target(indicator: Indicator) -> str:
    if indicator.target is None:
        free = mark("No target: the course tells.") if indicator.trend else mark("No target: it is yours to judge.")
        return str(gettext(free))
    if indicator.measure in _PERCENTS:
        return str(gettext("Target: %(share)s %%", share=indicator.target))
    if indicator.at_most:
        return str(gettext("Target: %(number)s at most", number=indicator.target))
    return str(gettext("Target: %(number)s", number=indicator.target))


def _rows_behind(measure: Measure) -> str | None:
    if measure in {Measure.IN_FORCE, Measure.ENFORCED}:
        return address_of("register.activities")
    if measure is Measure.SEALED:
        return address_of("datamap.show")
    asked = {
        Measure.CLEAR: {"action": "read"},
        Measure.READS: {"action": "read"},
        Measure.REFUSALS: {"outcome": "refused"},
        Measure.VERIFIED: {"action": "check", "object": "log"},
    }[measure]
    return address_of("log.entries", **asked)
