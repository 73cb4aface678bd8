"""What a form says of itself: whom it is for, and which fields it leaves out, with the reason."""

from collections.abc import Collection

from flask_babel import gettext

from governance.customers.labels import field_label
from governance.customers.pages.opening import openings
from governance.customers.pages.wording import because
from governance.customers.record import heading_of
from governance.datamap.values import FieldKind
from governance.gate.errors import GateError
from governance.gate.gate import Gate
from governance.gate.query import Query
from governance.vocabulary import GrantedAction
from governance.web.context import current

# By what people know whose row it is; a company has a name of its own.
_KNOWN_BY = ("given_name", "family_name", "number", "name")


def name_of(table: str, purpose: str, row: str) -> str:
    """Return the name of a row, or else its number, as far as the purpose gives one in clear."""
    context = current()
    gate = context.get(Gate)
    explanation = gate.explain(context.actor, purpose, table)
    plan = explanation.plan
    names = () if plan is None else tuple(name for name in _KNOWN_BY if name in plan.wanted and plan.decisions(name))
    if not names:
        return ""
    try:
        query = Query(purpose=purpose, table=table, fields=names)
        found = gate.one(context.actor, query, row, openings()).decoded()[0]
    except GateError:
        # The form says itself what there is not.
        return ""
    heading = heading_of(found, explanation)
    return heading.name or heading.number or str(found.get("name") or "")


def left_out(table: str, purpose: str, action: GrantedAction, offered: Collection[str]) -> list[tuple[str, str]]:
    """Return the fields that a form does not offer, and why: names and a sentence, in the reader's language."""
    context = current()
    explanation = context.get(Gate).explain(context.actor, purpose, table, action=action)
    if explanation.plan is None:
        return []
    groups: dict[str, list[str]] = {}
    for name, mapped in explanation.plan.table.fields.items():
        if name in offered or mapped.kind is FieldKind.REFERENCE:
            continue
        reason = explanation.withheld.get(name)
        sentence = gettext("This purpose does not give them in clear.") if reason is None else because(reason)
        groups.setdefault(sentence, []).append(gettext(field_label(name)))
    return [(", ".join(names), sentence) for sentence, names in groups.items()]
