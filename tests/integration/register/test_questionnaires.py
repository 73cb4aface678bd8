"""Questionnaires: asked once, answered once, taken over as proposals by who drafts; on both databases."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, text

from audit.models import LogEntry
from governance.database import Database
from governance.vault.errors import AttestationError
from register.catalogue.models import Contract
from register.errors import ContentFrozenError, DraftingNotAllowedError, NotYourActivityError
from register.lifecycle import Verb
from register.lines.told import read_lines
from register.lines.values import Safeguard, Subject
from register.models import Party
from register.questionnaires.errors import (
    AnswerNotFoundError,
    AnswersTooLongError,
    NoContractOnFileError,
    ProcessorNotNamedError,
    QuestionnaireClosedError,
    QuestionnaireLinkError,
    QuestionnaireTermError,
    RecordMovedError,
    TooManyQuestionnairesError,
)
from register.questionnaires.models import Questionnaire
from register.questionnaires.service import Decide, Looked, leave, look_at, open_link, revoke, settle, take
from register.questionnaires.values import MOST_OPEN, Answers, Kind, Status, Verdict
from register.service import Desk, Step, add_contract, change_contract, get_activity
from register.values import Standing
from tests.builders.ground import StandingClock
from tests.builders.lines import contract_terms
from tests.builders.questionnaires import Asking, an_answer_seal
from tests.builders.register import activate, step, the_controller, the_dpo, the_owner


@pytest.fixture
def asking(database: Database, desk: Desk, tmp_path: Path) -> Asking:
    return Asking(database, desk, an_answer_seal(tmp_path))


def looked(asking: Asking, questionnaire: Questionnaire) -> Looked:
    with asking.database.read() as session:
        found = look_at(session, asking.desk, asking.seal, the_owner(), questionnaire.id)
        session.expunge_all()
        return found


def decide(asking: Asking, questionnaire: Questionnaire, answer: str, *, left: bool = False, words: str = "") -> Looked:
    command = Decide(questionnaire_id=questionnaire.id, answer=answer, words=words)
    with asking.database.write() as session:
        return (leave if left else take)(session, asking.desk, asking.seal, the_owner(), command)


def refused(asking: Asking, secret: str | None) -> bool:
    with asking.database.read() as session:
        try:
            open_link(session, asking.answering, secret or "")
        except QuestionnaireLinkError:
            return True
    return False


# The link.


def test_a_link_opens_what_is_asked_until_the_answers_are_sent_and_not_once_more(asking: Asking) -> None:
    asked = asking.ask()
    asking.save(asked.secret, {"security": "Keys turn every year."})
    asking.save(asked.secret, {"engages": "no"})
    with asking.database.read() as session:
        opened = open_link(session, asking.answering, asked.secret or "")
    assert opened.organisation == "Boutique Exemple"
    assert opened.answers == {"security": "Keys turn every year.", "engages": "no"}

    asking.send(asked.secret)

    assert refused(asking, asked.secret)
    for again in (asking.send, lambda secret: asking.save(secret, {"engages": "yes"})):
        with pytest.raises(QuestionnaireLinkError):
            again(asked.secret)
    assert [each.item.key for each in looked(asking, asked.questionnaire).answers] == ["security", "sub-processors"]


def test_a_guessed_an_ended_a_revoked_and_an_altered_link_are_told_alike(asking: Asking, clock: StandingClock) -> None:
    revoked, altered, ended = asking.ask(), asking.ask(), asking.ask(days=2)
    assert not refused(asking, ended.secret)
    with asking.database.write() as session:
        revoke(session, asking.desk, the_dpo(), revoked.questionnaire.id)
    with asking.database.write_connection() as connection:
        connection.execute(
            text("UPDATE questionnaire SET whom = 'somebody' WHERE id = :id"),
            {"id": altered.questionnaire.id.bytes if connection.dialect.name == "sqlite" else altered.questionnaire.id},
        )
    clock.advance(days=3)

    assert [refused(asking, each) for each in ("a guess", "", revoked.secret, altered.secret, ended.secret)] == [
        True, True, True, True, True
    ]  # fmt: skip


def test_a_link_opens_nothing_once_the_activity_is_retired(asking: Asking) -> None:
    asked = asking.ask()
    with asking.database.write() as session:
        step(session, asking.desk, the_owner(), Step(activity="loyalty", verb=Verb.RETIRE))

    assert refused(asking, asked.secret)
    with pytest.raises(ContentFrozenError):
        asking.ask()


def test_one_link_opens_one_questionnaire_and_answers_moved_to_another_open_none(asking: Asking) -> None:
    mine, other = asking.ask(), asking.ask()
    asking.save(other.secret, {"security": "Other."})
    asking.save(mine.secret, {"security": "Mine."})
    asking.send(other.secret)

    with asking.database.read() as session:
        assert open_link(session, asking.answering, mine.secret or "").answers == {"security": "Mine."}
        theirs = session.get_one(Questionnaire, other.questionnaire.id).answers
    with asking.database.write_connection() as connection:
        connection.execute(text("UPDATE questionnaire SET answers = :answers"), {"answers": theirs})
    assert refused(asking, mine.secret)


def test_neither_secret_nor_address_nor_answers_lie_in_the_database_or_in_the_log(asking: Asking) -> None:
    mailed = asking.ask(email="dpo@host.example")
    shown = asking.ask()
    asking.save(shown.secret, {"security": "Very plain words."})
    asking.send(shown.secret)

    with asking.database.read() as session:
        rows = session.scalars(select(Questionnaire)).all()
        kept = b" ".join(bytes(each or b"") for row in rows for each in (row.email, row.answers, row.link_hash))
        told = " ".join(str(each.body) for each in session.scalars(select(LogEntry)))
        assert next(each for each in rows if each.id == shown.questionnaire.id).email is None
    assert mailed.secret is None
    for secret in ("dpo@host.example", "Very plain words.", shown.secret or "?"):
        assert secret.encode() not in kept
        assert secret not in told


def test_no_more_is_kept_than_a_questionnaire_holds(asking: Asking) -> None:
    asked = asking.ask()
    with pytest.raises(AnswersTooLongError):
        asking.save(asked.secret, {"security": "é" * 40_000})
    assert not refused(asking, asked.secret)


def test_who_is_asked_for_how_long_and_by_whom_is_held(asking: Asking) -> None:
    for given, error in (
        ({"party_id": None}, ProcessorNotNamedError),
        ({"party_id": asking.measure.id}, ProcessorNotNamedError),
        ({"kind": Kind.PRACTICE, "party_id": asking.party.id}, ProcessorNotNamedError),
        ({"days": 91}, QuestionnaireTermError),
        ({"days": 0}, QuestionnaireTermError),
    ):
        with pytest.raises(error):
            asking.ask(**given)
    asked = asking.ask()
    strangers = ((the_controller(), DraftingNotAllowedError), (the_owner(number=9), NotYourActivityError))
    for actor, closed in strangers:
        with pytest.raises(closed), asking.database.write() as session:
            revoke(session, asking.desk, actor, asked.questionnaire.id)
    for _ in range(MOST_OPEN - 1):
        asking.ask()
    with pytest.raises(TooManyQuestionnairesError):
        asking.ask()


# What becomes of answers.

ANSWERS: Answers = {
    "security": "Keys turn every year.",
    "engages": "yes",
    "sub_processors": "Cloud Exemple, Irlande, serveurs",
    "abroad": "yes",
    "transfers": [{"country": "US", "safeguard": "standard-clauses", "grounds": "Module 3, 2024"}],
    "certifications": "ISO 27001",
    "ends_on": "2029-06-30",
    "breach_email": "soc@host.example",
    "breach_telephone": "01 99 00 12 34",
    "dpo_name": "DPO Hébergeur",
    "dpo_email": "dpo@host.example",
}


def test_the_head_of_another_business_line_reads_no_answers(asking: Asking) -> None:
    questionnaire = asking.answered(dict(ANSWERS)).questionnaire
    with asking.database.read() as session:
        for actor in (the_dpo(), the_controller(), the_owner()):
            assert look_at(session, asking.desk, asking.seal, actor, questionnaire.id).answers
        with pytest.raises(NotYourActivityError):
            look_at(session, asking.desk, asking.seal, the_owner(number=899), questionnaire.id)


def test_what_a_processor_answered_is_taken_over_by_the_use_cases_of_who_drafts(asking: Asking) -> None:
    with asking.database.write() as session:
        contract = add_contract(session, asking.desk, the_owner(), contract_terms(asking.party))
    asked = asking.answered({**ANSWERS, "measures": [asking.measure.id.hex]}).questionnaire
    assert looked(asking, asked).waiting == 8

    for each in looked(asking, asked).answers:
        decide(asking, asked, each.item.key)

    with asking.database.read() as session:
        activity = get_activity(session, "loyalty")
        lines = read_lines(session, activity.id)
        [measure], [transfer], [role] = (lines[each] for each in (Subject.MEASURES, Subject.TRANSFERS, Subject.PARTIES))
        assert (measure.measure_id, measure.remark) == (asking.measure.id, "Hébergeur Exemple")  # type: ignore[attr-defined]
        assert (transfer.country, transfer.safeguard) == ("US", Safeguard.STANDARD_CLAUSES)  # type: ignore[attr-defined]
        assert role.part == "Hosts the shop.\n\nKeys turn every year.\n\nISO 27001"  # type: ignore[attr-defined]
        assert {each.standing for each in (measure, transfer, role)} == {Standing.PROPOSED}
        kept = session.merge(contract, load=True)
        session.refresh(kept)
        assert (kept.sub_processors, kept.ends_on) == ("Cloud Exemple, Irlande, serveurs", date(2029, 6, 30))
        party = session.merge(asking.party, load=True)
        session.refresh(party)
        assert (party.email, party.telephone) == ("soc@host.example", "01 99 00 12 34")
        assert party.dpo_id is not None
    done = looked(asking, asked)
    assert done.questionnaire.status_at(asking.desk.clock.now()) is Status.SETTLED
    assert {each.verdict.verdict for each in done.answers if each.verdict} == {Verdict.TAKEN}
    assert {each.verdict.decided_by for each in done.answers if each.verdict} == {the_owner().id}


def test_each_answer_says_before_whether_it_is_added_to_what_the_record_says_or_put_in_its_place(
    asking: Asking,
) -> None:
    with asking.database.write() as session:
        add_contract(session, asking.desk, the_owner(), contract_terms(asking.party))
    first = asking.answered({**ANSWERS, "measures": [asking.measure.id.hex]}).questionnaire
    for each in looked(asking, first).answers:
        decide(asking, first, each.item.key)
    said_anew: Answers = {
        "security": "Doors are locked.",
        "engages": "no",
        "abroad": "yes",
        "transfers": [
            {"country": "US", "safeguard": "", "grounds": ""},
            {"country": "IN", "safeguard": "", "grounds": ""},
        ],
        "certifications": "SOC 2",
        "ends_on": "2030-06-30",
        "breach_email": "other@host.example",
        "dpo_email": "another@host.example",
    }
    second = asking.answered(said_anew).questionnaire

    for before in looked(asking, second).answers:
        decide(asking, second, before.item.key)
        [after] = [each for each in looked(asking, second).answers if each.item.key == before.item.key]
        stays = str(before.beside.says or "") in str(after.beside.says)
        assert before.replaces is not stays, before.item.key


def test_what_a_colleague_answered_is_taken_over_into_numbers_applications_and_the_description(asking: Asking) -> None:
    answers: Answers = {
        "data": "Names and points.",
        "sources": ["person"],
        "people": [{"kind": "customer", "estimate": 1200}],
        "kept": "For ever.",
        "applications": ["Till", "Newsletter"],
        "papers": "A binder.",
    }
    asked = asking.answered(answers, Kind.PRACTICE).questionnaire
    for key in ("data", "people:customer", "application:1"):
        decide(asking, asked, key, words="Collected: names and points." if key == "data" else "")
    decide(asking, asked, "kept", left=True)

    with asking.database.read() as session:
        activity = get_activity(session, "loyalty")
        lines = read_lines(session, activity.id)
        assert activity.description == "Collected: names and points."
        assert [each.estimate for each in lines[Subject.PEOPLE]] == [1200]  # type: ignore[attr-defined]
        assert [each.name for each in lines[Subject.ASSETS]] == ["Till"]  # type: ignore[attr-defined]
    with asking.database.write() as session:
        done = settle(session, asking.desk, asking.seal, the_dpo(), asked.id)
    verdicts = {each.item.key: each.verdict.verdict for each in done.answers if each.verdict}
    assert verdicts == {
        "data": Verdict.TAKEN, "people:customer": Verdict.TAKEN, "application:1": Verdict.TAKEN, "kept": Verdict.LEFT,
        "sources": Verdict.LEFT, "application:2": Verdict.LEFT, "papers": Verdict.LEFT,
    }  # fmt: skip


def test_an_answer_is_decided_upon_once_and_nothing_after_the_questionnaire_is_settled(asking: Asking) -> None:
    asked = asking.answered({"security": "A.", "certifications": "B."}).questionnaire
    decide(asking, asked, "security", left=True)
    for key in ("security", "no-such-answer"):
        with pytest.raises(AnswerNotFoundError):
            decide(asking, asked, key)
    decide(asking, asked, "certifications", left=True)
    with pytest.raises(QuestionnaireClosedError):
        decide(asking, asked, "certifications")
    with pytest.raises(QuestionnaireClosedError), asking.database.write() as session:
        revoke(session, asking.desk, the_owner(), asked.id)


def test_nothing_is_read_before_it_was_sent_and_what_the_record_says_already_does_not_wait(asking: Asking) -> None:
    asked = asking.ask()
    asking.save(asked.secret, {"breach_email": "x@host.example", "certifications": "Hosts the shop."})
    assert looked(asking, asked.questionnaire).answers == ()
    with pytest.raises(QuestionnaireClosedError):
        decide(asking, asked.questionnaire, "certifications", left=True)
    asking.send(asked.secret)

    waits = {each.item.key: each.waits for each in looked(asking, asked.questionnaire).answers}
    assert waits == {"certifications": False, "breach-contact": True}


def test_nothing_is_put_in_force_and_a_record_that_is_held_still_takes_nothing(asking: Asking) -> None:
    with asking.database.write() as session:
        add_contract(session, asking.desk, the_owner(), contract_terms(asking.party))
        activate(session, asking.desk)
    asked = asking.answered({"measures": [asking.measure.id.hex], "security": "A."}).questionnaire

    with pytest.raises(ContentFrozenError):
        decide(asking, asked, f"measure:{asking.measure.id.hex}")
    decide(asking, asked, "security", left=True)
    with asking.database.write() as session:
        step(session, asking.desk, the_owner(), Step(activity="loyalty", verb=Verb.REVIEW))
    decide(asking, asked, f"measure:{asking.measure.id.hex}")

    with asking.database.read() as session:
        [measure] = read_lines(session, get_activity(session, "loyalty").id)[Subject.MEASURES]
        assert measure.standing is Standing.PROPOSED


def test_an_answer_about_a_contract_that_is_not_on_file_waits_for_it(asking: Asking) -> None:
    asked = asking.answered({"ends_on": "2029-06-30"}).questionnaire
    with pytest.raises(NoContractOnFileError):
        decide(asking, asked, "ends-on")
    assert looked(asking, asked).waiting == 1


def test_no_answer_is_written_over_a_contract_or_a_processor_that_somebody_altered(asking: Asking) -> None:
    with asking.database.write() as session:
        contract = add_contract(session, asking.desk, the_owner(), contract_terms(asking.party)).id
    asked = asking.answered({"ends_on": "2029-06-30", "breach_email": "soc@host.example"}).questionnaire
    with asking.database.write_connection() as connection:
        connection.execute(text("UPDATE contract SET label = 'Somebody else'"))
        connection.execute(text("UPDATE party SET city = 'Elsewhere'"))

    # Whoever takes one answer over has not looked at the rest.
    for answer in ("ends-on", "breach-contact"):
        with pytest.raises(AttestationError):
            decide(asking, asked, answer)

    with asking.database.read() as session:
        assert not asking.desk.attestor.is_whole(session.get_one(Contract, contract))
        assert not asking.desk.attestor.is_whole(session.get_one(Party, asking.party.id))


def test_nobody_is_asked_in_the_name_of_an_organisation_that_somebody_altered(asking: Asking) -> None:
    asked = asking.ask()
    with asking.database.write_connection() as connection:
        connection.execute(text("UPDATE party SET name = 'Somebody else' WHERE name = 'Boutique Exemple'"))

    assert refused(asking, asked.secret)
    with pytest.raises(AttestationError):
        asking.ask()


def test_an_answer_takes_the_place_of_nothing_that_whoever_takes_it_over_was_not_shown(asking: Asking) -> None:
    with asking.database.write() as session:
        contract = add_contract(session, asking.desk, the_owner(), contract_terms(asking.party)).id
    asked = asking.answered({"ends_on": "2030-06-30"}).questionnaire
    (before,) = looked(asking, asked).answers
    later = replace(contract_terms(asking.party), ends_on=date(2027, 1, 1))
    with asking.database.write() as session:
        change_contract(session, asking.desk, the_dpo(), (contract, later))

    def taken(shown: str) -> None:
        command = Decide(questionnaire_id=asked.id, answer=before.item.key, shown=shown)
        with asking.database.write() as session:
            take(session, asking.desk, asking.seal, the_owner(), command)

    with pytest.raises(RecordMovedError):
        taken(before.mark)
    taken(looked(asking, asked).answers[0].mark)

    with asking.database.read() as session:
        assert session.get_one(Contract, contract).ends_on == date(2030, 6, 30)
