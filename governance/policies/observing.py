"""What observing gives for now, beside the grants: without it, whatever is drawn of them is half the truth.

While an activity only observes, a role that works with customers, and that the register names, reads all that the
purpose declares, in clear, what the law guards most apart; everything else takes grants as ever (docs/adr/0092).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from governance.actor import BUSINESS_ROLES, Role
from governance.policies.requests import in_order
from governance.vocabulary import GUARDED, DataCategory
from register.values import DeclaredPurpose, DeclaredPurposes


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A purpose whose rules only report until a moment.

    Attributes:
        roles: Who reads for it without a grant.
        categories: What they read, in clear.
    """

    purpose: DeclaredPurpose
    until: datetime
    roles: frozenset[Role]
    categories: tuple[DataCategory, ...]


def observations(purposes: DeclaredPurposes, now: datetime) -> dict[int, Observation]:
    """Return the purposes that are observed now, by their numbers."""
    return {
        purpose.id: Observation(
            purpose=purpose,
            until=purpose.observes_until,
            roles=purpose.recipients & BUSINESS_ROLES,
            categories=tuple(in_order({category for _, category in purpose.data} - GUARDED)),
        )
        for purpose in purposes.by_slug.values()
        if purpose.open and purpose.observes_until is not None and purpose.observes(now)
    }


def observed_for(role: Role, found: Iterable[Observation]) -> list[Observation]:
    """Return what a role reads for now by observing alone."""
    return sorted((each for each in found if role in each.roles), key=lambda each: each.purpose.id)
