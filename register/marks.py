"""The mark of what is on record: what somebody was shown carries it, and another tells that somebody wrote since."""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson


def mark_of(told: Mapping[str, Any]) -> str:
    """Return what the record says, as one mark: another, and somebody wrote meanwhile."""
    # A question that was not offered before, and of which nothing is on record, is nothing that somebody wrote.
    said = {name: plain for name, value in told.items() if (plain := plainly(value)) is not None}
    return hashlib.sha256(orjson.dumps(said, default=str, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


def plainly(data: Any) -> Any:
    """Return what is said in a field, however it was sent; None for nothing."""
    # A browser sends lines ended in its own way, nothing or an empty text for nothing, and choices in the order of the
    # page.
    if isinstance(data, (list, tuple)):
        return sorted(map(str, data)) or None
    if isinstance(data, bool):
        return data or None
    return (data.replace("\r\n", "\n") or None) if isinstance(data, str) else data
