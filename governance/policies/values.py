"""The words of requests and reviews, and what the gate reads of the grants: frozen, verified, indexed."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from governance.actor import Role
from governance.errors import mark
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind


class RequestSubject(StrEnum):
    """What is asked for."""

    ROLE = mark("role")
    DATA = "data"


class RequestState(StrEnum):
    """Where a request stands. What was decided or withdrawn stays so; who still wants it asks again."""

    WAITING = mark("waiting")
    APPROVED = mark("approved")
    REFUSED = mark("refused")
    WITHDRAWN = mark("withdrawn")


class Advice(StrEnum):
    """What the data protection officer thinks of a request. GDPR Art. 39(1)(a)."""

    FAVOURABLE = "favourable"
    UNFAVOURABLE = "unfavourable"


class Verdict(StrEnum):
    """What came of looking at a grant again."""

    KEEP = mark("keep")
    TAKE_BACK = mark("take-back")


class GrantOnFile(NamedTuple):
    """An approved and unrevoked grant whose attestation holds. Its validity is the reader's to compare with the time.

    A named tuple, for ten thousand of them are made at each policy epoch, and a frozen dataclass takes eight times as
    long to make.

    Attributes:
        valid_from: The first moment it holds.
        valid_to: The first moment it holds no more.
    """

    id: uuid.UUID
    role: Role
    purpose_id: int
    subject_kind: SubjectKind
    category: DataCategory
    action: GrantedAction
    form: Form
    exact_lookup: bool
    valid_from: datetime
    valid_to: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantProblem:
    """A grant that was left out because its attestation does not hold."""

    grant_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantBook:
    """Every grant on file. Where several grants overlap, the strongest form wins: see docs/adr/0042.

    Attributes:
        by_role_and_purpose: The grants of a role for a purpose's number.
        problems: The grants that were left out, and so give nothing.
    """

    by_role_and_purpose: Mapping[tuple[Role, int], tuple[GrantOnFile, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    problems: tuple[GrantProblem, ...] = ()

    def of(self, role: Role, purpose_id: int) -> tuple[GrantOnFile, ...]:
        """Return the grants of a role for a purpose; none is an empty tuple."""
        return self.by_role_and_purpose.get((role, purpose_id), ())

    def __len__(self) -> int:
        return sum(len(grants) for grants in self.by_role_and_purpose.values())
