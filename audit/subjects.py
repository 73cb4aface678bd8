"""Which data subjects an entry concerns, as it says it: a list when they are few, a roaring bitmap when many."""

import base64
from collections.abc import Collection, Iterable
from typing import Final

from pyroaring import BitMap

from audit.errors import InvalidFactError

# Up to so many stand in the entry as a list that anybody can read.
LISTED_SUBJECTS: Final = 8

EncodedSubjects = list[int] | str


def encode_subjects(subjects: Collection[int] | BitMap) -> EncodedSubjects:
    """Return the data subjects as a sorted list when they are few, as a serialised roaring bitmap in base64 otherwise.

    Raises:
        InvalidFactError: If one of them is not a number from 0 to 2^32 - 1.
    """
    if len(subjects) <= LISTED_SUBJECTS:
        listed = sorted(set(subjects))
        if listed and (listed[0] < 0 or listed[-1] >> 32):
            raise InvalidFactError(reason="a data subject's number is not within 0 and 4294967295")
        return listed
    try:
        bitmap = subjects.copy() if isinstance(subjects, BitMap) else BitMap(subjects)
    except (OverflowError, TypeError):
        raise InvalidFactError(reason="a data subject's number is not within 0 and 4294967295") from None
    bitmap.run_optimize()
    return base64.b64encode(bitmap.serialize()).decode("ascii")


def decode_subjects(encoded: Iterable[int] | str) -> BitMap:
    """Return the data subjects of an entry's body, in either form.

    Raises:
        ValueError: If it is not a bitmap.
    """
    return to_bitmap(base64.b64decode(encoded, validate=True)) if isinstance(encoded, str) else BitMap(encoded)


def to_bitmap(serialised: bytes) -> BitMap:
    """Return a bitmap that was serialised.

    Raises:
        ValueError: If it is none.
    """
    try:
        return BitMap.deserialize(serialised)
    except IndexError:
        raise ValueError("an empty buffer is no bitmap") from None
