"""The collection point of a new house: the one privacy notice that every shop has."""

from typing import Final

from sqlalchemy.orm import Session

from governance.clock import Clock
from governance.ids import IdSource
from register.notices.models import CollectionPoint
from register.notices.values import CollectionWay

SLUG: Final = "politique-de-confidentialite"


def seed_points(session: Session, clock: Clock, ids: IdSource) -> None:
    """Open the collection point of everything. The caller records it; its notice comes with the first activation."""
    point = CollectionPoint(
        id=ids.new(),
        slug=SLUG,
        name_fr="clients, prospects et contacts",
        name_en="customers, prospects and contacts",
        way=CollectionWay.WEBSITE,
        covers_all=True,
        changed_at=clock.now(),
    )
    session.add(point)
    session.flush()
