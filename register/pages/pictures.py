"""The pictures of the register: the way of data and the phases of their life for one activity, categories for many."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from governance.actor import open_to
from governance.datamap.catalogue import Catalogue
from governance.datamap.pages.blueprint import catalogue_in_force
from governance.vault.attest import Attestor
from governance.vocabulary import DataCategory
from governance.web.context import current
from register import service
from register.lines.values import Subject
from register.pages.entrance import READERS, blueprint
from register.pages.picture_words import courses_of, flow_in_words, ways_of
from register.pages.wording import named, span, word
from register.pictures.flow import draw_flow, draw_narrow_flow
from register.pictures.heatmap import HeatRow, draw_heatmap, draw_narrow_heatmap
from register.pictures.timeline import MARKS, draw_narrow_timeline, draw_timeline
from register.record import ActivityRecord, Change, RecordLine, record_of, wanted_terms
from register.service import ListedActivity
from register.stated import StatedPurpose


@blueprint.get("/<slug>/pictures")
@open_to(*READERS)
def pictures(slug: str) -> ResponseReturnValue:
    """Show one activity in pictures."""
    context = current()
    record = record_of(context.session, context.get(Attestor), slug)
    purposes = _wanted(record)
    return render_template(
        "register/pictures.html",
        activity=record.activity,
        flow=_flow(purposes, _beside(record), catalogue_in_force()),
        timeline=_timeline(purposes),
    )


def heatmap(rows: Iterable[ListedActivity]) -> dict[str, Any]:
    """Return the map of activities and categories, drawn, and as a table."""
    listed = [row.activity for row in rows]
    counts = service.category_counts(current().session, [activity.id for activity in listed])
    categories = [(category.value, word(category)) for category in DataCategory]
    drawn = [
        HeatRow(name=named(each), counts={key.value: count for key, count in counts.get(each.id, {}).items()})
        for each in listed
    ]
    return {
        "wide": draw_heatmap(drawn, categories),
        "narrow": draw_narrow_heatmap(drawn, categories),
        "rows": list(zip(listed, drawn, strict=True)),
        "categories": categories,
    }


def _flow(
    purposes: Sequence[StatedPurpose], beside: Iterable[RecordLine], catalogue: Catalogue
) -> dict[str, Any] | None:
    rows = ways_of(purposes, beside, catalogue)
    if not rows:
        return None
    flow = flow_in_words(rows)
    return {"wide": draw_flow(flow), "narrow": draw_narrow_flow(flow), "rows": rows, "stations": flow.stations}


def _timeline(purposes: Sequence[StatedPurpose]) -> dict[str, Any] | None:
    courses = courses_of(purposes)
    if not courses:
        return None
    marks = [(each, span(each)) for each in MARKS]
    return {
        "wide": draw_timeline(courses, marks),
        "narrow": draw_narrow_timeline(courses, marks),
        "courses": courses,
    }


def _wanted(record: ActivityRecord) -> list[StatedPurpose]:
    """Return the purposes as they will be once what is proposed is in force."""
    return [
        StatedPurpose(
            purpose=lines.purpose,
            data=tuple(wanted_terms(lines)),
            recipients=tuple(line.role for line in lines.recipients if line.change is not Change.LEAVING),
        )
        for lines in record.purposes
        if lines.change is not Change.LEAVING
    ]


def _beside(record: ActivityRecord) -> list[RecordLine]:
    """Return the organisations and transfers as they will be then."""
    subjects = (Subject.PARTIES, Subject.TRANSFERS)
    return [line for subject in subjects for line in record.lines[subject] if line.change is not Change.LEAVING]
