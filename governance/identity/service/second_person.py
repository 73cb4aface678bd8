"""Whether the firm has a second person who could decide: where it has none, one person asks and decides, flagged.

A second person to somebody is another controller in force, with an open account, whom they did not name within the last
30 days: neither they themself, by assigning the role or confirming it, nor whom they had named. Whoever makes a
controller could otherwise be both of them for an afternoon.

Another could decide, so that nobody confirms what concerns themself, or whoever named them, where there is a second
person, and where there was one within the last 30 days. Whoever takes the other controller away, or lets them seem to
give the role up, gains nothing by it for as long, and every controller was written to (`controllers.py`). A role that
ends on its day is no such case: everybody saw it coming.

Whoever makes an account can be its holder too, by an address of their own. So a role for it, and a program's token that
it asks for, concern its maker as their own would, and whoever made that maker, and so on; until it is a person of its
own: somebody else confirmed a role of it, or it is a controller whom nobody named for 30 days. The role `admin`, which
nobody need confirm, counts for nothing here.

Whoever had a way into another controller's account in hand could be both of them too. For 30 days that controller is no
second person to them, and is waited for, so that nobody gains by it either.

What is checked here has to hold at the commit, so whoever writes by it holds the policy set first (`hold_policy_set`).
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.identity.errors import AccountInUseError, AnotherControllerNeededError
from governance.identity.models import Account, HandledController, RoleAssignment
from governance.vault.attest import attestor_of

STRANGER_AFTER: Final = timedelta(days=30)
_People = AbstractSet[uuid.UUID | None]


@dataclass(frozen=True, slots=True)
class _Term:
    """A time for which somebody is a controller, or was."""

    held: RoleAssignment
    disabled_at: datetime | None

    def in_force(self, at: datetime) -> bool:
        return self.held.revoked_at is None and self.disabled_at is None and not self._over(at)

    def broken_off(self, since: datetime) -> bool:
        """Say whether it ended since then before its day, by whomever: a token or an open browser would do."""
        ends = (self.held.revoked_at, self.disabled_at)
        return any(at is not None and at > since and not self._over(at) for at in ends)

    def reaches(self, since: datetime) -> bool:
        return (self.held.revoked_at is None or self.held.revoked_at > since) and not self._over(since)

    def namers(self, since: datetime) -> set[uuid.UUID | None]:
        """Return who assigned or confirmed it since then."""
        named = (
            (self.held.assigned_at, self.held.assigned_by),
            (self.held.countersigned_at, self.held.countersigned_by),
        )
        return {by for at, by in named if at is not None and at > since}

    def _over(self, at: datetime) -> bool:
        return self.held.valid_until is not None and self.held.valid_until <= at


def another_decides(session: Session, account_id: uuid.UUID, now: datetime, *, made: bool = False) -> bool:
    """Say whether somebody else could decide, or could until a short time ago: for pages, which only show it.

    Nothing opens by this answer being wrong: a row taken away by SQL closes the whole policy set.

    Args:
        session: The session.
        account_id: Whom it is for.
        now: The moment.
        made: It is something that whoever made the account could have it for.
    """
    terms = _terms(session)
    return _another_decides(terms, _behind(session, terms, account_id, now) if made else {account_id}, now)


def another_will_decide(session: Session, account_id: uuid.UUID, now: datetime, *, made: bool = False) -> bool:
    """Say the same for whoever is about to write by it: nobody takes that other person away meanwhile.

    Raises:
        AttestationError: If a row that says so was changed behind our back.
    """
    attestor_of(session).hold_policy_set(session)
    terms = _verified_terms(session)
    return _another_decides(terms, _behind(session, terms, account_id, now) if made else {account_id}, now)


def concerns(
    session: Session, decider: uuid.UUID | None, account_id: uuid.UUID, now: datetime, *, made: bool = False
) -> bool:
    """Say whether what is decided for an account concerns whoever decides: they are no second person to it."""
    terms = _terms(session)
    behind = _behind(session, terms, account_id, now) if made else {account_id}
    return decider in _hands_of(terms, behind, now, _handled(session, now))


def will_concern(
    session: Session, decider: uuid.UUID | None, account_id: uuid.UUID, now: datetime, *, made: bool = False
) -> bool:
    """Say the same for whoever is about to write by it.

    Raises:
        AttestationError: If a row that says so was changed behind our back.
    """
    attestor = attestor_of(session)
    handled = _handled(session, now)
    for each in handled:
        attestor.verify(each)
    terms = _verified_terms(session)
    behind = _behind(session, terms, account_id, now) if made else {account_id}
    return decider in _hands_of(terms, behind, now, handled)


def decides_alone(
    session: Session, decider: uuid.UUID | None, account_id: uuid.UUID, now: datetime, *, made: bool = False
) -> bool:
    """Say whether somebody decides what concerns them for want of another controller, which is flagged.

    Raises:
        AnotherControllerNeededError: If it concerns them, and another one could decide.
        AttestationError: If a row that says so was changed behind our back.
    """
    if not will_concern(session, decider, account_id, now, made=made):
        return False
    if another_will_decide(session, account_id, now, made=made):
        raise AnotherControllerNeededError
    return True


def recently_handled(session: Session, account_id: uuid.UUID, now: datetime) -> Sequence[HandledController]:
    """Return who had a way into a controller's account in hand a short time ago, the last first."""
    return [each for each in reversed(_handled(session, now)) if each.account_id == account_id]


def check_another_controller(session: Session, account_id: uuid.UUID) -> None:
    """Refuse to go on without this controller where there is no other: nobody could ever name one again.

    Raises:
        AccountInUseError: If nobody else is a controller in force and for good.
    """
    attestor_of(session).hold_policy_set(session)
    others = (
        select(RoleAssignment.id)
        .join(Account, Account.id == RoleAssignment.account_id)
        .where(
            RoleAssignment.role == Role.CONTROLLER,
            RoleAssignment.account_id != account_id,
            RoleAssignment.countersigned_at.is_not(None),
            RoleAssignment.revoked_at.is_(None),
            RoleAssignment.valid_until.is_(None),
            Account.disabled_at.is_(None),
        )
        .limit(1)
    )
    if session.scalar(others) is None:
        raise AccountInUseError(role=Role.CONTROLLER)


def _another_decides(terms: Sequence[_Term], behind: _People, now: datetime) -> bool:
    # Whoever was handled is waited for: they are somebody else, and can say so again in 30 days.
    hands = _hands_of(terms, behind, now)
    since = now - STRANGER_AFTER
    others = [term for term in terms if term.held.account_id not in hands]
    return any(term.in_force(now) or term.broken_off(since) for term in others)


def _hands_of(
    terms: Sequence[_Term], behind: _People, now: datetime, handled: Sequence[HandledController] = ()
) -> _People:
    """Return people with the controllers whom they named or handled a short time ago, and whom these did, and so on.

    Whoever was a controller before then, or was named by somebody else meanwhile, is a person of their own.
    """
    since = now - STRANGER_AFTER
    hands = set(behind)
    while True:
        more = {
            each
            for each, held in _by_account(terms, since).items()
            if each not in hands and all(term.namers(since) & hands for term in held)
        }
        more |= {each.account_id for each in handled if each.handled_by in hands} - hands
        if not more:
            return hands
        hands |= more


def _behind(session: Session, terms: Sequence[_Term], account_id: uuid.UUID, now: datetime) -> _People:
    """Return an account, with whoever made it, and made them, until one of them is a person of their own."""
    behind: set[uuid.UUID | None] = {account_id}
    each: uuid.UUID | None = account_id
    while each is not None and not (_decides_for_long(terms, each, now) or _is_confirmed(session, each)):
        account = session.get_one(Account, each)
        attestor_of(session).verify(account)
        each = account.made_by
        behind.add(each)
    # The host made them, or the house: no person.
    return behind - {None}


def _decides_for_long(terms: Sequence[_Term], account_id: uuid.UUID, now: datetime) -> bool:
    """Say whether this is a controller in force whom nobody named a short time ago."""
    held = [term for term in terms if term.held.account_id == account_id and term.in_force(now)]
    return any(not term.namers(now - STRANGER_AFTER) for term in held)


def _is_confirmed(session: Session, account_id: uuid.UUID) -> bool:
    """Say whether a second person ever confirmed a role of this account."""
    confirmed = session.scalars(
        select(RoleAssignment).where(
            RoleAssignment.account_id == account_id,
            RoleAssignment.role != Role.ADMIN,
            RoleAssignment.countersigned_at.is_not(None),
            RoleAssignment.in_conflict.is_(False),
        )
    ).all()
    for each in confirmed:
        attestor_of(session).verify(each)
    return bool(confirmed)


def _handled(session: Session, now: datetime) -> Sequence[HandledController]:
    recent = select(HandledController).where(HandledController.handled_at > now - STRANGER_AFTER)
    return session.scalars(recent.order_by(HandledController.id)).all()


def _by_account(terms: Sequence[_Term], since: datetime) -> Mapping[uuid.UUID, list[_Term]]:
    found: defaultdict[uuid.UUID, list[_Term]] = defaultdict(list)
    for term in terms:
        if term.reaches(since):
            found[term.held.account_id].append(term)
    return found


def _terms(session: Session) -> list[_Term]:
    rows = session.execute(
        select(RoleAssignment, Account.disabled_at)
        .join(Account, Account.id == RoleAssignment.account_id)
        .where(RoleAssignment.role == Role.CONTROLLER, RoleAssignment.countersigned_at.is_not(None))
        .order_by(RoleAssignment.id)
        .execution_options(populate_existing=True)
    )
    return [_Term(held, disabled_at) for held, disabled_at in rows]


def _verified_terms(session: Session) -> list[_Term]:
    attestor = attestor_of(session)
    terms = _terms(session)
    for term in terms:
        attestor.verify(term.held)
    return terms
