"""The line to the provider: watched (`governance.outgoing`), and left alone for a while once nobody answered.

Whoever waits for a provider keeps one of the few threads that serve everybody, so one that did not answer is not asked
again for a while, by anybody.
"""

from datetime import datetime, timedelta
from typing import Any, Final

import requests

from governance.clock import Clock
from governance.outgoing import WatchedLine

# For so long nobody asks a provider again that did not answer.
FAILURE_LASTS: Final = timedelta(seconds=30)


class Silence:
    """Whether the provider has just failed to answer. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        """Suppose that it answers."""
        self._clock: Final = clock
        self._since: datetime | None = None

    def check(self) -> None:
        """Refuse to ask again so soon.

        Raises:
            requests.ConnectionError: If it did not answer a moment ago.
        """
        since = self._since
        if since is not None and self._clock.now() < since + FAILURE_LASTS:
            raise requests.ConnectionError

    def note(self, *, answered: bool) -> None:
        """Note whether it answered."""
        self._since = None if answered else self._clock.now()


class Line(WatchedLine):
    """What a session asks the provider over."""

    def __init__(self, silence: Silence) -> None:
        """Connect to nothing yet."""
        self._silence: Final = silence
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Ask, and read the whole answer.

        Raises:
            requests.RequestException: If there is none in time, or one that is too long.
        """
        self._silence.check()
        try:
            answer = super().send(request, *args, **kwargs)
        except (requests.ConnectionError, requests.Timeout):
            self._silence.note(answered=False)
            raise
        self._silence.note(answered=True)
        return answer
