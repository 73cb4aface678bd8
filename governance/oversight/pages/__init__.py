"""The first pages, one file each."""

from governance.oversight.pages import decisions, state, tasks, today, watch
from governance.oversight.pages.entrance import blueprint

__all__ = ["blueprint", "decisions", "state", "tasks", "today", "watch"]
