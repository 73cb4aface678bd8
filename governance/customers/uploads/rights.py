"""Who may bring a file in, and whom its fate may be told.

What a file holds is shown to whoever brought it in, and to nobody else: its cells, its header and how it is read. That
it came, how far it is and which rows were refused is told also to those who may create in its table for its purpose,
for they answer for what stands there. Anybody else is told that there is no such file.
"""

from collections.abc import Iterator

from governance.actor import Actor
from governance.customers.entry import can_enter
from governance.gate.explain import Explanations
from governance.gate.gate import Gate
from governance.vocabulary import GrantedAction


def may_create(plans: Gate | Explanations, actor: Actor, purpose: str, table: str) -> bool:
    """Say whether somebody may create rows of a table, for a purpose."""
    return can_enter(plans.explain(actor, purpose, table, action=GrantedAction.CREATE))


def creatable(gate: Gate, actor: Actor) -> Iterator[tuple[str, str]]:
    """Yield the purposes and tables that somebody may create in."""
    plans = gate.explanations()
    snapshot = plans.snapshot
    tables = sorted(name for name, table in snapshot.catalogue.tables.items() if not table.adopted)
    for slug, purpose in sorted(snapshot.purposes.by_slug.items()):
        if purpose.open:
            yield from ((slug, table) for table in tables if may_create(plans, actor, slug, table))
