"""The policy matrix on a page: at a glance, as words, on any day, and what changed since another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import Role, open_to
from governance.datamap.labels import CATEGORY_LABELS, KINDS_LABELS
from governance.days import end_of_day
from governance.policies.forms import FORMS, MatrixForm
from governance.policies.labels import ACTION_LABELS
from governance.policies.matrix import ROLES, Matrix, MatrixQuery, draw_matrix, is_recipient
from governance.policies.observing import Observation, observations
from governance.policies.pages.entrance import READERS, policies
from governance.policies.pages.wording import link_to
from governance.policies.union import Change, Mark
from governance.vault.attest import Attestor
from governance.vocabulary import DataCategory, GrantedAction, SubjectKind
from governance.web.context import current
from register.declared import declared_purposes
from register.values import DeclaredPurpose, DeclaredPurposes

# Of the drawing of a cell: each category has one place in every cell, four in a line.
_IN_A_LINE: Final = 4
_STEP: Final = 15


_Drawn = tuple[Matrix, DeclaredPurposes, Mapping[int, Observation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One category in a cell, and where it is drawn."""

    x: int
    y: int
    category: DataCategory
    mark: Mark | None
    declared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """One role and purpose."""

    role: Role
    purpose: DeclaredPurpose
    recipient: bool
    dots: Sequence[Dot]
    marks: Sequence[Mark]
    observed: Observation | None = None

    @property
    def given(self) -> list[Mark]:
        """What is given, at the day that is shown."""
        return [mark for mark in self.marks if mark.after is not None]

    @property
    def changed(self) -> list[Mark]:
        """What differs from the other day."""
        return [mark for mark in self.marks if mark.change is not Change.SAME]


@policies.get("/")
@open_to(*READERS)
def matrix() -> ResponseReturnValue:
    """Draw the matrix."""
    context = current()
    form = _form()
    valid = form.validate()
    now = context.clock.now()
    query = _query(form, now) if valid else MatrixQuery(at=now)
    purposes = declared_purposes(context.session, context.get(Attestor))
    drawn = draw_matrix(context.session, context.get(Attestor), query)
    columns = _columns(drawn, purposes)
    observed = _observed(query, purposes, now)
    page = render_template(
        "policies/matrix.html",
        form=form,
        query=query,
        matrix=drawn,
        rows=[(role, [_cell((drawn, purposes, observed), role, purpose) for purpose in columns]) for role in ROLES],
        purposes=columns,
        observed=observed,
        words=request.args.get("view") == "words",
        asked={name: value for name, value in request.args.items() if name in {"action", "kind", "at", "since"}},
        legend=_places(),
        forms=FORMS,
        now=now,
        simulate_url=link_to("policies.simulate"),
        requests_url=link_to("access.requests"),
        prospecting_url=link_to("campaigns.rules"),
        activities_url=link_to("register.activities"),
    )
    return page, 200 if valid else 422


def _form() -> MatrixForm:
    form = MatrixForm(request.args)
    form.action.choices = [(each.value, gettext(ACTION_LABELS[each])) for each in GrantedAction]
    form.kind.choices = [
        ("", gettext("everybody")),
        *((each.value, gettext(KINDS_LABELS[each])) for each in SubjectKind),
    ]
    return form


def _query(form: MatrixForm, now: datetime) -> MatrixQuery:
    at = end_of_day(form.at.data)
    return MatrixQuery(
        # A day that is not over is shown as it stands.
        at=now if at is None else min(at, now),
        since=end_of_day(form.since.data),
        action=GrantedAction(form.action.data or GrantedAction.READ),
        kind=SubjectKind(form.kind.data) if form.kind.data else None,
    )


def _columns(matrix: Matrix, purposes: DeclaredPurposes) -> list[DeclaredPurpose]:
    """Return the purposes for which anybody could hold anything, or did: a draft names no recipient in force yet."""
    given = {number for _, number in matrix.marks}
    drawn = (purpose for purpose in purposes.by_slug.values() if purpose.recipients or purpose.id in given)
    return sorted(drawn, key=lambda purpose: purpose.id)


def _observed(query: MatrixQuery, purposes: DeclaredPurposes, now: datetime) -> Mapping[int, Observation]:
    """Return what is read for now without a grant; of a day that is over the register says nothing here."""
    return observations(purposes, now) if query.action is GrantedAction.READ and query.at >= now else {}


def _cell(drawn: _Drawn, role: Role, purpose: DeclaredPurpose) -> MatrixCell:
    matrix, purposes, observed = drawn
    observation = observed.get(purpose.id)
    marks = matrix.of(role, purpose.id)
    by_category: Mapping[DataCategory, Mark] = {mark.category: mark for mark in marks}
    declared = {category for _, category in purpose.data}
    dots = [
        Dot(x=x, y=y, category=category, mark=by_category.get(category), declared=category in declared)
        for category, x, y in _places()
    ]
    return MatrixCell(
        role=role,
        purpose=purpose,
        recipient=is_recipient(purposes, role, purpose.id),
        dots=dots,
        marks=marks,
        observed=observation if observation is not None and role in observation.roles else None,
    )


def _places() -> list[tuple[DataCategory, int, int]]:
    return [
        (category, number % _IN_A_LINE * _STEP, number // _IN_A_LINE * _STEP)
        for number, category in enumerate(CATEGORY_LABELS)
    ]
