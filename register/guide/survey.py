"""How far a record has come: what it lacks, what is worth adding, and how each question of the guide stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.days import day_of
from register.completeness import REMAINING, shortcomings
from register.guide.hints import Hint, hints
from register.guide.models import GuideLeft
from register.guide.values import FOR_OTHERS, PARTS, STEP_OF_LACK, SUBJECTS, GuideStep, Place, PlaceStanding, Standing
from register.lines.models import ActivityLine
from register.lines.told import read_lines
from register.lines.values import Subject
from register.models import Activity, Purpose
from register.shortcomings import Shortcoming
from register.values import Capacity

# Without an answer to these the record is none; of the others, nothing to say is an answer.
REQUIRED: Final = frozenset({GuideStep.WHY, GuideStep.DATA, GuideStep.RECIPIENTS, GuideStep.ANSWERS, GuideStep.REVIEW})


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A record as the guide sees it.

    Attributes:
        missing: What stands in the way of submitting it.
        worth_adding: What does not.
        places: Every question in order, and how it stands.
    """

    missing: tuple[Shortcoming, ...]
    worth_adding: tuple[Hint, ...]
    places: tuple[PlaceStanding, ...]

    @property
    def onward(self) -> Place:
        """Where to go on: the first question that waits, or that nobody has come to; at last the reading over."""
        waiting = (Standing.TO_DO, Standing.TO_CONFIRM)
        for each in self.places:
            if not each.left or each.standing in waiting:
                return each.place
        return self.places[-1].place

    def after(self, place: Place) -> Place:
        """Return the question that comes after one, in the order of the guide."""
        order = [each.place for each in self.places]
        steps = [*GuideStep]
        if place in order:
            later = order[order.index(place) + 1 :]
        else:
            # A purpose that was just declared, or one that is gone.
            later = [each for each in order if steps.index(each.step) > steps.index(place.step)]
        return later[0] if later else order[-1]

    def before(self, place: Place) -> Place | None:
        """Return the question that comes before one; None at the first."""
        order = [each.place for each in self.places]
        index = order.index(place) if place in order else 0
        return order[index - 1] if index else None


def survey(session: Session, activity: Activity, now: datetime) -> Survey:
    """Return how far a record has come, in as many statements whatever it holds."""
    lines = read_lines(session, activity.id)
    missing = shortcomings(session, activity, day_of(now))
    worth = tuple(hints(session, activity, lines, day_of(now)))
    slugs = session.scalars(
        select(Purpose.slug)
        .where(Purpose.activity_id == activity.id, Purpose.standing.in_(REMAINING))
        .order_by(Purpose.id)
    ).all()
    left = set(session.scalars(select(GuideLeft.place).where(GuideLeft.activity_id == activity.id)))
    said = _said(activity, lines)
    concerned = {place_of(each) for each in missing} | {place_of(each) for each in worth}
    places = tuple(
        PlaceStanding(
            place=place,
            standing=_standing(place, missing, worth, said=place.step in said, left=place.key in left),
            left=place.key in left,
        )
        for place in _places(slugs)
        if activity.capacity is not Capacity.PROCESSOR or place.step in FOR_OTHERS | said or place in concerned
    )
    return Survey(missing=missing, worth_adding=worth, places=places)


def step_of(lack: Shortcoming | Hint) -> GuideStep:
    """Return the question whose answer settles this."""
    return lack.step if isinstance(lack, Hint) else STEP_OF_LACK[lack.code]


def place_of(lack: Shortcoming | Hint) -> Place:
    """Return the page of the guide that settles this."""
    step = step_of(lack)
    return Place(step=step, purpose=lack.purpose if step in PARTS else None)


def _places(slugs: Sequence[str]) -> Iterator[Place]:
    for step in GuideStep:
        if step in PARTS and slugs:
            yield from (Place(step=step, purpose=slug) for slug in slugs)
        else:
            yield Place(step=step)


def _said(activity: Activity, lines: Mapping[Subject, Sequence[ActivityLine]]) -> set[GuideStep]:
    """Return the questions whose answer stands in the record."""
    said = {step for step, subject in SUBJECTS.items() if any(row.standing in REMAINING for row in lines[subject])}
    # It has a name from its first moment.
    said.add(GuideStep.WHAT)
    if activity.controller_id is not None:
        said.add(GuideStep.ANSWERS)
    return said


def _standing(
    place: Place, missing: Sequence[Shortcoming], worth: Sequence[Hint], *, said: bool, left: bool
) -> Standing:
    hinted = [each.code for each in worth if place_of(each) == place]
    if any(place_of(each) == place for each in missing) or place.step is GuideStep.REVIEW:
        return Standing.TO_DO
    if any(code.startswith("unconfirmed") for code in hinted):
        return Standing.TO_CONFIRM
    # Of a purpose, what lacks nothing is said; to go by is an answer where nothing is worth adding.
    if said or place.purpose is not None or (left and not hinted):
        return Standing.DONE
    return Standing.TO_DO if place.step in REQUIRED else Standing.OPTIONAL
