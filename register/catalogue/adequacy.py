"""Which decisions on adequacy are in force on a day. GDPR Art. 45."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance.vault.attest import attestor_of
from register.catalogue.models import Adequacy


def adequacy_on(session: Session, countries: Collection[str], today: date) -> Mapping[str, Adequacy]:
    """Return the decision in force for each of these countries that has one; the widest and newest of several.

    One that was altered outside Égide does not count, whatever it says.
    """
    in_force = (
        select(Adequacy)
        .where(Adequacy.country.in_(countries), Adequacy.decided_on <= today)
        .where(or_(Adequacy.until.is_(None), Adequacy.until >= today))
        .order_by(Adequacy.decided_on, Adequacy.id)
    )
    whole = filter(attestor_of(session).is_whole, session.scalars(in_force))
    rows = sorted(whole, key=lambda row: (not row.partial, row.decided_on))
    return {row.country: row for row in rows}
