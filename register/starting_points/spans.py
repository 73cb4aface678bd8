"""Spans of time as a file writes them: `3 years`, `13 months`, `0 days`."""

import re
from typing import Final

from governance.periods import Period, Unit

_SHAPE: Final = re.compile(r"(0|[1-9]\d{0,2}) (day|month|year)s?", re.ASCII)


def period_in(text: str) -> Period | None:
    """Return the period that a text names, or None where it names none, or one of more than a hundred years."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        return None
    try:
        return Period.of(int(found[1]), Unit[found[2].upper()])
    except ValueError:
        return None
