"""Posting to a webhook: over a line that is watched, without following anywhere, and reading no more than a status."""

from collections.abc import Mapping
from typing import Final, Protocol, Self

import requests

from governance.outgoing import WatchedLine

_HEADERS: Final = {"Content-Type": "application/json", "User-Agent": "Egide", "Accept": "*/*"}


class Post(Protocol):
    """What posts, to one subscriber after the other."""

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        ...

    def send(self, address: str, body: bytes, headers: Mapping[str, str]) -> int | None:
        """Post once, and return the status of the answer; None where there is none in time."""
        ...


class HttpPost:
    """Posts over HTTP, one after the other over one connection where the subscriber keeps it open."""

    def __init__(self) -> None:
        """Connect to nothing yet."""
        self._session: Final = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, WatchedLine())

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        self._session.close()

    def send(self, address: str, body: bytes, headers: Mapping[str, str]) -> int | None:
        """Post once, and return the status of the answer; None where there is none in time.

        The library's errors end here: they quote the address.
        """
        try:
            answer = self._session.post(address, data=body, headers={**_HEADERS, **headers}, allow_redirects=False)
        except (requests.RequestException, OSError):
            return None
        return answer.status_code
