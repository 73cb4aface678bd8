"""Whom it stops to close purposes: who holds grants for them, and who read for them lately."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from audit.observed import observe
from governance.actor import Role
from register.record import Change, PurposeLines
from register.values import FORCE

LATELY: Final = timedelta(days=30)
CountGrants = Callable[[Session, datetime, Collection[int]], Mapping[int, Mapping[Role, int]]]


@dataclass(frozen=True, slots=True)
class GrantsHeld:
    """Counts the grants in force of purposes, by purpose and role. Given at the roof: grants lie above the register."""

    count: CountGrants = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedRole:
    """A role that reads for a purpose, or may.

    Attributes:
        grants: How many grants in force it holds for the purpose.
        reads: How often somebody read in it lately.
    """

    role: Role
    grants: int
    reads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """Whom closing one purpose stops.

    Attributes:
        roles: Those that hold a grant, that the register names, or that read lately.
        accounts: How many accounts read for it lately.
        last: When one did last.
    """

    lines: PurposeLines
    roles: tuple[StoppedRole, ...]
    accounts: int
    last: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping:
    """Whom closing purposes stops.

    Attributes:
        since: From when on the log was looked at.
    """

    since: datetime
    purposes: tuple[Stopped, ...]


def whom_it_stops(session: Session, held: GrantsHeld, purposes: Iterable[PurposeLines], now: datetime) -> Stopping:
    """Return whom closing these purposes stops, in as many statements whatever they are."""
    closing = [lines for lines in purposes if lines.purpose.standing in FORCE]
    seen = observe(session, [lines.purpose.slug for lines in closing], now - LATELY)
    grants = held.count(session, now, [lines.purpose.id for lines in closing])
    told = []
    for lines in closing:
        observed, counted = seen.by_purpose[lines.purpose.slug], grants.get(lines.purpose.id, {})
        named = {line.role for line in lines.recipients if line.change is not Change.ADDED}
        roles = named | set(counted) | {Role(role) for role in observed.by_role if role in set(Role)}
        stopped = (
            StoppedRole(role=role, grants=counted.get(role, 0), reads=observed.by_role.get(role, 0))
            for role in Role
            if role in roles
        )
        told.append(Stopped(lines=lines, roles=tuple(stopped), accounts=observed.accounts, last=observed.last))
    return Stopping(since=seen.since, purposes=tuple(told))
