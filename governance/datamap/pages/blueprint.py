"""The blueprint of the data map's pages, and whom they are open to."""

from typing import Final

from flask import Blueprint

from governance.actor import Role
from governance.datamap.catalogue import Catalogue
from governance.datamap.desk import MapDesk
from governance.datamap.pages.wording import add_filters
from governance.vault.attest import Attestor
from governance.web.context import current

blueprint: Final = Blueprint("datamap", __name__, url_prefix="/datamap")
add_filters(blueprint)

READERS: Final = (Role.DPO, Role.ADMIN, Role.CONTROLLER, Role.OWNER, Role.SECURITY, Role.AUDITOR)
# Looking at a database and correcting what is proposed opens nothing.
PREPARERS: Final = (Role.DPO, Role.ADMIN, Role.CONTROLLER)
# What is new in a map, grants must still give. What it protects less, only the controller loads (see weakening.py).
LOADERS: Final = (Role.CONTROLLER, Role.ADMIN)
# What enrolled rows are decides whose consents hold.
DECIDERS: Final = (Role.CONTROLLER,)


def catalogue_in_force() -> Catalogue:
    """Return the data map in force."""
    context = current()
    return context.get(MapDesk).catalogue(context.session, context.get(Attestor))


def may(roles: tuple[Role, ...]) -> bool:
    """Say whether whoever looks holds one of these roles."""
    return bool(current().actor.roles & frozenset(roles))
