"""References that a file gives twice: copied sheets and lines keep the first one's."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from register.exchange.placed import PlacedActivity
from register.slugs import numbered_slugs


def once_each(found: Sequence[PlacedActivity]) -> list[PlacedActivity]:
    """Return activities whose references, and those of their purposes, differ."""
    slugs, purposes = TakenSlugs(), TakenSlugs()
    told: list[PlacedActivity] = []
    for placed in found:
        activity = placed.activity
        slug = slugs.free(activity.slug)
        renamed = {each.slug: purposes.free(each.slug) for each in activity.purposes}
        activity = replace(
            activity,
            slug=slug,
            purposes=tuple(
                replace(each, slug=renamed[each.slug], parent=renamed.get(each.parent or "", each.parent))
                for each in activity.purposes
            ),
        )
        told.append(replace(placed, activity=activity))
    return told


class TakenSlugs:
    """The references given so far; of one that thousands of lines have, the next number is known and not looked for."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        """Begin with those that are taken already."""
        self._taken: Final[set[str]] = set(taken)
        self._numbered: Final[dict[str, Iterator[str]]] = {}

    def free(self, slug: str) -> str:
        """Return a reference that is given to nothing else, and take it."""
        free = slug
        if slug in self._taken:
            numbered = self._numbered.setdefault(slug, numbered_slugs(slug))
            free = next(each for each in numbered if each not in self._taken)
        self._taken.add(free)
        return free
