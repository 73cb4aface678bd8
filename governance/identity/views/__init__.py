"""The routes of identity: `pages` for people, `resources` for programs."""
