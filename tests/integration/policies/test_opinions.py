"""The data protection officer's opinion on what is asked for: given once, with a reason, and decided by nobody."""

from dataclasses import dataclass

import pytest
from sqlalchemy import text

from governance.actor import Actor, Role
from governance.database import Database
from governance.policies.dossier import dossier_of
from governance.policies.errors import (
    NotForYouError,
    OpinionGivenError,
    OwnAccessRequestError,
    ReasonMissingError,
    RequestSettledError,
)
from governance.policies.models import AccessRequest
from governance.policies.request_records import get_request
from governance.policies.service import (
    AdviseRequest,
    ApproveRequest,
    AskData,
    AskRole,
    Desk,
    advise_request,
    approve_request,
    ask_data,
    ask_role,
)
from governance.policies.values import Advice
from governance.vault.errors import AttestationError
from governance.vocabulary import DataCategory
from tests.builders.policies import a_controller, a_person, facts_of

WORDS = "Two telephone numbers are enough for it."


@dataclass(frozen=True)
class Cast:
    """Who asks, who advises, who decides."""

    support: Actor
    dpo: Actor
    controller: Actor


@pytest.fixture
def cast(database: Database, desk: Desk) -> Cast:
    return Cast(
        support=a_person(database, desk, Role.SUPPORT, number=31),
        dpo=a_person(database, desk, Role.DPO, number=32),
        controller=a_controller(database, desk, number=33),
    )


@pytest.fixture
def request_made(database: Database, desk: Desk, cast: Cast) -> AccessRequest:
    with database.write() as session:
        command = AskData(
            role=Role.SUPPORT,
            purpose="customer-relationship",
            categories=frozenset({DataCategory.CONTACT}),
            reason="Answering by telephone.",
        )
        asked = ask_data(session, desk, cast.support, command)
        session.flush()
        session.expunge(asked)
    return asked


def advise(
    database: Database, desk: Desk, actor: Actor, asked: AccessRequest, advice: Advice = Advice.UNFAVOURABLE
) -> None:
    with database.write() as session:
        advise_request(session, desk, actor, AdviseRequest(request_id=asked.id, advice=advice, reason=WORDS))


def test_whoever_decides_reads_the_opinion_and_whoever_asked_does_not(
    database: Database, desk: Desk, cast: Cast, request_made: AccessRequest
) -> None:
    advise(database, desk, cast.dpo, request_made)

    with database.read() as session:
        read = get_request(session, cast.controller, request_made.id).opinion
        assert read is not None
        assert (read.advice, read.reason, read.given_by) == (Advice.UNFAVOURABLE, WORDS, cast.dpo.id)
        assert get_request(session, cast.support, request_made.id).opinion is None


def test_the_log_is_told_the_opinion_and_never_its_words(
    database: Database, desk: Desk, cast: Cast, request_made: AccessRequest
) -> None:
    advise(database, desk, cast.dpo, request_made)

    [told] = [fact for fact in facts_of(database, "access-request") if '"advise"' in fact]
    assert '"advice":"unfavourable"' in told
    assert WORDS not in told


def test_the_controller_decides_before_it_comes_and_against_it(
    database: Database, desk: Desk, cast: Cast, request_made: AccessRequest
) -> None:
    with database.write() as session:
        approve_request(session, desk, cast.controller, ApproveRequest(request_id=request_made.id))

    with pytest.raises(RequestSettledError):
        advise(database, desk, cast.dpo, request_made)


def test_an_opinion_is_given_once(database: Database, desk: Desk, cast: Cast, request_made: AccessRequest) -> None:
    advise(database, desk, cast.dpo, request_made)

    with pytest.raises(OpinionGivenError):
        advise(database, desk, cast.dpo, request_made, Advice.FAVOURABLE)


@pytest.mark.parametrize("who", ["support", "controller"])
def test_nobody_else_gives_one(
    database: Database, desk: Desk, cast: Cast, request_made: AccessRequest, who: str
) -> None:
    with pytest.raises(NotForYouError):
        advise(database, desk, getattr(cast, who), request_made)


def test_nobody_advises_on_what_they_asked_for(database: Database, desk: Desk, cast: Cast) -> None:
    with database.write() as session:
        asked = ask_role(session, desk, cast.dpo, AskRole(role=Role.SUPPORT, reason="Standing in."))
        session.flush()
        session.expunge(asked)

    with pytest.raises(OwnAccessRequestError):
        advise(database, desk, cast.dpo, asked)


def test_it_takes_a_reason(database: Database, desk: Desk, cast: Cast, request_made: AccessRequest) -> None:
    command = AdviseRequest(request_id=request_made.id, advice=Advice.FAVOURABLE, reason="  ")
    with pytest.raises(ReasonMissingError), database.write() as session:
        advise_request(session, desk, cast.dpo, command)


def test_an_altered_opinion_is_not_shown(
    database: Database, desk: Desk, cast: Cast, request_made: AccessRequest
) -> None:
    advise(database, desk, cast.dpo, request_made)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE access_opinion SET advice = 'favourable'"))

    with database.read() as session:
        record = get_request(session, cast.controller, request_made.id)
        with pytest.raises(AttestationError):
            dossier_of(session, desk.attestor, cast.controller, record, desk.clock.now())
