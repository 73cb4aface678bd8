"""Activities are found by words of their names and purposes, and by what their records hold, on both databases."""

import uuid

import pytest
from sqlalchemy.orm import Session

from audit.transaction import unrecorded
from governance.actor import Role
from governance.database import Database
from governance.vocabulary import DataCategory, LawfulBasis
from register.lines.values import Subject
from register.models import Activity
from register.service import ActivityChange, ActivityFilter, Desk, change_activity, list_activities
from register.values import Standing
from tests.builders.lines import given, on_file, taking_part
from tests.builders.pages import Enter
from tests.builders.register import a_complete_draft, a_purpose, the_owner
from tests.builders.web import parse, words


def found(session: Session, **wanted: object) -> list[str]:
    page = list_activities(session, ActivityFilter(**wanted), after=None, limit=50)  # type: ignore[arg-type]
    return [row.slug for row in page.rows]


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("fidélité", True),
        ("FIDELITE", True),
        ("programme", True),
        ("loyalty program", True),
        ("points tous", True),
        ("loyalty-points", True),
        ("  ", True),
        ("%", True),
        ("loyalty nothing", False),
        ("l_yalty x", False),
    ],
)
def test_each_word_is_looked_for_in_names_and_purposes_whatever_its_accents(
    database: Database, desk: Desk, text: str, *, there: bool
) -> None:
    with database.write() as session:
        draft = a_complete_draft(session, desk)
        change = ActivityChange(name_fr="Programme de fidélité", name_en="Loyalty programme")
        change_activity(session, desk.clock, desk.attestor, the_owner(), (draft.slug, change))
        purpose = a_purpose(session, id=50, slug="other").purpose
        purpose.label_fr = "Compter les points de tous"
        session.flush()
        if text == "points tous":
            assert found(session, text=text) == [session.get_one(Activity, purpose.activity_id).slug]
        else:
            assert (draft.slug in found(session, text=text)) is there


def test_what_a_record_holds_narrows_the_list_and_what_is_to_end_counts_no_more(database: Database, desk: Desk) -> None:
    with database.write() as session:
        draft = a_complete_draft(session, desk)
        host = on_file(session, desk)
        given(session, desk, Subject.PARTIES, taking_part(host))
        built = a_purpose(session, id=50, slug="other", basis=LawfulBasis.CONSENT)
        built.purpose.label_fr = "Élever des licornes"
        session.flush()
        other = session.get_one(Activity, built.purpose.activity_id).slug

        assert found(session, party_id=host.id) == [draft.slug]
        assert found(session, party_id=uuid.UUID(int=7)) == []
        assert found(session, basis=LawfulBasis.CONSENT) == [other]
        assert other in found(session, category=DataCategory.CONTACT)
        assert found(session, category=DataCategory.SPECIAL) == []
        assert found(session, category=DataCategory.CONTACT, basis=LawfulBasis.CONSENT, text="licorne") == [other]
        built.purpose.standing = Standing.LEAVING
        unrecorded(session, "a test ends a purpose")
        session.flush()
        assert found(session, text="licorne") == []


def test_the_page_and_the_interface_narrow_alike_and_nothing_found_teaches(enter: Enter) -> None:
    dpo = enter(Role.DPO)
    asked = "text=FACTURATION&category=identity&basis=legal-obligation"

    page = words(dpo.get(f"/activities/?{asked}"))
    told = dpo.program.client.get(f"/api/v1/activities?{asked}").get_json()["activities"]
    nothing = dpo.get("/activities/?text=licorne")

    assert [each["slug"] for each in told] == ["accounting"]
    assert "Invoicing and accounts" in page
    assert "Direct marketing" not in page
    assert "Fewer words" in words(nothing)
    assert any(
        each.attrib.get("value") == "licorne" for each in parse(nothing).iter("{http://www.w3.org/1999/xhtml}input")
    )
    assert dpo.get(f"/activities/?party={uuid.UUID(int=9)}").status_code == 422
