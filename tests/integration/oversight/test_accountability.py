"""The file of accountability: training, the officer's designation, letters of authorities, maturity."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from audit.search import Filters, search
from audit.transaction import unrecorded
from governance.actor import Role
from governance.days import day_of
from governance.oversight.accountability.letters import answers_to, keep_letter, list_letters, unanswered
from governance.oversight.accountability.maturity import assess, list_reviews
from governance.oversight.accountability.officer import in_office, keep_officer, lacking, list_officers
from governance.oversight.accountability.training import keep_training, list_trainings, takers, untrained
from governance.oversight.due import due_items
from governance.oversight.errors import (
    AccountsUnknownError,
    AnswerBeforeLetterError,
    DayToComeError,
    DueBeforeLetterError,
    EndBeforeBeginError,
    FirmInternalError,
    MaturityIncompleteError,
    NobodyTrainedError,
    NotYoursError,
    RecordNotFoundError,
)
from governance.oversight.evidence.service import list_documents
from governance.oversight.models import Officer
from governance.oversight.plan.service import list_actions
from governance.oversight.values import About, Matter, Thing
from governance.oversight.values.accountability import Assessed, Direction, Mandate, MaturityActivity
from governance.oversight.values.evidence import DocumentFilter
from governance.oversight.values.plan import ActionFilter
from governance.wiring import Wired
from register.errors import PartyNotFoundError
from register.models import Party
from tests.builders.oversight import account_of, acting
from tests.builders.plan import (
    assessed,
    desk_of,
    given_action,
    letter_terms,
    officer_terms,
    put_on_shelf,
    training_terms,
)
from tests.builders.service import Service


@pytest.fixture
def wired(both_sites: Service) -> Wired:
    return both_sites.wired


def keep(wired: Wired, how: Any, terms: Any, row_id: Any = None, by: Role = Role.DPO) -> Any:
    with wired.write() as session:
        return how(session, desk_of(wired), acting(wired, by), (row_id, terms)).id


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.OWNER, Role.SECURITY, Role.ADMIN])
def test_the_file_is_kept_by_the_officer_and_the_controller_alone(wired: Wired, role: Role) -> None:
    for how, terms in (
        (keep_training, training_terms(wired)),
        (keep_officer, officer_terms(wired)),
        (keep_letter, letter_terms(wired)),
    ):
        with pytest.raises(NotYoursError):
            keep(wired, how, terms, by=role)
        keep(wired, how, terms, by=Role.CONTROLLER)


def test_who_has_had_no_training_for_a_year_is_told_with_the_day_of_the_last(wired: Wired) -> None:
    long_ago = keep(wired, keep_training, training_terms(wired, Role.MARKETING, Role.SUPPORT, days_ago=366))
    lately = keep(wired, keep_training, training_terms(wired, Role.SUPPORT, days_ago=365))

    today = day_of(wired.clock.now())
    with wired.read() as session:
        lacking_ = untrained(session, today)
        parts = takers(session, [long_ago, lately])
    marketing, support, accounting = (
        account_of(wired, role) for role in (Role.MARKETING, Role.SUPPORT, Role.ACCOUNTING)
    )
    assert lacking_[marketing] == today - timedelta(days=366)
    assert lacking_[accounting] is None
    assert support not in lacking_
    assert set(parts[long_ago]) == {marketing, support}


def test_a_session_still_to_come_trains_nobody_and_is_not_put_on_file(wired: Wired) -> None:
    today = day_of(wired.clock.now())
    yesterday = today - timedelta(days=1)
    people = (Role.SUPPORT, Role.SALES)
    with wired.read() as session:
        before = untrained(session, yesterday)
    with pytest.raises(DayToComeError):
        keep(wired, keep_training, training_terms(wired, days_ago=-1))
    held = keep(wired, keep_training, training_terms(wired, *people, days_ago=0))
    with pytest.raises(DayToComeError):
        keep(wired, keep_training, training_terms(wired, days_ago=-1), held)

    with wired.read() as session:
        assert not {account_of(wired, role) for role in people} & set(untrained(session, today))
        assert before
        assert untrained(session, yesterday) == before


def test_a_session_in_which_nobody_took_part_is_none_unless_a_note_says_who_else_did(wired: Wired) -> None:
    with pytest.raises(NobodyTrainedError):
        keep(wired, keep_training, training_terms(wired, note=" "))
    keep(wired, keep_training, training_terms(wired, note="Twelve people of the shop"))


def test_a_session_is_corrected_whole_and_recorded_by_numbers_alone(wired: Wired) -> None:
    training = keep(wired, keep_training, training_terms(wired, Role.SALES, Role.SUPPORT))

    keep(wired, keep_training, training_terms(wired, Role.SUPPORT, Role.ANALYST, subject="Breaches"), training)

    with wired.read() as session:
        people = takers(session, [training])[training]
        facts = [each.said["details"] for each in search(session, Filters(object_id=str(training)))]
        listed = [row.subject for row in list_trainings(session, after=None, limit=50).rows if row.id == training]
    assert set(people) == {account_of(wired, Role.SUPPORT), account_of(wired, Role.ANALYST)}
    assert facts == [{"verb": "change-training", "count": 2}, {"verb": "add-training", "count": 2}]
    assert listed == ["Breaches"]


def test_whoever_took_part_has_an_account(wired: Wired) -> None:
    stranger = training_terms(wired, accounts=frozenset({wired.ids.new()}))

    with pytest.raises(AccountsUnknownError):
        keep(wired, keep_training, stranger)


def test_the_sessions_are_paged_by_day(wired: Wired) -> None:
    for days_ago in (40, 10, 20, 10):
        keep(wired, keep_training, training_terms(wired, days_ago=days_ago))

    with wired.read() as session:
        whole = [row.id for row in list_trainings(session, after=None, limit=200).rows]
        days = [row.held_on for row in list_trainings(session, after=None, limit=200).rows]
        found, after = [], None
        while True:
            page = list_trainings(session, after=after, limit=2)
            found += [row.id for row in page.rows]
            if page.next is None:
                break
            after = page.rows[-1].id
    assert found == whole
    assert days == sorted(days, reverse=True)


def test_the_designation_says_what_it_lacks_and_who_is_in_office(wired: Wired) -> None:
    today = day_of(wired.clock.now())
    yesterday = today - timedelta(days=1)
    keep(wired, keep_officer, officer_terms(wired, since_days=900, until=yesterday, name="Before"))
    now = keep(wired, keep_officer, officer_terms(wired, since_days=1, number="DPO-12345", published="Our notice."))
    keep(wired, keep_officer, officer_terms(wired, since_days=-10, name="To come"))

    with wired.read() as session:
        found = in_office(list_officers(session), today)
        assert found is not None
        assert found.id == now
        assert lacking(found) == ["declared_on", "resources", "conflicts", "conflicts_on"]


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"until_days": -1}, EndBeforeBeginError),
        ({"firm": "known"}, FirmInternalError),
        ({"firm": "unknown", "mandate": Mandate.EXTERNAL}, PartyNotFoundError),
    ],
)
def test_a_designation_that_contradicts_itself_is_refused(
    wired: Wired, more: dict[str, Any], error: type[Exception]
) -> None:
    said = dict(more)
    with wired.read() as session:
        known = session.query(Party.id).first()
    assert known is not None
    if "firm" in said:
        said["firm_id"] = known[0] if said.pop("firm") == "known" else wired.ids.new()
    terms = officer_terms(wired)
    if "until_days" in said:
        said["until"] = terms.since + timedelta(days=said.pop("until_days"))

    with pytest.raises(error):
        keep(wired, keep_officer, officer_terms(wired, **said))


def test_an_answer_that_is_due_is_told_until_it_is_on_file(wired: Wired) -> None:
    letter = keep(wired, keep_letter, letter_terms(wired, due_in=10))
    far = keep(wired, keep_letter, letter_terms(wired, due_in=60))

    def told() -> set[str | None]:
        with wired.read() as session:
            return {each.reference for each in due_items(session, wired.clock) if each.matter is Matter.ANSWER_DUE}

    assert str(letter) in told()
    assert str(far) not in told()
    answer = letter_terms(wired, due_in=None, direction=Direction.OUT, answers_id=letter)
    sent = keep(wired, keep_letter, answer)
    assert str(letter) not in told()
    with wired.read() as session:
        assert [each.id for each in answers_to(session, [letter])[letter]] == [sent]
        assert {far} <= {each.id for each in unanswered(session)}
        assert sent in [row.id for row in list_letters(session, after=None, limit=200).rows]


def test_a_letter_is_not_dated_after_today(wired: Wired) -> None:
    tomorrow = day_of(wired.clock.now()) + timedelta(days=1)
    with pytest.raises(DayToComeError):
        keep(wired, keep_letter, letter_terms(wired, dated_on=tomorrow))


def test_a_letter_answers_one_that_is_there_and_not_itself(wired: Wired) -> None:
    letter = keep(wired, keep_letter, letter_terms(wired))

    for wrong, row_id in ((wired.ids.new(), None), (letter, letter)):
        with pytest.raises(RecordNotFoundError):
            keep(wired, keep_letter, letter_terms(wired, answers_id=wrong), row_id)
    with pytest.raises(DueBeforeLetterError):
        keep(wired, keep_letter, letter_terms(wired, due_in=-1))


def test_a_letter_that_is_older_answers_nothing(wired: Wired) -> None:
    today = day_of(wired.clock.now())
    letter = keep(wired, keep_letter, letter_terms(wired))
    answer = letter_terms(wired, due_in=None, direction=Direction.OUT, answers_id=letter)

    with pytest.raises(AnswerBeforeLetterError):
        keep(wired, keep_letter, replace(answer, dated_on=today - timedelta(days=1)))
    with wired.read() as session:
        assert letter in {each.id for each in unanswered(session)}
    keep(wired, keep_letter, answer)


@pytest.mark.parametrize("day", ["declared_on", "conflicts_on"])
def test_what_is_to_come_is_no_fact_of_a_designation(wired: Wired, day: str) -> None:
    to_come: Any = {day: day_of(wired.clock.now()) + timedelta(days=1)}
    with pytest.raises(DayToComeError):
        keep(wired, keep_officer, officer_terms(wired, **to_come))


def test_documents_and_actions_hang_on_what_they_are_about(wired: Wired) -> None:
    letter = keep(wired, keep_letter, letter_terms(wired))
    training = keep(wired, keep_training, training_terms(wired))

    for thing in (Thing(About.LETTER, str(letter)), Thing(About.TRAINING, str(training))):
        action, document = given_action(wired, Role.DPO, about=thing), put_on_shelf(wired, thing)
        with wired.read() as session:
            dpo = acting(wired, Role.DPO)
            actions = list_actions(session, dpo, ActionFilter(about=thing), after=None, limit=9).rows
            documents = list_documents(
                session, wired.attestor, dpo, DocumentFilter(proving=thing), after=None, limit=9
            ).rows
            assert ([row.id for row in actions], [row.id for row in documents]) == ([action], [document])
        # The head of a business line does not know of them.
        with pytest.raises(NotYoursError):
            given_action(wired, Role.OWNER, by=Role.OWNER, about=thing)


def test_each_self_assessment_is_kept_beside_those_before(wired: Wired) -> None:
    with wired.write() as session:
        first = assess(session, desk_of(wired), acting(wired, Role.DPO), assessed(1)).id
    with wired.write() as session:
        second = assess(session, desk_of(wired), acting(wired, Role.DPO), assessed(3, target=5)).id

    with wired.read() as session:
        newest, before = list_reviews(session, after=None, limit=2).rows
        [fact] = search(session, Filters(object_type="maturity", object_id=str(second)))
    assert (newest.id, before.id) == (second, first)
    assert {each.level for each in newest.levels.values()} == {3}
    assert set(before.levels) == set(MaturityActivity)
    assert fact.said["details"]["levels"]["breaches"] == [3, 5]


@pytest.mark.parametrize("wrong", ["one too few", "a level too high"])
def test_a_self_assessment_is_whole_and_within_the_scale(wired: Wired, wrong: str) -> None:
    levels = dict(assessed(2))
    if wrong == "one too few":
        del levels[MaturityActivity.BREACHES]
    else:
        levels[MaturityActivity.BREACHES] = Assessed(level=6, target=4)

    with wired.write() as session, pytest.raises(MaturityIncompleteError):
        unrecorded(session, "nothing is written")
        assess(session, desk_of(wired), acting(wired, Role.DPO), levels)


@pytest.mark.parametrize("lasting", [None, 400], ids=["without an end", "beyond the next"])
def test_a_designation_ends_the_day_before_the_next_begins(wired: Wired, lasting: int | None) -> None:
    today = day_of(wired.clock.now())
    until = None if lasting is None else today + timedelta(days=lasting)
    earlier = keep(wired, keep_officer, officer_terms(wired, since_days=30, until=until))
    before = keep(wired, keep_officer, officer_terms(wired, since_days=900, until=today - timedelta(days=500)))

    keep(wired, keep_officer, officer_terms(wired, since_days=3, name="Noé Suivant"))

    with wired.read() as session:
        assert session.get_one(Officer, earlier).until == today - timedelta(days=4)
        assert session.get_one(Officer, before).until == today - timedelta(days=500)
        now = in_office(list_officers(session), today)
    assert now is not None
