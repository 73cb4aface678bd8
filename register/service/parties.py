"""Parties: who answers for an activity, and how to reach them. GDPR Art. 30(1)(a)."""

import uuid
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor, Role
from governance.errors import listed
from governance.ids import IdSource
from register.errors import DraftingNotAllowedError, PartyNotFoundError
from register.models import Party
from register.permissions import DRAFTERS, account_of
from register.values import Page

_WRITERS = DRAFTERS | {Role.CONTROLLER}


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


def add_party(session: Session, ids: IdSource, actor: Actor, command: NewParty) -> Party:
    """Put a party on file.

    Raises:
        PersonRequiredError: If no person acts.
        DraftingNotAllowedError: If their roles write nothing in the register.
        PartyNotFoundError: If its representative or DPO is not on file.
    """
    account_of(actor)
    if not actor.roles & _WRITERS:
        raise DraftingNotAllowedError(roles=listed(sorted(_WRITERS)))
    for reference in (command.representative_id, command.dpo_id):
        if reference is not None:
            find_party(session, reference)
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
    )
    session.add(party)
    session.flush()
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.POLICY,
            actor=actor,
            object_type="party",
            object_id=str(party.id),
            details={"verb": "add-party"},
        ),
    )
    return party


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
