"""The tasks that lead whoever reads a page to customers, and for which purpose."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request

from governance.customers.pages.opening import openings
from governance.customers.pages.purposes import OpenPurpose, declared, label_of, open_purposes
from governance.customers.record import Value, value_of
from governance.customers.tasks import TASKS, Task, purposes_of
from governance.gate.errors import GateError
from governance.gate.gate import Gate
from governance.gate.query import Query
from governance.web.context import current


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDoor:
    """A task that the reader can begin from.

    Attributes:
        task: The task.
        purposes: The purposes that it can be for: slug and name.
    """

    task: Task
    purposes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTold:
    """The task that a record was opened from, as the ribbon names it."""

    label: str
    values: tuple[Value, ...]


def task_doors(purposes: Iterable[OpenPurpose]) -> dict[str, TaskDoor]:
    """Return the tasks that lead the reader to customers, by their slugs."""
    slugs = _known_by_name(purposes)
    possible = {slug: _possible(task, slugs) for slug, task in TASKS.items()}
    return {
        slug: TaskDoor(task=TASKS[slug], purposes=tuple((each, label_of(each)) for each in found))
        for slug, found in possible.items()
        if found
    }


def purposes_for(task: Task) -> list[str]:
    """Return the purposes that a task can be opened for; the one that was asked for, where it is among them."""
    possible = _possible(task, _known_by_name(open_purposes()))
    asked = request.values.get("purpose")
    return [asked] if asked in possible else possible


def task_told(purpose: str) -> TaskTold | None:
    """Return the task that the address of a record names, as far as the purpose gives it."""
    task = TASKS.get(request.args.get("task", ""))
    row = request.args.get("of", "")
    if task is None or not row:
        return None
    context = current()
    gate = context.get(Gate)
    plan = gate.explain(context.actor, purpose, task.table).plan
    names = () if plan is None else tuple(name for name in task.told if plan.decisions(name))
    if plan is None or not names:
        return None
    try:
        query = Query(purpose=purpose, table=task.table, fields=names)
        found = gate.one(context.actor, query, row, openings()).decoded()[0]
    except GateError:
        return None
    given = () if "state" in found else names
    return TaskTold(label=task.label, values=tuple(value_of(plan, name, found) for name in given))


def _known_by_name(purposes: Iterable[OpenPurpose]) -> set[str]:
    """Return those of the purposes that know people by more than a pseudonym."""
    plans = {each.slug: each.explanation.plan for each in purposes}
    return {slug for slug, plan in plans.items() if plan is not None and not plan.opaque}


def _possible(task: Task, slugs: Iterable[str]) -> list[str]:
    context = current()
    plans = context.get(Gate).explanations()
    given = {slug for slug in slugs if plans.explain(context.actor, slug, task.table).plan is not None}
    return purposes_of(task, given, dict(declared()))
