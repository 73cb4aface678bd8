"""Activities in force that are likely to need an impact assessment, where none is on file. GDPR Art. 35(1).

What is on file is a document of the library that proves the assessment of an activity, until its last day: the
assessment itself, or the written decision that none is needed, with its reasons.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator

from sqlalchemy import or_, select

from governance.actor import Role
from governance.ids import parse_id
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.values import Finding, Kind, Pair, Severity
from governance.oversight.links import read_links
from governance.oversight.models import Document, DocumentLink
from governance.oversight.values import About
from register.lines.models import ActivityDecision, ActivityPeople
from register.screening.criteria import LIKELY, Screened, criteria_met, surely_required
from register.values import FORCE, Capacity, Provenance


def assessments(ground: Ground) -> Iterator[Finding]:
    """Yield one finding for each activity; four statements."""
    on_file = _on_file(ground)
    for activity, screened in _screened(ground).items():
        met = criteria_met(screened)
        if len(met) < LIKELY or activity in on_file:
            continue
        ref = ground.running[activity]
        sure = surely_required(screened)
        yield Finding(
            kind=Kind.ASSESSMENT,
            severity=Severity.SERIOUS if sure else Severity.SETTLE,
            key=(ref.slug,),
            code="required" if sure else "likely",
            concerns=Role.CONTROLLER,
            activities=(ref,),
            parts=tuple(met),
            count=len(met),
        )


def _screened(ground: Ground) -> dict[uuid.UUID, Screened]:
    """Return what the records of the activities say that the organisation itself answers for.

    Where it works for somebody else, that one assesses.
    """
    data: dict[str, set[Pair]] = defaultdict(set)
    provenances: dict[str, set[Provenance]] = defaultdict(set)
    for purpose in ground.purposes:
        data[purpose.activity_slug] |= purpose.data
        provenances[purpose.activity_slug] |= {each.provenance for each in purpose.declared.values()}
    people: Counter[uuid.UUID] = Counter()
    for activity, estimate in ground.whole(
        ActivityPeople, ("activity_id", "estimate"), ActivityPeople.standing.in_(FORCE)
    ):
        people[activity] += estimate
    decides: dict[uuid.UUID, bool] = {}
    for activity, solely in ground.whole(
        ActivityDecision, ("activity_id", "solely"), ActivityDecision.standing.in_(FORCE)
    ):
        decides[activity] = solely or decides.get(activity, False)
    return {
        ref.id: Screened(
            data=data[ref.slug],
            provenances=provenances[ref.slug],
            people=people[ref.id],
            profiles=ref.id in decides,
            decides=decides.get(ref.id, False),
        )
        for ref in ground.running.values()
        if ref.capacity is not Capacity.PROCESSOR
    }


def _on_file(ground: Ground) -> set[uuid.UUID]:
    """Return the activities that a document proves to be assessed, as Égide wrote both, and has not ended."""
    proves = DocumentLink.about == About.ASSESSMENT
    links, _ = read_links(ground.session, ground.attestor, proves)
    standing = ground.whole(
        Document,
        ("id",),
        Document.id.in_(select(DocumentLink.document_id).where(proves)),
        Document.removed_at.is_(None),
        or_(Document.valid_until.is_(None), Document.valid_until >= ground.today),
    )
    documents = {each for (each,) in standing}
    found = (parse_id(link.reference) for link in links if link.document_id in documents)
    return {each for each in found if each is not None}
