"""The two blueprints of this room's pages, and who reads what on them."""

from typing import Final

from flask import Blueprint

from governance.actor import Role
from governance.policies.pages.wording import add_filters

access: Final = Blueprint("access", __name__, url_prefix="/access")
policies: Final = Blueprint("policies", __name__, url_prefix="/policies")
add_filters(policies)

# Who sees all policies; the others see what they hold themselves.
READERS: Final = (Role.DPO, Role.CONTROLLER, Role.OWNER, Role.AUDITOR, Role.SECURITY)
