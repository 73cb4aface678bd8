"""How many rows hold data that was collected under no notice of a set: counted by what stands behind their MACs.

The count tells people what a decision is about, and opens nothing, so the MACs are not verified. Of each table a
bounded number of rows is looked at, so that counting a large one costs no more than a large page.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import LargeBinary, column, func, select, table
from sqlalchemy.orm import Session

from governance.datamap.given_notices import open_places, places_of
from governance.datamap.values import MappedTable
from governance.vault.models import MAC_BYTES
from governance.vocabulary import DataCategory, SubjectKind

MOST_LOOKED_AT = 20_000
# By what stands behind their MACs, how many rows; and whether the table has more than were looked at.
_Counted = tuple[Mapping[bytes, int], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderRows:
    """How much older data there is.

    Attributes:
        rows: How many rows of those looked at hold some.
        more: Whether a table has more rows than were looked at.
        unknown: The adopted tables, whose rows say nothing of notices: all of theirs counts as older.
    """

    rows: int
    more: bool
    unknown: tuple[str, ...]


class NoticeCount:
    """The rows of the tables of a map, by the notices that their people were given; each table counted when asked."""

    def __init__(self, session: Session, tables: Iterable[MappedTable]) -> None:
        """Count nothing yet."""
        self._session = session
        self._tables = [each for each in tables if each.links]
        self._counted: dict[str, _Counted] = {}

    def older(self, data: Collection[tuple[SubjectKind, DataCategory]], notices: Collection[int]) -> OlderRows:
        """Return how much of some data was collected under no notice of these."""
        rows, more, unknown = 0, False, []
        for each in self._tables:
            places = {
                (link, category) for link, category in places_of(each) if (each.links[link].kind, category) in data
            }
            if not places:
                continue
            if each.adopted:
                unknown.append(each.name)
                continue
            by_notices, cut = self._of(each)
            rows += sum(count for given, count in by_notices.items() if not places <= open_places(each, given, notices))
            more = more or cut
        return OlderRows(rows=rows, more=more, unknown=tuple(unknown))

    def _of(self, mapped: MappedTable) -> _Counted:
        if mapped.name not in self._counted:
            own = table(mapped.physical, column("row_mac", LargeBinary()))
            given = func.substr(own.c.row_mac, MAC_BYTES + 1, type_=LargeBinary()).label("given")
            looked_at = select(given).limit(MOST_LOOKED_AT + 1).subquery()
            statement = select(looked_at.c.given, func.count()).group_by(looked_at.c.given)
            found = {bytes(given): count for given, count in self._session.execute(statement)}
            self._counted[mapped.name] = (found, sum(found.values()) > MOST_LOOKED_AT)
        return self._counted[mapped.name]
