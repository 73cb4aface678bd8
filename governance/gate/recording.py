"""What the log is told of a read: who, for what, which fields in which form, whose rows, how many; never a value."""

from collections.abc import Iterable, Mapping
from typing import Final

from audit.entries import Action, Fact, JsonValue, Outcome, Retention
from governance.actor import SYSTEM, Actor
from governance.gate.errors import BoxTamperedError, MarksTamperedError, TamperedError
from governance.gate.ordering import ROW
from governance.gate.plan import PlanRequest
from governance.gate.query import Operator
from governance.gate.questions import Asked
from governance.gate.reading import Opened
from governance.gate.rules import governing_category
from governance.gate.runs import Run
from governance.gate.snapshot import PolicySnapshot
from governance.vocabulary import GrantedAction

ACTIONS: Final[Mapping[GrantedAction, Action]] = {
    GrantedAction.READ: Action.READ,
    GrantedAction.EXPORT: Action.EXPORT,
    GrantedAction.CREATE: Action.CREATE,
    GrantedAction.CHANGE: Action.CHANGE,
    GrantedAction.DELETE: Action.DELETE,
}


def read_fact(asked: Asked, run: Run, opened: Opened, row: str | None = None, *, one_person: bool = False) -> Fact:
    """Return the fact that rows were read.

    Args:
        asked: Who asked what; of the filters only the fields and operators are told.
        run: What is given.
        opened: What was opened.
        row: The identifier under which a single row was asked for.
        one_person: Whether one person was asked for, of whom several rows speak.
    """
    plan, fields, tally = run.plan, run.fields, opened.tally
    details: dict[str, JsonValue] = {"fields": fields, "rows": len(opened.rows), "policy_epoch": plan.epoch}
    filters = [f"{each.field} {each.operator}" for each in asked.query.where]
    if asked.query.rows:
        filters.append(f"{ROW} {Operator.IN}")
    if filters:
        details["filters"] = [*filters]
    if one_person:
        details["one_person"] = True
    if tally.restricted:
        details["restricted"] = tally.restricted
    if tally.left_out:
        details["left_out"] = dict(tally.left_out)
    if plan.observed or tally.observed:
        # What the activity, once enforced, would refuse: by rule, and how many people each time.
        details["observed"] = {**{reason.code.value: 0 for reason in plan.observed}, **tally.observed}
    return Fact(
        retention=Retention.ACCESS,
        action=ACTIONS[plan.action],
        actor=asked.actor,
        object_type=plan.table.name,
        object_id=row,
        purpose=plan.purpose.slug,
        subjects=opened.subjects,
        details=details,
    )


def refusal_fact(actor: Actor, request: PlanRequest, snapshot: PolicySnapshot, codes: Iterable[str]) -> Fact:
    """Return the fact that a read was refused. What nobody declared is not told: anything may have been typed there."""
    purpose = request.purpose if request.purpose in snapshot.purposes else None
    table = request.table if request.table in snapshot.catalogue.tables else "unknown"
    details: dict[str, JsonValue] = {"action": request.action.value, "reasons": [*sorted(set(codes))]}
    asked = _categories(request, snapshot)
    if asked:
        details["categories"] = [*asked]
    return Fact(
        retention=Retention.ACCESS,
        action=Action.REFUSAL,
        actor=actor,
        object_type=table,
        purpose=purpose,
        outcome=Outcome.REFUSED,
        details=details,
    )


def _categories(request: PlanRequest, snapshot: PolicySnapshot) -> list[str]:
    """Return what the fields asked for speak of, of those that the data map knows; none where all were asked for."""
    table = snapshot.catalogue.tables.get(request.table)
    if table is None or request.fields is None:
        return []
    known = [table.fields[name] for name in request.fields if name in table.fields]
    return sorted({governing_category(field).value for field in known})


def tampering_fact(error: TamperedError, purpose: str) -> Fact:
    """Return the fact that something was altered, with its place."""
    details: dict[str, JsonValue]
    match error:
        case BoxTamperedError():
            details = {"altered": "box", "where": error.category}
        case MarksTamperedError():
            details = {"altered": "marks", "where": error.link}
        case _:
            details = {"altered": "row"}
    return Fact(
        retention=Retention.SECURITY,
        action=Action.CHECK,
        actor=SYSTEM,
        object_type=error.table,
        object_id=error.row,
        purpose=purpose,
        outcome=Outcome.FAILED,
        details=details,
    )
