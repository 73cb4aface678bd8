"""Older data: the test by which data collected for something else may be used for a purpose. GDPR Art. 6(4), 13(3).

Whoever drafts writes the five points, the data protection officer gives an opinion, the controller decides and says
when people were informed. From that day older data is open to the purpose, until the controller withdraws the decision.
"""

import hashlib
import uuid
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import JsonValue
from governance.actor import Actor, Role
from governance.days import day_of, start_of_day
from governance.errors import listed
from governance.identity.service.second_person import another_will_decide
from governance.vault.attest import Attestor
from governance.vocabulary import DataCategory, SubjectKind
from register.errors import (
    AdviserDecidesError,
    OpinionRequiredError,
    PurposeNotFoundError,
    ReasonRequiredError,
    StepNotAllowedError,
)
from register.lifecycle import Opinion
from register.models import Activity, CompatibilityTest, Purpose, PurposeData
from register.older_errors import (
    CollectedOnConsentError,
    InformedTooEarlyError,
    TestDecidedError,
    TestNotFoundError,
    TestNotNeededError,
    TestOutgrownError,
)
from register.permissions import account_of, check_keeps
from register.service.desk import Desk
from register.service.loading import PurposeRef, locked_purpose
from register.service.older_data.consented import Pair, consented_only
from register.service.recording import record_change
from register.values import OlderData, Standing, older_by_basis

ARTICLE: Final = "GDPR Art. 6(4)"
# The five points of the law, in its order.
POINTS: Final = ("link", "context", "nature", "consequences", "safeguards")


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteTest:
    """The five points of GDPR Art. 6(4)(a) to (e).

    Attributes:
        link: Between the purposes for which the data was collected and this one.
        context: In which it was collected, and what people expect.
        nature: Of the data, special categories and convictions above all.
        consequences: For the people.
        safeguards: Such as encryption or pseudonyms.
    """

    purpose: PurposeRef
    link: str
    context: str
    nature: str
    consequences: str
    safeguards: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviseTest:
    """What the data protection officer thinks of a test, and why."""

    purpose: PurposeRef
    opinion: Opinion
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideTest:
    """That older data opens.

    Attributes:
        informed_on: The day people were, or will be, informed; nothing opens before.
        information: How.
        reason: Why the controller decides against the opinion, where it is unfavourable.
    """

    purpose: PurposeRef
    informed_on: date
    information: str
    reason: str = ""


def write_test(session: Session, desk: Desk, actor: Actor, command: WriteTest) -> CompatibilityTest:
    """Write the test of a purpose, or write it anew until it is decided: then the opinion must be given again.

    Raises:
        PurposeNotFoundError: If there is no such purpose, or it has ended.
        AttestationError: If something on the way was altered outside Égide.
        PersonRequiredError, DraftingNotAllowedError, NotYourActivityError: If it is for somebody else.
        TestNotNeededError: If older data is open to it anyhow.
        CollectedOnConsentError: If some of its data rests on consent alone, which no test replaces.
        TestDecidedError: If it is decided: it is withdrawn first.
        ReasonRequiredError: If one of the five points is missing.
    """
    purpose, activity = _purpose(session, desk, command.purpose)
    account = check_keeps(actor, activity)
    _check_needed(session, desk.attestor, purpose)
    points = {name: text.strip() for name, text in asdict(command).items() if name in POINTS}
    if not all(points.values()):
        raise ReasonRequiredError(verb="write-test", article=ARTICLE)
    found = current_test(session, purpose.id)
    if found is None:
        found = CompatibilityTest(
            id=desk.ids.new(),
            purpose_id=purpose.id,
            weighed=_told(_wanted(session, purpose)),
            written_by=account,
            written_at=desk.clock.now(),
            **points,
        )
        session.add(found)
    else:
        _check_open(desk, purpose, found)
        for name, text in points.items():
            setattr(found, name, text)
        found.weighed = _told(_wanted(session, purpose))
        found.written_by, found.written_at = account, desk.clock.now()
        found.opinion, found.opinion_text, found.advised_by = None, "", None
    _record(session, actor, activity, purpose, ("write-test", found))
    return found


def advise_test(session: Session, desk: Desk, actor: Actor, command: AdviseTest) -> CompatibilityTest:
    """Give the data protection officer's opinion.

    Raises:
        PurposeNotFoundError, TestNotFoundError: If there is no such purpose, or no test of it.
        AttestationError: If something on the way was altered outside Égide.
        PersonRequiredError, StepNotAllowedError: If it is for somebody else.
        TestDecidedError: If it is decided.
        TestOutgrownError: If the purpose uses more by now than was weighed.
        ReasonRequiredError: If the opinion is not favourable, and gives no grounds.
    """
    purpose, activity = _purpose(session, desk, command.purpose)
    account = _check_role(actor, Role.DPO, "advise-test")
    found = _found(session, purpose)
    _check_open(desk, purpose, found)
    _check_weighed(session, purpose, found)
    text = command.text.strip()
    if command.opinion is not Opinion.FAVOURABLE and not text:
        raise ReasonRequiredError(verb="advise-test", article="GDPR Art. 39(1)(a)")
    found.opinion, found.opinion_text, found.advised_by = command.opinion, text, account
    _record(session, actor, activity, purpose, ("advise-test", found))
    return found


def decide_test(session: Session, desk: Desk, actor: Actor, command: DecideTest) -> CompatibilityTest:
    """Open older data to a purpose, from the day people are informed.

    Raises:
        PurposeNotFoundError, TestNotFoundError: If there is no such purpose, or no test of it.
        AttestationError: If something on the way was altered outside Égide.
        PersonRequiredError, StepNotAllowedError: If it is not the controller in person.
        TestDecidedError: If it is decided.
        TestOutgrownError: If the purpose uses more by now than was weighed.
        OpinionRequiredError: If the data protection officer has not given an opinion.
        AdviserDecidesError: If who advised would decide, and another controller could.
        CollectedOnConsentError: If some of its data rests on consent alone, which no test replaces.
        ReasonRequiredError: If it is not said how people are informed, or why the opinion is not followed.
        InformedTooEarlyError: If people would have been before the record was kept.
    """
    purpose, activity = _purpose(session, desk, command.purpose)
    account = _check_role(actor, Role.CONTROLLER, "decide-test")
    found = _found(session, purpose)
    _check_open(desk, purpose, found)
    _check_weighed(session, purpose, found)
    if found.opinion is None:
        raise OpinionRequiredError
    now = desk.clock.now()
    # GDPR Art. 38(6): advising and deciding do not lie in one hand, where there are two.
    if found.advised_by == account and another_will_decide(session, account, now):
        raise AdviserDecidesError(slug=purpose.slug)
    _check_needed(session, desk.attestor, purpose)
    information, reason = command.information.strip(), command.reason.strip()
    if not information:
        raise ReasonRequiredError(verb="decide-test", article="GDPR Art. 13(3), 14(4)")
    if command.informed_on < min(filter(None, (activity.kept_since, day_of(activity.created_at)))):
        raise InformedTooEarlyError(slug=purpose.slug)
    against = found.opinion is Opinion.UNFAVOURABLE
    if against and not reason:
        raise ReasonRequiredError(verb="decide-test", article="GDPR Art. 24(1), 38(6)")
    found.overriding_reason = reason if against else None
    found.information, found.informed_on = information, command.informed_on
    found.decided_by, found.decided_at = account, now
    found.opens_at = max(now, start_of_day(command.informed_on))
    _record(session, actor, activity, purpose, ("decide-test", found))
    return found


def withdraw_test(session: Session, desk: Desk, actor: Actor, reference: PurposeRef) -> CompatibilityTest:
    """Close older data to a purpose again, at once; what was decided stays on file.

    Raises:
        PurposeNotFoundError, TestNotFoundError: If there is no such purpose, or no test of it.
        AttestationError: If something on the way was altered outside Égide.
        PersonRequiredError, StepNotAllowedError: If it is not the controller in person.
    """
    purpose, activity = _purpose(session, desk, reference)
    account = _check_role(actor, Role.CONTROLLER, "withdraw-test")
    found = _found(session, purpose)
    desk.attestor.verify(found)
    found.withdrawn_by, found.withdrawn_at = account, desk.clock.now()
    _record(session, actor, activity, purpose, ("withdraw-test", found))
    return found


def current_test(session: Session, purpose_id: int) -> CompatibilityTest | None:
    """Return the test of a purpose that is not withdrawn."""
    return current_tests(session, [purpose_id]).get(purpose_id)


def current_tests(session: Session, purposes: Collection[int]) -> Mapping[int, CompatibilityTest]:
    """Return the tests of purposes that are not withdrawn, by the numbers of the purposes."""
    statement = select(CompatibilityTest).where(
        CompatibilityTest.purpose_id.in_(purposes), CompatibilityTest.withdrawn_at.is_(None)
    )
    return {row.purpose_id: row for row in session.scalars(statement)}


def had_a_hand_in(test: CompatibilityTest, verb: str, account: uuid.UUID) -> bool:
    """Say whether who would advise on a test wrote it, or who would decide on it advised."""
    return {"advise-test": test.written_by, "decide-test": test.advised_by}.get(verb) == account


def standing_to_older_data(purpose: Purpose, test: CompatibilityTest | None, now: datetime) -> OlderData:
    """Return how a purpose stands to data that was collected under no notice that names it."""
    if purpose.collected_for is not None:
        return OlderData.COLLECTED_FOR
    if test is not None and test.opens_at is not None and test.opens_at <= now:
        return OlderData.COMPATIBLE
    return older_by_basis(purpose.basis, purpose.consent_channel)


def close_outgrown(session: Session, attestor: Attestor, actor: Actor, activity: Activity, now: datetime) -> None:
    """Withdraw, as proposals come into force, the test of a purpose that shall use what was not weighed, or may not."""
    purposes = session.scalars(select(Purpose).where(Purpose.activity_id == activity.id)).all()
    tests = current_tests(session, [purpose.id for purpose in purposes])
    for purpose in purposes:
        test = tests.get(purpose.id)
        if test is None or test.decided_at is None:
            continue
        if _wanted(session, purpose) - _read(test.weighed) or only_by_consent(session, attestor, purpose):
            test.withdrawn_by, test.withdrawn_at = account_of(actor), now
            _record(session, actor, activity, purpose, ("withdraw-test", test))


def only_by_consent(session: Session, attestor: Attestor, purpose: Purpose) -> frozenset[DataCategory]:
    """Return the categories of a purpose that others use, or used, by consent alone: fresh consent opens those.

    Raises:
        AttestationError: If a version that says so was altered outside Égide.
    """
    return consented_only(session, attestor, purpose, _wanted(session, purpose))


def _wanted(session: Session, purpose: Purpose) -> set[Pair]:
    """Return what a purpose uses, once what is proposed is in force."""
    rows = session.scalars(select(PurposeData).where(PurposeData.purpose_id == purpose.id))
    return {(row.subject_kind, row.category) for row in rows if row.standing is not Standing.LEAVING}


def _told(pairs: Collection[Pair]) -> str:
    return " ".join(sorted(f"{kind.value}/{category.value}" for kind, category in pairs))


def _read(weighed: str) -> set[Pair]:
    pairs = (each.split("/") for each in weighed.split())
    return {(SubjectKind(kind), DataCategory(category)) for kind, category in pairs}


def _check_weighed(session: Session, purpose: Purpose, test: CompatibilityTest) -> None:
    more = _wanted(session, purpose) - _read(test.weighed)
    if more:
        raise TestOutgrownError(slug=purpose.slug, categories=listed(sorted({category for _, category in more})))


def _check_needed(session: Session, attestor: Attestor, purpose: Purpose) -> None:
    by_basis = older_by_basis(purpose.basis, purpose.consent_channel) is not OlderData.CLOSED
    if by_basis or purpose.collected_for is not None:
        raise TestNotNeededError(slug=purpose.slug)
    consented = only_by_consent(session, attestor, purpose)
    if consented:
        raise CollectedOnConsentError(slug=purpose.slug, categories=listed(sorted(consented)))


def _purpose(session: Session, desk: Desk, reference: PurposeRef) -> tuple[Purpose, Activity]:
    purpose, activity = locked_purpose(session, desk.attestor, reference)
    if purpose.standing is Standing.ENDED:
        raise PurposeNotFoundError(reference=str(reference))
    return purpose, activity


def _found(session: Session, purpose: Purpose) -> CompatibilityTest:
    found = current_test(session, purpose.id)
    if found is None:
        raise TestNotFoundError(slug=purpose.slug)
    return found


def _check_open(desk: Desk, purpose: Purpose, test: CompatibilityTest) -> None:
    desk.attestor.verify(test)
    if test.decided_at is not None:
        raise TestDecidedError(slug=purpose.slug)


def _check_role(actor: Actor, role: Role, verb: str) -> uuid.UUID:
    account = account_of(actor)
    if role not in actor.roles:
        raise StepNotAllowedError(verb=verb, roles=role, article=ARTICLE)
    return account


def _record(
    session: Session, actor: Actor, activity: Activity, purpose: Purpose, done: tuple[str, CompatibilityTest]
) -> None:
    """Record what was done, with a digest of the words, so that the log vouches for them without holding them."""
    verb, test = done
    session.flush()
    texts = [*(getattr(test, name) for name in POINTS), test.opinion_text, test.overriding_reason, test.information]
    details: dict[str, JsonValue] = {
        "purpose": purpose.slug,
        "test": str(test.id),
        "opinion": None if test.opinion is None else test.opinion.value,
        "informed_on": None if test.informed_on is None else test.informed_on.isoformat(),
        "words": hashlib.sha256(orjson.dumps(texts)).hexdigest(),
    }
    if had_a_hand_in(test, verb, account_of(actor)):
        details["alone"] = True
    record_change(session, actor, activity, verb, **details)
