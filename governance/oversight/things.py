"""What actions are about and documents prove: whether it is there, what it is called, which page shows it.

A kind of thing is a row of the table below. A finding of the drift report lies in no
table: it goes by the identifier that it has as long as it is found, and whoever shows it looks whether it still is.
"""

import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance.ids import parse_id
from governance.oversight.errors import ThingNotFoundError
from governance.oversight.models import Document, Letter, Officer, PlanAction, TrainingSession
from governance.oversight.values import About, Label, Thing
from governance.oversight.values.accountability import MaturityActivity
from governance.vault.attest import Attested, attestor_of
from governance.vault.attested import table_of
from register.catalogue.models import Contract
from register.models import Activity, Party
from register.verified import Altered, verified_rows

_FINDING: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A thing that is there.

    Attributes:
        reference: What it is called by from now on: an identifier, where it has one.
        label: What it is called; None where its kind and reference have to do.
        endpoint: The page that shows it.
        place: What the address of that page takes.
        altered: Whether it was altered outside Égide: then it has no name.
    """

    reference: str
    label: Label | None
    endpoint: str
    place: Mapping[str, Any] = field(default_factory=dict)
    altered: bool = False


_Finder = Callable[[Session, Collection[str]], Iterable[Found]]


def find_thing(session: Session, about: About, reference: str) -> Found:
    """Return a thing by what its room calls it; of an activity, by its short name too.

    Raises:
        ThingNotFoundError: If there is none.
    """
    found = next(iter(_FINDERS[about](session, (reference,))), None)
    if found is None:
        raise ThingNotFoundError(kind=about.value)
    return found


def find_things(session: Session, things: Iterable[Thing | None]) -> Mapping[Thing, Found]:
    """Return what is there of several things, in one statement for each kind among them."""
    wanted: dict[About, set[str]] = defaultdict(set)
    for thing in things:
        if thing is not None:
            wanted[thing.about].add(thing.reference)
    return {
        Thing(about, found.reference): found
        for about, references in sorted(wanted.items())
        for found in _FINDERS[about](session, references)
    }


def _ids(references: Collection[str]) -> list[uuid.UUID]:
    return [parsed for each in references if (parsed := parse_id(each)) is not None]


def _activities(endpoint: str, named: str | None) -> _Finder:
    def find(session: Session, references: Collection[str]) -> Iterable[Found]:
        wanted = or_(Activity.id.in_(_ids(references)), Activity.slug.in_(references))
        for row in session.execute(
            select(Activity.id, Activity.slug, Activity.name_fr, Activity.name_en).where(wanted)
        ):
            label = Label(fr=row.name_fr, en=row.name_en)
            place = {} if named is None else {named: row.slug}
            yield Found(reference=str(row.id), label=label, endpoint=endpoint, place=place)

    return find


def _contracts(session: Session, references: Collection[str]) -> Iterable[Found]:
    attestor, rows = attestor_of(session), select(Contract, Party).join(Party, Party.id == Contract.party_id)
    for contract, party in session.execute(rows.where(Contract.id.in_(_ids(references)))):
        whole = attestor.is_whole(contract) and attestor.is_whole(party)
        called = f"{party.name} · {contract.label}" if whole else ""
        place = {"party_id": party.id, "contract_id": contract.id}
        label = Label(fr=called, en=called)
        yield Found(
            reference=str(contract.id), label=label, endpoint="register.contract", place=place, altered=not whole
        )


def _attested(model: type[Attested], called: str, endpoint: str, named: str | None) -> _Finder:
    def find(session: Session, references: Collection[str]) -> Iterable[Found]:
        key = table_of(model).c.id
        for row in verified_rows(session, attestor_of(session), model, ("id", called), key.in_(_ids(references))):
            altered = isinstance(row, Altered)
            row_id, text = (uuid.UUID(row.reference), "") if isinstance(row, Altered) else row
            place = {} if named is None else {named: row_id}
            label = Label(fr=text, en=text)
            yield Found(reference=str(row_id), label=label, endpoint=endpoint, place=place, altered=altered)

    return find


def _drift(_session: Session, references: Collection[str]) -> Iterable[Found]:
    for each in references:
        if _FINDING.fullmatch(each):
            yield Found(reference=each, label=None, endpoint="oversight.drift")


def _maturity(_session: Session, references: Collection[str]) -> Iterable[Found]:
    for each in references:
        if each in set(MaturityActivity):
            yield Found(reference=each, label=None, endpoint="oversight.maturity")


_FINDERS: Final[Mapping[About, _Finder]] = {
    About.ACTIVITY: _activities("register.activity", "slug"),
    About.ASSESSMENT: _activities("register.activity", "slug"),
    About.PARTY: _attested(Party, "name", "register.party", "party_id"),
    About.CONTRACT: _contracts,
    About.DRIFT: _drift,
    About.ACCESS_REVIEW: _activities("access.reviews", None),
    About.ACTION: _attested(PlanAction, "title", "oversight.action", "action_id"),
    About.DOCUMENT: _attested(Document, "title", "oversight.document", "document_id"),
    About.TRAINING: _attested(TrainingSession, "subject", "oversight.training_session", "training_id"),
    About.OFFICER: _attested(Officer, "name", "oversight.officer", None),
    About.LETTER: _attested(Letter, "subject", "oversight.letter", "letter_id"),
    About.MATURITY: _maturity,
}
