"""`/trainings`, `/officers`, `/letters`, `/maturity`: the file of accountability over REST."""

import uuid
from typing import Any, Final

from flask.views import MethodView
from marshmallow import RAISE

from governance.actor import Role, open_to
from governance.days import day_of
from governance.oversight.accountability.keeping import find_record
from governance.oversight.accountability.letters import keep_letter, list_letters
from governance.oversight.accountability.maturity import Review, assess, list_reviews
from governance.oversight.accountability.officer import keep_officer, list_officers, name_designated
from governance.oversight.accountability.schemas import (
    LetterPageSchema,
    LetterSchema,
    LetterTermsSchema,
    MaturityPageSchema,
    MaturitySchema,
    MaturityTermsSchema,
    NameOfficerSchema,
    OfficerSchema,
    OfficersSchema,
    OfficerTermsSchema,
    TrainingPageSchema,
    TrainingSchema,
    TrainingTermsSchema,
    UntrainedListSchema,
    WholeTrainingSchema,
)
from governance.oversight.accountability.training import keep_training, list_trainings, takers, untrained
from governance.oversight.models import Letter, Officer, TrainingSession
from governance.oversight.permissions import KEEPERS, SEERS
from governance.oversight.plan.schemas import PageQuerySchema
from governance.oversight.plan.views import desk
from governance.oversight.values.accountability import LetterTerms, MaturityTerms, OfficerTerms, TrainingTerms
from governance.web.context import current
from governance.web.rest import Blueprint
from register.values import Page

blueprint: Final = Blueprint(
    "accountability", __name__, url_prefix="/api/v1", description="Training, the officer, letters, maturity."
)


@blueprint.route("/trainings")
class Trainings(MethodView):
    """The sessions of training."""

    @blueprint.arguments(PageQuerySchema, location="query", unknown=RAISE)
    @blueprint.response(200, TrainingPageSchema)
    @open_to(*SEERS)
    def get(self, page: dict[str, Any]) -> Page[TrainingSession]:
        """List the sessions, the latest first."""
        return list_trainings(current().session, **page)

    @blueprint.arguments(TrainingTermsSchema)
    @blueprint.response(201, TrainingSchema)
    @open_to(*KEEPERS)
    def post(self, terms: TrainingTerms) -> TrainingSession:
        """Put a session on file."""
        return keep_training(current().session, desk(), current().actor, (None, terms))


@blueprint.route("/trainings/untrained")
@blueprint.response(200, UntrainedListSchema)
@open_to(*SEERS)
def list_untrained() -> dict[str, Any]:
    """List the accounts in use that have had no training for a year."""
    found = untrained(current().session, day_of(current().clock.now()))
    return {"untrained": [{"account": account, "last": last} for account, last in found.items()]}


@blueprint.route("/trainings/<uuid:training_id>")
class OneTraining(MethodView):
    """One session."""

    @blueprint.response(200, WholeTrainingSchema)
    @open_to(*SEERS)
    def get(self, training_id: uuid.UUID) -> dict[str, Any]:
        """Return a session with those who took part."""
        found = find_record(current().session, TrainingSession, training_id)
        people = takers(current().session, [found.id]).get(found.id, ())
        return {**{name: getattr(found, name) for name in TrainingSchema().fields}, "accounts": people}

    @blueprint.arguments(TrainingTermsSchema)
    @blueprint.response(200, TrainingSchema)
    @open_to(*KEEPERS)
    def put(self, terms: TrainingTerms, training_id: uuid.UUID) -> TrainingSession:
        """Correct a session, whole."""
        return keep_training(current().session, desk(), current().actor, (training_id, terms))


@blueprint.route("/officers")
class Officers(MethodView):
    """The designations of data protection officers."""

    @blueprint.response(200, OfficersSchema)
    @open_to(*SEERS)
    def get(self) -> dict[str, Any]:
        """List the designations, the latest first."""
        return {"officers": list_officers(current().session)}

    @blueprint.arguments(OfficerTermsSchema)
    @blueprint.response(201, OfficerSchema)
    @open_to(*KEEPERS)
    def post(self, terms: OfficerTerms) -> Officer:
        """Put a designation on file."""
        return keep_officer(current().session, desk(), current().actor, (None, terms))


@blueprint.route("/officers/<uuid:officer_id>", methods=["PUT"])
@blueprint.arguments(OfficerTermsSchema)
@blueprint.response(200, OfficerSchema)
@open_to(*KEEPERS)
def change_officer(terms: OfficerTerms, officer_id: uuid.UUID) -> Officer:
    """Correct a designation, whole."""
    return keep_officer(current().session, desk(), current().actor, (officer_id, terms))


@blueprint.route("/officers/name", methods=["POST"])
@blueprint.arguments(NameOfficerSchema)
@blueprint.response(204)
@open_to(Role.CONTROLLER)
def name_the_designated(given: dict[str, uuid.UUID]) -> None:
    """Let the register name whom the designation in force names, without a review of any activity."""
    name_designated(current().session, desk(), current().actor, (given["designation"], given["party"]))


@blueprint.route("/letters")
class Letters(MethodView):
    """The letters from and to authorities."""

    @blueprint.arguments(PageQuerySchema, location="query", unknown=RAISE)
    @blueprint.response(200, LetterPageSchema)
    @open_to(*SEERS)
    def get(self, page: dict[str, Any]) -> Page[Letter]:
        """List the letters, the latest first."""
        return list_letters(current().session, **page)

    @blueprint.arguments(LetterTermsSchema)
    @blueprint.response(201, LetterSchema)
    @open_to(*KEEPERS)
    def post(self, terms: LetterTerms) -> Letter:
        """Put a letter on file."""
        return keep_letter(current().session, desk(), current().actor, (None, terms))


@blueprint.route("/letters/<uuid:letter_id>")
class OneLetter(MethodView):
    """One letter."""

    @blueprint.response(200, LetterSchema)
    @open_to(*SEERS)
    def get(self, letter_id: uuid.UUID) -> Letter:
        """Return a letter."""
        return find_record(current().session, Letter, letter_id)

    @blueprint.arguments(LetterTermsSchema)
    @blueprint.response(200, LetterSchema)
    @open_to(*KEEPERS)
    def put(self, terms: LetterTerms, letter_id: uuid.UUID) -> Letter:
        """Correct a letter, whole."""
        return keep_letter(current().session, desk(), current().actor, (letter_id, terms))


@blueprint.route("/maturity")
class Maturity(MethodView):
    """The self-assessments of maturity."""

    @blueprint.arguments(PageQuerySchema, location="query", unknown=RAISE)
    @blueprint.response(200, MaturityPageSchema)
    @open_to(*SEERS)
    def get(self, page: dict[str, Any]) -> Page[Review]:
        """List the self-assessments, the latest first."""
        return list_reviews(current().session, **page)

    @blueprint.arguments(MaturityTermsSchema)
    @blueprint.response(201, MaturitySchema)
    @open_to(*KEEPERS)
    def post(self, terms: MaturityTerms) -> Review:
        """Keep a self-assessment; the ones before stay."""
        assess(current().session, desk(), current().actor, terms)
        return list_reviews(current().session, after=None, limit=1).rows[0]
