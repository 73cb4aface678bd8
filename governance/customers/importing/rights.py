"""Who may import: whoever holds a grant to create every category that the file fills, for the purpose of the import."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Actor
from governance.gate.errors import WriteRefusedError
from governance.gate.gate import Gate
from governance.gate.plan import PlanRequest, ReadPlan
from governance.gate.reasons import Code, Reason
from governance.vault.models import PolicyEpoch
from governance.vocabulary import Form, GrantedAction


def plan_import(gate: Gate, actor: Actor, purpose: str, table: str, fields: tuple[str, ...]) -> ReadPlan:
    """Return the plan under which rows may be written; it holds while its policy epoch lasts.

    Raises:
        ReadRefusedError: If a rule does not allow it; every one that failed is named.
    """
    return _whole(
        gate, PlanRequest(actor=actor, purpose=purpose, table=table, action=GrantedAction.CREATE, fields=fields)
    )


def plan_undo(gate: Gate, actor: Actor, purpose: str, table: str) -> ReadPlan:
    """Return the plan under which rows that somebody else imported may be deleted.

    Raises:
        ReadRefusedError: If a rule does not allow it.
    """
    return _whole(gate, PlanRequest(actor=actor, purpose=purpose, table=table, action=GrantedAction.DELETE))


def holds_still(session: Session, plan: ReadPlan) -> bool:
    """Say whether the policies are still those of the plan: asked inside the transaction that writes."""
    return session.scalar(select(PolicyEpoch.epoch)) == plan.epoch


def _whole(gate: Gate, request: PlanRequest) -> ReadPlan:
    plan = gate.plan(request)
    failed = [reason for name in plan.wanted if (reason := _why_not(plan, name)) is not None]
    if failed:
        raise WriteRefusedError(reasons=tuple(dict.fromkeys(failed)))
    return plan


def _why_not(plan: ReadPlan, name: str) -> Reason | None:
    """Return why a field may not be written, for the kind of person that the link names; no other will be written."""
    field = plan.table.field(name)
    kind = None if field.link is None else plan.table.links[field.link].kind
    decision = plan.decisions(name).get(kind)
    if decision is None:
        return plan.withheld.get(name) or Reason(code=Code.NO_GRANT, kind=kind, category=field.category)
    return None if decision.form is Form.CLEAR else Reason(code=Code.WEAKER_FORM, field=name, form=decision.form)
