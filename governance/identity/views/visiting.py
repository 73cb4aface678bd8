"""Whose session it is: what every view of one's own account begins with."""

from governance.errors import phrase
from governance.identity.errors import NotPermittedError
from governance.identity.second_door import Visit, visit_of
from governance.identity.service.actors import Admission
from governance.identity.service.freshness import check_fresh_second_factor
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
