"""What was filled in beforehand and nobody has looked at yet. Whoever writes a part anew has looked at it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import and_, delete, select
from sqlalchemy.orm import Session

from governance.actor import Actor
from governance.vault.attest import Attestor
from register.models import Purpose, UnconfirmedDefault
from register.permissions import check_drafts
from register.service.loading import PurposeRef, locked_purpose
from register.service.recording import record_change
from register.values import Origin, PurposePart, Standing

_OTHERS = frozenset(Origin) - {Origin.STARTING_POINT, Origin.PARENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconfirmed:
    """The defaults of an activity that nobody has looked at.

    Attributes:
        starting_point: Where those come from with which the record was filled in; None where there are none.
        parts: Which parts of which purposes, by the purpose's slug.
        taken_over: Those among them that are the answers of the purpose above, by the purpose's slug.
    """

    starting_point: str | None
    parts: Mapping[str, tuple[PurposePart, ...]]
    taken_over: Mapping[str, tuple[PurposePart, ...]]

    @property
    def origin(self) -> Origin | None:
        """What filled in the record; None where nothing did."""
        if self.starting_point is None:
            return None
        return Origin(self.starting_point) if self.starting_point in _OTHERS else Origin.STARTING_POINT

    @property
    def count(self) -> int:
        """How many parts there are to look at."""
        return sum(map(len, self.parts.values()))


def unconfirmed_defaults(session: Session, activity_id: uuid.UUID) -> Unconfirmed:
    """Return what of an activity nobody has looked at yet, in one statement."""
    rows = session.execute(
        select(Purpose.slug, UnconfirmedDefault.part, UnconfirmedDefault.starting_point)
        .join(UnconfirmedDefault, UnconfirmedDefault.purpose_id == Purpose.id)
        .where(Purpose.activity_id == activity_id, Purpose.standing != Standing.ENDED)
        .order_by(Purpose.id)
    ).all()
    every: dict[str, set[PurposePart]] = {}
    above: dict[str, set[PurposePart]] = {}
    for slug, part, origin in rows:
        every.setdefault(slug, set()).add(part)
        if origin == Origin.PARENT:
            above.setdefault(slug, set()).add(part)
    filled_in = (origin for _, _, origin in rows if origin != Origin.PARENT)
    return Unconfirmed(starting_point=next(filled_in, None), parts=_in_order(every), taken_over=_in_order(above))


def confirm_defaults(
    session: Session, attestor: Attestor, actor: Actor, reference: PurposeRef, part: PurposePart | None = None
) -> Purpose:
    """Say that what a starting point proposed for a purpose is right here: a part of it, or all. Twice is once.

    Raises:
        PurposeNotFoundError: If there is none.
        AttestationError: If it or its activity was altered outside Égide.
        PersonRequiredError, DraftingNotAllowedError, NotYourActivityError: If it is for somebody else.
        ContentFrozenError: If the activity is neither a draft nor under review.
    """
    purpose, activity = locked_purpose(session, attestor, reference)
    check_drafts(actor, activity)
    mine = UnconfirmedDefault.purpose_id == purpose.id
    if part is not None:
        mine = and_(mine, UnconfirmedDefault.part == part)
    confirmed = sorted(session.scalars(select(UnconfirmedDefault.part).where(mine)))
    if confirmed:
        session.execute(delete(UnconfirmedDefault).where(mine))
        record_change(session, actor, activity, "confirm-defaults", purpose=purpose.slug, parts=[*confirmed])
    return purpose


def _in_order(found: Mapping[str, set[PurposePart]]) -> Mapping[str, tuple[PurposePart, ...]]:
    return MappingProxyType({slug: tuple(each for each in PurposePart if each in found[slug]) for slug in found})


def looked_at(session: Session, purpose: Purpose, part: PurposePart) -> None:
    """Note that somebody wrote a part of a purpose anew."""
    session.execute(
        delete(UnconfirmedDefault).where(UnconfirmedDefault.purpose_id == purpose.id, UnconfirmedDefault.part == part)
    )
