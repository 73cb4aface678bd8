"""People who are put on file, or get another address, while the list of refusals has it: they stay unsolicited.

One statement for a batch of rows, whatever they are. GDPR Art. 21(3).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from pyroaring import BitMap
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from consent.suppression.listing import SuppressionList
from consent.suppression.service import concerned
from governance.actor import Actor
from governance.datamap.values import MappedTable
from governance.gate.identifiers import identifying_fields, read_form
from governance.gate.values import CleanValue
from governance.vault.attest import Attestor
from governance.vault.keyring import Keyring

# By the place of a row among those given, and by its link, the objections of the person.
Marks = Mapping[int, Mapping[str, frozenset[int]]]


class ListedPeople:
    """Finds rows of one table whose people refused something. Prepared once per batch."""

    def __init__(self, table: MappedTable, keyring: Keyring) -> None:
        """Know the fields and the keys."""
        self._fields: Final = identifying_fields(table)
        self._keyring: Final = keyring
        self._list: Final = SuppressionList(keyring)

    def marks(self, session: Session, rows: Sequence[Mapping[str, CleanValue]]) -> Marks:
        """Return the objections of the people of whom the rows speak; rows of nobody who refused are left out.

        A writing transaction holds the list first, so that nobody slips in between.

        Args:
            session: A transaction.
            rows: The values of each, by field.

        Raises:
            AttestationError: If the register's rows cannot be read as they were written.
        """
        places = self._places(rows)
        marks: dict[int, dict[str, frozenset[int]]] = defaultdict(dict)
        # A list that was told of says the same of everybody on it.
        known: dict[frozenset[tuple[int, int]], frozenset[int]] = {}
        for hashed, refusals in self._list.find_hashed(session, places).items():
            scope = frozenset((each.purpose_id, each.channel) for each in refusals)
            if scope not in known:
                known[scope] = concerned(session, Attestor(self._keyring), refusals)
            numbers = known[scope]
            for place, link in places[hashed]:
                marks[place][link] = marks[place].get(link, frozenset()) | numbers
        return dict(marks)

    def _places(self, rows: Sequence[Mapping[str, CleanValue]]) -> dict[bytes, list[tuple[int, str]]]:
        places: dict[bytes, list[tuple[int, str]]] = defaultdict(list)
        for link, mapped, kind in self._fields:
            name, hashed = mapped.name, self._list.hasher(kind)
            for place, values in enumerate(rows):
                form = read_form(kind, values.get(name))
                if form is not None:
                    places[hashed(form)].append((place, link))
        return dict(places)


def record_listed(session: Session, actor: Actor, people: Collection[int]) -> None:
    """Record that people object to something by the list, as they are written."""
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.CONSENT,
            actor=actor,
            object_type="objection",
            subjects=BitMap(people),
            details={"verb": "listed", "count": len(people)},
        ),
    )
