"""What the gate's routes ask before they hand out one row to somebody who works on pages.

A person whose record is open on a page for one purpose is opened for another one with a reason, which the page asks
for; the same browser must not get round the question by asking the interface. Which records are open is known above.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Openings:
    """Says for which purpose records are open.

    Attributes:
        check: Given a table, a row and a purpose; raises `PurposeSwitchNeededError` where the row is open for another.
    """

    check: Callable[[str, str, str], None]
