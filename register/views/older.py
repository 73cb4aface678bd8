"""`/purposes/<slug>/older-data`: how a purpose stands to older data, and the test that opens it."""

from typing import Any, Final

from flask.views import MethodView

from governance.actor import Role, confirmed_anew, open_to
from governance.datamap.desk import MapDesk
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.rest import Blueprint
from register import service
from register.older import OlderStanding, older_standings
from register.record import lines_of
from register.schemas.older import AdviseTestSchema, DecideTestSchema, OlderDataSchema, WriteTestSchema
from register.service import AdviseTest, DecideTest, Desk, WriteTest, describe_purpose
from register.views.activities import DRAFTERS, READERS

blueprint: Final = Blueprint("older-data", __name__, url_prefix="/api/v1", description="Older data and later purposes.")


@blueprint.route("/purposes/<slug>/older-data")
class Older(MethodView):
    """How a purpose stands to older data."""

    @blueprint.response(200, OlderDataSchema)
    @open_to(*READERS)
    def get(self, slug: str) -> OlderStanding:
        """Say whether older data is open to a purpose, and by what; how much there is; and its test."""
        return _standing(slug)


@blueprint.route("/purposes/<slug>/older-data/test", methods=["PUT"])
@blueprint.arguments(WriteTestSchema)
@blueprint.response(200, OlderDataSchema)
@open_to(*DRAFTERS)
def write(given: dict[str, Any], slug: str) -> OlderStanding:
    """Write the compatibility test of a purpose, whole; writing it anew takes a new opinion."""
    service.write_test(current().session, _desk(), current().actor, WriteTest(purpose=slug, **given))
    return _standing(slug)


@blueprint.route("/purposes/<slug>/older-data/opinion", methods=["POST"])
@blueprint.arguments(AdviseTestSchema)
@blueprint.response(200, OlderDataSchema)
@open_to(Role.DPO)
def advise(given: dict[str, Any], slug: str) -> OlderStanding:
    """Give the data protection officer's opinion on a test."""
    service.advise_test(current().session, _desk(), current().actor, AdviseTest(purpose=slug, **given))
    return _standing(slug)


@blueprint.route("/purposes/<slug>/older-data/decision", methods=["POST"])
@blueprint.arguments(DecideTestSchema)
@blueprint.response(200, OlderDataSchema)
@open_to(Role.CONTROLLER)
@confirmed_anew
def decide(given: dict[str, Any], slug: str) -> OlderStanding:
    """Open older data to a purpose, from the day people are informed."""
    service.decide_test(current().session, _desk(), current().actor, DecideTest(purpose=slug, **given))
    return _standing(slug)


@blueprint.route("/purposes/<slug>/older-data/withdrawal", methods=["POST"])
@blueprint.response(200, OlderDataSchema)
@open_to(Role.CONTROLLER)
@confirmed_anew
def withdraw(slug: str) -> OlderStanding:
    """Close older data to a purpose again, at once."""
    service.withdraw_test(current().session, _desk(), current().actor, slug)
    return _standing(slug)


def _standing(slug: str) -> OlderStanding:
    context = current()
    session, attestor = context.session, context.get(Attestor)
    session.flush()
    purpose = service.get_purpose(session, slug)
    described = describe_purpose(session, purpose)
    lines = lines_of(purpose, described.data, described.recipients)
    tables = context.get(MapDesk).catalogue(session, attestor).tables.values()
    return older_standings(session, attestor, [lines], tables, context.clock.now())[slug]


def _desk() -> Desk:
    context = current()
    return Desk(context.clock, context.ids, context.get(Attestor))
