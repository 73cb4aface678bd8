"""The first pages, one file each."""

from governance.oversight.pages import (
    decisions,
    drift,
    evidence,
    inspection,
    letters,
    maturity,
    officer,
    plan,
    roles,
    state,
    tasks,
    today,
    training,
    watch,
)
from governance.oversight.pages.entrance import blueprint
from governance.oversight.pages.filters import add_filters

add_filters(blueprint)

__all__ = [
    "blueprint",
    "decisions",
    "drift",
    "evidence",
    "inspection",
    "letters",
    "maturity",
    "officer",
    "plan",
    "roles",
    "state",
    "tasks",
    "today",
    "training",
    "watch",
]
