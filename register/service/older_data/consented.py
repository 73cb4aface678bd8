"""Data that was collected by consent alone: no compatibility test opens it to another purpose. GDPR Art. 6(4).

What data was collected for does not change as a purpose ends, so versions that were in force are asked beside the rows
that are: all of them, for which of them were cannot be asked of a database before they are verified.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from governance.vocabulary import DataCategory, LawfulBasis, SubjectKind
from register.lifecycle import OPENING
from register.models import Activity, ActivityVersion, Purpose, PurposeData
from register.older_errors import PastGoneError
from register.values import FORCE
from register.verified import Altered, verified_rows

Pair = tuple[SubjectKind, DataCategory]
_Used = tuple[Pair, LawfulBasis]


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
        AttestationError: If a version was altered outside Égide.
        PastGoneError: If one was taken away outside Égide: what was collected on consent may have stood in it.
    """
    bases: dict[Pair, set[LawfulBasis]] = defaultdict(set)
    for pair, basis in _in_force(session, purpose):
        bases[pair].add(basis)
    for pair, basis in _once_in_force(session, attestor, purpose):
        bases[pair].add(basis)
    return frozenset(category for kind, category in wanted if bases[kind, category] == {LawfulBasis.CONSENT})


def _in_force(session: Session, purpose: Purpose) -> Iterator[_Used]:
    statement = (
        select(PurposeData.subject_kind, PurposeData.category, Purpose.basis)
        .join(Purpose, Purpose.id == PurposeData.purpose_id)
        .where(PurposeData.standing.in_(FORCE), Purpose.standing.in_(FORCE), Purpose.id != purpose.id)
    )
    for kind, category, basis in session.execute(statement):
        if basis is not None:
            yield (kind, category), basis


def _once_in_force(session: Session, attestor: Attestor, purpose: Purpose) -> Iterator[_Used]:
    found: Counter[uuid.UUID] = Counter()
    for row in verified_rows(session, attestor, ActivityVersion, ("activity_id", "verb", "snapshot")):
        if isinstance(row, Altered):
            raise AttestationError(kind=row.table, reference=row.reference)
        activity, verb, snapshot = row
        found[activity] += 1
        if verb in OPENING:
            yield from _used_in(snapshot, purpose)
    for activity, slug, versions in session.execute(select(Activity.id, Activity.slug, Activity.versions)):
        if found[activity] < versions:
            raise PastGoneError(slug=slug)


def _used_in(snapshot: str, purpose: Purpose) -> Iterator[_Used]:
    for told in orjson.loads(snapshot)["purposes"]:
        if told["basis"] is not None and told["standing"] in FORCE and told["slug"] != purpose.slug:
            for data in told["data"]:
                if data["standing"] in FORCE:
                    pair = SubjectKind(data["subject_kind"]), DataCategory(data["category"])
                    yield pair, LawfulBasis(told["basis"])
