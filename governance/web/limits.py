"""Limits on how often somebody may ask: declared on a view (`@limited("10 per minute")`), counted in the database.

Flask-Limiter applies them; it ships no storage on SQL, so this is one, so that several processes share their counts and
nothing else has to run. Only what changes something is counted: sign-in, links, codes; and what asks somebody else for
whoever is not signed in, where a view says so. What programs ask many times a second is counted in memory (`paced`).
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ClassVar, Final, TypeVar, cast

from flask import Flask, current_app, request
from flask_limiter import Limiter
from limits import parse
from limits.storage import MemoryStorage, Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import TooManyRequests

from governance.clock import Clock
from governance.database import Database
from governance.web.context import current
from governance.web.tables import RateCount

SCHEME: Final = "egide+sql"
_ATTRIBUTE: Final = "__egide_limit__"
_READING_TOO: Final = "__egide_limit_reading__"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_View = TypeVar("_View", bound=Callable[..., object])


def limited(rate: str, *, reading: bool = False) -> Callable[[_View], _View]:
    """Declare how often one address may use a view.

    Args:
        rate: In Flask-Limiter's notation.
        reading: Whether a GET counts too.
    """

    def declare(view: _View) -> _View:
        setattr(view, _ATTRIBUTE, rate)
        setattr(view, _READING_TOO, reading)
        return view

    return declare


def paced(rate: str) -> Callable[[_View], _View]:
    """Declare how often one person or program may use a view that is asked many times a second.

    It is counted in the memory of each process: in the database all of a program's requests would wait for one row.

    Args:
        rate: In Flask-Limiter's notation.
    """
    allowed, counts = parse(rate), FixedWindowRateLimiter(MemoryStorage())

    def declare(view: _View) -> _View:
        @wraps(view)
        def watched(*arguments: Any, **named: Any) -> object:
            who = str(current().actor.id or _asker())
            if not counts.hit(allowed, who):
                raise TooManyRequests(retry_after=allowed.get_expiry())
            return view(*arguments, **named)

        return cast("_View", watched)

    return declare


class SqlStorage(Storage):
    """Counts in our own database, each in a transaction of its own."""

    STORAGE_SCHEME: ClassVar[list[str] | None] = [SCHEME]  # type: ignore[misc] # a constant of the class there too

    def __init__(
        self,
        uri: str | None = None,
        wrap_exceptions: bool = False,  # noqa: FBT001, FBT002 -- the library gives it by position
        **options: Any,
    ) -> None:
        """Take what `init_app` gives by `storage_options`."""
        super().__init__(uri, wrap_exceptions)
        self._database: Database = options["database"]
        self._clock: Clock = options["clock"]
        self._key: bytes = options["key"]

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """What the library may take for a failing storage."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count, beginning a new window where the last is over."""
        now = self._clock.now()
        with self._database.write_connection() as connection:
            connection.execute(delete(RateCount).where(RateCount.expires_at <= now))
            insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
            counted = (
                insert(RateCount)
                .values(key_hash=self._hash(key), hits=amount, expires_at=now + timedelta(seconds=expiry))
                .on_conflict_do_update(
                    index_elements=[RateCount.key_hash],
                    # The row is there only if its window is not over, or if somebody has just begun one.
                    set_={"hits": RateCount.hits + amount},
                )
                .returning(RateCount.hits)
            )
            return connection.execute(counted).scalar_one()

    def get(self, key: str) -> int:
        """Return the hits of the window under way."""
        found = self._window(key)
        return 0 if found is None else found[0]

    def get_expiry(self, key: str) -> float:
        """Return when the window ends, in seconds since 1970."""
        found = self._window(key)
        return (self._clock.now() if found is None else found[1]).timestamp()

    def check(self) -> bool:
        """Say whether the database answers."""
        with self._database.read() as session:
            return session.execute(select(func.count()).select_from(RateCount)).scalar_one() >= 0

    def reset(self) -> int | None:
        """Forget all counts."""
        with self._database.write_connection() as connection:
            return connection.execute(delete(RateCount)).rowcount

    def clear(self, key: str) -> None:
        """Forget one count."""
        with self._database.write_connection() as connection:
            connection.execute(delete(RateCount).where(RateCount.key_hash == self._hash(key)))

    def _window(self, key: str) -> tuple[int, datetime] | None:
        with self._database.read() as session:
            row = session.execute(
                select(RateCount.hits, RateCount.expires_at).where(
                    RateCount.key_hash == self._hash(key), RateCount.expires_at > self._clock.now()
                )
            ).first()
            return None if row is None else (row[0], row[1])

    def _hash(self, key: str) -> bytes:
        return hashlib.blake2b(key.encode(), digest_size=16, key=self._key).digest()


def init_app(app: Flask, *, database: Database, clock: Clock, key: bytes) -> None:
    """Apply what views declare.

    Args:
        app: The application.
        database: Where the counts lie.
        clock: What ends a window.
        key: A secret of at most 64 bytes under which addresses are hashed.
    """
    options = {"database": database, "clock": clock, "key": key}
    Limiter(
        _asker,
        app=app,
        default_limits=[_rate],
        default_limits_exempt_when=_is_free,
        storage_uri=f"{SCHEME}://",
        storage_options=cast("dict[str, str | int]", options),
        strategy="fixed-window",
    )


def _asker() -> str:
    return request.remote_addr or "unknown"


def _declared() -> str | None:
    view = current_app.view_functions.get(request.endpoint or "")
    rate: str | None = getattr(view, _ATTRIBUTE, None)
    return rate


def _is_free() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    counted = request.method not in _SAFE or getattr(view, _READING_TOO, False)
    return not counted or _declared() is None


def _rate() -> str:
    return _declared() or "1000 per second"
