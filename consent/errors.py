"""What is refused about consents. No error names a person other than by number, nor a value."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import DomainError, mark


@dataclass(kw_only=True, eq=False)
class ConsentError(DomainError):
    """Base of all errors about consents and objections."""


@dataclass(kw_only=True, eq=False)
class NotForYouError(ConsentError):
    """Something that is for other roles to do."""

    message: ClassVar[str] = mark("Consents are recorded and looked up by {roles}.")
    roles: str


@dataclass(kw_only=True, eq=False)
class PersonNotFoundError(ConsentError):
    """No data subject has this number, or they were erased: nothing is kept about them any more."""

    message: ClassVar[str] = mark("There is no data subject {subject_id}, or they were erased.")
    subject_id: int


@dataclass(kw_only=True, eq=False)
class NotAskedError(ConsentError):
    """A purpose that does not rest on consent. Asking for it all the same would mislead people."""

    message: ClassVar[str] = mark("The purpose {purpose} does not rest on consent, so none is asked for it.")
    purpose: str


@dataclass(kw_only=True, eq=False)
class PurposeNotInForceError(ConsentError):
    """Nobody can agree to a purpose that the controller has not activated."""

    message: ClassVar[str] = mark("The purpose {purpose} is not in force: people cannot agree to it yet, or any more.")
    purpose: str


@dataclass(kw_only=True, eq=False)
class OperatorRequiredError(ConsentError):
    """What is said or signed is heard or seen by somebody."""

    message: ClassVar[str] = mark("Consent by {method} names the person who received it: a program cannot.")
    method: str


@dataclass(kw_only=True, eq=False)
class FutureEventError(ConsentError):
    """Nothing has happened yet in the future."""

    message: ClassVar[str] = mark("The event is dated in the future.")


@dataclass(kw_only=True, eq=False)
class ExpiryError(ConsentError):
    """An expiry that lies before its event, or on an event that gives nothing."""

    message: ClassVar[str] = mark("Only given and renewed consent expires, and after it was given.")


@dataclass(kw_only=True, eq=False)
class NoObjectionRightError(ConsentError):
    """A basis against which the law gives no right to object."""

    message: ClassVar[str] = mark("The purpose {purpose} rests on {basis}: there is no right to object (GDPR Art. 21).")
    purpose: str
    basis: str


@dataclass(kw_only=True, eq=False)
class ConsentNotFoundError(ConsentError):
    """Nothing was ever recorded under this reference."""

    message: ClassVar[str] = mark("Nothing is recorded under this reference.")


@dataclass(kw_only=True, eq=False)
class PreferenceLinkError(ConsentError):
    """A link to one's choices that is wrong, has ended, or is about somebody who was erased: all are told alike."""

    message: ClassVar[str] = mark(
        "This link opens nothing any more. Take the one of a newer message, or write to the organisation that wrote to "
        "you."
    )


@dataclass(kw_only=True, eq=False)
class BatchTooLargeError(ConsentError):
    """More events than one transaction should hold."""

    message: ClassVar[str] = mark("At most {limit} events are recorded at once.")
    limit: int


@dataclass(kw_only=True, eq=False)
class GuardianRequiredError(ConsentError):
    """A minor under 15 agrees together with a holder of parental authority. GDPR Art. 8, LIL art. 45."""

    message: ClassVar[str] = mark(
        "Under 15, the minor and a holder of parental authority agree together. Say who the latter is, and how they "
        "agreed."
    )
