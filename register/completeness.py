"""What a record lacks before it can be submitted: contradictions and omissions, each with its article."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.vocabulary import DataCategory, LawfulBasis
from register.errors import IncompleteActivityError, Shortcoming
from register.models import Activity, Purpose, PurposeData, PurposeRecipient
from register.values import Standing

# What will be in force once the controller has activated.
REMAINING = frozenset({Standing.PROPOSED, Standing.IN_FORCE})
_WITH_A_TEXT = {LawfulBasis.LEGAL_OBLIGATION: "GDPR Art. 6(3)", LawfulBasis.PUBLIC_TASK: "GDPR Art. 6(3)"}


def check_complete(session: Session, activity: Activity) -> None:
    """Refuse a record that Article 30 would not accept, or that contradicts itself.

    Raises:
        IncompleteActivityError: With everything that is missing, not only the first.
    """
    found = tuple(shortcomings(session, activity))
    if found:
        raise IncompleteActivityError(slug=activity.slug, shortcomings=found)


def shortcomings(session: Session, activity: Activity) -> Iterator[Shortcoming]:
    """Yield what the record lacks."""
    if activity.controller_id is None:
        yield Shortcoming(code="no-controller", article="GDPR Art. 30(1)(a)")
    purposes = session.scalars(
        select(Purpose).where(Purpose.activity_id == activity.id, Purpose.standing.in_(REMAINING)).order_by(Purpose.id)
    ).all()
    if not purposes:
        yield Shortcoming(code="no-purpose", article="GDPR Art. 30(1)(b)")
    numbers = [purpose.id for purpose in purposes]
    categories: dict[int, set[DataCategory]] = defaultdict(set)
    used = select(PurposeData.purpose_id, PurposeData.category)
    for number, category in session.execute(
        used.where(PurposeData.purpose_id.in_(numbers), PurposeData.standing.in_(REMAINING))
    ):
        categories[number].add(category)
    received = select(PurposeRecipient.purpose_id).where(
        PurposeRecipient.purpose_id.in_(numbers), PurposeRecipient.standing.in_(REMAINING)
    )
    with_recipient = set(session.scalars(received))
    for purpose in purposes:
        yield from _of_purpose(purpose, categories[purpose.id], has_recipient=purpose.id in with_recipient)


def _of_purpose(
    purpose: Purpose, categories: Collection[DataCategory], *, has_recipient: bool
) -> Iterator[Shortcoming]:
    def lacks(code: str, article: str) -> Shortcoming:
        return Shortcoming(code=code, article=article, purpose=purpose.slug)

    if not categories:
        yield lacks("no-data", "GDPR Art. 30(1)(c)")
    if not has_recipient:
        yield lacks("no-recipient", "GDPR Art. 30(1)(d)")
    if DataCategory.SPECIAL in categories and purpose.special_condition is None:
        yield lacks("special-category-without-condition", "GDPR Art. 9(2)")
    balanced = purpose.interest and purpose.necessity and purpose.balance
    if purpose.basis is LawfulBasis.LEGITIMATE_INTERESTS and not balanced:
        yield lacks("no-balancing-test", "GDPR Art. 6(1)(f)")
    if purpose.basis in _WITH_A_TEXT and not purpose.legal_reference:
        yield lacks("no-legal-reference", _WITH_A_TEXT[purpose.basis])
