"""What this room needs of the house; the roof builds it (`governance.wiring.Wired`)."""

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy.orm import Session

from audit.log import Log
from governance.clock import Clock
from governance.database import Database
from governance.gate.gate import Gate
from governance.identity.passwords import PasswordHasher
from governance.ids import IdSource
from governance.settings import Settings
from governance.vault.attest import Attestor
from governance.vault.keyring import Keyring


class House(Protocol):
    """The house, built."""

    @property
    def settings(self) -> Settings:
        """What the host decided."""
        ...

    @property
    def clock(self) -> Clock:
        """The time."""
        ...

    @property
    def ids(self) -> IdSource:
        """Where new identifiers come from."""
        ...

    @property
    def database(self) -> Database:
        """Égide's own database."""
        ...

    @property
    def keyring(self) -> Keyring:
        """The keys in use."""
        ...

    @property
    def attestor(self) -> Attestor:
        """What signs and checks what decides."""
        ...

    @property
    def log(self) -> Log:
        """The log."""
        ...

    @property
    def gate(self) -> Gate:
        """The only door to governed rows."""
        ...

    @property
    def passwords(self) -> PasswordHasher:
        """How passwords are kept."""
        ...

    def read(self) -> AbstractContextManager[Session]:
        """Open a transaction that changes nothing."""
        ...

    def write(self) -> AbstractContextManager[Session]:
        """Open a transaction that records what it changes, and commits when the block ends without an error."""
        ...
