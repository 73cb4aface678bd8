"""What a person is reached by, in one spelling: the values that refusals are kept about and found by.

Who opens them is above this room, for they lie behind the gate. A postal address is none of them: it has no
one spelling (docs/adr/0104).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.orm import Session

from governance.vault.normal_forms import normalise
from governance.vocabulary import Coded


class IdentifierKind(Coded):
    """What an identifier is. The slugs are those of the data map's kinds of fields; stored as its code."""

    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Identifier:
    """An address or a number in its normal form. It is somebody's, so it has no repr."""

    kind: IdentifierKind
    form: str = field(repr=False)

    @classmethod
    def of(cls, kind: IdentifierKind, value: str) -> "Identifier":
        """Return the identifier that somebody wrote.

        Raises:
            LookupValueError: If it is not of the kind; never shows the value.
        """
        return cls(kind, normalise(kind.value, value))


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownBy:
    """What a person is known by.

    Attributes:
        identifiers: Theirs, of every row that is about them.
        unread: How many rows did not open, for they were altered outside Égide: what they say is not known.
    """

    identifiers: frozenset[Identifier] = frozenset()
    unread: int = 0


NOBODY: Final = KnownBy()


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Opens identifiers and finds who has them, for keyed hashes alone: nothing that it tells leaves the house.

    Attributes:
        of: What a person is known by, by their number, in the caller's transaction.
        holders: The numbers of the people on file who have one of the identifiers.
    """

    of: Callable[[Session, int], KnownBy]
    holders: Callable[[Session, Collection[Identifier]], set[int]]
