"""Telling the log what was altered outside Égide: each finding once in the life of a process."""

from collections.abc import Iterable
from typing import Final

from audit.entries import Action, Fact, JsonValue, Outcome, Retention
from audit.log import Log
from governance.actor import SYSTEM
from governance.gate.snapshot import PolicySnapshot
from governance.vault.errors import AttestationError, PolicySetError


class Watch:
    """Tells what was found. A finding that could not be told is told the next time."""

    def __init__(self, log: Log) -> None:
        """Have told nothing yet."""
        self._log: Final = log
        self._told: Final[set[tuple[str, ...]]] = set()

    def snapshot(self, snapshot: PolicySnapshot) -> None:
        """Tell of the rows that a snapshot leaves out."""
        for row in snapshot.left_out:
            self._tell(("row", row.table, row.reference), row.table, {"altered": "row", "reference": row.reference})

    def policies(self, error: PolicySetError | AttestationError) -> None:
        """Tell that the policy set itself does not fit, so that nothing opens."""
        self._tell(("set", str(error)), "policy_epoch", {"altered": "policy-set", "finding": str(error)})

    def consents(self, purpose: str, subjects: Iterable[int]) -> None:
        """Tell whose consents were altered."""
        for subject in subjects:
            self._tell(("consent", purpose, str(subject)), "consent", {"altered": "consent"}, purpose, (subject,))

    def _tell(
        self,
        key: tuple[str, ...],
        object_type: str,
        details: dict[str, JsonValue],
        purpose: str | None = None,
        subjects: tuple[int, ...] = (),
    ) -> None:
        if key in self._told:
            return
        self._log.append(
            Fact(
                retention=Retention.SECURITY,
                action=Action.CHECK,
                actor=SYSTEM,
                object_type=object_type,
                purpose=purpose,
                subjects=subjects,
                outcome=Outcome.FAILED,
                details=details,
            )
        )
        self._told.add(key)
