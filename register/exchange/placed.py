"""What was read of a file: activities, and where in it each of their parts stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from governance.errors import Phrase, phrase
from register.exchange.written import WrittenActivity
from register.values import PurposePart


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedActivity:
    """An activity of a file.

    Attributes:
        where: Where it stands as a whole: a path, or a sheet.
        cells: Where its parts stand, by their path below the activity (`purposes[0].label_fr`), where that is known.
        notes: What could not be read as it stands, and what was made of it.
        guessed: The parts of its purposes that the file does not say as the register does, to be looked at.
    """

    activity: WrittenActivity
    where: Phrase | str
    cells: Mapping[str, Phrase | str] = field(default_factory=dict)
    notes: Sequence[Phrase] = ()
    guessed: Collection[PurposePart] = ()

    def place_of(self, path: str) -> Phrase | str:
        """Return where a part of it stands, as near as is known."""
        if path in self.cells:
            return self.cells[path]
        if isinstance(self.where, Phrase):
            nearest = path
            while nearest and nearest not in self.cells:
                nearest = nearest[: max(nearest.rfind("."), nearest.rfind("["), 0)]
            place = self.cells.get(nearest, self.where)
            return place if nearest == path else phrase("{place} ({part})", place=place, part=path)
        return f"{self.where}.{path}" if path else self.where


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRegister:
    """The activities of a file.

    Attributes:
        format: The name of the format that it was read as.
        digest: SHA-256 of its bytes, in hexadecimal.
        notes: What of it is no activity.
        columns: What each column of a table was read as, by its number from 1.
    """

    format: str
    digest: str
    activities: Sequence[PlacedActivity]
    notes: Sequence[Phrase] = ()
    columns: Mapping[int, str] = field(default_factory=dict)
