"""The matrix on any day, and what ends soon, on both databases."""

from datetime import timedelta

from sqlalchemy import text

from audit.transaction import unrecorded
from governance.actor import Role
from governance.database import Database
from governance.policies.endings import ending_soon
from governance.policies.matrix import MatrixQuery, draw_matrix
from governance.policies.service import Desk
from governance.policies.union import Change
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind
from tests.builders.ground import StandingClock
from tests.builders.policies import REQUESTED, a_grant, a_person

PAIR = (Role.SUPPORT, 1)


def drawn(database: Database, desk: Desk, **fields: object) -> dict[DataCategory, tuple[Form | None, Change]]:
    query = MatrixQuery(**{"at": desk.clock.now(), **fields})  # type: ignore[arg-type] # a test's own fields
    with database.read() as session:
        matrix = draw_matrix(session, desk.attestor, query)
    return {mark.category: (mark.after, mark.change) for mark in matrix.of(*PAIR)}


def test_a_cell_shows_the_strongest_form_of_each_category(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_grant(session, form=Form.MASKED)
        a_grant(session, form=Form.CLEAR, kind=SubjectKind.PROSPECT)
        a_grant(session, category=DataCategory.CONTACT, form=Form.PSEUDONYM)
        a_grant(session, category=DataCategory.CONTACT, action=GrantedAction.CHANGE)
        a_grant(session, category=DataCategory.ECONOMIC, approved=False)
        unrecorded(session, "a test's grants")

    same = Change.SAME
    assert drawn(database, desk) == {
        DataCategory.IDENTITY: (Form.CLEAR, same),
        DataCategory.CONTACT: (Form.PSEUDONYM, same),
    }
    assert drawn(database, desk, kind=SubjectKind.CUSTOMER)[DataCategory.IDENTITY] == (Form.MASKED, same)
    assert drawn(database, desk, action=GrantedAction.CHANGE) == {DataCategory.CONTACT: (Form.CLEAR, same)}


def test_the_matrix_of_a_day_is_the_grants_that_counted_then(
    database: Database, desk: Desk, clock: StandingClock
) -> None:
    with database.write() as session:
        revoked = a_grant(session)
        revoked.revoked_at, revoked.revoked_by = clock.now(), revoked.requested_by
        a_grant(session, category=DataCategory.CONTACT, valid_to=clock.now() - timedelta(days=1))
        a_grant(session, category=DataCategory.ECONOMIC, valid_from=clock.now() - timedelta(hours=1))
        unrecorded(session, "a test's grants")
    day = timedelta(days=1)

    assert drawn(database, desk, at=REQUESTED - day) == {}
    assert set(drawn(database, desk, at=REQUESTED + day)) == {DataCategory.IDENTITY, DataCategory.CONTACT}
    assert set(drawn(database, desk)) == {DataCategory.ECONOMIC}


def test_two_days_are_compared(database: Database, desk: Desk, clock: StandingClock) -> None:
    now = clock.now()
    with database.write() as session:
        a_grant(session, valid_to=now)
        a_grant(session, category=DataCategory.CONTACT, form=Form.MASKED)
        a_grant(session, category=DataCategory.CONTACT, form=Form.CLEAR, valid_from=now)
        a_grant(session, category=DataCategory.ECONOMIC, valid_from=now)
        a_grant(session, category=DataCategory.PURCHASES, form=Form.CLEAR, valid_to=now)
        a_grant(session, category=DataCategory.PURCHASES, form=Form.MASKED)
        unrecorded(session, "a test's grants")

    assert drawn(database, desk, since=now - timedelta(days=1)) == {
        DataCategory.IDENTITY: (None, Change.REMOVED),
        DataCategory.CONTACT: (Form.CLEAR, Change.STRONGER),
        DataCategory.ECONOMIC: (Form.CLEAR, Change.ADDED),
        DataCategory.PURCHASES: (Form.MASKED, Change.WEAKER),
    }


def test_a_grant_altered_by_sql_is_left_out_and_counted(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_grant(session, form=Form.MASKED)
        unrecorded(session, "a test's grant")
    with database.write_connection() as connection:
        connection.execute(text("UPDATE access_grant SET form = 'clear'"))

    with database.read() as session:
        matrix = draw_matrix(session, desk.attestor, MatrixQuery(at=desk.clock.now()))

    assert (matrix.of(*PAIR), matrix.altered) == ((), 1)


def test_what_ends_within_thirty_days_is_told_unless_something_lasting_gives_as_much(
    database: Database, desk: Desk, clock: StandingClock
) -> None:
    support = a_person(database, desk, Role.SUPPORT, number=21)
    soon, later = clock.now() + timedelta(days=20), clock.now() + timedelta(days=31)
    with database.write() as session:
        a_grant(session, valid_to=soon)
        a_grant(session, category=DataCategory.CONTACT, valid_to=soon)
        a_grant(session, category=DataCategory.CONTACT, valid_to=later)
        a_grant(session, category=DataCategory.ECONOMIC, valid_to=soon)
        a_grant(session, category=DataCategory.ECONOMIC, form=Form.MASKED, valid_to=later)
        a_grant(session, category=DataCategory.PURCHASES, valid_to=soon, revoked=True)
        a_grant(session, role=Role.SALES, valid_to=soon)
        unrecorded(session, "a test's grants")

    with database.read() as session:
        (told,) = ending_soon(session, clock.now(), account_id=support.id, roles={Role.SUPPORT})
    assert (told.categories, told.until) == ((DataCategory.IDENTITY, DataCategory.ECONOMIC), soon)

    clock.advance(days=340)
    with database.read() as session:
        (role,) = ending_soon(session, clock.now(), account_id=support.id, roles=())
    assert (role.role, role.purpose) == (Role.SUPPORT, None)
