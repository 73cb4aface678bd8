"""The catalogues that activities choose from: measures of security, decisions on adequacy; the DPO keeps them."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor, Role
from governance.vault.attest import attestor_of
from register.catalogue.countries import COUNTRIES
from register.catalogue.errors import (
    AdequacyDatesError,
    AdequacyNotFoundError,
    CountryUnknownError,
    MeasureNotFoundError,
)
from register.catalogue.models import Adequacy, Measure
from register.catalogue.values import MeasureDomain
from register.errors import DraftingNotAllowedError
from register.permissions import account_of
from register.service.desk import Desk
from register.values import Page

MEASURE: Final = "measure"
ADEQUACY: Final = "adequacy-decision"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureTerms:
    """A measure of the catalogue; withdrawn, it is offered no more, and stays where it was chosen."""

    domain: MeasureDomain
    label_fr: str
    label_en: str
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AdequacyTerms:
    """A decision on adequacy.

    Attributes:
        until: Its last day; None where it has none.
        scope_fr, scope_en: For whom alone it is, where it is partial.
        source: Its number.
        checked_on: When somebody last looked whether it still stands.
    """

    country: str
    decided_on: date
    source: str
    checked_on: date
    until: date | None = None
    scope_fr: str = ""
    scope_en: str = ""


def keep_measure(session: Session, desk: Desk, actor: Actor, target: tuple[uuid.UUID | None, MeasureTerms]) -> Measure:
    """Add a measure to the catalogue, or correct one.

    Raises:
        PersonRequiredError, DraftingNotAllowedError: If it is not the DPO in person.
        MeasureNotFoundError: If there is no such measure.
    """
    (measure_id, terms), anew = target, False
    _check_dpo(actor)
    if measure_id is None:
        measure = Measure(id=desk.ids.new(), **asdict(terms))
        session.add(measure)
    else:
        found = session.get(Measure, measure_id, with_for_update=True, populate_existing=True)
        if found is None:
            raise MeasureNotFoundError(reference=str(measure_id))
        measure, anew = found, not desk.attestor.is_whole(found)
        # One that was altered is in nobody's words but those that are given now.
        worded = not anew and (measure.label_fr, measure.label_en) == (terms.label_fr, terms.label_en)
        measure.delivered = measure.delivered and worded
        for name, value in asdict(terms).items():
            setattr(measure, name, value)
        if anew:
            desk.attestor.sign_anew(measure)
    session.flush()
    _record(session, actor, (MEASURE, measure.id), "measure", (measure_id is None, anew))
    return measure


def keep_adequacy(
    session: Session, desk: Desk, actor: Actor, target: tuple[uuid.UUID | None, AdequacyTerms]
) -> Adequacy:
    """Add a decision on adequacy, or correct one.

    Raises:
        PersonRequiredError, DraftingNotAllowedError: If it is not the DPO in person.
        AdequacyNotFoundError: If there is no such decision.
        CountryUnknownError: If there is no such country.
        AdequacyDatesError: If it would end before it was taken, or its scope stands in one language only.
    """
    (adequacy_id, terms), anew = target, False
    _check_dpo(actor)
    if terms.country not in COUNTRIES:
        raise CountryUnknownError(country=terms.country)
    if (terms.until is not None and terms.until < terms.decided_on) or bool(terms.scope_fr) != bool(terms.scope_en):
        raise AdequacyDatesError
    if adequacy_id is None:
        adequacy = Adequacy(id=desk.ids.new(), **asdict(terms))
        session.add(adequacy)
    else:
        found = session.get(Adequacy, adequacy_id, with_for_update=True, populate_existing=True)
        if found is None:
            raise AdequacyNotFoundError(reference=str(adequacy_id))
        adequacy, anew = found, not desk.attestor.is_whole(found)
        for name, value in asdict(terms).items():
            setattr(adequacy, name, value)
        if anew:
            desk.attestor.sign_anew(adequacy)
    session.flush()
    _record(session, actor, (ADEQUACY, adequacy.id), "adequacy", (adequacy_id is None, anew))
    return adequacy


def find_measure(session: Session, measure_id: uuid.UUID) -> Measure:
    """Return a measure of the catalogue.

    Raises:
        MeasureNotFoundError: If there is none.
    """
    found = session.get(Measure, measure_id)
    if found is None:
        raise MeasureNotFoundError(reference=str(measure_id))
    return found


def find_adequacy(session: Session, adequacy_id: uuid.UUID) -> Adequacy:
    """Return a decision on adequacy.

    Raises:
        AdequacyNotFoundError: If there is none.
    """
    found = session.get(Adequacy, adequacy_id)
    if found is None:
        raise AdequacyNotFoundError(reference=str(adequacy_id))
    return found


def list_measures(session: Session, *, after: uuid.UUID | None, limit: int) -> Page[Measure]:
    """Return the measures of the catalogue in the order in which they came."""
    statement = select(Measure).order_by(Measure.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(Measure.id > after)
    return Page.cut(session.scalars(statement).all(), limit, lambda row: str(row.id))


def offered_outside(session: Session) -> Sequence[Measure]:
    """Return the measures that somebody outside may tick: those in words that came with Égide, and nobody altered."""
    attestor = attestor_of(session)
    statement = select(Measure).where(Measure.delivered, ~Measure.withdrawn).order_by(Measure.id)
    return [row for row in session.scalars(statement) if attestor.is_whole(row)]


def list_adequacy(session: Session, *, after: uuid.UUID | None, limit: int) -> Page[Adequacy]:
    """Return the decisions on adequacy in the order in which they came on file."""
    statement = select(Adequacy).order_by(Adequacy.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(Adequacy.id > after)
    return Page.cut(session.scalars(statement).all(), limit, lambda row: str(row.id))


def _check_dpo(actor: Actor) -> None:
    account_of(actor)
    if Role.DPO not in actor.roles:
        raise DraftingNotAllowedError(roles=Role.DPO)


def _record(session: Session, actor: Actor, what: tuple[str, uuid.UUID], noun: str, how: tuple[bool, bool]) -> None:
    added, anew = how
    verb = f"add-{noun}" if added else f"write-{noun}-anew" if anew else f"change-{noun}"
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.POLICY,
            actor=actor,
            object_type=what[0],
            object_id=str(what[1]),
            details={"verb": verb},
        ),
    )
