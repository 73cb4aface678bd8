"""What the register refuses of what stands for several activities: contracts, measures, decisions on adequacy."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import mark
from register.errors import RegisterError


@dataclass(kw_only=True, eq=False)
class ContractNotFoundError(RegisterError):
    """No contract has this identifier."""

    message: ClassVar[str] = mark("There is no contract {reference}.")
    reference: str


@dataclass(kw_only=True, eq=False)
class ContractDatesError(RegisterError):
    """A contract that would end before it was signed."""

    message: ClassVar[str] = mark("A contract ends after the day on which it was signed, and is signed before it ends.")


@dataclass(kw_only=True, eq=False)
class MeasureNotFoundError(RegisterError):
    """The catalogue has no such measure."""

    message: ClassVar[str] = mark("There is no measure {reference}.")
    reference: str


@dataclass(kw_only=True, eq=False)
class AdequacyNotFoundError(RegisterError):
    """There is no such decision on adequacy."""

    message: ClassVar[str] = mark("There is no decision on adequacy {reference}.")
    reference: str


@dataclass(kw_only=True, eq=False)
class AdequacyDatesError(RegisterError):
    """A decision on adequacy that contradicts itself."""

    message: ClassVar[str] = mark(
        "A decision ends after it was taken, and its scope stands in both languages or in none."
    )


@dataclass(kw_only=True, eq=False)
class CountryUnknownError(RegisterError):
    """No country has this code."""

    message: ClassVar[str] = mark("There is no country {country}: give the two letters of ISO 3166-1.")
    country: str
