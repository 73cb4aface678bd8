"""The purpose follows from the task, where it can: an order is opened to manage it, an exchange to serve the customer.

Which purposes a task can be for stands in ranks. The first rank of which a reader may open anything decides; where it
leaves one, that is the purpose, and where it leaves several, the reader is asked.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from governance.errors import mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something people work on that leads to a customer.

    Attributes:
        slug: What addresses call it.
        table: The table that holds it.
        label: What one is called, in English.
        told: The fields by which people know it.
        ranks: The purposes that it can be for, the nearest first.
    """

    slug: str
    table: str
    label: str
    told: tuple[str, ...]
    ranks: tuple[tuple[str, ...], ...]


ORDER: Final = Task(
    slug="order",
    table="orders",
    label=mark("Order"),
    told=("number", "ordered_on"),
    ranks=(("order-management",), ("invoicing",), ("after-sales",)),
)
TICKET: Final = Task(
    slug="ticket",
    table="exchanges",
    label=mark("Exchange"),
    told=("nature", "happened_at"),
    ranks=(("after-sales",), ("customer-relationship", "order-management")),
)
TASKS: Final[Mapping[str, Task]] = {task.slug: task for task in (ORDER, TICKET)}


def purposes_of(task: Task, open_to_reader: Collection[str], declared: Collection[str]) -> list[str]:
    """Return the purposes that a task may be opened for: one where it follows, several where it has to be asked.

    Args:
        task: The task.
        open_to_reader: The purposes for which the reader may see customers and this table.
        declared: The purposes in force.
    """
    for rank in task.ranks:
        possible = [slug for slug in rank if slug in open_to_reader]
        if possible:
            return possible
    if any(slug in declared for rank in task.ranks for slug in rank):
        # The task has its purposes, and they are not open to this reader.
        return []
    # A register that calls its purposes otherwise: the reader says which it is.
    return sorted(open_to_reader)
