"""How the pages name those who acted; the log itself knows accounts and tokens by their ids only."""

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class ActorNames:
    """Looks names up in the rooms above; given by the roof."""

    look_up: Callable[[Session, Collection[uuid.UUID]], Mapping[uuid.UUID, str]]
