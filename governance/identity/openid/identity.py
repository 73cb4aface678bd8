"""Who somebody is, on the provider's word."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvidedIdentity:
    """Somebody as the provider knows them, everything it said checked.

    Attributes:
        email: As it writes it, and only where it says that it checked it.
        groups: Empty where it names none.
        second_factor: Whether it says that more than one factor was shown.
    """

    issuer: str
    subject: str = field(repr=False)
    email: str | None = field(repr=False)
    groups: frozenset[str]
    second_factor: bool
