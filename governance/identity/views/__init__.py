"""The routes of identity: `pages` and `account` for people, `resources` for programs."""

from governance.identity.views import account, pages, resources

# `account` adds its routes to the blueprint of `pages`.
__all__ = ["account", "pages", "resources"]
