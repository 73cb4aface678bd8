"""The hand that drafts the activities of a file, within one transaction."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import JsonValue
from governance.actor import Actor
from register.exchange.naming import ContractsNamed, MeasuresNamed, PartiesNamed
from register.exchange.placed import PlacedActivity
from register.exchange.progress import Progress
from register.exchange.unique import TakenSlugs
from register.exchange.written import WrittenActivity, WrittenPurpose
from register.lines.contents import (
    AssetLine,
    Content,
    DecisionLine,
    MeasureLine,
    PartyLine,
    PeopleLine,
    RightsLine,
    TransferLine,
)
from register.lines.values import Subject
from register.models import Activity, Purpose
from register.service.activities.drafting import NewActivity
from register.service.activities.whole import WholeActivity, WholePurpose, draft_whole
from register.service.desk import Desk
from register.service.purposes.contents import DataTerms
from register.service.purposes.declaring import NewPurpose
from register.values import Origin

_OF_PURPOSES: Final = (
    "label_fr", "label_en", "consent_channel", "special_condition", "number_ground", "offences_ground",
    "legal_reference", "interest", "necessity", "balance",
)  # fmt: skip


class Hand:
    """Drafts activities. Whoever calls it holds the policy set, so that no name is given by anybody else meanwhile."""

    def __init__(
        self, session: Session, desk: Desk, actor: Actor, so_far: Progress, portion: Sequence[PlacedActivity]
    ) -> None:
        """Look up whatever the activities of a portion name."""
        activities = [each.activity for each in portion]
        self._session: Final = session
        self._desk: Final = desk
        self._actor: Final = actor
        self.parties: Final = PartiesNamed(session, desk, actor, activities, so_far.parties)
        self.measures: Final = MeasuresNamed(session, desk, actor)
        self.contracts: Final = ContractsNamed(session, desk, actor)
        self._slugs: Final = TakenSlugs(session.scalars(select(Activity.slug)))
        self._purposes: Final = TakenSlugs(session.scalars(select(Purpose.slug)))

    def draft(self, placed: PlacedActivity, written: WrittenActivity, told: Mapping[str, JsonValue]) -> str:
        """Draft one activity, and return its slug.

        Args:
            placed: The activity as it stands in the file.
            written: The same under the names that it is drafted with; what was taken since gets a number.
            told: What the log says of the file.
        """
        command = NewActivity(
            slug=self._slugs.free(written.slug),
            name_fr=written.name_fr,
            name_en=written.name_en,
            reference=written.reference,
            kept_since=written.created_on,
            description=written.description,
            capacity=written.capacity,
            controller_id=None if written.controller is None else self.parties.of(written.controller),
        )
        given: dict[str, str] = {}
        purposes = [self._purpose(command.slug, each, given, placed) for each in written.purposes]
        lines = self._lines(written, placed)
        whole = WholeActivity(activity=command, purposes=purposes, lines=lines, origin=Origin.FILE)
        activity = draft_whole(self._session, self._desk, self._actor, whole, told)
        for each in written.parties:
            if each.contracts:
                self.contracts.keep(self.parties.of(each.party), each.contracts)
        return activity.slug

    def _purpose(
        self, activity: str, written: WrittenPurpose, given: dict[str, str], placed: PlacedActivity
    ) -> WholePurpose:
        given[written.slug] = self._purposes.free(written.slug)
        command = NewPurpose(
            activity=activity,
            slug=given[written.slug],
            basis=written.basis,
            parent=None if written.parent is None else given[written.parent],
            **{name: getattr(written, name) for name in _OF_PURPOSES},
        )
        terms = [
            DataTerms(**{name: getattr(each, name) for name in DataTerms.__dataclass_fields__}) for each in written.data
        ]
        roles = frozenset(written.recipients)
        return WholePurpose(purpose=command, data=terms, roles=roles, unconfirmed=placed.guessed)

    def _lines(self, written: WrittenActivity, placed: PlacedActivity) -> Mapping[Subject, Sequence[Content]]:
        rights = written.rights
        return {
            Subject.PARTIES: [
                PartyLine(party_id=self.parties.of(each.party), relation=each.relation, part=each.part)
                for each in written.parties
            ],
            Subject.TRANSFERS: [
                TransferLine(
                    country=each.country,
                    party_id=None if each.party is None else self.parties.of(each.party),
                    recipient=each.recipient,
                    safeguard=each.safeguard,
                    derogation=each.derogation,
                    grounds=each.grounds,
                    assessment=each.assessment,
                    assessed_on=each.assessed_on,
                )
                for each in written.transfers
            ],
            Subject.MEASURES: [
                MeasureLine(
                    measure_id=self.measures.of(each, placed.place_of(f"measures[{place}]")), remark=each.remark
                )
                for place, each in enumerate(written.measures)
            ],
            Subject.PEOPLE: [
                PeopleLine(subject_kind=each.subject_kind, estimate=each.estimate) for each in written.people
            ],
            Subject.DECISIONS: [
                DecisionLine(**{name: getattr(each, name) for name in DecisionLine.__dataclass_fields__})
                for each in written.decisions
            ],
            Subject.RIGHTS: []
            if rights is None
            else [RightsLine(how_fr=rights.how_fr, how_en=rights.how_en, limits=rights.limits)],
            Subject.ASSETS: [AssetLine(kind=each.kind, name=each.name) for each in written.assets],
        }
