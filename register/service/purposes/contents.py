"""What a purpose uses and who receives it. One gives the whole list wanted; what differs becomes a proposal.

While the activity is running nothing that is in force moves before the controller activates: what is added is proposed,
what is left out is leaving, what is changed is both.
"""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Actor, Role
from governance.periods import NONE, Period
from governance.vocabulary import DataCategory, SubjectKind
from register.errors import DeclaredTwiceError, PurposeInForceError, RoleCannotReceiveError
from register.models import Activity, Purpose, PurposeData, PurposeRecipient
from register.permissions import check_drafts
from register.service.defaults import looked_at
from register.service.desk import Desk
from register.service.loading import PurposeRef, locked_purpose
from register.service.recording import changed, record_change
from register.values import FORCE, FinalFate, Provenance, PurposePart, Standing, StartingEvent

_Pair = tuple[SubjectKind, DataCategory]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTerms:
    """One category of one kind of person, and the terms on which a purpose uses it.

    Attributes:
        obligatory: Whether people must give it (GDPR Art. 13(2)(e)).
        which_fr, which_en: Which data of the category exactly; empty where its name says all.
        whom_fr, whom_en: Which people of the kind exactly; empty where its name says all.
        active_for, archived_for: The first two phases of its life, from the starting event.
        retention_source: Where the periods come from: an article, a reference with its date.
    """

    subject_kind: SubjectKind
    category: DataCategory
    active_for: Period
    starting_event: StartingEvent
    archived_for: Period = NONE
    final_fate: FinalFate = FinalFate.DELETION
    obligatory: bool = False
    provenance: Provenance = Provenance.PERSON
    retention_source: str = ""
    which_fr: str = ""
    which_en: str = ""
    whom_fr: str = ""
    whom_en: str = ""

    @property
    def pair(self) -> _Pair:
        """The kind and the category."""
        return self.subject_kind, self.category


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPurposeData:
    """Everything that a purpose shall use."""

    purpose: PurposeRef
    data: Sequence[DataTerms]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPurposeRecipients:
    """Every role that shall receive data for a purpose."""

    purpose: PurposeRef
    roles: frozenset[Role]


def set_purpose_data(session: Session, desk: Desk, actor: Actor, command: SetPurposeData) -> list[PurposeData]:
    """Say which data a purpose shall use, whole. Saying the same twice changes nothing.

    Raises:
        PurposeNotFoundError: If there is no such purpose.
        AttestationError: If something on the way was altered outside Égide.
        PersonRequiredError, DraftingNotAllowedError, NotYourActivityError: If it is for somebody else.
        ContentFrozenError: If the activity is neither a draft nor under review.
        PurposeInForceError: If the purpose is ending.
        DeclaredTwiceError: If a pair of kind and category comes twice.
    """
    purpose, activity = _editable(session, desk, actor, command.purpose)
    wanted = _by_pair(purpose, command.data)
    proposed: dict[_Pair, PurposeData] = {}
    in_force: dict[_Pair, PurposeData] = {}
    for row in session.scalars(select(PurposeData).where(PurposeData.purpose_id == purpose.id)):
        desk.attestor.verify(row)
        (in_force if row.standing in FORCE else proposed)[row.subject_kind, row.category] = row
    for pair in in_force.keys() | proposed.keys() | wanted.keys():
        _settle(session, desk, purpose, (in_force.get(pair), proposed.get(pair), wanted.get(pair)))
    looked_at(session, purpose, PurposePart.DATA)
    _record(session, desk, actor, activity, ("set-data", purpose))
    return data_of(session, purpose.id)


def set_purpose_recipients(
    session: Session, desk: Desk, actor: Actor, command: SetPurposeRecipients
) -> list[PurposeRecipient]:
    """Say which roles shall receive data for a purpose, whole. Saying the same twice changes nothing.

    Raises:
        PurposeNotFoundError: If there is no such purpose.
        AttestationError: If something on the way was altered outside Égide.
        PersonRequiredError, DraftingNotAllowedError, NotYourActivityError: If it is for somebody else.
        ContentFrozenError: If the activity is neither a draft nor under review.
        PurposeInForceError: If the purpose is ending.
        RoleCannotReceiveError: If `admin` is among the roles.
    """
    purpose, activity = _editable(session, desk, actor, command.purpose)
    _check_receive(command.roles)
    known: dict[Role, PurposeRecipient] = {}
    for row in session.scalars(select(PurposeRecipient).where(PurposeRecipient.purpose_id == purpose.id)):
        desk.attestor.verify(row)
        known[row.role] = row
    for role in known.keys() | command.roles:
        _settle_role(session, desk, purpose, (role, known.get(role), role in command.roles))
    looked_at(session, purpose, PurposePart.RECIPIENTS)
    _record(session, desk, actor, activity, ("set-recipients", purpose))
    return recipients_of(session, purpose.id)


def propose_contents(
    session: Session, desk: Desk, purpose: Purpose, contents: tuple[Sequence[DataTerms], frozenset[Role]]
) -> None:
    """Propose what a purpose just declared uses, and who receives it; whoever calls it flushes and records that.

    Raises:
        DeclaredTwiceError: If a pair of kind and category comes twice.
        RoleCannotReceiveError: If `admin` is among the roles.
    """
    data, roles = contents
    _check_receive(roles)
    for terms in _by_pair(purpose, data).values():
        _settle(session, desk, purpose, (None, None, terms))
    for role in sorted(roles):
        _settle_role(session, desk, purpose, (role, None, True))


def data_of(session: Session, purpose_id: int) -> list[PurposeData]:
    """Return what a purpose uses, with what is proposed and what is leaving."""
    statement = select(PurposeData).where(PurposeData.purpose_id == purpose_id).order_by(PurposeData.id)
    return list(session.scalars(statement))


def recipients_of(session: Session, purpose_id: int) -> list[PurposeRecipient]:
    """Return the roles that receive data for a purpose, with what is proposed and what is leaving."""
    statement = select(PurposeRecipient).where(PurposeRecipient.purpose_id == purpose_id).order_by(PurposeRecipient.id)
    return list(session.scalars(statement))


def terms_of(row: PurposeData) -> DataTerms:
    """Return the terms of a row, without its standing."""
    return DataTerms(**{name: getattr(row, name) for name in DataTerms.__dataclass_fields__})


def _editable(session: Session, desk: Desk, actor: Actor, reference: PurposeRef) -> tuple[Purpose, Activity]:
    purpose, activity = locked_purpose(session, desk.attestor, reference)
    check_drafts(actor, activity)
    if purpose.standing in {Standing.LEAVING, Standing.ENDED}:
        raise PurposeInForceError(slug=purpose.slug)
    return purpose, activity


def _by_pair(purpose: Purpose, data: Sequence[DataTerms]) -> dict[_Pair, DataTerms]:
    wanted: dict[_Pair, DataTerms] = {}
    for terms in data:
        if terms.pair in wanted:
            raise DeclaredTwiceError(slug=purpose.slug, kind=terms.subject_kind, category=terms.category)
        wanted[terms.pair] = terms
    return wanted


def _check_receive(roles: frozenset[Role]) -> None:
    if Role.ADMIN in roles:
        raise RoleCannotReceiveError(role=Role.ADMIN)


def _settle(
    session: Session,
    desk: Desk,
    purpose: Purpose,
    rows: tuple[PurposeData | None, PurposeData | None, DataTerms | None],
) -> None:
    in_force, proposed, wanted = rows
    stays = in_force is not None and wanted is not None and terms_of(in_force) == wanted
    if in_force is not None:
        in_force.standing = Standing.IN_FORCE if stays else Standing.LEAVING
    if wanted is None or stays:
        if proposed is not None:
            session.delete(proposed)
    elif proposed is not None:
        for name, value in asdict(wanted).items():
            setattr(proposed, name, value)
    else:
        session.add(PurposeData(id=_new(desk), purpose_id=purpose.id, **asdict(wanted)))


def _settle_role(
    session: Session, desk: Desk, purpose: Purpose, settled: tuple[Role, PurposeRecipient | None, bool]
) -> None:
    role, row, wanted = settled
    if row is None:
        session.add(PurposeRecipient(id=_new(desk), purpose_id=purpose.id, role=role))
    elif row.standing in FORCE:
        row.standing = Standing.IN_FORCE if wanted else Standing.LEAVING
    elif not wanted:
        session.delete(row)


def _new(desk: Desk) -> uuid.UUID:
    return desk.ids.new()


def _record(session: Session, desk: Desk, actor: Actor, activity: Activity, done: tuple[str, Purpose]) -> None:
    verb, purpose = done
    session.flush()
    changed(session, activity, desk.clock.now())
    record_change(session, actor, activity, verb, purpose=purpose.slug)
