"""Which file of rules is in force: who decides it, what the log says of it, and that an altered one closes."""

import pytest
from sqlalchemy import text

from audit.search import Filters, search
from audit.transaction import unrecorded
from governance.actor import Actor, ActorKind, Role
from governance.campaigns.errors import (
    RulesClosedError,
    RulesDecisionError,
    RulesFileError,
    RulesUnchangedError,
)
from governance.campaigns.models import RulesVersion
from governance.campaigns.reading import PACKAGED, digest_of, packaged_text
from governance.campaigns.service import PutInForce, RulesInForce, put_in_force, rules_in_force, rules_versions
from governance.wiring import Wired
from tests.builders.oversight import acting
from tests.builders.plan import desk_of

_OWN = packaged_text().replace("most: 4", "most: 3")
_LOAD = PutInForce(file="mine.yaml", text=_OWN, why="Fewer calls, decided by the board.")
_DEFAULT = PutInForce(file=PACKAGED.name, text=None, why="The law is enough.")


def put(wired: Wired, command: PutInForce, by: Role = Role.CONTROLLER) -> RulesInForce:
    return put_as(wired, command, acting(wired, by))


def put_as(wired: Wired, command: PutInForce, actor: Actor) -> RulesInForce:
    with wired.write() as session:
        return put_in_force(session, desk_of(wired), actor, command)


def in_force(wired: Wired) -> RulesInForce:
    with wired.read() as session:
        return rules_in_force(session, wired.attestor)


def alter(wired: Wired, statement: str) -> None:
    with wired.write() as session:
        unrecorded(session, "somebody writes behind our back")
        session.execute(text(statement))


def history(wired: Wired) -> list[tuple[int, str, str | None, bool]]:
    with wired.read() as session:
        return [(each.version, each.file, each.text, wired.attestor.is_whole(each)) for each in rules_versions(session)]


def test_nobody_having_decided_the_rules_of_the_program_are_in_force(wired: Wired) -> None:
    found = in_force(wired)

    assert (found.packaged, found.version, found.text) == (True, None, packaged_text())
    assert found.digest == digest_of(packaged_text())


def test_the_controller_puts_a_file_in_force_and_goes_back_in_one_step_each(wired: Wired) -> None:
    own = put(wired, _LOAD)
    read = in_force(wired)
    back = put(wired, _DEFAULT)

    assert (own.packaged, own.file, own.text) == (False, "mine.yaml", _OWN)
    assert (read.digest, read.version, read.since) == (digest_of(_OWN), 1, own.since)
    assert (back.packaged, back.text) == (True, packaged_text())
    assert history(wired) == [(2, PACKAGED.name, None, True), (1, "mine.yaml", _OWN, True)]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CONTROLLER, Role.SERVICE}))
def test_nobody_else_does(site_wired: Wired, role: Role) -> None:
    for command in (_LOAD, _DEFAULT):
        with pytest.raises(RulesDecisionError):
            put_as(site_wired, command, Actor(kind=ActorKind.PERSON, id=None, roles=frozenset({role})))


def test_a_token_of_the_controller_decides_nothing(wired: Wired) -> None:
    controller = acting(wired, Role.CONTROLLER)

    with pytest.raises(RulesDecisionError):
        put_as(wired, _LOAD, Actor(kind=controller.kind, id=controller.id, roles=controller.roles, token=controller.id))


def test_a_file_that_cannot_be_used_changes_nothing(wired: Wired) -> None:
    with pytest.raises(RulesFileError):
        put(wired, PutInForce(file="mine.yaml", text="version: 1", why="By mistake."))

    assert in_force(wired).version is None


def test_the_same_file_again_is_refused(wired: Wired) -> None:
    with pytest.raises(RulesUnchangedError):
        put(wired, _DEFAULT)
    put(wired, _LOAD)
    with pytest.raises(RulesUnchangedError):
        put(wired, _LOAD)


def test_the_log_says_who_put_which_file_in_force_and_never_why(wired: Wired) -> None:
    put(wired, _LOAD)
    put(wired, _DEFAULT)

    with wired.read() as session:
        entries = [each.said for each in search(session, Filters(object_type="prospecting-rules"), limit=10)]
    told = [(each["object"]["id"], each["details"]["verb"], each["details"]["digest"]) for each in entries]
    assert told == [
        ("2", "default", digest_of(packaged_text())),
        ("1", "load", digest_of(_OWN)),
    ]
    assert all("board" not in str(each) for each in entries)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE prospecting_rules SET text = replace(text, 'most: 3', 'most: 300')",
        "UPDATE prospecting_rules SET text = NULL",
        "UPDATE prospecting_rules SET version = 7",
        "UPDATE prospecting_rules SET why = 'another reason'",
    ],
)
def test_an_altered_file_closes_until_the_controller_puts_one_in_force_anew(wired: Wired, statement: str) -> None:
    put(wired, _LOAD)
    alter(wired, statement)

    with pytest.raises(RulesClosedError, match="altered outside Égide"):
        in_force(wired)

    put(wired, _LOAD)
    assert in_force(wired).text == _OWN
    assert [whole for *_, whole in history(wired)] == [True]
    with wired.read() as session:
        assert wired.attestor.find_alterations(session) == []


def test_a_row_that_somebody_added_closes_too(wired: Wired) -> None:
    put(wired, _LOAD)
    alter(
        wired,
        "INSERT INTO prospecting_rules (version, file, text, digest, since, decided_by, why, mac) "
        "SELECT 2, file, text, digest, since, decided_by, why, mac FROM prospecting_rules",
    )

    with pytest.raises(RulesClosedError):
        in_force(wired)
    put(wired, _DEFAULT)
    assert [(version, whole) for version, _, _, whole in history(wired)] == [(2, True), (1, True)]


def test_an_older_decision_that_was_altered_closes_nothing_and_is_shown_as_altered(wired: Wired) -> None:
    put(wired, _LOAD)
    put(wired, _DEFAULT)
    alter(wired, "UPDATE prospecting_rules SET why = 'another reason' WHERE version = 1")

    assert in_force(wired).packaged
    assert [(version, whole) for version, _, _, whole in history(wired)] == [(2, True), (1, False)]


def test_a_file_that_this_version_cannot_read_closes_and_stays_on_file(wired: Wired) -> None:
    with wired.write() as session:
        unrecorded(session, "an older version of the program, which read other files, put it in force")
        session.add(
            RulesVersion(
                version=1,
                file="old.yaml",
                text="version: 0",
                digest=digest_of("version: 0"),
                since=wired.clock.now(),
                decided_by=None,
                why="It was right then.",
            )
        )

    with pytest.raises(RulesClosedError, match="cannot be read by this version"):
        in_force(wired)
    put(wired, _DEFAULT)
    assert [(version, whole) for version, _, _, whole in history(wired)] == [(2, True), (1, True)]


def test_what_sqlite_keeps_in_a_column_of_another_type_closes(sqlite_wired: Wired) -> None:
    put(sqlite_wired, _LOAD)
    alter(sqlite_wired, "UPDATE prospecting_rules SET since = 'yesterday'")

    with pytest.raises(RulesClosedError):
        in_force(sqlite_wired)

    put(sqlite_wired, _DEFAULT)
    assert in_force(sqlite_wired).packaged
