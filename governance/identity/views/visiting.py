"""Whose session it is: what every view of one's own account begins with."""

from sqlalchemy.orm import Session

from governance.errors import phrase
from governance.identity.errors import NotPermittedError
from governance.identity.second_door import Visit, visit_of
from governance.identity.service.actors import Admission
from governance.identity.service.factors import locked_account
from governance.identity.service.freshness import check_fresh_second_factor
from governance.identity.service.sessions import check_still_open
from governance.vault.attest import Attestor
from governance.web import signed_in
from governance.web.context import current


def admission_here() -> Admission:
    """Return who is there, in a session of their own.

    Raises:
        NotPermittedError: If it is a program, or a person through a token.
    """
    admission = signed_in.visitor()
    if not isinstance(admission, Admission) or visit_of(admission.actor, admission.reference) is None:
        raise NotPermittedError(needed=phrase("a person, signed in"))
    return admission


def visit_here() -> Visit:
    """Return the visit of whoever is there, in a session of their own.

    Raises:
        NotPermittedError: If it is a program, or a person through a token.
    """
    admission = admission_here()
    visit = visit_of(admission.actor, admission.reference)
    if visit is None:
        raise NotPermittedError(needed=phrase("a person, signed in"))
    return visit


def fresh_visit() -> Visit:
    """Return the visit of whoever is there, if they showed a short time ago who they are.

    For a view that asks so under a condition of its own; one that always does declares it (`confirmed_anew`).

    Raises:
        NotPermittedError: If it is a program, or a person through a token.
        FreshSecondFactorNeededError: If they did not.
    """
    visit = visit_here()
    check_fresh_second_factor(admission_here(), current().clock.now())
    return visit


def own_transaction() -> Session:
    """Return the request's transaction, for whoever makes a way into their own account, or takes one away.

    They were let in a moment ago, in another transaction, and somebody may have changed the credentials since: what a
    session of older ones makes would outlive it.

    Raises:
        NotPermittedError: If it is a program, or a person through a token.
        UnknownSessionError: If the session has ended, or is of credentials that are no longer in force.
        AttestationError: If a row on the way was changed behind our back.
    """
    context, visit = current(), visit_here()
    attestor = context.get(Attestor)
    account = locked_account(context.session, attestor, visit.account_id)
    check_still_open(context.session, context.clock, attestor, visit.session_id, account)
    return context.session
