"""The actions about several things of one kind: what is being done about each."""

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Actor
from governance.oversight.models import PlanAction
from governance.oversight.permissions import actions_seen
from governance.oversight.values import About
from governance.oversight.values.plan import OPEN
from governance.vault.attest import attestor_of

# SQLite takes so many parameters at once; a page asks for fewer.
_AT_ONCE: Final = 500


def actions_about(
    session: Session, actor: Actor, about: About, references: Collection[str]
) -> Mapping[str, PlanAction]:
    """Return the next due of the actions about each, of those that are open and that the actor may know of.

    One that was altered outside Égide does nothing about anything. One statement, whatever the number up to 500.
    """
    if not references:
        return {}
    attestor = attestor_of(session)
    rows = session.scalars(
        select(PlanAction)
        .where(
            PlanAction.about == about,
            PlanAction.reference.in_(list(references)[:_AT_ONCE]),
            PlanAction.state.in_(OPEN),
            actions_seen(session, actor),
        )
        # The first due comes last, and stays.
        .order_by(PlanAction.due_on.desc(), PlanAction.id.desc())
    )
    return {row.reference: row for row in rows if row.reference is not None and attestor.is_whole(row)}
