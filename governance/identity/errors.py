"""What identity refuses. No error names an e-mail address, a name or a secret."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import DomainError, mark


@dataclass(kw_only=True, eq=False)
class IdentityError(DomainError):
    """Base of this room's errors."""


@dataclass(kw_only=True, eq=False)
class InvalidEmailError(IdentityError):
    """An address that cannot be one."""

    message: ClassVar[str] = mark("This is not an e-mail address.")


@dataclass(kw_only=True, eq=False)
class EmailTakenError(IdentityError):
    """Two accounts with one e-mail."""

    message: ClassVar[str] = mark("An account with this e-mail address exists already.")


@dataclass(kw_only=True, eq=False)
class WeakPasswordError(IdentityError):
    """A password that the few rules refuse; `rule` names the rule."""

    message: ClassVar[str] = mark("This password cannot be used: {rule}.")
    rule: str


@dataclass(kw_only=True, eq=False)
class ConfirmationsSpentError(IdentityError):
    """Too many wrong passwords in one session: it is closed."""

    message: ClassVar[str] = mark("Too many wrong passwords: this session has ended. Sign in again.")


@dataclass(kw_only=True, eq=False)
class UnknownAccountError(IdentityError):
    """An account that does not exist."""

    message: ClassVar[str] = mark("There is no such account.")


@dataclass(kw_only=True, eq=False)
class AccountDisabledError(IdentityError):
    """An account that was closed."""

    message: ClassVar[str] = mark("This account is disabled.")


@dataclass(kw_only=True, eq=False)
class CredentialsRefusedError(IdentityError):
    """A sign-in that failed. The reason is never told: it would say whether the person is known."""

    message: ClassVar[str] = mark("The e-mail address or the password is not right.")


@dataclass(kw_only=True, eq=False)
class SignInLockedError(IdentityError):
    """Too many failures for one e-mail address, known or not."""

    message: ClassVar[str] = mark("Too many attempts. Try again in {retry_after_seconds} seconds.")
    retry_after_seconds: int


@dataclass(kw_only=True, eq=False)
class TokenRefusedError(IdentityError):
    """A token that is unknown, expired, revoked, or waits for its countersignature."""

    message: ClassVar[str] = mark("This token is not valid.")


@dataclass(kw_only=True, eq=False)
class TokenNeededError(IdentityError):
    """A command that acts for a person, without that person's token."""

    message: ClassVar[str] = mark("Acting for this account needs its own token: set EGIDE_TOKEN.")


@dataclass(kw_only=True, eq=False)
class UnknownTokenError(IdentityError):
    """A token that does not exist."""

    message: ClassVar[str] = mark("There is no such token.")


@dataclass(kw_only=True, eq=False)
class TokenNameTakenError(IdentityError):
    """Two live tokens of one name."""

    message: ClassVar[str] = mark("A token with this name exists already.")


@dataclass(kw_only=True, eq=False)
class EndsInThePastError(IdentityError):
    """A validity that would end before it begins."""

    message: ClassVar[str] = mark("The end must lie in the future.")


@dataclass(kw_only=True, eq=False)
class RoleTooLongError(IdentityError):
    """A role that nobody would have to renew."""

    message: ClassVar[str] = mark("A role lasts {limit_days} days at most; it can be renewed.")
    limit_days: int


@dataclass(kw_only=True, eq=False)
class TokenTooLongError(IdentityError):
    """A token that nobody would have to think of for too long."""

    message: ClassVar[str] = mark("This token lasts {limit_days} days at most.")
    limit_days: int


@dataclass(kw_only=True, eq=False)
class RoleNotHeldError(IdentityError):
    """A role that the person does not hold, asked for their own token or to be taken back."""

    message: ClassVar[str] = mark("This account does not hold the role {role}.")
    role: str


@dataclass(kw_only=True, eq=False)
class RoleAlreadyHeldError(IdentityError):
    """A role assigned twice."""

    message: ClassVar[str] = mark("This account holds the role {role} already, or waits for its countersignature.")
    role: str


@dataclass(kw_only=True, eq=False)
class RoleConflictError(IdentityError):
    """Two roles that one person should not hold."""

    message: ClassVar[str] = mark("{role} conflicts with {held}, which this account holds.")
    role: str
    held: str


@dataclass(kw_only=True, eq=False)
class NotPermittedError(IdentityError):
    """Something that only another role may do."""

    message: ClassVar[str] = mark("Only {needed} may do this.")
    needed: str


@dataclass(kw_only=True, eq=False)
class ControllerAlreadyNamedError(IdentityError):
    """A first controller named twice."""

    message: ClassVar[str] = mark("A controller was named already: only a controller can name another.")


@dataclass(kw_only=True, eq=False)
class NothingToCountersignError(IdentityError):
    """A countersignature for something that does not wait for one."""

    message: ClassVar[str] = mark("Nothing here waits for a countersignature.")


@dataclass(kw_only=True, eq=False)
class DeclineReasonMissingError(IdentityError):
    """Whoever proposed a role reads why it was turned down."""

    message: ClassVar[str] = mark("Say why: whoever asked for the role reads it.")


@dataclass(kw_only=True, eq=False)
class LinkRefusedError(IdentityError):
    """A one-time link that is unknown, expired or used."""

    message: ClassVar[str] = mark("This link is no longer valid. Ask for a new one.")


@dataclass(kw_only=True, eq=False)
class AdministratorExistsError(IdentityError):
    """A link for the first administrator, where there is one."""

    message: ClassVar[str] = mark("An administrator exists already.")


@dataclass(kw_only=True, eq=False)
class UnknownSessionError(IdentityError):
    """A session that does not exist, or belongs to somebody else."""

    message: ClassVar[str] = mark("There is no such session.")


@dataclass(kw_only=True, eq=False)
class AccountInUseError(IdentityError):
    """The last administrator or controller, who cannot be disabled."""

    message: ClassVar[str] = mark("This account is the last {role}: name another first.")
    role: str


@dataclass(kw_only=True, eq=False)
class SecondFactorRefusedError(IdentityError):
    """A code that is wrong, of another time, or used already; which, is not told."""

    message: ClassVar[str] = mark("This code is not right, or was used already.")


@dataclass(kw_only=True, eq=False)
class PasskeyRefusedError(IdentityError):
    """An answer of a passkey that does not hold; why, is not told."""

    message: ClassVar[str] = mark("This passkey was not accepted. Try again, or use another way.")


@dataclass(kw_only=True, eq=False)
class PasswordRefusedError(IdentityError):
    """A password asked for again, and wrong."""

    message: ClassVar[str] = mark("This is not your password.")


@dataclass(kw_only=True, eq=False)
class FreshSecondFactorNeededError(IdentityError):
    """A change of what protects an account, long after its person last showed who they are."""

    message: ClassVar[str] = mark("Confirm first that it is you, then do this again. Nothing was changed.")


@dataclass(kw_only=True, eq=False)
class UnknownFactorError(IdentityError):
    """A second factor that does not exist, or belongs to somebody else."""

    message: ClassVar[str] = mark("There is no such second factor.")


@dataclass(kw_only=True, eq=False)
class FactorInUseError(IdentityError):
    """The last second factor of somebody whose role requires one."""

    message: ClassVar[str] = mark(
        "One of your roles requires a second factor: add another one before removing this one."
    )


@dataclass(kw_only=True, eq=False)
class FactorLimitError(IdentityError):
    """More second factors than anybody keeps track of."""

    message: ClassVar[str] = mark("You have {limit} second factors already: remove one first.")
    limit: int


@dataclass(kw_only=True, eq=False)
class FactorTakenError(IdentityError):
    """A second factor added twice."""

    message: ClassVar[str] = mark("This second factor was added already.")


@dataclass(kw_only=True, eq=False)
class NoSecondFactorError(IdentityError):
    """Recovery codes for somebody who has nothing to recover."""

    message: ClassVar[str] = mark("Add a second factor first: recovery codes stand in for it.")


@dataclass(kw_only=True, eq=False)
class PasskeysUnavailableError(IdentityError):
    """Passkeys, where people reach the service by a number or without encryption."""

    message: ClassVar[str] = mark("Passkeys need an address with a name, over https: set EGIDE_BASE_URL.")


@dataclass(kw_only=True, eq=False)
class OpenIdUnavailableError(IdentityError):
    """A provider that does not answer, or does not describe itself as it must."""

    message: ClassVar[str] = mark(
        "The sign-in service of your company cannot be reached. Try again, or use your password."
    )


@dataclass(kw_only=True, eq=False)
class OpenIdRefusedError(IdentityError):
    """An answer of the provider that does not hold: forged, replayed, too old, for somebody else. Why, is not told."""

    message: ClassVar[str] = mark("The sign-in through your company was not completed. Start again.")


@dataclass(kw_only=True, eq=False)
class OpenIdNotLinkedError(IdentityError):
    """A link to take back where there is none."""

    message: ClassVar[str] = mark("This account is not linked to the provider.")


@dataclass(kw_only=True, eq=False)
class OpenIdUnknownError(IdentityError):
    """Somebody whose identity opens no account here. It does not say whether they have one."""

    message: ClassVar[str] = mark(
        "No account can be opened this way yet. If you have one, sign in with your password, then link it on the page "
        "of your account; otherwise ask your administrator."
    )


@dataclass(kw_only=True, eq=False)
class OpenIdTakenError(IdentityError):
    """An identity that opens another account, or an account that another identity opens."""

    message: ClassVar[str] = mark("This sign-in is linked already, to this account or to another one.")


@dataclass(kw_only=True, eq=False)
class OnlyWayInError(IdentityError):
    """A link to the provider, taken back from somebody who has no password."""

    message: ClassVar[str] = mark("This is the only way into the account: choose a password first.")


@dataclass(kw_only=True, eq=False)
class AnotherControllerNeededError(IdentityError):
    """A controller about to put in force what concerns them, or whoever named them, where another one could."""

    message: ClassVar[str] = mark(
        "This concerns you, an account that you made, or whoever made you a controller or had a way into your account "
        "in hand within the last 30 days: another controller confirms it. Where the other one has just lost the role, "
        "nobody confirms it for 30 days. Where nobody else is there, the person who runs the server can make the "
        "account in your place (egide user add EMAIL --role ROLE), and you confirm it."
    )


class LinkByMailError(IdentityError):
    """A controller who would see the link of somebody whose roles are confirmed, although there is another one."""

    message: ClassVar[str] = mark(
        "Whoever sees this link could be that person. So where there is another controller, it is mailed to them; "
        "without mail, the host makes it: egide user link."
    )


@dataclass(kw_only=True, eq=False)
class RoleNotForProgramsError(IdentityError):
    """A role that decides, confirms or looks into everything, for a program."""

    message: ClassVar[str] = mark(
        "No program acts in the role {role}: somebody who holds it makes a token of their own."
    )
    role: str
