"""What the provider said, kept for a while; and that it said nothing, kept too.

Whoever asks for a provider that is down would otherwise wait for it each time, and each would keep one of the few
threads that serve everybody. The line remembers that nobody answered; here it is remembered too where somebody answered
something of no use, which may have taken as long.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

from governance.clock import Clock
from governance.identity.errors import OpenIdUnavailableError
from governance.identity.openid.line import FAILURE_LASTS

_Said = TypeVar("_Said")


class Kept(Generic[_Said]):
    """One thing that the provider says. Thread-safe: whoever asks meanwhile waits for the one who fetches it."""

    def __init__(self, clock: Clock, fetch: Callable[[], _Said]) -> None:
        """Fetch nothing yet.

        Args:
            clock: What says how old it is.
            fetch: Asks the provider, and raises OpenIdUnavailableError where it cannot be had.
        """
        self._clock: Final = clock
        self._fetch: Final = fetch
        self._lock: Final = threading.Lock()
        self._said: tuple[datetime, _Said] | None = None
        self._failed_at: datetime | None = None

    def get(self, *, lasts: timedelta) -> _Said:
        """Return it, no older than this.

        Raises:
            OpenIdUnavailableError: If it cannot be had, or could not a moment ago.
        """
        with self._lock:
            now = self._clock.now()
            if self._said is not None and now < self._said[0] + lasts:
                return self._said[1]
            if self._failed_at is not None and now < self._failed_at + FAILURE_LASTS:
                raise OpenIdUnavailableError
            try:
                said = self._fetch()
            except OpenIdUnavailableError:
                self._failed_at = self._clock.now()
                raise
            self._said, self._failed_at = (now, said), None
            return said
