"""What a grant may say: for whom, of what, in which form, how long."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from governance.actor import BUSINESS_ROLES, Role
from governance.policies.errors import (
    BeyondDeclarationError,
    FormError,
    NotRecipientError,
    RoleCannotHoldError,
    ValidityError,
)
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind
from register.values import DeclaredPurpose

MAX_DAYS: Final = 400
DEFAULT_DAYS: Final = 365
HOLDERS: Final = BUSINESS_ROLES | {Role.DPO}
READING: Final = frozenset({GrantedAction.READ, GrantedAction.EXPORT})


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestGrant:
    """A grant to ask for.

    Attributes:
        purpose: The purpose's slug.
        kinds: The kinds of data subject; None for all of which the purpose declares the category.
        exact_lookup: Whether rows may be looked up by the exact value of fields that are not given clear.
        valid_from: When it begins; None for now.
        valid_to: When it ends; None for a year later.
    """

    role: Role
    purpose: str
    category: DataCategory
    kinds: frozenset[SubjectKind] | None = None
    action: GrantedAction = GrantedAction.READ
    form: Form = Form.CLEAR
    exact_lookup: bool = False
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    reason: str = ""


def check_terms(command: RequestGrant) -> None:
    """Refuse what no purpose could make right.

    Raises:
        RoleCannotHoldError: If the role works without customers' data.
        FormError: If the form gives nothing, or does not go with the action.
    """
    if command.role not in HOLDERS:
        raise RoleCannotHoldError(role=command.role)
    gives_nothing = command.form is Form.WITHHELD
    # What is written is written in clear, and written without being looked up.
    odd = command.action not in READING and (command.form is not Form.CLEAR or command.exact_lookup)
    if gives_nothing or odd:
        raise FormError(form=command.form, action=command.action)


def kinds_of(purpose: DeclaredPurpose, command: RequestGrant) -> list[SubjectKind]:
    """Return the kinds asked for, or all that the purpose declares with the category.

    Raises:
        NotRecipientError, BeyondDeclarationError: If it is more than the purpose declares.
    """
    declared = {kind for kind, category in purpose.data if category is command.category}
    kinds = command.kinds or declared or frozenset(SubjectKind)
    check_declared(purpose, command.role, command.category, kinds)
    return sorted(kinds, key=lambda kind: kind.code)


def check_declared(purpose: DeclaredPurpose, role: Role, category: DataCategory, kinds: Iterable[SubjectKind]) -> None:
    """Refuse more than the register declares. GDPR Art. 5(1)(c).

    Raises:
        NotRecipientError: If the register does not name the role as a recipient.
        BeyondDeclarationError: If the purpose does not declare the category of a kind.
    """
    if role not in purpose.recipients:
        raise NotRecipientError(role=role, purpose=purpose.slug)
    for kind in sorted(kinds, key=lambda kind: kind.code):
        if (kind, category) not in purpose.data:
            raise BeyondDeclarationError(purpose=purpose.slug, category=category, kind=kind)


def validity_of(command: RequestGrant, now: datetime) -> tuple[datetime, datetime]:
    """Return from when and to when the grant holds.

    Raises:
        ValidityError: If that is empty, past or too long.
    """
    longest = timedelta(days=MAX_DAYS)
    valid_from = now if command.valid_from is None else command.valid_from
    if not now <= valid_from <= now + longest:
        raise ValidityError(limit_days=MAX_DAYS)
    valid_to = valid_from + timedelta(days=DEFAULT_DAYS) if command.valid_to is None else command.valid_to
    if not timedelta(0) < valid_to - valid_from <= longest:
        raise ValidityError(limit_days=MAX_DAYS)
    return valid_from, valid_to
