"""What is asked before people are handed out to somebody who works on pages.

A person whose record is open on a page for one purpose is opened for another one with a reason, which the page asks
for; the same browser must not get round the question by asking the interface, nor by rows of other tables that speak of
the same person, nor by a list in which they stand among others. Which records are open is known above.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import orjson
from pyroaring import BitMap
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.datamap.models import RegisteredRow
from governance.datamap.values import MappedTable, subject_column
from governance.gate.boxing import physical_table
from governance.gate.plan import ReadPlan
from governance.gate.query import Query
from governance.gate.reading import Opened
from governance.ids import parse_id

_ONE: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Handing:
    """People who are about to be handed out.

    Attributes:
        tables: The tables whose rows they are: customers, not the orders that name them.
        people: Their numbers.
        purpose: For which purpose.
        row: The person's own row, where one is all of the answer.
    """

    tables: frozenset[str]
    people: BitMap = field(repr=False)
    purpose: str
    row: str | None = None


@dataclass(frozen=True, slots=True)
class Openings:
    """Says for which purpose records are open.

    Attributes:
        check: Raises `PurposeSwitchNeededError` where one of the people is open for another purpose.
        lists: Whether it is asked about lists too, and not only about who is alone in an answer.
    """

    check: Callable[[Handing], None]
    lists: bool = True


def people_of(session: Session, table: MappedTable, row: str) -> BitMap:
    """Return the numbers of the people of whom a row speaks, by its own identifier; nobody where there is none."""
    row_id = parse_id(row)
    if row_id is None or not table.links:
        return BitMap()
    if table.adopted:
        known = select(RegisteredRow.subject_id).where(
            RegisteredRow.row_id == row_id, RegisteredRow.table_id == table.id, RegisteredRow.gone_at.is_(None)
        )
        return BitMap(filter(None, session.scalars(known)))
    physical = physical_table(table)
    columns = [physical.c[subject_column(link)] for link in table.links]
    found = session.execute(select(*columns).where(physical.c.id == row_id)).first()
    return BitMap(filter(None, found or ()))


def named_people(session: Session, query: Query, plan: ReadPlan, tables: Mapping[str, MappedTable]) -> BitMap:
    """Return the people whom a query names by a row."""
    named = BitMap()
    for condition in query.where:
        link = plan.table.links.get(condition.field)
        if link is not None:
            named |= people_of(session, tables[condition.of or link.of or plan.table.name], str(condition.value))
    return named


def is_alone(opened: Opened, named: BitMap) -> bool:
    """Say whether an answer speaks of one person who was asked for, by whatever filter, and of nobody else.

    The last page of a longer list may speak of one person too, who was not asked for.
    """
    return len(opened.subjects) == _ONE and (opened.alone or opened.subjects == named)


def handing_of(plan: ReadPlan, tables: Mapping[str, MappedTable], opened: Opened, named: BitMap) -> Handing:
    """Return who is about to be handed out, and those who were named and of whom nothing was found."""
    own = frozenset(_tables_of_people(plan.table, tables))
    single = plan.table.name in own and len(opened.rows) == _ONE
    return Handing(
        tables=own,
        people=opened.subjects | named,
        purpose=plan.purpose.slug,
        row=shown_id(opened) if single else None,
    )


def shown_id(opened: Opened) -> str:
    """Return the identifier of the first row of an answer."""
    return str(orjson.loads(opened.rows[0])["id"])


def _tables_of_people(table: MappedTable, tables: Mapping[str, MappedTable]) -> Iterator[str]:
    """Yield, for each link of a table, the table in which the person's own row stands."""
    for link in table.links.values():
        own, here = table, link
        while here.of is not None:
            own = tables[here.of]
            here = own.links[here.of_link or here.name]
        yield own.name
