"""How a question of the guide is drawn: the question, its help, how far one has come, and what is still missing."""

from collections.abc import Iterable
from typing import Any

from flask import render_template

from governance.vault.sealed_values import SealedValues
from governance.web.context import current
from register import service
from register.guide.labels import STANDING_LABELS, words_for
from register.guide.survey import Survey, place_of, survey
from register.guide.values import PARTS, SUBJECTS, GuideStep, PlaceStanding, Standing
from register.lines.told import read_lines
from register.models import Activity
from register.pages.entrance import guide_url
from register.pages.guide.asking import Asked, At
from register.pages.wording import labelled
from register.record import PurposeLines, RecordLine, record_lines
from register.service import KeptDraft
from register.values import Origin


def frame(activity: Activity) -> dict[str, Any]:
    """Return what stands beside every question."""
    context = current()
    found = survey(context.session, activity, context.clock.now())
    purposes = service.list_purposes(context.session, activity_id=activity.id, after=None, limit=1_000).rows
    return {
        "activity": activity,
        "survey": found,
        "words": words_for(activity.capacity),
        "standings": STANDING_LABELS,
        "purposes": {each.slug: labelled(each) for each in purposes},
        "place_of": place_of,
        "guide_url": lambda place, **more: guide_url(activity.slug, place, **more),
        "tally": _tally(found.places),
    }


def draw(where: At, asked: Asked, **more: Any) -> str:
    """Draw a question."""
    beside = frame(where.activity)
    found: Survey = beside["survey"]
    place = where.place
    standing = next((each.standing for each in found.places if each.place == place), Standing.TO_DO)
    return render_template(
        "register/guide/question.html",
        **beside,
        place=place,
        step=beside["words"][place.step],
        lines=where.lines,
        asked=asked,
        form=asked.form,
        named=where.named,
        to_confirm=_origin(where) if standing is Standing.TO_CONFIRM else None,
        above=[] if where.lines is None else service.could_take_over(current().session, where.lines.purpose),
        said=_said(where),
        before=found.before(place),
        **{"refusal": None, "kept": None, "meanwhile": None, **more},
    )


def waiting_drafts(activity: Activity) -> list[KeptDraft]:
    """Return what whoever looks typed in this record and did not save."""
    context = current()
    return service.kept_drafts(context.session, context.clock, seal(), context.actor, activity)


def seal() -> SealedValues:
    """Return what seals what is typed."""
    return current().get(SealedValues)


def _origin(where: At) -> Origin | None:
    """Return what filled in the answer that is to be confirmed."""
    place = where.place
    unconfirmed = service.unconfirmed_defaults(current().session, where.activity.id)
    above = PARTS.get(place.step) in unconfirmed.taken_over.get(place.purpose or "", ())
    return Origin.PARENT if above else unconfirmed.origin


def _said(where: At) -> list[PurposeLines] | tuple[RecordLine, ...]:
    """Return what is on record of a question whose answers are several."""
    if where.place.step is GuideStep.DATA:
        return [] if where.lines is None or not where.lines.data else [where.lines]
    subject = SUBJECTS.get(where.place.step)
    if subject is None:
        return []
    session = current().session
    return record_lines(session, {subject: read_lines(session, where.activity.id)[subject]})[subject]


def _tally(places: Iterable[PlaceStanding]) -> tuple[int, int]:
    """Return how many questions are answered or gone by, and how many there are."""
    every = [each for each in places if each.place.step is not GuideStep.REVIEW]
    waiting = (Standing.TO_DO, Standing.TO_CONFIRM)
    done = [each for each in every if each.standing is Standing.DONE or (each.left and each.standing not in waiting)]
    return len(done), len(every)
