"""What the exchange of the register works with."""

from dataclasses import dataclass, field

from governance.database import Database
from governance.vault.sealed_values import SealedValues
from register.service import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeDesk:
    """Opens its own transactions: a file is read and checked while none is held.

    Attributes:
        writing: What writing proposals takes.
        sealed: Seals what waits.
    """

    database: Database = field(repr=False)
    writing: Desk = field(repr=False)
    sealed: SealedValues = field(repr=False)
