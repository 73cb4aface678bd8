"""The REST interface: which blueprints stand under `/api/v1`, and its description in OpenAPI 3.1."""

from typing import Final

from flask import Flask

from audit.views import blueprint as audit_blueprint
from governance.gate.views import blueprint as data_blueprint
from governance.web.rest import Api

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


def register_api(app: Flask) -> None:
    """Put the blueprints in place, and the description at `/api/v1/openapi.json`."""
    app.config.update(_CONFIGURATION)
    api = Api(app)
    for blueprint in (data_blueprint, audit_blueprint):
        api.register_blueprint(blueprint)
