"""A record drafted whole, as a file says it: by the rules of the use cases that write its parts one by one.

One by one, each part holds the record, reads it again, counts a revision and records it: sixteen times for a usual
activity. A record that nobody has seen yet has one revision, and one fact says what it was drafted with.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from audit.entries import JsonValue
from governance.actor import Actor, Role
from register.lines.contents import Content
from register.lines.values import Subject
from register.models import Activity, UnconfirmedDefault
from register.service.activities.drafting import NewActivity, draft_activity
from register.service.desk import Desk
from register.service.lines.keeping import propose_lines
from register.service.purposes.contents import DataTerms, propose_contents
from register.service.purposes.declaring import NewPurpose, declare_purpose
from register.service.recording import record_change
from register.values import PurposePart


@dataclass(frozen=True, slots=True, kw_only=True)
class WholePurpose:
    """A purpose with all that it uses.

    Attributes:
        unconfirmed: The parts that somebody is to look at.
    """

    purpose: NewPurpose
    data: Sequence[DataTerms]
    roles: frozenset[Role]
    unconfirmed: Collection[PurposePart] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeActivity:
    """An activity to draft, with its purposes and its lines.

    Attributes:
        origin: What filled in the parts that somebody is to look at.
    """

    activity: NewActivity
    purposes: Sequence[WholePurpose] = ()
    lines: Mapping[Subject, Sequence[Content]] = field(default_factory=dict)
    origin: str = ""


def draft_whole(
    session: Session, desk: Desk, actor: Actor, command: WholeActivity, told: Mapping[str, JsonValue]
) -> Activity:
    """Open a record with all that is to stand in it.

    Args:
        session: A writing transaction.
        desk: A clock, new identifiers, and who vouches for rows.
        actor: Who drafts.
        command: What stands in it; a purpose comes after its parent.
        told: What the fact says of where it comes from.

    Raises:
        RegisterError: As the use cases for its parts.
    """
    activity = draft_activity(session, desk.clock, desk.ids, actor, command.activity)
    for each in command.purposes:
        purpose = declare_purpose(session, desk.attestor, activity, each.purpose)
        propose_contents(session, desk, purpose, (each.data, each.roles))
        for part in each.unconfirmed:
            session.add(UnconfirmedDefault(purpose_id=purpose.id, part=part, starting_point=command.origin))
    for lines in command.lines.items():
        propose_lines(session, desk, activity, lines)
    session.flush()
    details: dict[str, JsonValue] = {**told, "purposes": [each.purpose.slug for each in command.purposes]}
    record_change(session, actor, activity, "import", **details)
    return activity
