"""What a grant would open, to how many people, on how many customers: asked before it is given, and recorded.

The gate alone reaches governed tables, and it stands above this room: it counts through `Reach`, given by the roof.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Retention
from governance.actor import Actor, Role
from governance.policies.holders import Holders, holders_of
from governance.policies.requests import declared_pairs, in_order
from governance.policies.terms import RequestGrant, check_terms
from governance.vault.attest import Attestor
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind
from register.declared import declared_purpose

# Fewer people than this could be told apart by asking twice.
SMALLEST_COUNT: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulateGrant:
    """A grant to try out.

    Attributes:
        purpose: The purpose's slug.
        kinds: The kinds of people; None for all of which the purpose declares any of the categories.
    """

    role: Role
    purpose: str
    categories: frozenset[DataCategory]
    kinds: frozenset[SubjectKind] | None = None
    action: GrantedAction = GrantedAction.READ
    form: Form = Form.CLEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachQuestion:
    """The same, held against the register: the pairs that the purpose declares."""

    role: Role
    purpose: str
    pairs: Collection[tuple[SubjectKind, DataCategory]]
    action: GrantedAction
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field of one table, before and after. Of several kinds of people the strongest form counts."""

    table: str
    field: str
    category: DataCategory
    before: Form
    after: Form

    @property
    def opens(self) -> bool:
        """Whether it would be given in a stronger form than now."""
        return self.after.code > self.before.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What the gate found.

    Attributes:
        customers: How many people have such data, and may be read for the purpose now.
        fields: What every field of these categories would become.
        consent: Whether only those count who have consented.
        open: Whether the purpose can be read for at all now.
    """

    customers: int
    fields: tuple[FieldChange, ...]
    consent: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """Counts without opening anything."""

    measure: Callable[[Session, ReachQuestion, datetime], Reached]


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """What a grant would do."""

    holders: Holders
    reached: Reached

    @property
    def customers(self) -> int | None:
        """How many customers; None where they are fewer than ten."""
        return None if self.reached.customers < SMALLEST_COUNT else self.reached.customers


@dataclass(frozen=True, slots=True, kw_only=True)
class Laboratory:
    """What a simulation takes."""

    attestor: Attestor
    reach: Reach


def simulate_grant(session: Session, laboratory: Laboratory, now: datetime, command: SimulateGrant) -> Simulation:
    """Say what a grant would open. The caller records `simulation_fact`.

    Raises:
        RoleCannotHoldError: If the role works without customers' data.
        FormError: If the form gives nothing, or does not go with the action.
        PurposeNotFoundError: If the register declares no such purpose.
        NotRecipientError, BeyondDeclarationError: If the register does not allow such a grant.
        AttestationError, PolicySetError: If what decides was altered outside Égide.
    """
    for category in in_order(command.categories):
        check_terms(
            RequestGrant(
                role=command.role,
                purpose=command.purpose,
                category=category,
                action=command.action,
                form=command.form,
            )
        )
    purpose = declared_purpose(session, laboratory.attestor, command.purpose)
    question = ReachQuestion(
        role=command.role,
        purpose=purpose.slug,
        pairs=declared_pairs(purpose, command.role, command.categories, command.kinds),
        action=command.action,
        form=command.form,
    )
    reached = laboratory.reach.measure(session, question, now)
    return Simulation(holders=holders_of(session, [command.role], now)[command.role], reached=reached)


def simulation_fact(actor: Actor, command: SimulateGrant, simulation: Simulation) -> Fact:
    """Return the fact that somebody counted; a small count stays out of it."""
    details: dict[str, JsonValue] = {
        "verb": "simulate",
        "role": command.role.value,
        "categories": [category.value for category in in_order(command.categories)],
        "action": command.action.value,
        "form": command.form.value,
        "holders": simulation.holders.all,
        "customers": simulation.customers,
    }
    return Fact(
        retention=Retention.SECURITY,
        action=Action.CHECK,
        actor=actor,
        object_type="grant",
        purpose=command.purpose,
        details=details,
    )
