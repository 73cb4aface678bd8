"""Data that was collected by consent alone: no compatibility test opens it to another purpose. GDPR Art. 6(4).

What data was collected for does not change as a purpose ends, so versions that were in force are asked beside the rows
that are.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Final

import orjson
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from governance.errors import phrase
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from governance.vocabulary import DataCategory, LawfulBasis, SubjectKind
from register.in_force import versions_gone
from register.lifecycle import OPENING
from register.models import ActivityVersion, Purpose, PurposeData
from register.values import FORCE
from register.verified import Altered, verified_rows

Pair = tuple[SubjectKind, DataCategory]
_Used = tuple[Pair, LawfulBasis]

# As canonical JSON writes it: versions without it are not read.
_ON_CONSENT: Final = f'"basis":"{LawfulBasis.CONSENT.value}"'


def consented_only(
    session: Session, attestor: Attestor, purpose: Purpose, wanted: Collection[Pair]
) -> frozenset[DataCategory]:
    """Return the categories that other purposes use, or used, by consent alone.

    Args:
        session: A transaction.
        attestor: Who vouches for the versions.
        purpose: The one that is tested; what it uses itself does not count.
        wanted: What it uses, by kind of people and category.

    Raises:
        AttestationError: If a version was altered, or taken away, outside Égide.
    """
    bases: dict[Pair, set[LawfulBasis]] = defaultdict(set)
    for pair, basis in _in_force(session, purpose):
        bases[pair].add(basis)
    for pair, basis in _once_in_force(session, attestor, purpose, ActivityVersion.snapshot.contains(_ON_CONSENT)):
        bases[pair].add(basis)
    consented = {pair for pair in wanted if bases[pair] == {LawfulBasis.CONSENT}}
    if consented:
        # Whatever else it was ever collected for: rare enough to read them all.
        for pair, basis in _once_in_force(session, attestor, purpose):
            bases[pair].add(basis)
    return frozenset(category for kind, category in consented if bases[kind, category] == {LawfulBasis.CONSENT})


def _in_force(session: Session, purpose: Purpose) -> Iterator[_Used]:
    statement = (
        select(PurposeData.subject_kind, PurposeData.category, Purpose.basis)
        .join(Purpose, Purpose.id == PurposeData.purpose_id)
        .where(PurposeData.standing.in_(FORCE), Purpose.standing.in_(FORCE), Purpose.id != purpose.id)
    )
    for kind, category, basis in session.execute(statement):
        if basis is not None:
            yield (kind, category), basis


def _once_in_force(
    session: Session, attestor: Attestor, purpose: Purpose, *where: ColumnElement[bool]
) -> Iterator[_Used]:
    if versions_gone(session):
        # What was collected on consent may have stood in one of those.
        raise AttestationError(kind="activity_version", reference=phrase("one that was taken away"))
    opening = ActivityVersion.verb.in_(OPENING)
    for row in verified_rows(session, attestor, ActivityVersion, ("snapshot",), opening, *where):
        if isinstance(row, Altered):
            raise AttestationError(kind=row.table, reference=row.reference)
        for told in orjson.loads(row[0])["purposes"]:
            if told["basis"] is not None and told["standing"] in FORCE and told["slug"] != purpose.slug:
                for data in told["data"]:
                    if data["standing"] in FORCE:
                        pair = SubjectKind(data["subject_kind"]), DataCategory(data["category"])
                        yield pair, LawfulBasis(told["basis"])
