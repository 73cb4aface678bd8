"""What rooms above know of something of the register: shown on its page. Given by the roof."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Leads:
    """A line that leads elsewhere.

    Attributes:
        note: What is to be known about it.
        url: Where it leads; None where it is not for whoever looks.
        altered: Whether it was altered outside Égide: then nothing that it says counts.
    """

    title: str
    note: str = ""
    url: str | None = None
    altered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What stands beside something.

    Attributes:
        actions: What is to be done about it.
        documents: What proves something of it.
        add_action, add_document: Where to add one; None where it is not for whoever looks.
        everything: Where all actions about it are listed.
    """

    actions: Sequence[Leads] = ()
    documents: Sequence[Leads] = ()
    add_action: str | None = None
    add_document: str | None = None
    everything: str | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """Looks it up, by kind of thing and identifier, for whoever asks now."""

    look_up: Callable[[str, str], Told]
