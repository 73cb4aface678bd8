"""How the pages name those who acted and why, and where an object has a page; the log itself knows ids and slugs."""

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class ActorNames:
    """Looks names up in the rooms above; given by the roof."""

    look_up: Callable[[Session, Collection[uuid.UUID]], Mapping[uuid.UUID, str]]
    # Everybody whom an entry may name, to choose from.
    everybody: Callable[[Session], Mapping[uuid.UUID, str]]


@dataclass(frozen=True, slots=True)
class PurposeNames:
    """Looks up what the register calls each purpose, by slug: in French and in English. Given by the roof."""

    look_up: Callable[[Session], Mapping[str, tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class ObjectPages:
    """Looks up which page shows an object of the log: the endpoint and what its address takes. Given by the roof."""

    look_up: Callable[[Session, str, str | None], tuple[str, Mapping[str, str]] | None]
