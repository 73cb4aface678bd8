"""The register on pages: activities, the record of one, its steps, drafting, parties."""

from register.pages import drafting, parties, purposes, record, steps, terms, versions
from register.pages.entrance import blueprint

# Each adds its routes to the blueprint of `entrance`.
__all__ = ["blueprint", "drafting", "parties", "purposes", "record", "steps", "terms", "versions"]
