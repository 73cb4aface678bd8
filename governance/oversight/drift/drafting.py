"""A draft activity made of refused reads: what was asked, by which role, of which table; a person completes it.

It goes the way of a starting point (docs/adr/0046): the same use cases as by hand, all of it marked as to be looked at.
It has no lawful basis, since a refused read says none: it cannot be submitted before somebody said which.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Actor
from governance.days import day_of
from governance.oversight.drift.errors import NothingToDraftError
from governance.oversight.drift.values import Finding, Kind
from governance.periods import NONE, Period, Unit
from governance.vocabulary import SLUG_LENGTH
from register.lifecycle import ActivityState
from register.lines.contents import AssetLine
from register.lines.values import AssetKind, Subject
from register.models import Activity
from register.service import Desk, NewActivity, PutLine, StartActivity, free_slug, put_line, start_activity
from register.slugs import STEM_LENGTH
from register.starting_points.values import (
    Language,
    Source,
    StartingPoint,
    StartingPurpose,
    StartingTerms,
    Words,
)
from register.values import FinalFate, Origin, Provenance, StartingEvent

# Somebody has to say how long; until then, a year.
_PERIOD: Final = Period.of(1, Unit.YEAR)
_ON_ITS_WAY: Final = (ActivityState.DRAFT, ActivityState.SUBMITTED, ActivityState.ADVISED)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftWords:
    """What the draft is called and says, in both languages."""

    name: Words
    purpose: Words
    description: Words
    period: Words


def draft_refused(
    session: Session, desk: Desk, actor: Actor, given: tuple[Finding, DraftWords, Language]
) -> tuple[Activity, bool]:
    """Draft the activity that refused reads lack, and say whether it is new: one on its way already is gone on with.

    Raises:
        NothingToDraftError: If the finding is about something else, or about a purpose that is declared.
        PersonRequiredError, DraftingNotAllowedError: If it is for somebody else.
        NumbersExhaustedError: If every number of purposes was given.
    """
    finding, words, language = given
    if finding.kind is not Kind.REFUSED or finding.role is None or finding.code != "undeclared":
        raise NothingToDraftError
    slug = f"{finding.role.value}-{finding.name.replace('_', '-')}"[: SLUG_LENGTH - 4].rstrip("-")
    stem = slug[:STEM_LENGTH].rstrip("-")
    begun = session.scalars(
        select(Activity)
        .where(Activity.slug.startswith(stem, autoescape=True), Activity.state.in_(_ON_ITS_WAY))
        .order_by(Activity.id)
    )
    # Of its own name, or of its name with the number that one already taken gets.
    own = re.compile(rf"{re.escape(slug)}|{re.escape(stem)}-\d+")
    on_its_way = next((each for each in begun if own.fullmatch(each.slug)), None)
    if on_its_way is not None:
        return on_its_way, False
    activity = start_activity(
        session,
        desk,
        actor,
        StartActivity(
            point=_point(finding, words, slug, day_of(desk.clock.now())),
            activity=NewActivity(
                slug=free_slug(session, Activity.slug, slug),
                name_fr=words.name.fr,
                name_en=words.name.en,
                description=words.description.written(language),
            ),
            language=language,
        ),
    )
    table = AssetLine(kind=AssetKind.TABLE, name=finding.name)
    put_line(session, desk, actor, PutLine(activity=activity.id, subject=Subject.ASSETS, line=table))
    return activity, True


def _point(finding: Finding, words: DraftWords, slug: str, today: date) -> StartingPoint:
    kinds = dict.fromkeys(kind for kind, _ in finding.pairs)
    terms = [
        StartingTerms(
            kinds=[kind],
            categories=[category for each, category in finding.pairs if each is kind],
            obligatory=False,
            provenance=Provenance.PERSON,
            active_for=_PERIOD,
            archived_for=NONE,
            starting_event=StartingEvent.COLLECTION,
            final_fate=FinalFate.DELETION,
            source=Source(name=words.period, dated=today),
        )
        for kind in kinds
    ]
    purpose = StartingPurpose(
        slug=slug,
        label=words.purpose,
        basis=None,
        consent_channel=None,
        special_condition=None,
        legal_reference=None,
        balancing=None,
        recipients=frozenset() if finding.role is None else frozenset({finding.role}),
        data=terms,
    )
    return StartingPoint(
        slug=Origin.REFUSED_READS,
        order=0,
        name=words.name,
        summary=words.name,
        description=words.description,
        look_at=(),
        purposes=(purpose,),
    )
