"""What a volume of the register is, beside its words."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from register.stated import Stated
from register.values import Register


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumePlace:
    """Where a volume stands in the register.

    Attributes:
        number: The volume's own, from 1.
        first: The number of its first activity, from 1.
        count: Of how many activities.
        register: Of which of the two registers; None for both.
        cote: What every page bears, where the volume is a piece of something larger.
    """

    number: int
    first: int
    count: int
    register: Register | None = None
    cote: str = ""


def digest_of(records: Sequence[Stated]) -> str:
    """Return what tells one state of these activities from another: SHA-256 over a line for each.

    A line is the slug, the revision and the digest of the last decision's text, parted by spaces; lines end with a line
    feed.
    """
    lines = [
        f"{each.activity.slug} {each.activity.revision} {each.decisions[0].digest if each.decisions else '-'}\n"
        for each in records
    ]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
