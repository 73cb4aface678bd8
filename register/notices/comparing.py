"""What one text of a notice says otherwise than another, passage by passage."""

from collections.abc import Iterator
from typing import Final

from register.notices.values import NoticeBody, Wording
from register.past import Difference

# The first layer, among the sections.
TITLE: Final = "title"
SHORT: Final = "short"
_Place = tuple[str, str]


def changes(then: NoticeBody | None, now: NoticeBody, language: str) -> list[Difference]:
    """Return the passages that differ between two texts, section by section, what is gone last in each.

    `field` is the key of the section, `key` what the passage is called there; each side is its lines, or None.
    """
    before = {} if then is None else dict(_places(then.wordings[language]))
    after = dict(_places(now.wordings[language]))
    places = dict.fromkeys([*after, *before])
    sections = {key: number for number, key in enumerate(dict.fromkeys(key for key, _ in places))}
    return [
        Difference(purpose=None, field=place[0], key=(place[1],), then=before.get(place), now=after.get(place))
        for place in sorted(places, key=lambda place: sections[place[0]])
        if before.get(place) != after.get(place)
    ]


def headings(body: NoticeBody, language: str) -> dict[str, str]:
    """Return what the sections of a text are called."""
    return {section.key: section.heading for section in body.wordings[language].sections}


def _places(wording: Wording) -> Iterator[tuple[_Place, tuple[str, ...]]]:
    yield (TITLE, ""), (wording.title,)
    yield (SHORT, ""), wording.short
    for section in wording.sections:
        if section.intro:
            yield (section.key, ""), section.intro
        seen: dict[str, int] = {}
        for passage in section.passages:
            # Two organisations, or two purposes, may bear one name.
            seen[passage.title] = seen.get(passage.title, 0) + 1
            again = f" ({seen[passage.title]})" if seen[passage.title] > 1 else ""
            yield (section.key, passage.title + again), passage.lines
