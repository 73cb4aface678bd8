"""What may be asked for, and how what is asked for is said to the services."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from governance.actor import Role
from governance.policies.errors import BeyondDeclarationError, NotRecipientError, RequestEndError
from governance.policies.terms import MAX_DAYS
from governance.policies.values import Advice
from governance.vocabulary import Coded, DataCategory, Form, GrantedAction, SubjectKind
from register.values import DeclaredPurpose

_Word = TypeVar("_Word", bound=Coded)
# Shorter than a grant that the owner asks for: a personal wish is for a task.
WISH_DAYS: Final = 90
# A controller and an administrator are named, and `service` is for programs.
ASKED_ROLES: Final = tuple(role for role in Role if role not in {Role.CONTROLLER, Role.ADMIN, Role.SERVICE})


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRole:
    """A role that somebody asks for.

    Attributes:
        valid_until: When it shall end; None for 90 days from now.
    """

    role: Role
    reason: str
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskData:
    """More data for a role that somebody holds.

    Attributes:
        purpose: The purpose's slug.
        kinds: The kinds of people; None for all of which the purpose declares any of the categories.
        valid_until: When it shall end; None for 90 days from now.
    """

    role: Role
    purpose: str
    categories: frozenset[DataCategory]
    reason: str
    kinds: frozenset[SubjectKind] | None = None
    action: GrantedAction = GrantedAction.READ
    form: Form = Form.CLEAR
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveRequest:
    """What is given of what was asked for. What is None is given as asked.

    Attributes:
        no_second_person: The firm has nobody else for a role that conflicts, so that it is accepted and flagged.
    """

    request_id: uuid.UUID
    categories: frozenset[DataCategory] | None = None
    form: Form | None = None
    valid_until: datetime | None = None
    because: str = ""
    no_second_person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviseRequest:
    """An opinion on a request, and its reason."""

    request_id: uuid.UUID
    advice: Advice
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseRequest:
    """A request to refuse, and why."""

    request_id: uuid.UUID
    because: str


def end_of(valid_until: datetime | None, now: datetime) -> datetime:
    """Return when what is asked for shall end.

    Raises:
        RequestEndError: If that lies in the past, or too far ahead.
    """
    end = now + timedelta(days=WISH_DAYS) if valid_until is None else valid_until
    if not now < end <= now + timedelta(days=MAX_DAYS):
        raise RequestEndError(limit_days=MAX_DAYS)
    return end


def declared_pairs(
    purpose: DeclaredPurpose, role: Role, categories: Iterable[DataCategory], kinds: frozenset[SubjectKind] | None
) -> list[tuple[SubjectKind, DataCategory]]:
    """Return the pairs of kind and category, among those asked for, that the purpose declares.

    Raises:
        NotRecipientError: If the register does not name the role as a recipient.
        BeyondDeclarationError: If the purpose declares a category of none of the kinds.
    """
    if role not in purpose.recipients:
        raise NotRecipientError(role=role, purpose=purpose.slug)
    wanted = kinds or frozenset(SubjectKind)
    pairs: list[tuple[SubjectKind, DataCategory]] = []
    for category in in_order(categories):
        found = [(kind, category) for kind in in_order(wanted) if (kind, category) in purpose.data]
        if not found:
            raise BeyondDeclarationError(purpose=purpose.slug, category=category, kind=in_order(wanted)[0])
        pairs += found
    return pairs


def in_order(words: Iterable[_Word]) -> list[_Word]:
    """Return words in the order of their vocabulary."""
    return sorted(words, key=lambda word: word.code)
