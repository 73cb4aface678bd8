"""`/activities` and `/parties`: the records of processing, step by step. Who may take a step, the register says."""

import uuid
from datetime import timedelta
from typing import Any, Final

from flask.views import MethodView
from marshmallow import RAISE

from audit.observed import Observed, observe
from governance.actor import Role, confirmed_anew, confirmed_anew_for, open_to
from governance.days import day_of
from governance.ids import parse_id
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.rest import Blueprint
from register import service
from register.guide.survey import survey
from register.lifecycle import OPENING, Verb
from register.models import Activity, Party
from register.schemas import (
    ActivityChangeSchema,
    ActivityPageSchema,
    ActivityQuerySchema,
    ActivitySchema,
    BesideSchema,
    DefaultsSchema,
    ModeSchema,
    NewActivitySchema,
    NewPartySchema,
    NumberPageSchema,
    ObservationSchema,
    PageSchema,
    PartyChangeSchema,
    PartyPageSchema,
    PartySchema,
    PastVersionSchema,
    ProspectsSchema,
    StartingPointsSchema,
    StepSchema,
    VersionAtSchema,
    VersionPageSchema,
)
from register.service import (
    ActivityChange,
    ActivityFilter,
    Desk,
    NewActivity,
    NewParty,
    PartyChange,
    SetMode,
    StartActivity,
    Step,
    Unconfirmed,
)
from register.starting_points.schemas.loader import starting_points
from register.values import Page

blueprint: Final = Blueprint("activities", __name__, url_prefix="/api/v1", description="Processing activities.")

READERS: Final = (Role.CONTROLLER, Role.DPO, Role.OWNER, Role.SECURITY, Role.AUDITOR, Role.ADMIN)
DRAFTERS: Final = (Role.OWNER, Role.DPO)
_MOVERS: Final = (*DRAFTERS, Role.CONTROLLER)
_VERBS: Final = ",".join(Verb)
_OBSERVED_DAYS: Final = 30
_MOST_PURPOSES: Final = 1_000


@blueprint.route("/activities")
class Activities(MethodView):
    """All activities."""

    @blueprint.arguments(ActivityQuerySchema, location="query", unknown=RAISE)
    @blueprint.response(200, ActivityPageSchema)
    @open_to(*READERS)
    def get(self, query: dict[str, Any]) -> Page[Activity]:
        """List activities in the order in which they were drafted; those of a state, a business line, some words."""
        today = day_of(current().clock.now())
        wanted = ActivityFilter(
            state=query["state"],
            owner_id=query["owner"],
            register=query["capacity"],
            to_review_by=today if query["to_review"] else None,
            text=query["text"],
            category=query["category"],
            basis=query["basis"],
            party_id=query["party"],
        )
        return service.list_activities(current().session, wanted, after=query["after"], limit=query["limit"])

    @blueprint.arguments(NewActivitySchema)
    @blueprint.response(201, ActivitySchema)
    @open_to(*DRAFTERS)
    def post(self, command: NewActivity | StartActivity) -> Activity:
        """Draft an activity: empty, or filled in from a starting point."""
        context = current()
        if isinstance(command, StartActivity):
            desk = Desk(context.clock, context.ids, context.get(Attestor))
            return service.start_activity(context.session, desk, context.actor, command)
        return service.draft_activity(context.session, context.clock, context.ids, context.actor, command)


@blueprint.route("/activities/<reference>")
class OneActivity(MethodView):
    """One activity, by identifier or slug."""

    @blueprint.response(200, ActivitySchema)
    @open_to(*READERS)
    def get(self, reference: str) -> Activity:
        """Return an activity."""
        return service.get_activity(current().session, read_reference(reference))

    @blueprint.arguments(ActivityChangeSchema)
    @blueprint.response(200, ActivitySchema)
    @open_to(*DRAFTERS)
    def patch(self, change: ActivityChange, reference: str) -> Activity:
        """Change the description of an activity, its owner or its controller."""
        context = current()
        target = (read_reference(reference), change)
        return service.change_activity(context.session, context.clock, context.get(Attestor), context.actor, target)


@blueprint.route("/activities/<reference>/versions")
@blueprint.arguments(NumberPageSchema, location="query", unknown=RAISE)
@blueprint.response(200, VersionPageSchema)
@open_to(*READERS)
def list_versions(page: dict[str, Any], reference: str) -> service.VersionPage:
    """List the versions of an activity, oldest first."""
    return service.list_versions(current().session, read_reference(reference), **page)


@blueprint.route("/activities/<reference>/versions/<int:revision>")
@blueprint.arguments(BesideSchema, location="query", unknown=RAISE)
@blueprint.response(200, PastVersionSchema)
@open_to(*READERS)
def get_version(asked: dict[str, Any], reference: str, revision: int) -> dict[str, Any]:
    """Return an activity as it stood in a version, and what has changed since, or differs in another version."""
    return _past(reference, revision, asked["beside"])


@blueprint.route("/activities/<reference>/version")
@blueprint.arguments(VersionAtSchema, location="query", unknown=RAISE)
@blueprint.response(200, PastVersionSchema)
@open_to(*READERS)
def get_version_at(asked: dict[str, Any], reference: str) -> dict[str, Any]:
    """Return an activity as it stood at a moment: in the version that was the last one then."""
    revision = service.revision_at(current().session, read_reference(reference), asked["at"])
    return _past(reference, 0 if revision is None else revision)


@blueprint.route("/activities/<reference>/steps")
@blueprint.response(200, ProspectsSchema)
@open_to(*READERS)
def list_steps(reference: str) -> dict[str, Any]:
    """Say which steps can follow and who may take them, what the record lacks for them, and what is worth adding."""
    context = current()
    now = context.clock.now()
    activity = service.get_activity(context.session, read_reference(reference))
    found = survey(context.session, activity, now)
    return {
        "steps": list(service.prospects(context.session, context.actor, activity, now)),
        "missing": found.missing,
        "worth_adding": found.worth_adding,
        "questions": found.places,
    }


@blueprint.route("/activities/<reference>/defaults")
@blueprint.response(200, DefaultsSchema)
@open_to(*READERS)
def list_defaults(reference: str) -> Unconfirmed:
    """Say what of an activity nobody has looked at since a starting point proposed it."""
    session = current().session
    return service.unconfirmed_defaults(session, service.get_activity(session, read_reference(reference)).id)


@blueprint.route("/starting-points")
@blueprint.response(200, StartingPointsSchema)
@open_to(*DRAFTERS)
def list_starting_points() -> dict[str, Any]:
    """List what an activity can be drafted from."""
    return {"starting_points": list(starting_points().values())}


@blueprint.route("/activities/<reference>/reads")
@blueprint.response(200, ObservationSchema)
@open_to(*READERS)
def list_reads(reference: str) -> dict[str, Any]:
    """Say what the log saw in the last thirty days for the purposes of an activity."""
    context = current()
    activity = service.get_activity(context.session, read_reference(reference))
    purposes = service.list_purposes(context.session, activity_id=activity.id, after=None, limit=_MOST_PURPOSES).rows
    slugs = [each.slug for each in purposes]
    found = observe(context.session, slugs, context.clock.now() - timedelta(days=_OBSERVED_DAYS))
    told = [{"purpose": slug, **_observed(found.by_purpose[slug])} for slug in slugs]
    return {"since": found.since, "whole": found.whole, "purposes": told}


@blueprint.route(f"/activities/<reference>/<any({_VERBS}):verb>", methods=["POST"])
@blueprint.arguments(StepSchema)
@blueprint.response(200, ActivitySchema)
@open_to(*_MOVERS)
@confirmed_anew_for(verb=OPENING)
def move(given: dict[str, Any], reference: str, verb: str) -> Activity:
    """Take a step of an activity's life."""
    context = current()
    command = Step(activity=read_reference(reference), verb=Verb(verb), **given)
    return service.move_activity(context.session, context.clock, context.get(Attestor), context.actor, command)


@blueprint.route("/activities/<reference>/set-mode", methods=["POST"])
@blueprint.arguments(ModeSchema)
@blueprint.response(200, ActivitySchema)
@open_to(Role.CONTROLLER)
@confirmed_anew
def set_mode(given: dict[str, Any], reference: str) -> Activity:
    """Let an activity's rules refuse, or only report what they would refuse."""
    context = current()
    command = SetMode(activity=read_reference(reference), **given)
    return service.set_mode(context.session, context.clock, context.get(Attestor), context.actor, command)


@blueprint.route("/parties")
class Parties(MethodView):
    """All parties."""

    @blueprint.arguments(PageSchema, location="query", unknown=RAISE)
    @blueprint.response(200, PartyPageSchema)
    @open_to(*READERS)
    def get(self, page: dict[str, Any]) -> Page[Party]:
        """List parties in the order in which they came."""
        return service.list_parties(current().session, **page)

    @blueprint.arguments(NewPartySchema)
    @blueprint.response(201, PartySchema)
    @open_to(*_MOVERS)
    def post(self, command: NewParty) -> Party:
        """Put a party on file."""
        context = current()
        return service.add_party(context.session, context.ids, context.actor, command)


@blueprint.route("/parties/<uuid:party_id>")
class OneParty(MethodView):
    """One party."""

    @blueprint.response(200, PartySchema)
    @open_to(*READERS)
    def get(self, party_id: uuid.UUID) -> Party:
        """Return a party."""
        return service.find_party(current().session, party_id)

    @blueprint.arguments(PartyChangeSchema)
    @blueprint.response(200, PartySchema)
    @open_to(*_MOVERS)
    def patch(self, change: PartyChange, party_id: uuid.UUID) -> Party:
        """Correct a party; of one that an activity in force names, only how to reach it."""
        context = current()
        return service.change_party(context.session, context.actor, party_id, change)


def _past(reference: str, revision: int, beside: int | None = None) -> dict[str, Any]:
    context = current()
    found = service.past_version(context.session, context.get(Attestor), read_reference(reference), revision, beside)
    names = ("revision", "verb", "state", "mode", "note", "actor_id", "at", "snapshot")
    version = {name: getattr(found.version, name) for name in names}
    return version | {
        "number": found.number,
        "digest": found.digest,
        "entry": found.entry,
        "changed_since": found.since,
    }


def _observed(seen: Observed) -> dict[str, Any]:
    names = ("reads", "refusals", "people", "last", "by_role")
    return {name: getattr(seen, name) for name in names}


def read_reference(reference: str) -> uuid.UUID | str:
    """Return how an activity is named in an address: by its identifier, or by its slug, which is never one."""
    return parse_id(reference) or reference
