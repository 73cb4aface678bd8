"""The first pages, one file each."""

from governance.oversight.pages import decisions, roles, state, tasks, today, watch
from governance.oversight.pages.entrance import blueprint

__all__ = ["blueprint", "decisions", "roles", "state", "tasks", "today", "watch"]
