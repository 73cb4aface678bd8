"""A sub-purpose takes over its parent's answers in one step: only what it leaves unsaid, and each part to be confirmed.

What is taken over is a proposal like any other: nothing of it is in force before the controller activates, and the
register remembers that nobody has looked at it for this purpose (GDPR Art. 5(2)).
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Actor
from governance.vocabulary import LawfulBasis
from register.completeness import REMAINING
from register.errors import PurposeInForceError
from register.models import Purpose, PurposeData, PurposeRecipient, UnconfirmedDefault
from register.permissions import check_drafts
from register.service.desk import Desk
from register.service.loading import PurposeRef, locked_purpose
from register.service.purposes.contents import data_of, propose_contents, recipients_of, terms_of
from register.service.purposes.declaring import needs_channel
from register.service.purposes.sub_purposes import line_of, parent_for, purposes_above
from register.service.recording import changed, record_change
from register.values import Origin, PurposePart, Standing

# What belongs to a basis, and goes with it: another basis has other conditions, grounds and texts.
_OF_BASIS: Final = ("consent_channel", "special_condition", "number_ground", "offences_ground", "legal_reference")
_BALANCING: Final = ("interest", "necessity", "balance")

_Row = TypeVar("_Row", PurposeData, PurposeRecipient)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver:
    """A purpose to put beneath another of its activity, with the answers of that one."""

    purpose: PurposeRef
    parent: PurposeRef


def take_over(session: Session, desk: Desk, actor: Actor, command: TakeOver) -> Purpose:
    """Put a proposed purpose beneath another, and take over from it what it leaves unsaid. Twice is once.

    Its basis with what belongs to it, its data and its recipients are three parts: one that says something already
    stays as it is, one that says nothing is the parent's from here on, until somebody writes it anew.

    Raises:
        PurposeNotFoundError: If there is no such purpose, or no such parent that stays in the same activity.
        AttestationError: If something on the way was altered outside Égide.
        PersonRequiredError, DraftingNotAllowedError, NotYourActivityError: If it is for somebody else.
        ContentFrozenError: If the activity is neither a draft nor under review.
        PurposeInForceError: If the purpose is not a proposal.
        CircularPurposeError: If the parent is the purpose itself, or one beneath it.
    """
    purpose, activity = locked_purpose(session, desk.attestor, command.purpose)
    check_drafts(actor, activity)
    if purpose.standing is not Standing.PROPOSED:
        raise PurposeInForceError(slug=purpose.slug)
    parent = parent_for(session, desk.attestor, purpose, activity, command.parent)
    parts = [*_take(session, desk, purpose, parent)]
    if not parts and purpose.parent_id == parent.id:
        return purpose
    purpose.parent_id = parent.id
    for part in parts:
        session.add(UnconfirmedDefault(purpose_id=purpose.id, part=part, starting_point=Origin.PARENT))
    changed(session, activity, desk.clock.now())
    told = {"purpose": purpose.slug, "parent": parent.slug}
    record_change(session, actor, activity, "take-over", **told, parts=[each.value for each in parts])
    return purpose


def could_take_over(session: Session, purpose: Purpose) -> list[Purpose]:
    """Return whose answers a purpose could take over: its parent's, or where it has none those of the others.

    Only purposes that say something of what it leaves unsaid; in as many statements whatever the record holds.
    """
    if purpose.standing is not Standing.PROPOSED:
        return []
    there = purposes_above(session, purpose.activity_id)
    using, received = (_saying(session, purpose.activity_id, each) for each in (PurposeData, PurposeRecipient))
    own = line_of(session, purpose)
    return [
        each
        for each in there
        if each.id not in own
        and purpose.parent_id in {None, each.id}
        and (
            (purpose.basis is None and each.basis is not None)
            or (purpose.id not in using and each.id in using)
            or (purpose.id not in received and each.id in received)
        )
    ]


def _take(session: Session, desk: Desk, purpose: Purpose, parent: Purpose) -> Iterator[PurposePart]:
    if purpose.basis is None and parent.basis is not None:
        _take_basis(purpose, parent)
        yield PurposePart.WORDS
    data = [] if data_of(session, purpose.id) else _attested(desk, data_of(session, parent.id))
    recipients = [] if recipients_of(session, purpose.id) else _attested(desk, recipients_of(session, parent.id))
    contents = [terms_of(row) for row in data], frozenset(row.role for row in recipients)
    propose_contents(session, desk, purpose, contents)
    if data:
        yield PurposePart.DATA
    if recipients:
        yield PurposePart.RECIPIENTS


def _take_basis(purpose: Purpose, parent: Purpose) -> None:
    purpose.basis = parent.basis
    # GDPR Art. 6(1)(f): only legitimate interests are weighed.
    weighed = _BALANCING if parent.basis is LawfulBasis.LEGITIMATE_INTERESTS else ()
    for name in (*_OF_BASIS, *weighed):
        setattr(purpose, name, getattr(purpose, name) or getattr(parent, name))
    if not needs_channel(purpose):
        # The parent's channel was that of a condition of its own.
        purpose.consent_channel = None


def _attested(desk: Desk, rows: Iterable[_Row]) -> list[_Row]:
    """Return what stays of a purpose's lines."""
    staying = [row for row in rows if row.standing is not Standing.LEAVING]
    for row in staying:
        desk.attestor.verify(row)
    return staying


def _saying(session: Session, activity_id: uuid.UUID, line: type[PurposeData | PurposeRecipient]) -> set[int]:
    """Return the numbers of the purposes of an activity that have lines of a kind."""
    statement = (
        select(line.purpose_id)
        .join(Purpose, Purpose.id == line.purpose_id)
        .where(Purpose.activity_id == activity_id, line.standing.in_(REMAINING))
    )
    return set(session.scalars(statement.distinct()))
