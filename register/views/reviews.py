"""`/activities/<reference>/review-period` and `/review-period`: when records are looked at again."""

from typing import Any, Final

from flask.views import MethodView

from governance.actor import Role, open_to
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.rest import Blueprint
from register import service
from register.reviews.values import Review
from register.schemas.reviews import HousePeriodSchema, OwnPeriodSchema, ReviewSchema
from register.service import SetReviewPeriod
from register.views.activities import DRAFTERS, READERS, read_reference

blueprint: Final = Blueprint("reviews", __name__, url_prefix="/api/v1", description="When records are looked at again.")


@blueprint.route("/activities/<reference>/review-period")
class ActivityReview(MethodView):
    """When one record is looked at again."""

    @blueprint.response(200, ReviewSchema)
    @open_to(*READERS)
    def get(self, reference: str) -> Review:
        """Say when a record is to be looked at again."""
        session = current().session
        return service.review_of(session, service.get_activity(session, read_reference(reference)))

    @blueprint.arguments(OwnPeriodSchema)
    @blueprint.response(200, ReviewSchema)
    @open_to(*DRAFTERS)
    def put(self, said: dict[str, Any], reference: str) -> Review:
        """Say after how many months a record is looked at again."""
        context = current()
        command = SetReviewPeriod(activity=read_reference(reference), months=said["months"])
        return service.set_review_period(context.session, context.get(Attestor), context.actor, command)


@blueprint.route("/review-period")
class HousePeriod(MethodView):
    """The period of every record that has none of its own."""

    @blueprint.response(200, HousePeriodSchema)
    @open_to(*READERS)
    def get(self) -> dict[str, Any]:
        """Say after how many months records are looked at again that have no period of their own."""
        return {"months": service.default_months(current().session)}

    @blueprint.arguments(HousePeriodSchema)
    @blueprint.response(200, HousePeriodSchema)
    @open_to(Role.DPO)
    def put(self, said: dict[str, Any]) -> dict[str, Any]:
        """Say after how many months records are looked at again that have no period of their own."""
        return {"months": service.set_default_months(current().session, current().actor, said["months"])}
