"""Which notices the people of a row were given, packed behind the row's MAC, which covers them.

    for each notice: place u16 | notice u16, big-endian, in ascending order

A place is a category of one link: the link's number in the order of the map, from 1, times 256, plus the category's
code. Place 0 stands for every place that has no line of its own, so that a row collected at once costs four bytes, and
one of which nothing is known costs none. A place may have several: what stands there was collected under each of them,
and is open only to what all of them name.
"""

import struct
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from governance.datamap.values import MappedTable
from governance.vocabulary import DataCategory

Place = tuple[str, DataCategory]

_LINE: Final = struct.Struct(">HH")
_EVERYWHERE: Final = 0
# No notice has this number.
_NONE: Final = 0
_LINK: Final = 256


def given_at_once(notice_id: int | None) -> bytes:
    """Return what stands behind a row that was collected under one notice, or under none that is known."""
    return b"" if notice_id is None else _LINE.pack(_EVERYWHERE, notice_id)


def given_anew(table: MappedTable, given: bytes, changed: Mapping[Place, bool], notice_id: int) -> bytes:
    """Return what stands behind a row once some of its places were collected under another notice.

    Args:
        table: The row's table.
        given: What stands behind it.
        changed: The places that were written, and whether nothing of what stood there is left.
        notice_id: The notice that the person was given this time.
    """
    lines = _lines(given)
    for place, whole in changed.items():
        number = _number(table, place)
        # What is left of data under no notice stays under none: nobody was told of it then.
        before = frozenset() if whole else lines.get(number, lines.get(_EVERYWHERE, frozenset({_NONE})))
        lines[number] = before | {notice_id}
    return _packed(lines)


def given_since(given: bytes, notice_id: int) -> bytes:
    """Return what stands behind a row whose people were told afterwards, by a notice, of all that was under none.

    What was collected under another notice stays under that one.
    """
    lines = _lines(given)
    lines.setdefault(_EVERYWHERE, frozenset({_NONE}))
    told = {
        number: frozenset(notice_id if notice == _NONE else notice for notice in notices)
        for number, notices in lines.items()
    }
    return _packed(told)


def open_places(table: MappedTable, given: bytes, notices: Collection[int]) -> frozenset[Place]:
    """Return the places of a row whose data was collected under nothing but these notices."""
    lines = _lines(given)
    everywhere = lines.get(_EVERYWHERE, frozenset())
    found = ((place, lines.get(_number(table, place), everywhere)) for place in places_of(table))
    return frozenset(place for place, known in found if known and known <= frozenset(notices))


def places_of(table: MappedTable) -> Iterator[Place]:
    """Yield each category of each person that a row of the table speaks of."""
    seen = dict.fromkeys((field.link, field.category) for field in table.fields.values())
    return ((link, category) for link, category in seen if link is not None)


def _number(table: MappedTable, place: Place) -> int:
    return ([*table.links].index(place[0]) + 1) * _LINK + place[1].code


def _packed(lines: Mapping[int, frozenset[int]]) -> bytes:
    return b"".join(_LINE.pack(number, notice) for number in sorted(lines) for notice in sorted(lines[number]))


def _lines(given: bytes) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for number, notice in _whole(given):
        found[number].add(notice)
    return {number: frozenset(notices) for number, notices in found.items()}


def _whole(given: bytes) -> Iterable[tuple[int, int]]:
    # Whatever has no whole lines was not written by Égide, and says nothing.
    return _LINE.iter_unpack(given) if len(given) % _LINE.size == 0 else ()
