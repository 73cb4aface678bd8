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


@dataclass(kw_only=True, eq=False)
class NotInForceError(PolicyError):
    """A grant to review that gives nothing."""

    message: ClassVar[str] = mark("Grant {grant_id} is {state}: there is nothing to review.")
    grant_id: str
    state: str


@dataclass(kw_only=True, eq=False)
class AccessRequestNotFoundError(PolicyError):
    """No request has this identifier, or it is somebody else's."""

    message: ClassVar[str] = mark("There is no such request.")


@dataclass(kw_only=True, eq=False)
class ReasonMissingError(PolicyError):
    """Something that takes a reason, without one."""

    message: ClassVar[str] = mark("Say why.")


@dataclass(kw_only=True, eq=False)
class RequestEndError(PolicyError):
    """An end that is past or too far ahead."""

    message: ClassVar[str] = mark("It ends after now, and within {limit_days} days.")
    limit_days: int


@dataclass(kw_only=True, eq=False)
class RoleNotAskedForError(PolicyError):
    """A role that nobody asks for."""

    message: ClassVar[str] = mark("The role {role} is given by naming somebody, not by asking.")
    role: str


@dataclass(kw_only=True, eq=False)
class RoleNotYoursError(PolicyError):
    """Data asked for a role that one does not hold."""

    message: ClassVar[str] = mark("You do not hold the role {role}: ask for the role first.")
    role: str


@dataclass(kw_only=True, eq=False)
class AskedAlreadyError(PolicyError):
    """The same asked for twice."""

    message: ClassVar[str] = mark("You have asked for this already, and it waits for a decision.")


@dataclass(kw_only=True, eq=False)
class OwnAccessRequestError(PolicyError):
    """Who asks does not decide."""

    message: ClassVar[str] = mark("What you asked for yourself is for another controller to decide.")


@dataclass(kw_only=True, eq=False)
class NotYourRequestError(PolicyError):
    """Somebody else's request to withdraw."""

    message: ClassVar[str] = mark("Only whoever asked can withdraw a request.")


@dataclass(kw_only=True, eq=False)
class RequestSettledError(PolicyError):
    """A request that was decided or withdrawn already."""

    message: ClassVar[str] = mark("This request is {state} already.")
    state: str


@dataclass(kw_only=True, eq=False)
class MoreThanAskedError(PolicyError):
    """An approval of more than was asked for."""

    message: ClassVar[str] = mark("A request is approved as it was asked, or for less.")


@dataclass(kw_only=True, eq=False)
class OpinionGivenError(PolicyError):
    """An opinion is given once, so that nobody reads another than the one that stood before the decision."""

    message: ClassVar[str] = mark("An opinion was given on this request already.")
