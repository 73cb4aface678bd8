"""What people have decided: restriction, objection, erasure, consent; and rows read one by one."""

from datetime import timedelta

import pytest

from audit.entries import Action
from consent.states import ConsentState
from governance.actor import Role
from governance.gate.errors import RowIdInvalidError, RowNotFoundError
from governance.gate.query import Condition, Query
from governance.vocabulary import Channel, DataCategory, Form, GrantedAction, LawfulBasis
from tests.builders.gate import Shop
from tests.builders.gate_rows import Rows, numbers
from tests.builders.ground import an_actor

IDENTITY, CONTACT = DataCategory.IDENTITY, DataCategory.CONTACT
SUPPORT = an_actor(Role.SUPPORT)


def one(shop: Shop, number: int, *fields: str) -> dict[str, object]:
    query = Query(purpose="customer-relationship", table="people", fields=fields or None)
    [row] = shop.gate.one(SUPPORT, query, str(shop.people[number])).decoded()
    return row


def test_a_restricted_person_is_shown_to_exist_and_no_more(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(3))
    shop.purpose()
    shop.grant(IDENTITY)
    shop.restrict(2)

    page = shop.read("family_name")

    assert page.decoded()[1] == {"id": str(shop.people[2]), "state": "restricted"}
    assert page.count == 3
    assert shop.entry(page.entry)["details"]["restricted"] == 1
    assert one(shop, 2) == {"id": str(shop.people[2]), "state": "restricted"}


def test_a_lifted_restriction_gives_the_row_again(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(1))
    shop.purpose()
    shop.grant(IDENTITY)
    shop.restrict(1)
    shop.read("family_name")

    shop.lift(1)

    assert one(shop, 1, "family_name")["family_name"] == "Lefèvreb"


def test_a_restricted_person_is_not_found_by_a_filter(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(2))
    shop.purpose()
    shop.grant(CONTACT)
    shop.restrict(1)

    page = shop.read("email", where=(Condition(field="email", value="person-1@demo.example"),))

    assert page.count == 0


def test_who_objects_is_left_out_of_that_purpose_alone(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(3))
    for purpose_id, slug in ((1, "customer-relationship"), (2, "statistics")):
        shop.purpose(id=purpose_id, slug=slug)
        shop.grant(IDENTITY, purpose_id=purpose_id)
    shop.object(2, 2)

    there, here = shop.read("family_name", purpose="statistics"), shop.read("family_name")

    assert [row["id"] for row in there] == [str(shop.people[1]), str(shop.people[3])]
    assert here.count == 3
    assert shop.entry(there.entry)["details"]["left_out"] == {"objected": 1}
    assert len(shop.entry(there.entry)["subjects"]) == 2


def test_who_is_erased_is_left_out(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(2))
    shop.purpose()
    shop.grant(IDENTITY)
    shop.erase(1)

    page = shop.read("family_name")

    assert [row["id"] for row in page] == [str(shop.people[2])]


@pytest.mark.parametrize(
    "state", [ConsentState.REQUESTED, ConsentState.REFUSED, ConsentState.WITHDRAWN, ConsentState.INVALIDATED]
)
def test_only_a_given_consent_opens(own_shop: Shop, own_rows: Rows, state: ConsentState) -> None:
    own_rows.add_people(numbers(2))
    own_shop.purpose(basis=LawfulBasis.CONSENT)
    own_shop.grant(IDENTITY)
    own_shop.consents(1, purpose_id=1)
    own_shop.consents(2, purpose_id=1, state=state)

    assert [row["id"] for row in own_shop.read("family_name")] == [str(own_shop.people[1])]


def test_consent_to_the_use_itself_opens_and_consent_to_a_message_does_not(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(2))
    shop.purpose(basis=LawfulBasis.CONSENT, consent_channel=Channel.USE)
    shop.grant(IDENTITY)
    shop.consents(1, purpose_id=1, channel=Channel.USE)
    shop.consents(2, purpose_id=1, channel=Channel.EMAIL)

    assert [row["id"] for row in shop.read("family_name")] == [str(shop.people[1])]


def test_a_consent_for_another_purpose_opens_nothing(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(1))
    shop.purpose(id=1, basis=LawfulBasis.CONSENT)
    shop.purpose(id=2, slug="scoring", basis=LawfulBasis.CONSENT)
    shop.grant(IDENTITY)
    shop.consents(1, purpose_id=2)

    assert shop.read("family_name").count == 0


def test_a_consent_counts_until_it_expires(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(1))
    shop.purpose(basis=LawfulBasis.CONSENT)
    shop.grant(IDENTITY)
    shop.consents(1, purpose_id=1, expires_at=shop.clock.now() + timedelta(hours=1))

    before = shop.read("family_name").count
    shop.clock.advance(hours=1)

    assert (before, shop.read("family_name").count) == (1, 0)


def test_a_page_fills_up_behind_those_who_are_left_out(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(30))
    shop.purpose(basis=LawfulBasis.CONSENT)
    shop.grant(IDENTITY)
    shop.consents(*range(3, 31, 3), purpose_id=1)

    first = shop.read("family_name", limit=4)
    second = shop.read("family_name", limit=4, after=first.next)
    third = shop.read("family_name", limit=4, after=second.next)

    given = [row["id"] for page in (first, second, third) for row in page]
    assert given == [str(shop.people[number]) for number in range(3, 31, 3)]
    assert (first.count, second.count, third.count, third.next) == (4, 4, 2, None)


def test_a_row_without_consent_and_a_row_that_is_not_there_are_the_same(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(1))
    shop.purpose(basis=LawfulBasis.CONSENT)
    shop.grant(IDENTITY)
    query = Query(purpose="customer-relationship", table="people", fields=("family_name",))

    with pytest.raises(RowNotFoundError) as unwilling:
        shop.gate.one(SUPPORT, query, str(shop.people[1]))
    with pytest.raises(RowNotFoundError) as absent:
        shop.gate.one(SUPPORT, query, "01900000-0000-7000-8000-000000000000")

    assert str(unwilling.value) == str(absent.value)
    told = shop.entries(Action.READ)
    assert [entry["details"]["rows"] for entry in told] == [0, 0]
    assert [entry["object"]["id"] for entry in told] == [str(shop.people[1]), "01900000-0000-7000-8000-000000000000"]


@pytest.mark.parametrize(
    "text", ["", "1", "not-an-id", "0" * 43, "A" * 43, "é" * 43, "01900000000070008000000000000000"]
)
def test_a_malformed_identifier_is_refused(shop: Shop, text: str) -> None:
    shop.purpose()
    shop.grant(IDENTITY)
    shop.grant(CONTACT, form=Form.MASKED)

    with pytest.raises(RowIdInvalidError):
        shop.gate.one(SUPPORT, Query(purpose="customer-relationship", table="people"), text)


def test_one_row_bears_its_revision_for_those_who_may_change_it(own_shop: Shop, own_rows: Rows) -> None:
    own_rows.add_people(numbers(2))
    own_shop.purpose()
    own_shop.grant(IDENTITY, DataCategory.BEHAVIOUR)
    assert "revision" not in one(own_shop, 2)
    own_shop.grant(IDENTITY, action=GrantedAction.CHANGE)

    assert one(own_shop, 2, "family_name", "points") == {
        "id": str(own_shop.people[2]),
        "family_name": "Lefèvrec",
        "points": 2,
        "revision": 1,
    }
    own_rows.change(2, family_name="Martin")
    assert one(own_shop, 2, "family_name") == {
        "id": str(own_shop.people[2]),
        "family_name": "Martin",
        "revision": 2,
    }


def test_what_is_read_is_recorded_with_forms_and_without_values(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(2))
    shop.purpose()
    shop.grant(IDENTITY)
    shop.grant(CONTACT, form=Form.MASKED, exact_lookup=True)

    page = shop.read("family_name", "email", where=(Condition(field="email", value="person-1@demo.example"),))

    told = shop.entry(page.entry)
    assert (told["action"], told["purpose"], told["object"]) == (
        "read",
        "customer-relationship",
        {"type": "people", "id": None},
    )
    assert told["details"] == {
        "fields": {"clear": ["family_name"], "masked": ["email"]},
        "filters": ["email ="],
        "rows": 1,
        "policy_epoch": told["details"]["policy_epoch"],
    }
    assert told["subjects"] == [shop.subjects[1]]
    assert "person-1" not in str(told)
