"""Whether the list is whole: rows altered by SQL do not fit their MACs, deleted ones are missing from the tally."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Outcome, Retention
from audit.search import Filters, search
from audit.transaction import record
from consent.suppression.listing import RAW, SuppressionList, Tally
from consent.suppression.service import OBJECT_TYPE
from governance.actor import SYSTEM
from governance.vault.keyring import Keyring

_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCheck:
    """What was found.

    Attributes:
        rows: How many rows the list has.
        altered: How many of them Égide did not write as they stand: they refuse everything.
        expected: How many it has by its tally.
        complete: Whether the rows are those that were written: none is missing, none put there by SQL.
        logged: Whether the tally is as Égide wrote it, and is the one that the log has.
    """

    rows: int
    altered: int
    expected: int
    complete: bool
    logged: bool

    @property
    def whole(self) -> bool:
        """Whether nothing was altered outside Égide."""
        return self.altered == 0 and self.complete and self.logged


def check_list(session: Session, keyring: Keyring) -> ListCheck:
    """Read the whole list and compare it with its tally, and that with the log.

    An altered row is not missing as well: its number is that of the rows, only its sum is not, so that `complete` says
    no to both.
    """
    listed = SuppressionList(keyring)
    rows = altered = 0
    found = Tally()
    for raw in session.execute(RAW.execution_options(yield_per=_AT_ONCE)):
        row = listed.whole(raw)
        rows += 1
        if row is None:
            altered += 1
        else:
            found = found.plus((listed.element(row),))
    tally = listed.read_tally(session)
    return ListCheck(
        rows=rows,
        altered=altered,
        expected=tally.count,
        complete=found == tally,
        logged=listed.tally_holds(session) and _logged(session, listed),
    )


def record_altered(session: Session, found: ListCheck) -> None:
    """Record that the list is not as Égide wrote it."""
    record(
        session,
        Fact(
            retention=Retention.SECURITY,
            action=Action.CHECK,
            actor=SYSTEM,
            # Not that of the list's own entries: the newest of these says what the tally has to be.
            object_type="suppression_tally",
            outcome=Outcome.FAILED,
            details={
                "rows": found.rows,
                "expected": found.expected,
                "altered": found.altered,
                "complete": found.complete,
                "logged": found.logged,
            },
        ),
    )


def _logged(session: Session, listed: SuppressionList) -> bool:
    newest = search(session, Filters(object_type=OBJECT_TYPE), limit=1)
    told = {**listed.told(session)}
    if not newest:
        # Entries end, too; a list without any has never had a row.
        return told["total"] == 0
    details = newest[0].said["details"]
    return {name: details.get(name) for name in told} == told
