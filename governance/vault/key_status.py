"""What `egide keys status` shows: the epochs, who is in them, when the next is due, and which secrets lie together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Final

from sqlalchemy import func, make_url, select
from sqlalchemy.orm import Session

from governance.clock import Clock
from governance.settings import Settings
from governance.vault.keyring import Keyring
from governance.vault.models import DataSubject
from governance.vault.ring import EpochState
from governance.vault.sealing import is_token

ROTATION_DAYS: Final = 30
# The promise counts to the end of the move, so it starts a day earlier.
_MOVE_DAYS: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochStatus:
    """One epoch and the data subjects in it."""

    number: int
    state: EpochState
    created_at: datetime
    destroyed_at: datetime | None
    age_days: int
    subjects: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyStatus:
    """The state of the keys.

    Attributes:
        epochs: Oldest first.
        rotation_days: Erased data is unreadable in every copy within so many days.
        rotate_by: When the next rotation must begin to keep that.
        overdue: Whether that moment is past.
        lost: Data subjects in epochs whose key the ring does not have: nothing of theirs opens.
        colocated: Pairs of `keys`, `anchor` and `database` that one stolen disk would hold together.
    """

    epochs: tuple[EpochStatus, ...]
    rotation_days: int
    rotate_by: datetime
    overdue: bool
    lost: int
    colocated: tuple[tuple[str, str], ...]


def status(
    session: Session, keyring: Keyring, clock: Clock, settings: Settings, *, rotation_days: int = ROTATION_DAYS
) -> KeyStatus:
    """Return the state of the keys."""
    now = clock.now()
    counted = select(DataSubject.epoch, func.count()).where(DataSubject.wrapped_key.is_not(None))
    counts = dict(session.execute(counted.group_by(DataSubject.epoch)).all())
    ages = keyring.ages
    current = next(age for age in ages if age.state is EpochState.CURRENT)
    rotate_by = current.created_at + timedelta(days=rotation_days - _MOVE_DAYS)
    readable = {age.number for age in ages if age.state is not EpochState.DESTROYED}
    return KeyStatus(
        epochs=tuple(
            EpochStatus(
                number=age.number,
                state=age.state,
                created_at=age.created_at,
                destroyed_at=age.destroyed_at,
                age_days=(now - age.created_at).days,
                subjects=counts.get(age.number, 0),
            )
            for age in ages
        ),
        rotation_days=rotation_days,
        rotate_by=rotate_by,
        overdue=now > rotate_by,
        lost=sum(count for epoch, count in counts.items() if epoch not in readable),
        colocated=colocated(settings),
    )


def colocated(settings: Settings) -> tuple[tuple[str, str], ...]:
    """Return which of the keyring, the signing key and the database lie on one file system.

    A keyring sealed by a token lies nowhere, for its file is of no use without the token; a PostgreSQL server is taken
    to keep its data elsewhere.
    """
    places: dict[str, Path] = {"anchor": settings.anchor}
    if not is_token(settings.keys):
        places["keys"] = Path(settings.keys)
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        places["database"] = Path(url.database)
    devices = _devices(places)
    return tuple((one, other) for one, other in combinations(sorted(devices), 2) if devices[one] == devices[other])


def _devices(places: Mapping[str, Path]) -> Mapping[str, int]:
    devices = {}
    for name, path in places.items():
        standing = next((each for each in (path, *path.absolute().parents) if each.exists()), None)
        if standing is not None:
            devices[name] = standing.stat().st_dev
    return devices
