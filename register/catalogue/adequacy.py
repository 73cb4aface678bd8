"""Which decisions on adequacy are in force on a day. GDPR Art. 45."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from register.catalogue.models import Adequacy


def adequacy_on(session: Session, countries: Collection[str], today: date) -> Mapping[str, Adequacy]:
    """Return the decision in force for each of these countries that has one; the widest and newest of several."""
    in_force = (
        select(Adequacy)
        .where(Adequacy.country.in_(countries), Adequacy.decided_on <= today)
        .where(or_(Adequacy.until.is_(None), Adequacy.until >= today))
        .order_by(Adequacy.decided_on, Adequacy.id)
    )
    rows = sorted(session.scalars(in_force), key=lambda row: (not row.partial, row.decided_on))
    return {row.country: row for row in rows}
