"""Who decides whom changes are told to, who sees it, and who looks after deliveries."""

from typing import Final

from consent.propagation.errors import NotSubscriberKeeperError
from governance.actor import Actor, Role
from governance.errors import listed

# Sending people's choices to another system is the controller's decision (GDPR Art. 24); the DPO sees all of it and
# decides nothing (Art. 38(6)).
KEEPERS: Final = frozenset({Role.CONTROLLER})
# To stop telling opens nothing.
PAUSERS: Final = KEEPERS | {Role.SECURITY}
# To send again what was decided to be sent decides nothing new.
REPLAYERS: Final = KEEPERS | {Role.DPO}
READERS: Final = KEEPERS | {Role.DPO, Role.AUDITOR}
# Whether the lines hold is the business of whoever looks after the house; whom the changes are about is not.
LISTERS: Final = READERS | {Role.ADMIN, Role.SECURITY}


def check_role(actor: Actor, roles: frozenset[Role]) -> None:
    """Refuse whoever holds none of these roles.

    Raises:
        NotSubscriberKeeperError: If they do not.
    """
    if not actor.roles & roles:
        raise NotSubscriberKeeperError(roles=listed(sorted(roles)))
