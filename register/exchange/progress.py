"""How far the import of one file has come: what was chosen at its beginning, and what was drafted of it since.

What was chosen holds for every portion, whatever the register holds by then and whatever is said when it goes on.
"""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Self

import orjson
from sqlalchemy.orm import Session

from governance.vault.sealed_values import SealedValues
from register.exchange.models import RegisterImport
from register.exchange.placed import ReadRegister

# As long as a file waits.
KEPT: Final = timedelta(hours=24)
# What it is sealed as.
_SEALED: Final = "register-import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """An activity of a file that is drafted.

    Attributes:
        place: Its place in the file, from 0.
        slug: Under which reference.
        number: What its names get behind them, for one of them is taken; 0 for nothing.
    """

    place: int
    slug: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """An import under way.

    Attributes:
        chosen: What is drafted, in the order of the file.
        left_out: How many activities are not.
        drafted: The slugs of the drafts so far.
        parties: The organisations that it put on file.
        measures: How many measures it added to the catalogue.
        contracts: How many contracts it put on file.
    """

    chosen: Sequence[Chosen]
    left_out: int
    drafted: tuple[str, ...] = ()
    parties: tuple[uuid.UUID, ...] = ()
    measures: int = 0
    contracts: int = 0

    @property
    def finished(self) -> bool:
        """Say whether nothing is left to draft."""
        return len(self.drafted) == len(self.chosen)

    def to_bytes(self) -> bytes:
        """Return all of it, to be sealed."""
        return orjson.dumps(self)

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Return what was sealed."""
        told = orjson.loads(content)
        chosen = [Chosen(**each) for each in told.pop("chosen")]
        drafted, parties = tuple(told.pop("drafted")), tuple(uuid.UUID(each) for each in told.pop("parties"))
        return cls(chosen=chosen, drafted=drafted, parties=parties, **told)


def digest_of(register: ReadRegister) -> str:
    """Return what names an import: SHA-256 of the file's digest and of everything that was read of it."""
    read = hashlib.sha256(register.digest.encode())
    for each in register.activities:
        read.update(orjson.dumps([each.activity, sorted(each.guessed)]))
    return read.hexdigest()


def read_progress(session: Session, sealed: SealedValues, account: uuid.UUID, digest: str) -> Progress | None:
    """Return how far an import has come; None where none is under way.

    Raises:
        AttestationError: If it was altered, or is another's.
    """
    row = session.get(RegisterImport, (account, digest))
    return None if row is None else Progress.from_bytes(sealed.open(row.state, _SEALED, account, digest))


def seal_progress(sealed: SealedValues, account: uuid.UUID, digest: str, progress: Progress) -> bytes:
    """Return how far an import has come, sealed to its account and to what is imported."""
    return sealed.seal(progress.to_bytes(), _SEALED, account, digest)
