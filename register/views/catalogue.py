"""`/measures` and `/adequacy-decisions`: the catalogues that every activity chooses from."""

import uuid
from typing import Any, Final

from flask.views import MethodView
from marshmallow import RAISE

from governance.actor import Role, open_to
from governance.web.context import current
from governance.web.rest import Blueprint
from register import service
from register.catalogue.models import Adequacy, Measure
from register.schemas import PageSchema
from register.schemas.catalogue import (
    AdequacyPageSchema,
    AdequacySchema,
    AdequacyTermsSchema,
    MeasurePageSchema,
    MeasureSchema,
    MeasureTermsSchema,
)
from register.service import AdequacyTerms, MeasureTerms
from register.values import Page
from register.views.activities import READERS
from register.views.contracts import desk

blueprint: Final = Blueprint("catalogue", __name__, url_prefix="/api/v1", description="What activities choose from.")


@blueprint.route("/measures")
class Measures(MethodView):
    """The measures of security."""

    @blueprint.arguments(PageSchema, location="query", unknown=RAISE)
    @blueprint.response(200, MeasurePageSchema)
    @open_to(*READERS)
    def get(self, page: dict[str, Any]) -> Page[Measure]:
        """List measures in the order in which they came."""
        return service.list_measures(current().session, **page)

    @blueprint.arguments(MeasureTermsSchema)
    @blueprint.response(201, MeasureSchema)
    @open_to(Role.DPO)
    def post(self, terms: MeasureTerms) -> Measure:
        """Add a measure to the catalogue."""
        return service.keep_measure(current().session, desk(), current().actor, (None, terms))


@blueprint.route("/measures/<uuid:measure_id>", methods=["PUT"])
@blueprint.arguments(MeasureTermsSchema)
@blueprint.response(200, MeasureSchema)
@open_to(Role.DPO)
def change_measure(terms: MeasureTerms, measure_id: uuid.UUID) -> Measure:
    """Correct a measure, whole."""
    return service.keep_measure(current().session, desk(), current().actor, (measure_id, terms))


@blueprint.route("/adequacy-decisions")
class AdequacyDecisions(MethodView):
    """The decisions on adequacy."""

    @blueprint.arguments(PageSchema, location="query", unknown=RAISE)
    @blueprint.response(200, AdequacyPageSchema)
    @open_to(*READERS)
    def get(self, page: dict[str, Any]) -> Page[Adequacy]:
        """List decisions in the order in which they came on file."""
        return service.list_adequacy(current().session, **page)

    @blueprint.arguments(AdequacyTermsSchema)
    @blueprint.response(201, AdequacySchema)
    @open_to(Role.DPO)
    def post(self, terms: AdequacyTerms) -> Adequacy:
        """Put a decision on file."""
        return service.keep_adequacy(current().session, desk(), current().actor, (None, terms))


@blueprint.route("/adequacy-decisions/<uuid:adequacy_id>", methods=["PUT"])
@blueprint.arguments(AdequacyTermsSchema)
@blueprint.response(200, AdequacySchema)
@open_to(Role.DPO)
def change_adequacy(terms: AdequacyTerms, adequacy_id: uuid.UUID) -> Adequacy:
    """Correct a decision, whole."""
    return service.keep_adequacy(current().session, desk(), current().actor, (adequacy_id, terms))
