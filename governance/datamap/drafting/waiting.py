"""Maps on their way that only the controller may load: what they protect less, or what they would open at once."""

from datetime import datetime

from sqlalchemy.orm import Session

from governance.datamap.desk import MapDesk
from governance.datamap.drafting.codec import from_json
from governance.datamap.drafting.flaws import flaws_of, map_of
from governance.datamap.drafting.service import list_proposals
from governance.datamap.models import MapProposal
from governance.datamap.service import weaker_than_in_force
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError


def maps_for_controller(session: Session, attestor: Attestor, desk: MapDesk, now: datetime) -> list[MapProposal]:
    """Return the maps on their way that are corrected, and that nobody but the controller may put in force.

    One that was altered outside Égide is left out: nobody can load it.
    """
    return [each for each in list_proposals(session) if _needs_controller(session, attestor, desk, now, each)]


def _needs_controller(
    session: Session, attestor: Attestor, desk: MapDesk, now: datetime, proposal: MapProposal
) -> bool:
    try:
        attestor.verify(proposal)
    except AttestationError:
        return False
    draft = from_json(proposal.draft)
    if flaws_of(draft):
        return False
    described = map_of(draft)
    return bool(weaker_than_in_force(session, attestor, described, desk.base) or desk.openings(session, now, described))
