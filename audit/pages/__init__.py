"""The log on its pages: entries, one entry, their proofs, *verify*, samples, and what leaves the house as a file."""

from audit.pages import entry, export, listing, sample
from audit.pages.entrance import blueprint

__all__ = ["blueprint", "entry", "export", "listing", "sample"]
