"""The pages of campaigns."""

from governance.campaigns.pages.rules import blueprint

__all__ = ["blueprint"]
