"""How the purposes of a record stand to older data, as people read it: what is open and why, and how much there is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.datamap.older_rows import NoticeCount, OlderRows
from governance.datamap.values import MappedTable
from governance.vault.attest import Attestor
from register.models import CompatibilityTest, Notice, NoticePurpose
from register.record import PurposeLines, wanted_terms
from register.service.older_data.tests import current_tests, standing_to_older_data
from register.values import FORCE, NoticeRef, OlderData


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderStanding:
    """How one purpose stands to data that was collected under no notice that names it.

    Attributes:
        standing: Whether it is open, and by what.
        notices: The notices that name the purpose.
        test: Its compatibility test, where one is on file and not withdrawn.
        rows: How much older data there is; None where it is open, or the purpose not in force.
    """

    standing: OlderData
    notices: tuple[NoticeRef, ...]
    test: CompatibilityTest | None
    rows: OlderRows | None

    @property
    def closed(self) -> bool:
        """Whether only data is read that was collected under one of the notices."""
        return self.standing is OlderData.CLOSED


def older_standings(
    session: Session,
    attestor: Attestor,
    purposes: Iterable[PurposeLines],
    tables: Iterable[MappedTable],
    now: datetime,
) -> Mapping[str, OlderStanding]:
    """Return how purposes stand to older data, by slug; rows are counted for those that are in force and closed.

    Raises:
        AttestationError: If a test was altered outside Égide.
    """
    wanted = list(purposes)
    numbers = [lines.purpose.id for lines in wanted]
    tests = current_tests(session, numbers)
    for found in tests.values():
        attestor.verify(found)
    named = _named(session, numbers)
    count = NoticeCount(session, tables)
    told: dict[str, OlderStanding] = {}
    for lines in wanted:
        purpose = lines.purpose
        test = tests.get(purpose.id)
        standing = standing_to_older_data(purpose, test, now)
        notices = named.get(purpose.id, {})
        data = {(terms.subject_kind, terms.category) for terms in wanted_terms(lines)}
        counts = standing is OlderData.CLOSED and purpose.standing in FORCE
        told[purpose.slug] = OlderStanding(
            standing=standing,
            notices=tuple(notices.values()),
            test=test,
            rows=count.older(data, notices.keys()) if counts else None,
        )
    return told


def _named(session: Session, purposes: list[int]) -> dict[int, dict[int, NoticeRef]]:
    statement = (
        select(NoticePurpose.purpose_id, Notice.id, Notice.slug, Notice.version, Notice.language)
        .join(Notice, Notice.id == NoticePurpose.notice_id)
        .where(NoticePurpose.purpose_id.in_(purposes))
        .order_by(Notice.slug, Notice.version, Notice.language)
    )
    named: dict[int, dict[int, NoticeRef]] = {}
    for purpose_id, number, slug, version, language in session.execute(statement):
        named.setdefault(purpose_id, {})[number] = NoticeRef(slug=slug, version=version, language=language)
    return named
