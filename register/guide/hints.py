"""What is worth adding to a record: it stands in nobody's way, and makes the record better evidence. GDPR Art. 5(2)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.errors import Phrase, mark, phrase
from register.articles import WHO, articles_of
from register.catalogue.contracts import contract_states
from register.catalogue.values import ContractState
from register.completeness import REMAINING
from register.guide.values import STEP_OF_PART, GuideStep
from register.lines.models import ActivityLine, ActivityParty, ActivityPeople
from register.lines.told import called_in
from register.lines.values import Relation, Subject
from register.models import Activity, Party, Purpose, PurposeData, UnconfirmedDefault
from register.values import Capacity

_SHAKY: Final = frozenset({ContractState.INCOMPLETE, ContractState.ENDING})

# What each code of a hint says is worth adding.
_WORTH: Final[Mapping[str, str]] = {
    "no-description": mark("nothing says in a few sentences what is done"),
    "unconfirmed-words": mark("the reason and its basis, filled in beforehand, to confirm"),
    "unconfirmed-data": mark("the data and their periods, filled in beforehand, to confirm"),
    "unconfirmed-recipients": mark("who sees the data, filled in beforehand, to confirm"),
    "no-number-of-people": mark("about how many people it concerns"),
    "retention-without-source": mark("where the periods come from"),
    "no-measures": mark("how the data are protected"),
    "no-rights": mark("how people exercise their rights"),
    "no-assets": mark("which applications and tables it works with"),
    "shaky-contract": mark("a contract that lacks something or ends soon"),
    "controller-unreachable": mark("how to reach who answers for it"),
    "principal-unreachable": mark("how to reach those for whom you act"),
    "no-dpo-on-file": mark("the data protection officer of who answers for it, where there is one"),
    "no-owner": mark("who in the company looks after this record"),
}
_OF_SUBJECTS: Final = (
    (Subject.MEASURES, "no-measures", GuideStep.MEASURES),
    (Subject.RIGHTS, "no-rights", GuideStep.RIGHTS),
    (Subject.ASSETS, "no-assets", GuideStep.ASSETS),
)
# GDPR Art. 30(2)(d): of what is done for others, the register says no more than this.
_OF_OTHERS: Final = ((Subject.MEASURES, "no-measures", GuideStep.MEASURES),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """One thing worth adding.

    Attributes:
        code: A stable slug.
        article: The provision behind it.
        step: Where in the guide it is said.
        purpose: The purpose it concerns; None for the activity as a whole.
        about: What else it concerns, by its name.
    """

    code: str
    article: str
    step: GuideStep
    purpose: str | None = None
    about: str | None = None

    @property
    def lack(self) -> Phrase:
        """What is worth adding, without its article."""
        what, whose = phrase(_WORTH[self.code]), self.purpose or self.about
        return what if whose is None else phrase("{what} for {purpose}", what=what, purpose=whose)


def hints(
    session: Session, activity: Activity, lines: Mapping[Subject, Sequence[ActivityLine]], today: date
) -> Iterator[Hint]:
    """Yield what is worth adding, in the order of the guide.

    Args:
        session: The session.
        activity: Of which activity.
        lines: Every line of it, by subject.
        today: The day on which contracts are looked at.
    """
    remaining = {subject: [row for row in rows if row.standing in REMAINING] for subject, rows in lines.items()}
    if not activity.description:
        yield Hint(code="no-description", article="GDPR Art. 5(2)", step=GuideStep.WHAT)
    yield from _unconfirmed(session, activity)
    for_others = activity.capacity is Capacity.PROCESSOR
    if for_others:
        yield from _of_principals(session, remaining[Subject.PARTIES])
    else:
        yield from _of_data(session, activity, remaining[Subject.PEOPLE])
    yield from _of_contracts(session, remaining[Subject.PARTIES], today)
    for subject, code, step in _OF_OTHERS if for_others else _OF_SUBJECTS:
        if not remaining[subject]:
            yield Hint(code=code, article=articles_of(activity.capacity)[subject], step=step)
    yield from _of_answering(session, activity)


def _unconfirmed(session: Session, activity: Activity) -> Iterator[Hint]:
    rows = session.execute(
        select(Purpose.slug, UnconfirmedDefault.part)
        .join(UnconfirmedDefault, UnconfirmedDefault.purpose_id == Purpose.id)
        .where(Purpose.activity_id == activity.id, Purpose.standing.in_(REMAINING))
        .order_by(Purpose.id, UnconfirmedDefault.part)
    )
    for slug, part in rows:
        step = STEP_OF_PART[part]
        yield Hint(code=f"unconfirmed-{part.value}", article="GDPR Art. 5(2)", step=step, purpose=slug)


def _of_data(session: Session, activity: Activity, people: Iterable[ActivityLine]) -> Iterator[Hint]:
    rows = session.execute(
        select(Purpose.slug, PurposeData.subject_kind, PurposeData.retention_source)
        .join(PurposeData, PurposeData.purpose_id == Purpose.id)
        .where(
            Purpose.activity_id == activity.id,
            Purpose.standing.in_(REMAINING),
            PurposeData.standing.in_(REMAINING),
        )
        .order_by(Purpose.id, PurposeData.id)
    ).all()
    counted = {row.subject_kind for row in people if isinstance(row, ActivityPeople)}
    if not counted or {kind for _, kind, _ in rows} - counted:
        yield Hint(code="no-number-of-people", article="GDPR Art. 30(1)(c), 35(3)(b)", step=GuideStep.PEOPLE)
    for slug in dict.fromkeys(slug for slug, _, source in rows if not source):
        yield Hint(
            code="retention-without-source", article="GDPR Art. 5(2), 30(1)(f)", step=GuideStep.DATA, purpose=slug
        )


def _of_principals(session: Session, rows: Sequence[ActivityLine]) -> Iterator[Hint]:
    acting = [row.party_id for row in rows if isinstance(row, ActivityParty) and row.relation is Relation.PRINCIPAL]
    for party in session.scalars(select(Party).where(Party.id.in_(acting)).order_by(Party.id)):
        if not _reachable(party):
            yield Hint(
                code="principal-unreachable", article="GDPR Art. 30(2)(a)", step=GuideStep.HELPERS, about=party.name
            )


def _reachable(party: Party) -> bool:
    return bool(party.address or party.email or party.telephone)


def _of_contracts(session: Session, rows: Sequence[ActivityLine], today: date) -> Iterator[Hint]:
    processors = [row for row in rows if isinstance(row, ActivityParty) and row.relation is Relation.PROCESSOR]
    called = called_in(session, processors)
    for party, state in contract_states(session, [row.party_id for row in processors], today).items():
        if state in _SHAKY:
            name = called[party][0]
            yield Hint(code="shaky-contract", article="GDPR Art. 28(3)", step=GuideStep.HELPERS, about=name)


def _of_answering(session: Session, activity: Activity) -> Iterator[Hint]:
    if activity.owner_id is None:
        yield Hint(code="no-owner", article="GDPR Art. 24(1)", step=GuideStep.ANSWERS)
    controller = None if activity.controller_id is None else session.get(Party, activity.controller_id)
    if controller is None:
        return
    article = articles_of(activity.capacity)[WHO]
    if not _reachable(controller):
        yield Hint(
            code="controller-unreachable",
            article=article,
            step=GuideStep.ANSWERS,
            about=controller.name,
        )
    if controller.dpo_id is None:
        yield Hint(code="no-dpo-on-file", article=f"{article}, 37(1)", step=GuideStep.ANSWERS)
