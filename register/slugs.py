"""Slugs: the stable names of activities, purposes and notices, fit for an address and a terminal."""

import itertools
import re
from collections.abc import Iterator
from typing import Final

from governance.vocabulary import SLUG_LENGTH
from register.errors import SlugInvalidError

_SHAPE: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", re.ASCII)

# Room for a hyphen and a number behind.
STEM_LENGTH: Final = SLUG_LENGTH - 7


def numbered_slugs(slug: str) -> Iterator[str]:
    """Yield the slug with a number behind it, from 2 on, without end."""
    stem = slug[:STEM_LENGTH].rstrip("-")
    yield from (f"{stem}-{number}" for number in itertools.count(2))


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
