"""What signing up refuses. Facts hold places and slugs, never an address or a name."""

from dataclasses import dataclass
from typing import ClassVar

from governance.customers.errors import CustomersError
from governance.errors import mark


@dataclass(kw_only=True, eq=False)
class FormNotForYouError(CustomersError):
    """Something about forms that is for other roles to do."""

    message: ClassVar[str] = mark("Sign-up forms are written and opened by {roles}.")
    roles: str


@dataclass(kw_only=True, eq=False)
class FormNotFoundError(CustomersError):
    """No form has this name, or it is not open: both are told alike to whoever is not signed in."""

    message: ClassVar[str] = mark("There is no such form, or it is closed.")


@dataclass(kw_only=True, eq=False)
class FormTermsError(CustomersError):
    """A form that would ask for what cannot be asked, or in words that are not there."""

    message: ClassVar[str] = mark("The form cannot be used as it is: {reason}.")
    reason: str


@dataclass(kw_only=True, eq=False)
class NothingChosenError(CustomersError):
    """Somebody who said yes to nothing: there is nothing to confirm, and nothing is kept of them."""

    message: ClassVar[str] = mark("You said yes to nothing, so nothing was kept, not even your address.")


@dataclass(kw_only=True, eq=False)
class SignUpLinkError(CustomersError):
    """A link of a letter that is wrong, has ended or was used."""

    message: ClassVar[str] = mark("This link opens nothing any more: it has ended, or was used already.")


@dataclass(kw_only=True, eq=False)
class ForeignOriginError(CustomersError):
    """A form sent from a site that it does not belong to."""

    message: ClassVar[str] = mark("This form is not allowed on the site from which it was sent.")


@dataclass(kw_only=True, eq=False)
class NoMailError(CustomersError):
    """A form that no letter could confirm, for want of a mail server."""

    message: ClassVar[str] = mark("Nobody can sign up at the moment: no letter can be sent to confirm it.")
