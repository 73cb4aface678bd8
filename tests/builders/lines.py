"""Fictional lines of a record, and who writes them."""

import uuid
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from register.catalogue.values import Clause
from register.lines.contents import Content, PartyLine
from register.lines.models import ActivityLine
from register.lines.values import Relation, Subject
from register.models import Party
from register.service import ContractTerms, Desk, NewParty, PutLine, SetLines, add_party, put_line, set_lines
from tests.builders.register import the_owner


def on_file(session: Session, desk: Desk, name: str = "Hébergeur Exemple", country: str = "FR") -> Party:
    return add_party(session, desk.ids, the_owner(), NewParty(name=name, country=country))


def taking_part(
    party: Party, relation: Relation = Relation.RECIPIENT, part: str = "Delivers the parcels."
) -> PartyLine:
    return PartyLine(party_id=party.id, relation=relation, part=part)


def given(session: Session, desk: Desk, subject: Subject, *lines: Content, slug: str = "loyalty") -> list[ActivityLine]:
    """Say, as the owner, that an activity has these lines of a subject."""
    return set_lines(session, desk, the_owner(), SetLines(activity=slug, subject=subject, lines=lines))


def put(
    session: Session,
    desk: Desk,
    subject: Subject,
    line: Content,
    instead_of: uuid.UUID | None = None,
) -> list[ActivityLine]:
    """Add or correct one line, as the owner."""
    return put_line(
        session, desk, the_owner(), PutLine(activity="loyalty", subject=subject, line=line, instead_of=instead_of)
    )


def contract_terms(party: Party, **given_terms: Any) -> ContractTerms:
    """Return a contract that lacks nothing, signed in 2026 and without an end, unless told otherwise."""
    terms: dict[str, Any] = {
        "label": "Hébergement",
        "signed_on": date(2026, 1, 1),
        "clauses": frozenset(Clause),
        "document": "Cupboard 2",
        **given_terms,
    }
    return ContractTerms(party_id=party.id, **terms)
