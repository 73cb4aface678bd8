"""Access and policies on pages: what one holds and asks for, decisions, reviews, the matrix, grants, observing."""

from governance.policies.pages import activities, asking, deciding, grants, matrix, mine, reviewing, simulating
from governance.policies.pages.entrance import access, policies

blueprints = (access, policies)

# Each adds its routes to a blueprint of `entrance`.
__all__ = [
    "access",
    "activities",
    "asking",
    "blueprints",
    "deciding",
    "grants",
    "matrix",
    "mine",
    "policies",
    "reviewing",
    "simulating",
]
