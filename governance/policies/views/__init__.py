"""`/grants`, `/access-requests` and what goes with them."""

from governance.policies.views.grants import blueprint
from governance.policies.views.overview import blueprint as overview_blueprint
from governance.policies.views.requests import blueprint as requests_blueprint

# The overview's addresses are words where those of grants are identifiers.
blueprints = (overview_blueprint, blueprint, requests_blueprint)

__all__ = ["blueprint", "blueprints", "overview_blueprint", "requests_blueprint"]
