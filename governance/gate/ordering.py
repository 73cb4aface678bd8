"""Orders that may be asked for: a row's place between others tells its value, so only values given clear order rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from governance.datamap.values import Storage
from governance.errors import phrase
from governance.gate.errors import OrderRefusedError
from governance.gate.plan import ReadPlan
from governance.gate.query import Order
from governance.vocabulary import Form, SubjectKind

ROW: Final = "id"
MOST: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering:
    """An order that may be asked for.

    Attributes:
        kinds: By link, the kinds of people whose values may order rows.
        personal: Whether the order tells anything of a person.
    """

    order: tuple[Order, ...] = ()
    kinds: Mapping[str, frozenset[SubjectKind]] = field(default_factory=dict)
    personal: bool = False


def prepare_order(order: Sequence[Order], plan: ReadPlan, permission: ReadPlan) -> Ordering:
    """Judge an order.

    Args:
        order: What was asked for.
        plan: What is given.
        permission: A plan of the fields that are ordered by.

    Raises:
        OrderRefusedError: If it would tell what is not given.
    """
    if not order:
        return Ordering()
    if plan.opaque:
        raise OrderRefusedError(
            field=order[0].field, because=phrase("a purpose that gives pseudonyms has an order of its own")
        )
    if len(order) > MOST:
        raise OrderRefusedError(field=order[MOST].field, because=phrase("at most {most} fields order rows", most=MOST))
    kinds: dict[str, frozenset[SubjectKind]] = {}
    for each in order:
        if each.field == ROW:
            continue
        found, link = _clear_for(each.field, permission), plan.table.field(each.field).link
        if link is not None:
            kinds[link] = kinds.get(link, found) & found
    return Ordering(order=tuple(order), kinds=kinds, personal=bool(kinds))


def _clear_for(name: str, permission: ReadPlan) -> frozenset[SubjectKind]:
    if permission.table.field(name).storage is not Storage.CLEAR:
        raise OrderRefusedError(field=name, because=phrase("it is sealed"))
    decided = permission.decisions(name).items()
    clear = [kind for kind, decision in decided if decision.form is Form.CLEAR]
    if not clear:
        raise OrderRefusedError(field=name, because=phrase("it is not given clear"))
    return frozenset(kind for kind in clear if kind is not None)
