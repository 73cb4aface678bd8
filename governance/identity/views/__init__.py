"""The routes of identity: `pages` and `account` for people, `resources` for programs."""

from governance.identity.views import account, forgotten, pages, resources

# The others add their routes to the blueprint of `pages`.
__all__ = ["account", "forgotten", "pages", "resources"]
