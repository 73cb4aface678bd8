"""What the log says of its own purges, judged by the rules that it recorded before them. Standard library only.

A purge is an entry that names what it deleted. That alone does not make it lawful: whoever changes the retention rules
in the database has the next purge delete what it should keep, and record it properly. So the rules are entries too,
each time all of them, and a purge is measured by the rules that stood in the log before it.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from audit.ranges import Ranges

RULES: Final = "retention-rules"
_PURGE: Final = "purge"
_SETTING: Final = "setting"
# No entry says either word without these bytes, and few entries have them: the others are not decoded.
_HINTS: Final = (b'"action":"purge"', b'"type":"retention-rules"')

Rule = tuple[str, str, int | None, str]


class Purges:
    """Follows rules and purges while the entries go by in their order."""

    def __init__(self) -> None:
        """Know of no rule and of no purge."""
        self.ranges: Final = Ranges()
        self.rules: list[Rule] | None = None
        self.rules_at: int | None = None

    def take(self, index: int, body: bytes) -> list[str]:
        """Take the next entry that is what its leaf commits to, and return what is wrong with the purge it tells of."""
        if not any(hint in body for hint in _HINTS):
            return []
        try:
            said = json.loads(body)
            if said["object"]["type"] == RULES and said["action"] == _SETTING:
                self.rules, self.rules_at = rules_of(said), index
            if said["action"] != _PURGE:
                return []
            for first, last in said["details"]["ranges"]:
                if 0 <= first <= last < index:
                    self.ranges.add(first, last)
            return list(self._too_early(said))
        except (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError):
            return ["it tells of rules or of a purge in words that are not the log's"]

    def _too_early(self, said: Mapping[str, Any]) -> Iterator[str]:
        before = said["details"].get("before", {})
        if not before and "objects" not in said["details"]:
            yield "it says neither how old nor what the entries were that it deleted"
        at = datetime.fromisoformat(said["at"])
        for kind, moment in before.items():
            days = self._days(kind, at)
            if days is None:
                yield f"entries of the class {kind} were deleted, and no rule that was recorded ends them by time"
            elif datetime.fromisoformat(moment) > at - timedelta(days=days):
                yield f"entries of the class {kind} were deleted up to {moment}, before the {days} days recorded for it"

    def _days(self, kind: str, at: datetime) -> int | None:
        """Return for how many days the rules recorded so far keep a class; None for no end, and where there is none."""
        day = at.date().isoformat()
        found = sorted((since, days) for each, since, days, _ in self.rules or () if each == kind and since <= day)
        return found[-1][1] if found else None


def rules_of(said: Mapping[str, Any]) -> list[Rule]:
    """Return the rules that an entry records, in their order."""
    return sorted(
        ((rule["class"], rule["from"], rule["days"], rule["source"]) for rule in said["details"]["rules"]),
        key=lambda rule: rule[:2],
    )
