"""Days as people write them in the cells of a register."""

import re
from datetime import date
from typing import Final

from governance.days import can_be_kept

_DAY: Final = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")


def day_in(text: str) -> date | None:
    """Return the day that a cell says, as `31/01/2026` or `2026-01-31`; None where it says none that can be kept."""
    found = _DAY.search(text)
    try:
        day = date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day if can_be_kept(day) else None
