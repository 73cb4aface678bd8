"""The two blueprints of this room's pages, and who reads what on them."""

from typing import Final

from flask import Blueprint

from governance.policies.pages.wording import add_filters
from governance.policies.permissions import OVERSEERS

access: Final = Blueprint("access", __name__, url_prefix="/access")
policies: Final = Blueprint("policies", __name__, url_prefix="/policies")
add_filters(policies)

# Who sees all policies; the others see what they hold themselves.
READERS: Final = tuple(sorted(OVERSEERS))
