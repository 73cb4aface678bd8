"""What a notice is written from: the versions in force of the activities that collect at a point, and who they name.

A version says what was decided; how to reach an organisation is read as it is today, for it is corrected at any time
(docs/adr/0040).
"""

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.vault.attest import Attestor
from governance.vocabulary import SubjectKind
from register.catalogue.adequacy import adequacy_on
from register.catalogue.models import Adequacy
from register.in_force import versions_in_force
from register.lines.contents import TransferLine
from register.lines.told import ToldLine
from register.lines.values import Subject
from register.models import Activity, ActivityVersion, Party
from register.on_file import parties_and_theirs
from register.past import PastPurpose, past_record
from register.values import Capacity, Standing

# What shall be in force once what is proposed is activated; of a version in force, all that is.
_WANTED: Final = frozenset({Standing.IN_FORCE, Standing.PROPOSED})
# Whom a point speaks to where it covers everything: not the company's own staff.
_OUTSIDE: Final = frozenset(SubjectKind) - {SubjectKind.EMPLOYEE}

# Whom a snapshot names as answering for an activity, or standing for them.
_ROLES: Final = ("controller", "representative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One activity as a notice tells it.

    Attributes:
        purposes: Those in force, or that would be.
        lines: What else its record says, by subject; the same.
    """

    slug: str
    name: Mapping[str, str]
    capacity: Capacity
    controller: Party | None
    representative: Party | None
    dpo: Party | None
    dpo_firm: Party | None
    purposes: tuple[PastPurpose, ...]
    lines: Mapping[Subject, tuple[ToldLine, ...]]

    @property
    def outward(self) -> bool:
        """Whether it uses data of anybody but the company's own staff."""
        return any(row.kind in _OUTSIDE for purpose in self.purposes for row in purpose.data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What notices are written from.

    Attributes:
        activities: By identifier, those that run, or would.
        parties: Whoever takes part, by identifier.
        adequacy: The decision in force, by country.
    """

    activities: Mapping[uuid.UUID, Told]
    parties: Mapping[uuid.UUID, Party]
    adequacy: Mapping[str, Adequacy]


def gather(session: Session, attestor: Attestor, today: date, proposed: Mapping[str, Any] | None = None) -> Facts:
    """Return what every activity in force says, in as many statements however many there are.

    Args:
        session: A transaction.
        attestor: Who vouches for the rows.
        today: By which a decision on adequacy is in force.
        proposed: The record of one activity as it stands, to be taken as if it were activated.

    Raises:
        AttestationError: If an activity that runs, the version of it that is in force, or an organisation that it names
            was altered outside Égide.
    """
    told = {key: orjson.loads(row.snapshot) for key, row in _in_force(session, attestor).items()}
    if proposed is not None:
        told[uuid.UUID(proposed["id"])] = proposed
    parties = _parties(session, told.values())
    activities = {activity_id: _told(snapshot, parties) for activity_id, snapshot in told.items()}
    # Whom we process for tells their people; GDPR Art. 13 and 14 bind controllers.
    kept = {key: each for key, each in activities.items() if each.capacity is not Capacity.PROCESSOR}
    countries = {
        line.content.country
        for each in kept.values()
        for line in each.lines[Subject.TRANSFERS]
        if isinstance(line.content, TransferLine)
    }
    return Facts(activities=kept, parties=parties, adequacy=adequacy_on(session, countries, today))


def _in_force(session: Session, attestor: Attestor) -> Mapping[uuid.UUID, ActivityVersion]:
    """Return the version in force of each activity that runs: the one by which it was last let run."""
    running = session.scalars(
        select(Activity).where(Activity.running).order_by(Activity.id).execution_options(populate_existing=True)
    ).all()
    for activity in running:
        attestor.verify(activity)
    return versions_in_force(session, attestor, {each.id: each.version_in_force for each in running})


def _parties(session: Session, told: Iterable[Mapping[str, Any]]) -> Mapping[uuid.UUID, Party]:
    return parties_and_theirs(session, {party for snapshot in told for party in _named(snapshot)})


def _named(snapshot: Mapping[str, Any]) -> Iterator[uuid.UUID]:
    for role in _ROLES:
        if snapshot.get(role) is not None:
            yield uuid.UUID(snapshot[role]["id"])
    lines = snapshot.get("lines", {})
    for subject in (Subject.PARTIES, Subject.TRANSFERS):
        for row in lines.get(subject.value, ()):
            if row["party_id"] is not None:
                yield uuid.UUID(row["party_id"])


def _told(snapshot: Mapping[str, Any], parties: Mapping[uuid.UUID, Party]) -> Told:
    past = past_record(orjson.dumps(snapshot).decode())
    found = {role: parties.get(uuid.UUID(each["id"])) for role in _ROLES
             if (each := snapshot.get(role)) is not None}  # fmt: skip
    controller = found.get("controller")
    # The officer of today, whom the controller names without a review of anything (docs/adr/0094).
    dpo = None if controller is None or controller.dpo_id is None else parties.get(controller.dpo_id)
    return Told(
        slug=snapshot["slug"],
        name={"fr": snapshot["name_fr"], "en": snapshot["name_en"]},
        capacity=past.capacity,
        controller=controller,
        representative=found.get("representative"),
        dpo=dpo,
        dpo_firm=None if dpo is None or dpo.firm_id is None else parties.get(dpo.firm_id),
        purposes=tuple(_wanted_purposes(past.purposes)),
        lines={
            subject: tuple(line for line in lines if line.standing in _WANTED) for subject, lines in past.lines.items()
        },
    )


def _wanted_purposes(purposes: Iterable[PastPurpose]) -> Iterator[PastPurpose]:
    for each in purposes:
        # Where nobody said what makes it lawful, nothing is done yet that people could be told.
        if each.standing in _WANTED and each.basis is not None:
            data = tuple(row for row in each.data if row.standing in _WANTED)
            recipients = tuple(pair for pair in each.recipients if pair[1] in _WANTED)
            yield replace(each, data=data, recipients=recipients)


def collecting(facts: Facts, chosen: Collection[uuid.UUID], *, covers_all: bool) -> list[Told]:
    """Return the activities that collect at a point, in the order in which they were drafted."""
    return [
        each
        for activity_id, each in sorted(facts.activities.items())
        if activity_id in chosen or (covers_all and each.outward)
    ]
