"""The purposes for which whoever reads a page may see or write customers, named in their language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from flask import request
from flask_babel import get_locale

from governance.customers.entry import can_enter
from governance.customers.pages.blueprint import TABLE, blueprint
from governance.customers.related import Column, columns_of
from governance.customers.ways import Way, ways_of
from governance.errors import mark
from governance.gate.explain import Explanation
from governance.gate.gate import Gate
from governance.gate.snapshot import PolicySnapshot
from governance.vocabulary import GrantedAction
from governance.web.context import current
from register.values import DeclaredPurpose

NO_PURPOSE: Final = mark("Choose a purpose: it decides what you are shown.")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPurpose:
    """A purpose for which the reader may see customers.

    Attributes:
        slug: Its name in addresses.
        label: What it is called, in the reader's language.
        explanation: What it gives of customers.
        columns: The fields that it gives of anybody, each with its form.
        ways: How it lets people look for one; none where it lets nobody be looked for.
        observed: Its rules only report for now, so that it is never taken for granted.
    """

    slug: str
    label: str
    explanation: Explanation = field(repr=False)
    columns: tuple[Column, ...]
    ways: tuple[Way, ...]
    observed: bool = False


def open_purposes(table: str = TABLE) -> Iterator[OpenPurpose]:
    """Yield the purposes for which the reader may see rows of a table, by their slugs."""
    context = current()
    plans = context.get(Gate).explanations()
    for slug, purpose in _declared_in(plans.snapshot):
        explanation = plans.explain(context.actor, slug, table)
        if explanation.plan is not None:
            yield OpenPurpose(
                slug=slug,
                label=name_of(purpose),
                explanation=explanation,
                columns=columns_of(explanation.plan),
                ways=ways_of(explanation),
                observed=purpose.observes(context.clock.now()),
            )


def chosen_among(purposes: Sequence[OpenPurpose]) -> OpenPurpose | None:
    """Return the purpose that the reader named, or the only one there is; where several are possible, none is taken.

    Nor is one whose rules only report for now: everybody would read for it who never chose to.
    """
    asked = request.form.get("purpose") or request.args.get("purpose")
    if not asked and len(purposes) == 1 and not purposes[0].observed:
        return purposes[0]
    return next((each for each in purposes if each.slug == asked), None)


def entering_purposes(table: str) -> list[tuple[str, str]]:
    """Return the purposes for which the reader may add rows of a table: slug and name."""
    context = current()
    plans = context.get(Gate).explanations()
    return [
        (slug, name_of(purpose))
        for slug, purpose in _declared_in(plans.snapshot)
        if can_enter(plans.explain(context.actor, slug, table, action=GrantedAction.CREATE))
    ]


def declared() -> Iterator[tuple[str, DeclaredPurpose]]:
    """Yield the purposes in force, by their slugs."""
    return _declared_in(current().get(Gate).snapshot())


def _declared_in(snapshot: PolicySnapshot) -> Iterator[tuple[str, DeclaredPurpose]]:
    for slug, purpose in sorted(snapshot.purposes.by_slug.items()):
        if purpose.open:
            yield slug, purpose


def label_of(slug: str) -> str:
    """Return what a purpose is called; its slug where the register has none of that name."""
    purpose = current().get(Gate).snapshot().purposes.get(slug)
    return slug if purpose is None else name_of(purpose)


@blueprint.app_template_filter()
def is_observed(slug: str) -> bool:
    """Say whether the rules of a purpose only report for now."""
    context = current()
    purpose = context.get(Gate).snapshot().purposes.get(slug)
    return purpose is not None and purpose.observes(context.clock.now())


def name_of(purpose: DeclaredPurpose) -> str:
    """Return what a purpose is called in the reader's language."""
    return purpose.label_en if get_locale().language == "en" else purpose.label_fr
