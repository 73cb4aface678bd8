"""The customers' pages, as one blueprint, and whom they are open to."""

from typing import Final

from flask import Blueprint

from governance.actor import BUSINESS_ROLES, Role
from governance.customers.pages.wording import add_filters

blueprint: Final = Blueprint("customers", __name__, url_prefix="/customers")
add_filters(blueprint)

TABLE: Final = "customers"
# The DPO too answers people under grants of their own. Whoever holds none is told so.
READERS: Final = (*sorted(BUSINESS_ROLES), Role.DPO)
