"""A purpose is put beneath another of its activity, and taken out again: in place, and in force by an activation."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.database import Database
from governance.days import day_of
from governance.vault.attest import Attestor
from governance.vocabulary import LawfulBasis
from register.errors import (
    CircularPurposeError,
    ContentFrozenError,
    NotYourActivityError,
    ProposalsPendingError,
    PurposeNotFoundError,
)
from register.exchange.reading import written_activities
from register.lifecycle import ActivityState, Verb
from register.models import Purpose
from register.past import Difference
from register.service import (
    ActivityChange,
    Desk,
    NewParty,
    NewPurpose,
    PurposeChange,
    SetPurposeData,
    SetPurposeRecipients,
    Step,
    add_party,
    add_purpose,
    change_activity,
    change_purpose,
    end_purpose,
    get_activity,
    get_purpose,
    list_versions,
    past_version,
    set_purpose_data,
    set_purpose_recipients,
)
from register.stated import state_activities
from register.views import blueprints
from tests.builders.register import OWNER_ID, a_complete_draft, activate, step, terms, the_controller, the_owner
from tests.builders.rest import Behinds, a_rest_app, asking

PARENT = "loyalty-points"
OWNER = asking(Role.OWNER, OWNER_ID.int) | {"Accept-Language": "en"}


def declared(session: Session, desk: Desk, slug: str, parent: str | None = None) -> Purpose:
    """Declare a purpose that lacks nothing."""
    said = NewPurpose(
        activity="loyalty", slug=slug, label_fr=slug, label_en=slug, basis=LawfulBasis.CONTRACT, parent=parent
    )
    purpose = add_purpose(session, desk.clock, desk.attestor, the_owner(), said)
    set_purpose_data(session, desk, the_owner(), SetPurposeData(purpose=slug, data=[terms()]))
    recipients = SetPurposeRecipients(purpose=slug, roles=frozenset({Role.SUPPORT}))
    set_purpose_recipients(session, desk, the_owner(), recipients)
    return purpose


def put(session: Session, desk: Desk, purpose: str, parent: str | None, owner: int = OWNER_ID.int) -> Purpose:
    change = PurposeChange(parent=parent)
    return change_purpose(session, desk.clock, desk.attestor, the_owner(owner), (purpose, change))


def under_review(session: Session, desk: Desk) -> None:
    """Let the activity run with a purpose beneath its first one and one by itself, and begin a review."""
    a_complete_draft(session, desk)
    declared(session, desk, "gifts", PARENT)
    declared(session, desk, "games")
    activate(session, desk)
    step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.REVIEW))


def test_a_purpose_is_taken_out_from_beneath_its_parent_and_put_beneath_another(database: Database, desk: Desk) -> None:
    with database.write() as session:
        activity = a_complete_draft(session, desk)
        gifts, games = declared(session, desk, "gifts", PARENT), declared(session, desk, "games")
        before = activity.revision

        assert put(session, desk, "gifts", None).parent_id is None
        assert put(session, desk, "gifts", "games").parent_id == games.id
        assert activity.revision == before + 2
        assert gifts.basis is LawfulBasis.CONTRACT


def test_what_is_not_said_of_a_parent_leaves_it(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        declared(session, desk, "gifts", PARENT)
        change = ("gifts", PurposeChange(label_fr="Offrir"))

        assert change_purpose(session, desk.clock, desk.attestor, the_owner(), change).parent_id == 1


def test_a_purpose_stands_neither_beneath_itself_nor_beneath_what_is_beneath_it(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        declared(session, desk, "gifts", PARENT)
        declared(session, desk, "games", "gifts")

        for purpose, parent in ((PARENT, PARENT), (PARENT, "gifts"), (PARENT, "games"), ("gifts", "games")):
            with pytest.raises(CircularPurposeError, match="itself or beneath it"):
                put(session, desk, purpose, parent)


def test_nor_by_way_of_one_that_leaves_for_it_may_be_kept(database: Database, desk: Desk) -> None:
    with database.write() as session:
        under_review(session, desk)
        put(session, desk, "games", "gifts")
        end_purpose(session, desk.clock, desk.attestor, the_owner(), "gifts")

        with pytest.raises(CircularPurposeError):
            put(session, desk, PARENT, "games")


def test_a_parent_stays_in_the_same_activity(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        a_complete_draft(session, desk, "other")
        declared(session, desk, "gone")
        end_purpose(session, desk.clock, desk.attestor, the_owner(), "gone")

        for parent in ("other-points", "gone", "nothing"):
            with pytest.raises(PurposeNotFoundError):
                put(session, desk, PARENT, parent)


def test_it_is_written_where_arguments_are_written_and_by_whom(database: Database, desk: Desk) -> None:
    with database.write() as session:
        under_review(session, desk)
        with pytest.raises(NotYourActivityError):
            put(session, desk, "gifts", None, owner=999)
        activate(session, desk)

        with pytest.raises(ContentFrozenError):
            put(session, desk, "gifts", None)


@pytest.mark.parametrize("parent", [None, "games"])
def test_what_runs_stands_elsewhere_by_an_activation_alone(database: Database, desk: Desk, parent: str | None) -> None:
    confirm = Step(activity="loyalty", verb=Verb.CONFIRM)
    with database.write() as session:
        under_review(session, desk)
        put(session, desk, "gifts", parent)
        with pytest.raises(ProposalsPendingError, match="1 proposed"):
            step(session, desk, the_controller(), confirm)
        assert parents_stated(session, desk) == {PARENT: None, "gifts": PARENT, "games": None}
        assert parents_written(session, desk)["gifts"] == PARENT

        put(session, desk, "gifts", PARENT)
        assert step(session, desk, the_controller(), confirm).state is ActivityState.ACTIVE, "it was put back"

        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.REVIEW))
        put(session, desk, "gifts", parent)
        activate(session, desk)
        assert parents_stated(session, desk)["gifts"] == parent
        assert parents_written(session, desk)["gifts"] == parent


def test_versions_are_compared_by_where_purposes_stand(database: Database, desk: Desk) -> None:
    with database.write() as session:
        under_review(session, desk)
        put(session, desk, "gifts", "games")
        activated = list_versions(session, "loyalty", after=None, limit=10).rows[2].revision

        found = past_version(session, desk.attestor, "loyalty", activated)

        moved = Difference(purpose="gifts", field="parent", key=(), then=PARENT, now="games")
        assert [each for each in found.since if each.purpose is not None] == [moved]
        assert {each.slug: each.parent for each in found.record.purposes} == {
            PARENT: None,
            "gifts": PARENT,
            "games": None,
        }


def test_what_stood_beneath_a_purpose_that_ended_stands_by_itself(database: Database, desk: Desk) -> None:
    with database.write() as session:
        under_review(session, desk)
        end_purpose(session, desk.clock, desk.attestor, the_owner(), PARENT)
        assert get_purpose(session, "gifts").parent_id == 1, "it may be kept"
        activate(session, desk)

        assert get_purpose(session, "gifts").parent_id is None


def test_and_so_does_what_stood_beneath_a_proposal_that_was_taken_back(database: Database, desk: Desk) -> None:
    with database.write() as session:
        under_review(session, desk)
        declared(session, desk, "parties")
        put(session, desk, "games", "parties")
        end_purpose(session, desk.clock, desk.attestor, the_owner(), "parties")

        assert get_purpose(session, "games").parent_id is None
        confirmed = step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.CONFIRM))
        assert confirmed.state is ActivityState.ACTIVE, "it stands where it stood"


def test_a_file_tells_a_parent_before_what_stands_beneath_it(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        declared(session, desk, "gifts")
        declared(session, desk, "games")
        put(session, desk, PARENT, "games")
        put(session, desk, "games", "gifts")

        (written,) = written_activities(session, desk.attestor)

        assert [each.slug for each in written.purposes] == ["gifts", "games", PARENT]


def test_a_file_tells_the_words_in_force_of_what_is_under_review(database: Database, desk: Desk) -> None:
    with database.write() as session:
        under_review(session, desk)
        other = add_party(session, desk.ids, the_owner(), NewParty(name="Autre Boutique"))
        change = ("loyalty", ActivityChange(name_fr="Autre", controller_id=other.id))
        change_activity(session, desk.clock, desk.attestor, the_owner(), change)
        argued = (PARENT, PurposeChange(interest="Autre."))
        change_purpose(session, desk.clock, desk.attestor, the_owner(), argued)
        assert words_written(session, desk) == ("Fidélité", "Boutique Exemple", "")

        activate(session, desk)
        assert words_written(session, desk) == ("Autre", "Autre Boutique", "Autre.")


def words_written(session: Session, desk: Desk) -> tuple[str, ...]:
    session.flush()
    (written,) = written_activities(session, desk.attestor)
    assert written.controller is not None
    return written.name_fr, written.controller.name, written.purposes[0].interest


def parents_stated(session: Session, desk: Desk) -> Mapping[str, str | None]:
    session.flush()
    activity = get_activity(session, "loyalty")
    (stated,) = state_activities(session, desk.attestor, [activity], day_of(desk.clock.now()))
    slugs: dict[int | None, str] = {each.purpose.id: each.purpose.slug for each in stated.purposes}
    return {each.purpose.slug: slugs.get(each.purpose.parent_id) for each in stated.purposes}


def parents_written(session: Session, desk: Desk) -> Mapping[str, str | None]:
    session.flush()
    (written,) = written_activities(session, desk.attestor)
    return {each.slug: each.parent for each in written.purposes}


@pytest.fixture
def client(database: Database, desk: Desk) -> FlaskClient:
    with database.write() as session:
        a_complete_draft(session, desk)
        declared(session, desk, "gifts", PARENT)
    behind = Behinds(database, desk.clock, desk.ids, {Attestor: desk.attestor})
    return a_rest_app(behind, *blueprints).test_client()


@pytest.mark.parametrize(
    ("purpose", "parent", "status", "says"),
    [
        ("gifts", None, 200, None),
        ("loyalty-points", "gifts", 409, "cannot stand beneath gifts"),
        ("gifts", "gifts", 409, "cannot stand beneath gifts"),
        ("gifts", "nothing", 404, "no purpose nothing"),
    ],
)
def test_over_rest_a_purpose_is_taken_out_and_a_ring_is_refused_with_the_reason(
    client: FlaskClient, purpose: str, parent: str | None, status: int, says: str | None
) -> None:
    answer = client.patch(f"/api/v1/purposes/{purpose}", json={"parent": parent}, headers=OWNER)
    told: dict[str, Any] = answer.get_json()

    assert answer.status_code == status, told
    if says is None:
        assert told["parent_id"] is None
    else:
        assert says in told["detail"]
