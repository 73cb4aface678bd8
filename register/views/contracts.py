"""`/processors` and `/contracts`: who processes for the company, and under which contracts."""

import uuid
from typing import Any, Final

from flask.views import MethodView
from marshmallow import RAISE

from governance.actor import Role, open_to
from governance.days import day_of
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.rest import Blueprint
from register import service
from register.catalogue.models import Contract
from register.schemas import PageSchema
from register.schemas.contracts import ContractSchema, ContractTermsSchema, ProcessorPageSchema
from register.service import ContractTerms, Desk, Processor
from register.values import Page
from register.views.activities import DRAFTERS, READERS

blueprint: Final = Blueprint("contracts", __name__, url_prefix="/api/v1", description="Contracts with processors.")
_WRITERS: Final = (*DRAFTERS, Role.CONTROLLER)


@blueprint.route("/processors")
@blueprint.arguments(PageSchema, location="query", unknown=RAISE)
@blueprint.response(200, ProcessorPageSchema)
@open_to(*READERS)
def list_processors(page: dict[str, Any]) -> Page[Processor]:
    """List those who process for the company, with how their contracts stand today."""
    return service.list_processors(current().session, day_of(current().clock.now()), **page)


@blueprint.route("/contracts", methods=["POST"])
@blueprint.arguments(ContractTermsSchema)
@blueprint.response(201, ContractSchema)
@open_to(*_WRITERS)
def add_contract(terms: ContractTerms) -> Contract:
    """Put a contract on file."""
    return service.add_contract(current().session, desk(), current().actor, terms)


@blueprint.route("/contracts/<uuid:contract_id>")
class OneContract(MethodView):
    """One contract."""

    @blueprint.response(200, ContractSchema)
    @open_to(*READERS)
    def get(self, contract_id: uuid.UUID) -> Contract:
        """Return a contract."""
        return service.find_contract(current().session, contract_id)

    @blueprint.arguments(ContractTermsSchema)
    @blueprint.response(200, ContractSchema)
    @open_to(*_WRITERS)
    def put(self, terms: ContractTerms, contract_id: uuid.UUID) -> Contract:
        """Correct a contract, whole; whose it is stays."""
        return service.change_contract(current().session, desk(), current().actor, (contract_id, terms))


def desk() -> Desk:
    """Return what writing takes."""
    return Desk(current().clock, current().ids, current().get(Attestor))
