"""What is refused about grants."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import DomainError, mark


@dataclass(kw_only=True, eq=False)
class PolicyError(DomainError):
    """Base of all errors about grants."""


@dataclass(kw_only=True, eq=False)
class GrantNotFoundError(PolicyError):
    """No grant has this identifier."""

    message: ClassVar[str] = mark("There is no grant {grant_id}.")
    grant_id: str


@dataclass(kw_only=True, eq=False)
class PersonRequiredError(PolicyError):
    """A decision that a program, or the host alone, cannot take."""

    message: ClassVar[str] = mark("Grants are asked for and decided by people: sign in, or name an account.")


@dataclass(kw_only=True, eq=False)
class NotForYouError(PolicyError):
    """Something that is for other roles to do."""

    message: ClassVar[str] = mark("To {verb} a grant is for {roles}.")
    verb: str
    roles: str


@dataclass(kw_only=True, eq=False)
class NotYourPurposeError(PolicyError):
    """The head of a business line asks for the purposes of that line only."""

    message: ClassVar[str] = mark("The purpose {purpose} belongs to another business line.")
    purpose: str


@dataclass(kw_only=True, eq=False)
class RoleCannotHoldError(PolicyError):
    """A role that works without customers' data."""

    message: ClassVar[str] = mark("The role {role} cannot hold grants: it works without customers' data.")
    role: str


@dataclass(kw_only=True, eq=False)
class NotRecipientError(PolicyError):
    """A role that the register does not name as a recipient."""

    message: ClassVar[str] = mark(
        "The register does not name {role} as a recipient for {purpose} (GDPR Art. 30(1)(d))."
    )
    role: str
    purpose: str


@dataclass(kw_only=True, eq=False)
class BeyondDeclarationError(PolicyError):
    """A grant of more than the purpose declares."""

    message: ClassVar[str] = mark("{purpose} does not declare {category} of {kind} (GDPR Art. 5(1)(c)).")
    purpose: str
    category: str
    kind: str


@dataclass(kw_only=True, eq=False)
class ValidityError(PolicyError):
    """A validity that is empty, past or too long."""

    message: ClassVar[str] = mark("A grant begins now or within {limit_days} days, and holds for at most as long.")
    limit_days: int


@dataclass(kw_only=True, eq=False)
class FormError(PolicyError):
    """A form that gives nothing, or that does not go with the action."""

    message: ClassVar[str] = mark("The form {form} does not go with {action}.")
    form: str
    action: str


@dataclass(kw_only=True, eq=False)
class OwnRequestError(PolicyError):
    """Who asks cannot approve."""

    message: ClassVar[str] = mark("Grant {grant_id} must be approved by somebody else than who asked for it.")
    grant_id: str


@dataclass(kw_only=True, eq=False)
class GrantSettledError(PolicyError):
    """A grant that is approved, revoked or expired already."""

    message: ClassVar[str] = mark("Grant {grant_id} is {state}: it cannot be approved.")
    grant_id: str
    state: str
