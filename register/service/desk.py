"""What the use cases that write the register take with them."""

from dataclasses import dataclass

from governance.clock import Clock
from governance.ids import IdSource
from governance.vault.attest import Attestor


@dataclass(frozen=True, slots=True)
class Desk:
    """What writing proposals takes: a clock, new identifiers, and who vouches for rows."""

    clock: Clock
    ids: IdSource
    attestor: Attestor
