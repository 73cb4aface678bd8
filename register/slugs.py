"""Slugs: the stable names of activities, purposes and notices, fit for an address and a terminal."""

import re
from typing import Final

from governance.vocabulary import SLUG_LENGTH
from register.errors import SlugInvalidError

_SHAPE: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", re.ASCII)


def is_slug(text: str) -> bool:
    """Say whether a text could be a slug."""
    return len(text) <= SLUG_LENGTH and _SHAPE.fullmatch(text) is not None


def check_slug(slug: str) -> str:
    """Return the slug.

    Raises:
        SlugInvalidError: If it is not small letters, digits and single hyphens, from 1 to 64 of them.
    """
    if not is_slug(slug):
        raise SlugInvalidError
    return slug
