"""What can go wrong with oversight."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import DomainError, mark


@dataclass(kw_only=True, eq=False)
class OversightError(DomainError):
    """Base of oversight's errors. Never raised itself."""


@dataclass(kw_only=True, eq=False)
class UnknownHolderError(OversightError):
    """Neither an account nor a token."""

    message: ClassVar[str] = mark("There is neither an account nor a token here.")


@dataclass(kw_only=True, eq=False)
class OwnAccountError(OversightError):
    """Somebody who would shut themselves out, perhaps by mistake."""

    message: ClassVar[str] = mark("This is your own account: ask somebody else to close it.")


@dataclass(kw_only=True, eq=False)
class NothingWaitsError(OversightError):
    """A decision about what does not wait for one, or no longer."""

    message: ClassVar[str] = mark("Nothing waits here any more: somebody decided meanwhile.")
