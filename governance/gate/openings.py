"""What is asked before one person is handed out to somebody who works on pages.

A person whose record is open on a page for one purpose is opened for another one with a reason, which the page asks
for; the same browser must not get round the question by asking the interface, nor by a query that names the person
instead of the row. Which records are open is known above.

A query names people where it finds no more of them than its filters have values: one by an e-mail address, two by a
list of two. A list that finds more shows whoever was looked for, and opening one of them asks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from governance.gate.plan import ReadPlan
from governance.gate.query import Condition, Query
from governance.gate.reading import Opened

NOBODY_NAMED: Final = ()


@dataclass(frozen=True, slots=True)
class Openings:
    """Says for which purpose records are open.

    Attributes:
        check: Given a table, a row and a purpose; raises `PurposeSwitchNeededError` where the row is open for another.
    """

    check: Callable[[str, str, str], None]


def named_rows(query: Query, plan: ReadPlan, opened: Opened) -> Sequence[tuple[str, str]]:
    """Return the rows of the people whom an answer was asked for by name: table and identifier, each once.

    A purpose that gives pseudonyms shows other identifiers, so there is nothing that they could be compared with.
    """
    if plan.opaque or not query.where:
        return NOBODY_NAMED
    named = [row for condition in query.where for row in _by_row(condition, plan)]
    if 0 < len(opened.subjects) <= max(_values(condition) for condition in query.where):
        named += [(plan.table.name, str(orjson.loads(row)["id"])) for row in opened.rows]
    return tuple(dict.fromkeys(named))


def _by_row(condition: Condition, plan: ReadPlan) -> Sequence[tuple[str, str]]:
    link = plan.table.links.get(condition.field)
    return NOBODY_NAMED if link is None else ((condition.of or link.of or plan.table.name, str(condition.value)),)


def _values(condition: Condition) -> int:
    return len(condition.value) if isinstance(condition.value, tuple) else 1
