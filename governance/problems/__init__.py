"""Which error of the domain is which problem (RFC 9457): a table for each room, one row for each class.

A problem's slug is its class's name in small letters. What no caller can mend is 500: faults of ours, altered rows.
"""

from collections.abc import Mapping
from typing import Final

from governance.errors import DomainError, mark
from governance.gate.errors import ReadRefusedError, WriteRefusedError
from governance.problems import (
    audit,
    campaigns,
    consent,
    customers,
    datamap,
    gate,
    house,
    identity,
    oversight,
    policies,
    register,
    vault,
)
from governance.problems.rows import Rows
from governance.web.problems import HTTP_PROBLEMS, Problem, slug_of

ROOMS: Final[tuple[Rows, ...]] = (
    audit.ROWS,
    campaigns.ROWS,
    consent.ROWS,
    customers.ROWS,
    datamap.ROWS,
    gate.ROWS,
    house.ROWS,
    identity.ROWS,
    oversight.ROWS,
    policies.ROWS,
    register.ROWS,
    vault.ROWS,
)
# Where the title of the status would say too little: who is refused a read may well open the page.
_TITLES: Final[Mapping[type[DomainError], str]] = {
    ReadRefusedError: mark("The read is refused."),
    WriteRefusedError: mark("The write is refused."),
}
PROBLEMS: Final[Mapping[type[DomainError], Problem]] = {
    error: Problem(status=int(status), slug=slug_of(error), title=_TITLES.get(error, HTTP_PROBLEMS[status].title))
    for rows in ROOMS
    for status, errors in rows.items()
    for error in errors
}


def problem_of(error: DomainError) -> Problem:
    """Return the problem that an error is."""
    return PROBLEMS[type(error)]
