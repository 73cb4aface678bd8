"""Documents of the register, drawn as HTML: what is stated, in words, and in pictures.

Needs an application whose language is chosen, and no request: the worker and the command line draw too.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from flask import render_template
from flask_babel import get_locale, gettext, ngettext

from governance.datamap.catalogue import Catalogue
from governance.web.clockface import day
from governance.web.offstage import Studio
from register.articles import article_of, articles_of
from register.catalogue.countries import EEA
from register.catalogue.labels import CONTRACT_STATE_LABELS, CONTRACT_TONES
from register.labels import BASIS_ARTICLES, CAPACITY_LABELS, CONDITION_ARTICLES, DONE_LABELS, REGISTER_LABELS
from register.lines.labels import SUBJECT_WORDS
from register.lines.values import Subject
from register.pages.picture_words import courses_of, flow_in_words, ways_of
from register.pages.wording import named, span
from register.pictures.flow import draw_flow
from register.pictures.timeline import MARKS, draw_timeline
from register.printing.volumes import VolumePlace, digest_of
from register.stated import Stated
from register.values import Register

# What is told also where the record says nothing of it: Art. 30(1)(e) and (g), 30(2)(c) and (d) ask.
_ALWAYS: Final = frozenset({Subject.TRANSFERS, Subject.MEASURES, Subject.RIGHTS})
_WORDS: Final[Mapping[str, Any]] = {
    "always": _ALWAYS,
    "articles_of": articles_of,
    "basis_articles": BASIS_ARTICLES,
    "capacities": CAPACITY_LABELS,
    "condition_articles": CONDITION_ARTICLES,
    "contract_labels": CONTRACT_STATE_LABELS,
    "contract_tones": CONTRACT_TONES,
    "done": DONE_LABELS,
    "eea": EEA,
    "subjects": SUBJECT_WORDS,
}


def draw_activity(stated: Stated, catalogue: Catalogue, at: datetime) -> str:
    """Return the document of one activity."""
    return render_template(
        "documents/activity.html",
        title=named(stated.activity),
        stated=stated,
        drawn=_pictures(stated, catalogue),
        **_frame([stated], at),
    )


def draw_volume(records: Sequence[Stated], place: VolumePlace, at: datetime) -> str:
    """Return one volume of the register. Pictures stand in the documents of the activities (docs/adr/0053)."""
    only = None if place.register is None else gettext(REGISTER_LABELS[place.register])
    record = gettext("Record of processing activities")
    title = record if only is None else f"{record} · {only}"
    parts = {each: [stated for stated in records if stated.activity.capacity in each.capacities] for each in Register}
    return render_template(
        "documents/register.html",
        title=title,
        kind=title,
        only=only,
        article="GDPR Art. 30" if place.register is None else article_of(place.register),
        records=records,
        parts={REGISTER_LABELS[each]: found for each, found in parts.items() if found},
        drawn=None,
        digest=digest_of(records),
        volume=place.number,
        first=place.first,
        count=place.count,
        **_frame(records, at, place.cote),
    )


def draw_offstage(studio: Studio) -> Callable[[Sequence[Stated], VolumePlace, str, datetime], str]:
    """Return how a volume is drawn outside any request, in a language."""

    def draw(records: Sequence[Stated], place: VolumePlace, language: str, at: datetime) -> str:
        with studio.speaking(language):
            return draw_volume(records, place, at)

    return draw


def _frame(records: Sequence[Stated], at: datetime, cote: str = "") -> dict[str, Any]:
    names = Counter(each.controller.name for each in records if each.controller is not None)
    stands = gettext("As it stands on %(day)s", day=day(at))
    house = names.most_common(1)[0][0] if names else gettext("Nobody is named yet")
    return {
        **_WORDS,
        "language": get_locale().language,
        "house": house,
        "at": at,
        "foot": f"{cote} · {stands}" if cote else stands,
    }


def _pictures(stated: Stated, catalogue: Catalogue) -> dict[str, Any] | None:
    """Return the pictures of an activity, each with what it shows in words; None where there is nothing to draw."""
    ways = ways_of(stated.purposes, [*stated.lines[Subject.PARTIES], *stated.lines[Subject.TRANSFERS]], catalogue)
    if not ways:
        return None
    flow, courses = flow_in_words(ways), courses_of(stated.purposes)
    stations = [
        gettext("%(name)s: %(things)s.", name=each.name, things=", ".join(each.things)) for each in flow.stations
    ]
    lives = ngettext(
        "%(num)d line, from an event on: in use, in the archive, and what becomes of the data.",
        "%(num)d lines, each from an event on: in use, in the archive, and what becomes of the data.",
        len(courses),
    )
    return {
        "flow": draw_flow(flow),
        "flow_told": " ".join(stations),
        "timeline": draw_timeline(courses, [(each, span(each)) for each in MARKS]),
        "timeline_told": lives,
    }
