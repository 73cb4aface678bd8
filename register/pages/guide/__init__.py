"""The guide: one question of a record after the other, with the forms and use cases that a record's own page has."""

from register.pages.guide import typed, walk

# Each adds its routes to the blueprint of the register's pages.
__all__ = ["typed", "walk"]
