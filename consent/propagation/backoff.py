"""How long is waited after what went wrong, and what an answer means."""

from datetime import timedelta
from enum import Enum, auto
from http import HTTPStatus
from typing import Final

_FIRST: Final = timedelta(seconds=5)
_LONGEST: Final = timedelta(minutes=5)
# As many doublings as lead past the longest wait.
_MOST_DOUBLINGS: Final = 8
# A change that is refused so often is a dead letter: after five minutes, all in all.
MOST_REFUSALS: Final = 6
# These speak of the line, the house behind it or whoever may post, and not of the change.
_OF_THE_LINE: Final = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.METHOD_NOT_ALLOWED,
        HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)


class Verdict(Enum):
    """What an answer means: taken; not now; this change not; never again."""

    TAKEN = auto()
    LATER = auto()
    REFUSED = auto()
    GONE = auto()


def verdict_of(status: int | None) -> Verdict:
    """Return what an answer means; None is none."""
    if status is None:
        return Verdict.LATER
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Verdict.TAKEN
    if status == HTTPStatus.GONE:
        return Verdict.GONE
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _OF_THE_LINE:
        return Verdict.REFUSED
    return Verdict.LATER


def wait_after(failures: int, share: float) -> timedelta:
    """Return how long to wait after so many failures in a row: twice as long each time, up to some minutes.

    Args:
        failures: From 1.
        share: From 0 to 1, by chance, so that not all who failed together come back together: half of the wait is left
            to it.
    """
    whole = min(_FIRST * (1 << min(failures - 1, _MOST_DOUBLINGS)), _LONGEST)
    return whole / 2 + whole / 2 * share
