"""The REST interface: which blueprints stand under `/api/v1`, and its description in OpenAPI 3.1."""

from typing import Final

from flask import Flask

from audit.views import blueprint as audit_blueprint
from consent.preferences.views import blueprint as preference_links_blueprint
from consent.propagation.views import blueprint as consent_changes_blueprint
from consent.receipts.views import blueprint as receipts_blueprint
from consent.views import blueprint as consent_blueprint
from governance.administration.views import blueprint as administration_blueprint
from governance.campaigns.sending.views import blueprint as sending_blueprint
from governance.campaigns.views import blueprint as campaigns_blueprint
from governance.customers.informing.views import blueprint as first_messages_blueprint
from governance.customers.mending.views import blueprint as altered_imports_blueprint
from governance.customers.signing_up.views import blueprint as sign_up_form_blueprint
from governance.customers.uploads.views import blueprint as imports_blueprint
from governance.datamap.drafting.views import blueprint as proposals_blueprint
from governance.datamap.views import blueprint as datamap_blueprint
from governance.gate.views import blueprint as data_blueprint
from governance.identity.views.own_resources import blueprint as own_account_blueprint
from governance.identity.views.resources import blueprint as users_blueprint
from governance.oversight.accountability.views import blueprint as accountability_blueprint
from governance.oversight.drift.views import blueprint as drift_blueprint
from governance.oversight.evidence.views import blueprint as documents_blueprint
from governance.oversight.inspection.views import blueprint as inspections_blueprint
from governance.oversight.plan.views import blueprint as actions_blueprint
from governance.oversight.views import blueprint as oversight_blueprint
from governance.policies.views import blueprints as policy_blueprints
from governance.web.rest import Api
from register.views import blueprints as register_blueprints

_CONFIGURATION: Final = {
    "API_TITLE": "Égide",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/api/v1",
    "OPENAPI_JSON_PATH": "openapi.json",
    "OPENAPI_SWAGGER_UI_PATH": None,
    "OPENAPI_REDOC_PATH": None,
    "API_SPEC_OPTIONS": {
        "info": {"description": "Customers' data through one audited gate, and the register that governs it."},
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
    },
}

# Routes that a library makes and that declare nothing themselves. What the interface looks like is no secret.
LIBRARY_ACCESS: Final = {"api-docs.openapi_json": None}
_BLUEPRINTS: Final = (
    data_blueprint,
    imports_blueprint,
    altered_imports_blueprint,
    first_messages_blueprint,
    campaigns_blueprint,
    sending_blueprint,
    datamap_blueprint,
    proposals_blueprint,
    *register_blueprints,
    *policy_blueprints,
    consent_blueprint,
    preference_links_blueprint,
    receipts_blueprint,
    consent_changes_blueprint,
    sign_up_form_blueprint,
    users_blueprint,
    administration_blueprint,
    own_account_blueprint,
    audit_blueprint,
    oversight_blueprint,
    drift_blueprint,
    actions_blueprint,
    documents_blueprint,
    accountability_blueprint,
    inspections_blueprint,
)


def register_api(app: Flask) -> None:
    """Put the blueprints in place, and the description at `/api/v1/openapi.json`."""
    app.config.update(_CONFIGURATION)
    api = Api(app)
    for blueprint in _BLUEPRINTS:
        api.register_blueprint(blueprint)
