"""Who asks for grants, who approves and who revokes them. See "Who decides" in ARCHITECTURE.md."""

import uuid
from typing import Final

from sqlalchemy.orm import Session

from governance.actor import Actor, Role
from governance.errors import listed
from governance.identity.permissions import check_not_through_a_token, person
from governance.policies.errors import NotForYouError, NotYourPurposeError, PersonRequiredError
from register.models import Purpose
from register.service import get_activity

# The head of a business line asks, the controller approves; the DPO does neither (GDPR Art. 38(6)).
REQUESTERS: Final = frozenset({Role.OWNER, Role.CONTROLLER})
APPROVERS: Final = frozenset({Role.CONTROLLER})
# Taking away is urgent where an account is lost, so security may; the line's head may on that line.
REVOKERS: Final = frozenset({Role.OWNER, Role.CONTROLLER, Role.SECURITY})

# Who sees all policies, and tries out what a grant would open.
OVERSEERS: Final = frozenset({Role.DPO, Role.CONTROLLER, Role.OWNER, Role.AUDITOR, Role.SECURITY})


def check_may(actor: Actor, roles: frozenset[Role], verb: str) -> uuid.UUID:
    """Return the account of a person who holds one of these roles.

    Raises:
        PersonRequiredError: If it is a program, the host alone or the house: two programs are not two people.
        NotForYouError: If they hold none of the roles.
    """
    account = person(actor)
    if account is None:
        raise PersonRequiredError
    if not actor.roles & roles:
        raise NotForYouError(verb=verb, roles=listed(sorted(roles)))
    return account


def check_approves(actor: Actor, verb: str) -> uuid.UUID:
    """Return the account of a person who approves; no token does, for it shows nothing of whoever holds it.

    Raises:
        PersonRequiredError, NotForYouError: If it is for somebody else.
        NotPermittedError: If a token of theirs acts.
    """
    account = check_may(actor, APPROVERS, verb)
    check_not_through_a_token(actor)
    return account


def check_line(session: Session, actor: Actor, purpose: Purpose) -> None:
    """Refuse the head of one business line who acts on another's purpose.

    Raises:
        NotYourPurposeError: If they do, and hold no role that acts on every line.
    """
    if actor.roles & {Role.CONTROLLER, Role.SECURITY}:
        return
    owner_id = get_activity(session, purpose.activity_id).owner_id
    if owner_id is not None and owner_id != actor.id:
        raise NotYourPurposeError(purpose=purpose.slug)
