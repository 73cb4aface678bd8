"""Parties: who answers for an activity, and how to reach them. GDPR Art. 30(1)(a)."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Retention
from audit.transaction import record, unrecorded
from governance.actor import Actor, Role
from governance.errors import listed
from governance.ids import IdSource
from governance.vault.attest import attestor_of
from register.changes import UNCHANGED, Unchanged, given
from register.errors import DraftingNotAllowedError, PartyInForceError, PartyNamesItselfError, PartyNotFoundError
from register.lifecycle import ActivityState
from register.lines.models import ActivityParty, ActivityTransfer
from register.models import Activity, Party
from register.permissions import DRAFTERS, account_of
from register.spelling import plain
from register.values import FORCE, Page

_WRITERS = DRAFTERS | {Role.CONTROLLER}
PARTY: Final = "party"
# Who it is, and who stands for it. Of somebody whom an activity in force names, that is content: another one, or the
# same one put on file anew, is named in a review of it, by the decision that this takes. How to reach them is not (GDPR
# Art. 30(1)(a), 24(1)).
IDENTITY: Final = ("name", "legal_form", "registration", "country", "representative_id", "dpo_id", "firm_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewParty:
    """An organisation to put on file. How to reach it stays out of the repr: it may name a person."""

    name: str
    legal_form: str = ""
    registration: str = ""
    address: str = field(default="", repr=False)
    postcode: str = ""
    city: str = ""
    country: str = "FR"
    email: str = field(default="", repr=False)
    telephone: str = field(default="", repr=False)
    representative_id: uuid.UUID | None = None
    dpo_id: uuid.UUID | None = None
    firm_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyChange:
    """What to correct of an organisation. What is not given stays."""

    name: str | Unchanged = UNCHANGED
    legal_form: str | Unchanged = UNCHANGED
    registration: str | Unchanged = UNCHANGED
    address: str | Unchanged = field(default=UNCHANGED, repr=False)
    postcode: str | Unchanged = UNCHANGED
    city: str | Unchanged = UNCHANGED
    country: str | Unchanged = UNCHANGED
    email: str | Unchanged = field(default=UNCHANGED, repr=False)
    telephone: str | Unchanged = field(default=UNCHANGED, repr=False)
    representative_id: uuid.UUID | Unchanged | None = UNCHANGED
    dpo_id: uuid.UUID | Unchanged | None = UNCHANGED
    firm_id: uuid.UUID | Unchanged | None = UNCHANGED


def party_names(session: Session, parties: Collection[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    """Return what these parties are called, in one statement."""
    rows = session.execute(select(Party.id, Party.name).where(Party.id.in_(parties)))
    return {row.id: row.name for row in rows}


def add_party(session: Session, ids: IdSource, actor: Actor, command: NewParty) -> Party:
    """Put a party on file.

    Raises:
        PersonRequiredError: If no person acts.
        DraftingNotAllowedError: If their roles write nothing in the register.
        PartyNotFoundError: If its representative, DPO or firm is not on file.
    """
    check_writes_parties(actor)
    _check_named(session, command.representative_id, command.dpo_id, command.firm_id)
    party = Party(
        id=ids.new(),
        name=command.name,
        legal_form=command.legal_form,
        registration=command.registration,
        address=command.address,
        postcode=command.postcode,
        city=command.city,
        country=command.country,
        email=command.email,
        telephone=command.telephone,
        representative_id=command.representative_id,
        dpo_id=command.dpo_id,
        firm_id=command.firm_id,
    )
    session.add(party)
    session.flush()
    _record(session, actor, party, {"verb": "add-party"})
    return party


def change_party(session: Session, actor: Actor, party_id: uuid.UUID, change: PartyChange) -> Party:
    """Correct what is on file about a party; what already stands so is no correction, and none is not recorded.

    Raises:
        PersonRequiredError: If no person acts.
        DraftingNotAllowedError: If their roles write nothing in the register.
        PartyNotFoundError: If it, its representative, its DPO or its firm is not on file.
        PartyInForceError: If an activity in force names it, and it or whom it names would become somebody else.
        PartyNamesItselfError: If it would be its own representative, DPO or firm.
        AttestationError: If it was altered outside Égide and not everything of it is given anew.
    """
    check_writes_parties(actor)
    party = session.get(Party, party_id, with_for_update=True, populate_existing=True)
    if party is None:
        raise PartyNotFoundError(reference=str(party_id))
    attestor, written = attestor_of(session), given(change)
    values = {name: value for name, value in written.items() if value != getattr(party, name)}
    anew = not attestor.is_whole(party)
    if anew and len(written) < len(fields(PartyChange)):
        # What is not given would be signed as somebody else wrote it.
        attestor.verify(party)
    if not values and not anew:
        unrecorded(session, "nothing was corrected")
        return party
    # What it was called by whoever named it, nobody knows once it was altered: it is written anew whole.
    if not anew and values.keys() & set(IDENTITY) and names_in_force(session, party):
        raise PartyInForceError
    # All that is given, for what stood there already may be SQL's.
    named = [written.get(name) for name in ("representative_id", "dpo_id", "firm_id")]
    if party.id in named:
        raise PartyNamesItselfError
    _check_named(session, *named)
    for name, value in values.items():
        setattr(party, name, value)
    if anew:
        attestor.sign_anew(party)
    session.flush()
    # Which fields, and never what was in them: they may name a person.
    verb = "write-party-anew" if anew else "change-party"
    _record(session, actor, party, {"verb": verb, "fields": [*sorted(values)]})
    return party


def name_officer(session: Session, actor: Actor, party_id: uuid.UUID, dpo_id: uuid.UUID) -> Party:
    """Name another data protection officer of a party, whatever is in force: the controller designates (docs/adr/0094).

    GDPR Art. 37(1), 37(7). What is already so is not recorded.

    Raises:
        PersonRequiredError: If no person acts.
        DraftingNotAllowedError: If they are not the controller.
        PartyNotFoundError: If it, or the officer, is not on file.
        PartyNamesItselfError: If it would be its own officer.
        AttestationError: If one of the two was altered outside Égide.
    """
    account_of(actor)
    if Role.CONTROLLER not in actor.roles:
        raise DraftingNotAllowedError(roles=listed([Role.CONTROLLER]))
    party = session.get(Party, party_id, with_for_update=True, populate_existing=True)
    officer = session.get(Party, dpo_id)
    for reference, row in ((party_id, party), (dpo_id, officer)):
        if row is None:
            raise PartyNotFoundError(reference=str(reference))
        attestor_of(session).verify(row)
    if party_id == dpo_id:
        raise PartyNamesItselfError
    assert party is not None  # noqa: S101 -- checked above
    if party.dpo_id == dpo_id:
        unrecorded(session, "the officer is named already")
        return party
    party.dpo_id = dpo_id
    session.flush()
    _record(session, actor, party, {"verb": "name-officer", "fields": ["dpo_id"]})
    return party


def usual_controller(session: Session) -> uuid.UUID | None:
    """Return who answers for most activities; where none says so yet, the only organisation on file, if it is one."""
    times = func.count()
    named = select(Activity.controller_id).where(Activity.controller_id.is_not(None))
    most = session.scalar(
        named.group_by(Activity.controller_id).order_by(times.desc(), Activity.controller_id).limit(1)
    )
    if most is not None:
        return most
    there = session.scalars(select(Party.id).limit(2)).all()
    return there[0] if len(there) == 1 else None


def names_in_force(session: Session, party: Party) -> bool:
    """Say whether an activity in force names the party: who answers for it or takes part, their DPO, that one's firm.

    One that came into force counts until it is retired: what is suspended, or drafted anew, comes back.
    """
    acts_for_it = select(Party.id).where(Party.firm_id == party.id)
    named = select(Party.id).where(
        or_(
            Party.id == party.id,
            Party.representative_id == party.id,
            Party.dpo_id == party.id,
            Party.dpo_id.in_(acts_for_it),
        )
    )
    takes_part = select(ActivityParty.activity_id).where(
        ActivityParty.party_id.in_(named), ActivityParty.standing.in_(FORCE)
    )
    receives = select(ActivityTransfer.activity_id).where(
        ActivityTransfer.party_id.in_(named), ActivityTransfer.standing.in_(FORCE)
    )
    statement = select(Activity.id).where(
        or_(Activity.controller_id.in_(named), Activity.id.in_(takes_part), Activity.id.in_(receives)),
        Activity.state != ActivityState.RETIRED,
        or_(Activity.running, Activity.version_in_force.is_not(None)),
    )
    return session.scalar(statement.limit(1)) is not None


def check_writes_parties(actor: Actor) -> None:
    """Refuse whoever keeps no organisations and contracts on file.

    Raises:
        PersonRequiredError: If no person acts.
        DraftingNotAllowedError: If their roles write nothing in the register.
    """
    account_of(actor)
    if not actor.roles & _WRITERS:
        raise DraftingNotAllowedError(roles=listed(sorted(_WRITERS)))


def _check_named(session: Session, *references: uuid.UUID | None) -> None:
    for reference in references:
        if reference is not None:
            find_party(session, reference)


def _record(session: Session, actor: Actor, party: Party, details: dict[str, JsonValue]) -> None:
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.POLICY,
            actor=actor,
            object_type=PARTY,
            object_id=str(party.id),
            details=details,
        ),
    )


def find_party(session: Session, party_id: uuid.UUID) -> Party:
    """Return the party.

    Raises:
        PartyNotFoundError: If there is none.
    """
    found = session.get(Party, party_id)
    if found is None:
        raise PartyNotFoundError(reference=str(party_id))
    return found


def list_parties(session: Session, *, after: uuid.UUID | None, limit: int) -> Page[Party]:
    """Return parties in the order in which they came, from the one after `after`."""
    statement = select(Party).order_by(Party.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(Party.id > after)
    rows = session.scalars(statement).all()
    return Page.cut(rows, limit, lambda row: str(row.id))


def parties_named(session: Session) -> list[tuple[str, str]]:
    """Return every organisation on file by its name, for a list to choose from: its identifier and its name."""
    rows = session.execute(select(Party.id, Party.name)).all()
    return [(str(row.id), row.name) for row in sorted(rows, key=lambda row: (plain(row.name), row.id))]
