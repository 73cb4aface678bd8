"""The policies in force, as this process knows them: one snapshot, replaced when the policy epoch moves.

The snapshot at hand may be old for as long as nobody compares it with the database. So a plan made from it is used only
where the epoch is compared before anything is released (`is_current`), and a refusal counts only after that comparison.
What fails to verify closes: no snapshot, no plan.
"""

import threading
from typing import Final

from governance.database import Database
from governance.datamap.values import DataMap
from governance.garbage import uncollected
from governance.gate.connections import ReadConnections
from governance.gate.errors import PolicyUnsettledError
from governance.gate.snapshot import PolicySnapshot, load_snapshot
from governance.vault.attest import Attestor

_ATTEMPTS: Final = 5
# Epoch and digest: a database that was put back and went on may reach an epoch twice, but not its digest.
_EPOCH: Final = "SELECT epoch, digest FROM policy_epoch WHERE id = 1"
_NOTHING_DECIDED: Final = 0


class PolicyCache:
    """Holds the snapshot. Thread-safe."""

    def __init__(self, database: Database, connections: ReadConnections, attestor: Attestor, base: DataMap) -> None:
        """Load nothing yet."""
        self._database: Final = database
        self._connections: Final = connections
        self._attestor: Final = attestor
        self._base: Final = base
        self._loading: Final = threading.Lock()
        self._known: PolicySnapshot | None = None

    def current(self) -> PolicySnapshot:
        """Return the snapshot of the present epoch.

        Raises:
            PolicySetError: If what decides was altered outside Égide.
            AttestationError: If what decides was altered outside Égide.
            PolicyUnsettledError: If the policies change faster than they load.
        """
        known = self._known
        if known is not None and self.is_current(known):
            return known
        with self._loading:
            for _ in range(_ATTEMPTS):
                if self._known is None or not self.is_current(self._known):
                    self._known = self._load()
                if self.is_current(self._known):
                    return self._known
        raise PolicyUnsettledError

    def read_anew(self) -> PolicySnapshot:
        """Return the policies as they lie in the database now, each row verified again, whatever is known.

        Raises:
            PolicySetError: If what decides was altered outside Égide.
            AttestationError: If what decides was altered outside Égide.
        """
        return self._load()

    def is_current(self, snapshot: PolicySnapshot) -> bool:
        """Return whether the policies in the database are these. Epochs only grow, so they were until now, too."""
        rows = self._connections.fetch(_EPOCH, ())
        if not rows:
            return snapshot.epoch == _NOTHING_DECIDED
        epoch, digest = rows[0]
        return bool(epoch == snapshot.epoch and digest == snapshot.digest)

    def _load(self) -> PolicySnapshot:
        seen = self._attestor.seen_epoch
        # Most of what is made here stays: looking through it for garbage would take as long again.
        with uncollected(), self._database.read() as session:
            return load_snapshot(session, self._attestor, self._base, at_least=seen)
