"""The matrix, reviews, simulations, and what enforcing an activity would change."""

from typing import Any, Final

from flask.views import MethodView
from marshmallow import RAISE

from audit.log import Log
from governance.actor import open_to
from governance.policies import service
from governance.policies.matrix import Matrix, MatrixQuery, draw_matrix
from governance.policies.observed import observed_report
from governance.policies.observing import observations
from governance.policies.permissions import OVERSEERS
from governance.policies.reach import Laboratory, Reach, SimulateGrant, Simulation, simulate_grant, simulation_fact
from governance.policies.reviews import reviews_for
from governance.policies.schemas import (
    EnforcingQuerySchema,
    EnforcingSchema,
    MatrixQuerySchema,
    MatrixSchema,
    ReviewGrantsSchema,
    ReviewListSchema,
    SimulateGrantSchema,
    SimulationSchema,
)
from governance.policies.service import Desk, ReviewGrants
from governance.policies.service.reviewing import REVIEWERS
from governance.vault.attest import Attestor
from governance.vocabulary import GrantedAction
from governance.web.context import current
from governance.web.rest import Blueprint
from register.declared import declared_purposes
from register.service import get_activity
from register.values import DeclaredPurposes

blueprint: Final = Blueprint("policies-overview", __name__, url_prefix="/api/v1", description="Policies at a glance.")

READERS: Final = tuple(sorted(OVERSEERS))


@blueprint.route("/grants/matrix")
@blueprint.arguments(MatrixQuerySchema, location="query", unknown=RAISE)
@blueprint.response(200, MatrixSchema)
@open_to(*READERS)
def matrix(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the policy matrix at a moment, compared with another where one is given."""
    context = current()
    query = MatrixQuery(**{**asked, "at": asked["at"] or context.clock.now()})
    drawn = draw_matrix(context.session, context.get(Attestor), query)
    purposes = _purposes()
    slugs = {number: purpose.slug for number, purpose in purposes.by_id.items()}
    observed = observations(purposes, context.clock.now()) if query.action is GrantedAction.READ else {}
    return _matrix(drawn, slugs) | {
        "observed": [
            {"purpose": each.purpose.slug, "until": each.until, "categories": each.categories}
            for each in observed.values()
        ]
    }


@blueprint.route("/grants/reviews")
class Reviews(MethodView):
    """Grants in force that somebody looks at again: the head of a line at that line's, a controller at all."""

    @blueprint.response(200, ReviewListSchema)
    @open_to(*sorted(REVIEWERS))
    def get(self) -> dict[str, Any]:
        """List them by activity; what nobody has looked at for long stands first."""
        context = current()
        return {"activities": reviews_for(context.session, context.actor, context.clock.now())}

    @blueprint.arguments(ReviewGrantsSchema)
    @blueprint.response(204)
    @open_to(*sorted(REVIEWERS))
    def post(self, command: ReviewGrants) -> None:
        """Keep some grants, or take them back with a reason."""
        context = current()
        desk = Desk(context.clock, context.ids, context.get(Attestor))
        service.review_grants(context.session, desk, context.actor, command)


@blueprint.route("/grants/simulate", methods=["POST"])
@blueprint.arguments(SimulateGrantSchema)
@blueprint.response(200, SimulationSchema)
@open_to(*READERS)
def simulate(command: SimulateGrant) -> Simulation:
    """Say what a grant would open, to how many people, on how many customers. Nothing changes; asking is recorded."""
    context = current()
    laboratory = Laboratory(attestor=context.get(Attestor), reach=context.get(Reach))
    with context.database.read() as session:
        found = simulate_grant(session, laboratory, context.clock.now(), command)
    context.get(Log).append(simulation_fact(context.actor, command, found))
    return found


@blueprint.route("/activities/<slug>/observed")
@blueprint.arguments(EnforcingQuerySchema, location="query", unknown=RAISE)
@blueprint.response(200, EnforcingSchema)
@open_to(*READERS)
def observed(asked: dict[str, int], slug: str) -> dict[str, Any]:
    """Return what enforcing an activity would have changed in the last days."""
    context = current()
    activity = get_activity(context.session, slug)
    now = context.clock.now()
    report = observed_report(context.session, activity, now, asked["days"])
    return {
        "activity": activity.slug,
        "mode": activity.mode_at(now).value,
        "observed_until": activity.observed_until,
        "whole_since": report.whole_since,
        "reads": report.reads,
        "touched": report.touched,
        "rows": report.rows,
        "people": report.people,
        "rules": report.rules,
        "roles": dict(report.roles),
        "purposes": dict(report.purposes),
        "undeclared": dict(report.undeclared),
        "days": [{"day": day, "reads": reads} for day, reads in report.days],
    }


def _purposes() -> DeclaredPurposes:
    return declared_purposes(current().session, current().get(Attestor))


def _matrix(drawn: Matrix, slugs: dict[int, str]) -> dict[str, Any]:
    return {
        "at": drawn.query.at,
        "since": drawn.query.since,
        "action": drawn.query.action,
        "kind": drawn.query.kind,
        "altered": drawn.altered,
        # A purpose that has ended has no slug any more that anybody could ask for.
        "cells": [
            {"role": role, "purpose": slugs[number], "categories": marks}
            for (role, number), marks in drawn.marks.items()
            if number in slugs
        ],
    }
