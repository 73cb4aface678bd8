"""Texts of notices that were deleted from the database: none older is shown in their place, and somebody is told."""

import pytest
from sqlalchemy import text

from governance.database import Database
from governance.vault.errors import AttestationError
from register.lifecycle import Verb
from register.models import Notice
from register.notices.errors import NoticeNotFoundError, NoticeTextGoneError
from register.service import Desk, Step, list_notice_texts, publish_anew, published_notice, show_point
from register.service.notices.publishing import texts_gone
from tests.builders.notices import WEBSITE, a_point
from tests.builders.register import a_complete_draft, activate, step, the_controller, the_dpo


def by_sql(database: Database, statement: str) -> None:
    with database.write_connection() as connection:
        connection.execute(text(statement))


@pytest.fixture
def two_versions(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_point(session, desk)
        a_complete_draft(session, desk)
        a_complete_draft(session, desk, "shop")
        activate(session, desk)
        activate(session, desk, "shop")
        assert published_notice(session, desk.attestor, WEBSITE).text.version == 2
        assert texts_gone(session) == []


@pytest.mark.usefixtures("two_versions")
@pytest.mark.parametrize("which", ["version = 2", "version > 0"])
def test_where_the_newest_text_was_deleted_no_older_one_is_shown(database: Database, desk: Desk, which: str) -> None:
    by_sql(database, f"DELETE FROM notice_text WHERE {which}")

    with database.read() as session:
        for version in (None, 2):
            with pytest.raises(NoticeTextGoneError):
                published_notice(session, desk.attestor, WEBSITE, version)
        with pytest.raises(NoticeNotFoundError):
            published_notice(session, desk.attestor, WEBSITE, 3)
        told = show_point(session, desk, WEBSITE)
        assert told.gone
        assert told.body is None
        assert (WEBSITE, 2) in texts_gone(session)


@pytest.mark.usefixtures("two_versions")
def test_publishing_anew_gives_the_notice_a_newer_version_even_where_it_says_what_an_older_one_did(
    database: Database, desk: Desk
) -> None:
    with database.write() as session:
        step(session, desk, the_controller(), Step(activity="shop", verb=Verb.SUSPEND, text="Stopped."))
    with database.read() as session:
        assert published_notice(session, desk.attestor, WEBSITE).text.version == 3
    by_sql(database, "DELETE FROM notice_text WHERE version > 1")

    with database.write() as session:
        publish_anew(session, desk, the_dpo(), WEBSITE)

    with database.read() as session:
        assert published_notice(session, desk.attestor, WEBSITE).text.version == 4
        assert [row.version for row in list_notice_texts(session, WEBSITE, after=None, limit=9).rows] == [4, 1]
        assert not show_point(session, desk, WEBSITE).gone
        # What people were told then stays lost, and stays told.
        assert texts_gone(session) == [(WEBSITE, 2), (WEBSITE, 3)]


@pytest.mark.usefixtures("two_versions")
def test_a_number_that_says_to_be_unpublished_hides_no_deleted_text(database: Database, desk: Desk) -> None:
    by_sql(database, "DELETE FROM notice_text WHERE version = 2")
    by_sql(database, f"UPDATE {Notice.__tablename__} SET published = false WHERE version = 2")

    with database.read() as session, pytest.raises(AttestationError):
        published_notice(session, desk.attestor, WEBSITE)
