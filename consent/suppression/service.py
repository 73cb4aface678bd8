"""Refusals put on the list: by an objection, by a no to everything, by an erasure, by what somebody else tells.

All of it happens in the caller's transaction, with the identifiers opened in it: a job that opened them afterwards
would find nobody, where the person was erased or gave another address in between.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Retention
from audit.transaction import record, unrecorded
from consent.errors import FutureEventError
from consent.identifiers import KnownBy
from consent.ledger import hold_subjects
from consent.models import Consent
from consent.permissions import check_records
from consent.soliciting import closed_by_everything, solicits
from consent.states import ConsentState
from consent.suppression.listing import SuppressionList, hold_list
from consent.suppression.values import (
    EVERY_CHANNEL,
    EVERY_PURPOSE,
    Reason,
    Refusal,
    Tell,
    TellReport,
)
from consent.values import Desk
from governance.actor import Actor
from governance.clock import to_microseconds
from governance.datamap.numbering import number_source
from governance.vault.attest import Attestor
from governance.vault.errors import SubjectErasedError, SubjectKeyError, SubjectUnknownError
from governance.vault.models import DataSubject
from governance.vault.subject_keys import move_objections, objections_of
from governance.vocabulary import Channel
from register.declared import declared_purposes, purpose_on_file

OBJECT_TYPE: Final = "suppression"
_AT_ONCE: Final = 500
_REPEATED: Final = "they were on the list already; at most a source was given its number"


def concerned(session: Session, attestor: Attestor, refusals: Collection[Refusal]) -> frozenset[int]:
    """Return the objections that refusals put in a person's own row.

    A channel closes the purposes that ask consent on it, and those that solicit and name none: what is sent for them
    may go that way. Whoever means less names the purpose.
    """
    marks = {each.purpose_id for each in refusals if each.purpose_id != EVERY_PURPOSE or each.channel == EVERY_CHANNEL}
    channels = {each.channel for each in refusals if each.purpose_id == EVERY_PURPOSE} - {EVERY_CHANNEL}
    if channels:
        named = {Channel.from_code(each) for each in channels} | {None}
        declared = declared_purposes(session, attestor).values()
        marks |= {each.id for each in declared if solicits(each) and each.consent_channel in named}
    return frozenset(marks)


def keep(session: Session, desk: Desk, actor: Actor, subject_id: int, refusal: Refusal) -> KnownBy:
    """Put what a person is known by on the list; the caller holds the list, exclusively.

    Rows of theirs that were altered do not open, and hinder nothing: how many they are is told, and recorded.
    """
    known_by = desk.identifiers.of(session, subject_id)
    listed = SuppressionList(desk.keyring)
    added = listed.add(session, known_by.identifiers, refusal)
    details: dict[str, JsonValue] = {"verb": "keep", "count": added, "reason": refusal.reason.value}
    if known_by.unread:
        details["unread"] = known_by.unread
    if added or known_by.unread:
        record_change(session, actor, listed, details, (subject_id,))
    return known_by


def refuse_everything(session: Session, desk: Desk, actor: Actor, subject_id: int) -> None:
    """Keep a person's no to everything that solicits, now or later; twice is once. GDPR Art. 21(2).

    Raises:
        NotForYouError: If the actor does not deal with people's choices.
        PersonNotFoundError: If they are not on file, or were erased.
        SubjectKeyError: If their row was altered.
    """
    check_records(actor)
    hold_list(session, exclusive=True)
    marks = objections_of(hold_subjects(session, (subject_id,))[subject_id])
    keep(session, desk, actor, subject_id, Refusal(since=desk.clock.now(), reason=Reason.WITHDRAWAL))
    if EVERY_PURPOSE in marks:
        unrecorded(session, "they had refused everything already")
        return
    move_objections(session, desk.keyring, subject_id, {EVERY_PURPOSE}, ())
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.CONSENT,
            actor=actor,
            object_type="objection",
            subjects=(subject_id,),
            details={"verb": "object-to-everything"},
        ),
    )


def keep_of_erased(session: Session, desk: Desk, actor: Actor, subject_id: int) -> None:
    """Keep that somebody who is about to be erased is not to be solicited; call it before their rows are deleted.

    Raises:
        PersonNotFoundError: If they are not on file, or were erased already.
    """
    hold_list(session, exclusive=True)
    hold_subjects(session, (subject_id,))
    keep(session, desk, actor, subject_id, Refusal(since=desk.clock.now(), reason=Reason.ERASURE))


def tell(session: Session, desk: Desk, actor: Actor, command: Tell) -> TellReport:
    """Put identifiers on the list that somebody else told of, and close whoever has them and is on file.

    Raises:
        NotForYouError: If the actor does not deal with people's choices.
        FutureEventError: If they refused in the future.
        PurposeNotFoundError: If there is no such purpose.
        AttestationError: If the purpose was altered outside Égide.
    """
    check_records(actor)
    now = desk.clock.now()
    since = now if command.since is None else command.since
    if since > now or to_microseconds(since) <= 0:
        raise FutureEventError
    refusal = Refusal(
        since=since,
        reason=command.reason,
        purpose_id=EVERY_PURPOSE
        if command.purpose is None
        else purpose_on_file(session, desk.attestor, command.purpose).id,
        channel=EVERY_CHANNEL if command.channel is None else command.channel.code,
        source_id=None if command.source is None else number_source(session, command.source),
    )
    hold_list(session, exclusive=True)
    listed = SuppressionList(desk.keyring)
    wanted = {*command.identifiers}
    added = listed.add(session, wanted, refusal)
    closed = _close(session, desk, desk.identifiers.holders(session, wanted), refusal)
    report = TellReport(added=added, repeated=len(wanted) - added, unreadable=command.unreadable)
    if added or closed:
        details: dict[str, JsonValue] = {
            "verb": "tell",
            "count": added,
            "reason": refusal.reason.value,
            "people": len(closed),
        }
        record_change(session, actor, listed, details, closed)
    else:
        unrecorded(session, _REPEATED)
    return report


def take_back(session: Session, desk: Desk, actor: Actor, subject_id: int, purpose_id: int) -> None:
    """Let a person's refusal of a purpose end, for they say yes to it themself. The caller holds their row.

    Where they had refused everything, and the purpose rests on no consent, they choose purpose by purpose from then on:
    each other one that solicits stays refused.

    Raises:
        SubjectKeyError: If their row was altered.
    """
    marks = objections_of(session.get_one(DataSubject, subject_id, populate_existing=True).objections)
    everything = closed_by_everything(declared_purposes(session, desk.attestor).values())
    listed = SuppressionList(desk.keyring)
    known_by = desk.identifiers.of(session, subject_id).identifiers
    now = desk.clock.now()
    ended = listed.end(session, known_by, purpose_id, now)
    added, taken = set[int](), {purpose_id}
    if purpose_id in everything and EVERY_PURPOSE in marks:
        added, taken = {*everything} - {purpose_id}, {purpose_id, EVERY_PURPOSE}
        for refusal in (broad := listed.end(session, known_by, EVERY_PURPOSE, now)):
            for other in sorted(added):
                listed.add(
                    session,
                    known_by,
                    Refusal(
                        since=refusal.since,
                        reason=refusal.reason,
                        purpose_id=other,
                        channel=refusal.channel,
                        source_id=refusal.source_id,
                    ),
                )
        ended += broad
    move_objections(session, desk.keyring, subject_id, added, taken)
    record_change(session, actor, listed, {"verb": "take-back", "count": len(ended)}, (subject_id,))


def _close(session: Session, desk: Desk, holders: Collection[int], refusal: Refusal) -> set[int]:
    """Mark the refusal in the rows of people on file, and return whose was marked.

    Who gave a consent that everything refuses is closed to its purpose, too: that yes came before.
    """
    marks = concerned(session, desk.attestor, (refusal,))
    given = _given(session, holders) if EVERY_PURPOSE in marks else {}
    closed = set()
    for subject_id in sorted(holders):
        try:
            move_objections(session, desk.keyring, subject_id, marks | given.get(subject_id, set()), ())
        except (SubjectErasedError, SubjectKeyError, SubjectUnknownError):
            # Nothing of theirs opens as it is.
            continue
        closed.add(subject_id)
    return closed


def _given(session: Session, holders: Collection[int]) -> Mapping[int, set[int]]:
    """Return the purposes to which people consented, as it stands there: where SQL says otherwise, nothing opens."""
    given: dict[int, set[int]] = defaultdict(set)
    ordered = sorted(holders)
    for start in range(0, len(ordered), _AT_ONCE):
        statement = select(Consent.subject_id, Consent.purpose_id).where(
            Consent.subject_id.in_(ordered[start : start + _AT_ONCE]), Consent.state == ConsentState.GIVEN.code
        )
        for subject_id, purpose_id in session.execute(statement):
            given[subject_id].add(purpose_id)
    return given


def record_change(
    session: Session, actor: Actor, listed: SuppressionList, details: Mapping[str, JsonValue], people: Collection[int]
) -> None:
    """Record a change of the list, with what tells afterwards whether rows are missing."""
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.CONSENT,
            actor=actor,
            object_type=OBJECT_TYPE,
            subjects=people,
            details={**details, **listed.told(session)},
        ),
    )
