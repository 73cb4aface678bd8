"""Which roles require a second factor. An administrator may tighten a rule; only the controller relaxes one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Retention
from audit.transaction import record
from governance.actor import Actor, Role
from governance.clock import Clock
from governance.errors import phrase
from governance.identity.errors import NotPermittedError
from governance.identity.factors.models import SecondFactorRule
from governance.identity.models import Account, RoleAssignment, SecondFactorState
from governance.identity.permissions import check_administers, may_countersign, person
from governance.vault.attest import Attestor

RULE: Final = "second-factor-rule"
# Who decides, confirms, looks into everything or makes accounts. Whoever reads customers does so through grants.
REQUIRED_AT_FOUNDING: Final = frozenset(
    {Role.CONTROLLER, Role.DPO, Role.OWNER, Role.SECURITY, Role.AUDITOR, Role.ADMIN}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRule:
    """Whether a role shall require a second factor."""

    role: Role
    required: bool


def install_second_factor_rules(session: Session, clock: Clock, actor: Actor, required: Collection[Role]) -> None:
    """Write the rule of every role, once, at the founding."""
    now = clock.now()
    for role in Role:
        session.add(SecondFactorRule(role=role, required=role in required, set_by=person(actor), set_at=now))
    session.flush()
    details: dict[str, JsonValue] = {"verb": "installed", "roles": [role.value for role in sorted(required)]}
    record(session, _fact(actor, None, details))


def requires(session: Session, attestor: Attestor, roles: Collection[Role]) -> bool:
    """Say whether any of these roles requires a second factor.

    Raises:
        AttestationError: If a rule was changed behind our back.
    """
    if not roles:
        return False
    rules = _rules(session, attestor, roles)
    return any(_required(rules, role) for role in roles)


def second_factor_rules(session: Session, attestor: Attestor) -> Mapping[Role, bool]:
    """Return for every role whether it requires a second factor.

    Raises:
        AttestationError: If a rule was changed behind our back.
    """
    rules = _rules(session, attestor, tuple(Role))
    return {role: _required(rules, role) for role in Role}


def is_word_of_provider_enough(roles: Collection[Role]) -> bool:
    """Say whether factors shown to the OpenID provider may stand for the second one here, whatever the rules require.

    Its administrator can say of anybody that they showed them: never for whoever decides, confirms, looks into
    everything or makes accounts.
    """
    return REQUIRED_AT_FOUNDING.isdisjoint(roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holders:
    """How many people hold a role, and how many of them have a second factor."""

    people: int
    enrolled: int


def holders_of_roles(session: Session, clock: Clock) -> Mapping[Role, Holders]:
    """Return for every role how many hold it and how many of them have a second factor."""
    now = clock.now()
    enrolled = func.count().filter(Account.second_factor == SecondFactorState.ENROLLED)
    rows = session.execute(
        select(RoleAssignment.role, func.count(), enrolled)
        .join(Account, Account.id == RoleAssignment.account_id)
        .where(
            RoleAssignment.countersigned_at.is_not(None),
            RoleAssignment.revoked_at.is_(None),
            or_(RoleAssignment.valid_until.is_(None), RoleAssignment.valid_until > now),
            Account.disabled_at.is_(None),
        )
        .group_by(RoleAssignment.role)
    )
    counted = {role: Holders(people=people, enrolled=having) for role, people, having in rows}
    return {role: counted.get(role, Holders(people=0, enrolled=0)) for role in Role}


def set_second_factor_rule(
    session: Session, clock: Clock, attestor: Attestor, actor: Actor, command: SetRule
) -> SecondFactorRule:
    """Let a role require a second factor, or no longer. The same again is nothing.

    Raises:
        NotPermittedError: If the actor does not look after accounts, or would relax a rule and is no controller.
        AttestationError: If the rule was changed behind our back.
    """
    check_administers(actor)
    if not command.required and not may_countersign(actor):
        # An administrator could otherwise take off the second lock, and come in with a password.
        raise NotPermittedError(needed=phrase("the controller"))
    found = session.get(SecondFactorRule, command.role, with_for_update=True, populate_existing=True)
    now = clock.now()
    if found is None:
        found = SecondFactorRule(role=command.role, required=True, set_by=person(actor), set_at=now)
        session.add(found)
        session.flush()
    attestor.verify(found)
    if found.required != command.required:
        found.required, found.set_by, found.set_at = command.required, person(actor), now
        session.flush()
    record(session, _fact(actor, command.role, {"verb": "required" if command.required else "not-required"}))
    return found


def _rules(session: Session, attestor: Attestor, roles: Collection[Role]) -> Mapping[Role, SecondFactorRule]:
    found = session.scalars(
        select(SecondFactorRule).where(SecondFactorRule.role.in_(roles)).order_by(SecondFactorRule.role)
    ).all()
    for rule in found:
        attestor.verify(rule)
    return {rule.role: rule for rule in found}


def _required(rules: Mapping[Role, SecondFactorRule], role: Role) -> bool:
    # A rule that somebody deleted must not open anything.
    return role not in rules or rules[role].required


def _fact(actor: Actor, role: Role | None, details: Mapping[str, JsonValue]) -> Fact:
    return Fact(
        retention=Retention.EVIDENCE,
        action=Action.POLICY,
        actor=actor,
        object_type=RULE,
        object_id=None if role is None else role.value,
        details=details,
    )
