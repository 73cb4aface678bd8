"""Drawing lots: the same seed draws the same lots, whatever else is drawn beside them."""

from random import Random


class Lots(Random):
    """A seeded source of lots for fictional data; nothing secret ever comes from it."""

    @classmethod
    def of(cls, seed: str, what: str) -> "Lots":
        """Return the lots of one kind of row, which do not depend on how many others were drawn."""
        return cls(f"{seed}/{what}")

    def in_hundred(self, chances: int) -> bool:
        """Say yes so many times in a hundred."""
        return self.randrange(100) < chances

    def early(self, count: int) -> int:
        """Return a place below `count`, the first ones most often."""
        return int(self.random() ** 2 * count)
