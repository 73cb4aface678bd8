"""How many rows an adopted table has, and how many of them are enrolled; counts only, nothing of the rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from governance.datamap.errors import SourceUnknownError, SourceUnreachableError
from governance.datamap.models import RegisteredRow
from governance.datamap.physical import adopted_table
from governance.datamap.sources import Sources
from governance.datamap.values import MappedTable


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCount:
    """What is counted of an adopted table.

    Attributes:
        rows: How many its database has; None where it does not say.
        enrolled: How many of them Égide knows.
        gone: How many left their database.
    """

    rows: int | None
    enrolled: int
    gone: int

    @property
    def waiting(self) -> int | None:
        """How many wait to be enrolled; None where the database does not say how many it has."""
        return None if self.rows is None else max(0, self.rows - self.enrolled)


def count_rows(session: Session, sources: Sources, tables: Iterable[MappedTable]) -> dict[str, TableCount]:
    """Count adopted tables: one statement here, and one for each database.

    Args:
        session: A transaction of Égide's own database.
        sources: The databases; one that does not answer is not counted.
        tables: Adopted tables, numbered.
    """
    adopted = [table for table in tables if table.adopted]
    known = _registered(session, [table.id for table in adopted])
    by_source: dict[str | None, list[MappedTable]] = defaultdict(list)
    for table in adopted:
        by_source[table.source].append(table)
    rows: dict[str, int] = {}
    for source, of_source in by_source.items():
        rows |= _rows(sources, source, of_source)
    return {
        table.name: TableCount(
            rows=rows.get(table.name), enrolled=known.get(table.id, (0, 0))[0], gone=known.get(table.id, (0, 0))[1]
        )
        for table in adopted
    }


def _registered(session: Session, table_ids: Sequence[int]) -> Mapping[int, tuple[int, int]]:
    # A row stands once for each of its links; whether it is gone, all of them say.
    gone = case((RegisteredRow.gone_at.is_not(None), RegisteredRow.row_id))
    there = case((RegisteredRow.gone_at.is_(None), RegisteredRow.row_id))
    counted = (
        select(RegisteredRow.table_id, func.count(there.distinct()), func.count(gone.distinct()))
        .where(RegisteredRow.table_id.in_(table_ids))
        .group_by(RegisteredRow.table_id)
    )
    return {table_id: (enrolled, left) for table_id, enrolled, left in session.execute(counted)}


def _rows(sources: Sources, source: str | None, tables: Sequence[MappedTable]) -> dict[str, int]:
    counts = [select(func.count()).select_from(adopted_table(table)).scalar_subquery() for table in tables]
    try:
        with sources.database(source).read() as session:
            counted = session.execute(select(*counts)).one()
    except (SourceUnknownError, SourceUnreachableError):
        # One table that is gone must not hide the others.
        parts = [_rows(sources, source, [table]) for table in tables] if len(tables) > 1 else []
        return {name: rows for part in parts for name, rows in part.items()}
    return {table.name: rows for table, rows in zip(tables, counted, strict=True)}
