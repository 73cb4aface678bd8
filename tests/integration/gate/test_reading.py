"""What a read gives, and to whom."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from governance.actor import Actor, ActorKind, Role
from governance.gate.errors import NotInDataMapError, ReadRefusedError
from governance.gate.query import Query
from governance.gate.reasons import Code
from governance.vocabulary import DataCategory, Form, GrantedAction, LawfulBasis, SubjectKind
from register.lifecycle import ActivityState, Mode
from register.models import Activity
from tests.builders.gate import Shop, person_values
from tests.builders.gate_rows import AdoptedRows, OwnRows, Rows, numbers
from tests.builders.ground import an_actor

IDENTITY, CONTACT, ECONOMIC = DataCategory.IDENTITY, DataCategory.CONTACT, DataCategory.ECONOMIC
BEHAVIOUR, RELATIONSHIP, SPECIAL = DataCategory.BEHAVIOUR, DataCategory.RELATIONSHIP, DataCategory.SPECIAL
PURCHASES, PROFESSIONAL = DataCategory.PURCHASES, DataCategory.PROFESSIONAL


def codes(refused: pytest.ExceptionInfo[ReadRefusedError]) -> set[Code]:
    return {reason.code for reason in refused.value.reasons}


def test_what_is_granted_clear_is_given_as_it_was_kept(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(3))
    shop.purpose()
    shop.grant(IDENTITY, CONTACT, ECONOMIC, BEHAVIOUR)

    page = shop.read("family_name", "birth_date", "email", "postcode", "note", "points", "faithful", "seen_at")

    wanted = ("family_name", "birth_date", "email", "postcode", "note", "points", "faithful", "seen_at")
    told = [{"id": str(shop.people[n]), **{k: person_values(n)[k] for k in wanted}} for n in numbers(3)]
    assert page.decoded() == told
    assert (page.count, page.next, page.withheld) == (3, None, {})


def test_a_box_given_whole_is_given_as_it_was_sealed(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(2))
    shop.purpose()
    shop.grant(IDENTITY)

    page = shop.read("family_name", "given_name", "birth_date")

    assert page.decoded()[1] == {
        "id": str(shop.people[2]),
        "family_name": "Lefèvrec",
        "given_name": "Zoé",
        "birth_date": "1952-03-15",
    }


def test_masked_fields_are_masked_and_the_others_are_not(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(1))
    shop.purpose()
    shop.grant(IDENTITY)
    shop.grant(CONTACT, ECONOMIC, form=Form.MASKED)

    [row] = shop.read("family_name", "email", "phone", "postcode", "iban")

    assert row == {
        "id": str(shop.people[1]),
        "family_name": "Lefèvreb",
        "email": "p•••@d•••.example",
        "phone": "•• •• •• •• 01",
        "postcode": "69•••",
        "iban": "FR•• ••• 2606",
    }


def test_generalised_fields_give_a_band(shop: Shop, rows: Rows) -> None:
    rows.add_people([34])
    shop.purpose()
    shop.grant(IDENTITY, CONTACT, BEHAVIOUR, form=Form.GENERALISED)

    page = shop.read("birth_date", "family_name", "postcode", "points")

    assert [{k: v for k, v in row.items() if k != "id"} for row in page] == [
        {"birth_date": "40-44", "postcode": "69", "points": "30-39"}
    ]
    assert page.withheld["family_name"].code is Code.FORM_IMPOSSIBLE


def test_an_age_band_moves_with_the_birthday(shop: Shop, rows: Rows) -> None:
    rows.add_people([32])
    shop.purpose()
    shop.grant(IDENTITY, form=Form.GENERALISED)
    before = shop.read("birth_date").decoded()[0]["birth_date"]

    shop.clock.advance(days=150)

    # Born on 15 March 1982; the clock stood on 22 November 2026.
    assert (before, shop.read("birth_date").decoded()[0]["birth_date"]) == ("40-44", "45-49")


def test_what_is_not_granted_is_withheld_with_the_reason(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(1))
    shop.purpose()
    shop.grant(IDENTITY)

    page = shop.read("family_name", "email")

    assert [set(row) for row in page] == [{"id", "family_name"}]
    reason = page.withheld["email"]
    assert (reason.code, reason.category, reason.kind) == (Code.NO_GRANT, CONTACT, SubjectKind.CUSTOMER)


def test_only_what_is_withheld_of_the_very_rows_is_told(own_shop: Shop, own_rows: OwnRows) -> None:
    own_rows.add_people(numbers(2))
    own_rows.add_people([3], SubjectKind.PROSPECT)
    own_shop.purpose(data=[(kind, IDENTITY) for kind in SubjectKind] + [(SubjectKind.CUSTOMER, CONTACT)])
    own_shop.grant(IDENTITY, CONTACT)
    own_shop.grant(IDENTITY, kind=SubjectKind.PROSPECT)

    customers = own_shop.read("family_name", "email", limit=2)
    everybody = own_shop.read("family_name", "email")

    assert customers.withheld == {}
    assert everybody.withheld["email"].kind is SubjectKind.PROSPECT


def test_all_fields_are_meant_where_none_is_named(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(1))
    shop.purpose()
    shop.grant(IDENTITY)

    page = shop.read()

    assert [set(row) for row in page] == [{"id", "family_name", "given_name", "birth_date"}]
    assert {"email", "iban", "note", "points"} <= page.withheld.keys()


def test_a_missing_value_is_null(shop: Shop, rows: Rows) -> None:
    rows.add_people([3])
    shop.purpose()
    shop.grant(BEHAVIOUR, form=Form.MASKED)

    assert [row["points"] for row in shop.read("points")] == [None]


def test_free_text_is_given_clear_or_not_at_all(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(1))
    shop.purpose()
    shop.grant(ECONOMIC, form=Form.MASKED)

    page = shop.read("iban", "note")

    assert [set(row) for row in page] == [{"id", "iban"}]
    assert page.withheld["note"].code is Code.FORM_IMPOSSIBLE


def test_a_special_field_is_given_by_a_grant_on_special_only(shop: Shop, rows: Rows) -> None:
    rows.add_people([5])
    shop.purpose()
    shop.grant(RELATIONSHIP)

    page = shop.read("health", "since")

    assert [set(row) for row in page] == [{"id", "since"}]
    assert page.withheld["health"].code is Code.CATEGORY_NOT_DECLARED


def test_the_strongest_of_several_grants_counts(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(1))
    shop.purpose(recipients=(Role.SUPPORT, Role.SALES))
    shop.grant(CONTACT, form=Form.MASKED)
    shop.grant(CONTACT, role=Role.SALES)

    [masked] = shop.read("email")
    [clear] = shop.read("email", actor=an_actor(Role.SUPPORT, Role.SALES))

    assert (masked["email"], clear["email"]) == ("p•••@d•••.example", "person-1@demo.example")


def test_a_refusal_names_every_rule_that_failed(shop: Shop) -> None:
    shop.purpose(
        state=ActivityState.SUSPENDED, data=[(SubjectKind.CUSTOMER, IDENTITY), (SubjectKind.PROSPECT, CONTACT)]
    )

    with pytest.raises(ReadRefusedError) as refused:
        shop.read("family_name", "email", "iban", actor=an_actor(Role.SALES))

    assert codes(refused) == {
        Code.ACTIVITY_NOT_ACTIVE,
        Code.ROLE_NOT_RECIPIENT,
        Code.WRONG_KIND,
        Code.CATEGORY_NOT_DECLARED,
    }


def test_nothing_is_read_for_a_purpose_that_nobody_declared(shop: Shop) -> None:
    with pytest.raises(ReadRefusedError) as refused:
        shop.read("email", purpose="curiosity")

    assert codes(refused) == {Code.UNKNOWN_PURPOSE}


def test_what_the_data_map_does_not_know_cannot_be_read(shop: Shop) -> None:
    shop.purpose()
    shop.grant(IDENTITY)

    with pytest.raises(NotInDataMapError) as table:
        shop.read("email", table="salaries")
    with pytest.raises(NotInDataMapError) as name:
        shop.read("family_name", "salary")

    assert codes(table) == {Code.UNKNOWN_TABLE}
    assert Code.UNKNOWN_FIELD in codes(name)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
def test_some_roles_never_obtain_personal_data(shop: Shop, role: Role) -> None:
    shop.purpose(mode=Mode.OBSERVE)

    with pytest.raises(ReadRefusedError) as refused:
        shop.read("email", actor=an_actor(role))

    assert Code.ROLE_NEVER_READS in codes(refused)


def test_nobody_reads_without_signing_in(shop: Shop) -> None:
    shop.purpose()
    shop.grant(IDENTITY)
    nobody = Actor(kind=ActorKind.HOST, id=None, roles=frozenset({Role.SUPPORT}))

    with pytest.raises(ReadRefusedError) as refused:
        shop.read("family_name", actor=nobody)

    assert codes(refused) == {Code.NOT_SIGNED_IN}


def test_a_grant_to_read_is_none_to_export(shop: Shop) -> None:
    shop.purpose()
    shop.grant(IDENTITY)
    query = Query(purpose="customer-relationship", table="people", fields=("family_name",))

    with pytest.raises(ReadRefusedError):
        shop.gate.read(an_actor(Role.SUPPORT), query, action=GrantedAction.EXPORT)


def test_observing_gives_what_enforcing_would_refuse_and_counts_it(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(2))
    shop.purpose(mode=Mode.OBSERVE, basis=LawfulBasis.CONSENT)
    shop.consents(1, purpose_id=1)
    shop.grant(CONTACT, form=Form.MASKED)

    page = shop.read("family_name", "email")

    assert [row["email"] for row in page] == ["person-1@demo.example", "person-2@demo.example"]
    assert shop.entry(page.entry)["details"]["observed"] == {"no-grant": 0, "weaker-form": 0, "no-consent": 1}


def test_observing_relaxes_nothing_for_other_roles(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(1))
    shop.purpose(mode=Mode.OBSERVE)

    with pytest.raises(ReadRefusedError):
        shop.read("email", actor=an_actor(Role.OWNER))


def test_once_the_observation_has_ended_the_next_read_is_refused(own_shop: Shop, own_rows: Rows) -> None:
    own_rows.add_people([1])
    own_shop.purpose(mode=Mode.OBSERVE)
    with own_shop.write() as session:
        activity = session.scalars(select(Activity)).one()
        activity.observed_until = own_shop.clock.now() + timedelta(days=3)

    own_shop.clock.advance(days=3, seconds=-1)
    assert own_shop.read("email").count == 1
    own_shop.clock.advance(seconds=1)

    with pytest.raises(ReadRefusedError) as refused:
        own_shop.read("email")
    assert codes(refused) == {Code.NO_GRANT}


def test_observing_does_not_relax_what_is_declared(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(1))
    shop.purpose(mode=Mode.OBSERVE, data=[(SubjectKind.CUSTOMER, IDENTITY)])

    page = shop.read("family_name", "email")

    assert page.withheld["email"].code is Code.CATEGORY_NOT_DECLARED


def test_rows_of_kinds_that_are_not_granted_are_left_out(own_shop: Shop, own_rows: Rows) -> None:
    own_rows.add_people([1])
    own_rows.add_people([2], SubjectKind.PROSPECT)
    own_rows.add_people([3])
    own_shop.purpose(data=[(kind, IDENTITY) for kind in (SubjectKind.CUSTOMER, SubjectKind.PROSPECT)])
    own_shop.grant(IDENTITY)

    page = own_shop.read("family_name")

    assert [row["id"] for row in page] == [str(own_shop.people[1]), str(own_shop.people[3])]
    assert own_shop.entry(page.entry)["details"]["left_out"] == {"kind": 1}


def test_each_kind_is_given_in_its_own_form(own_shop: Shop, own_rows: Rows) -> None:
    own_rows.add_people([1])
    own_rows.add_people([2], SubjectKind.PROSPECT)
    own_shop.purpose(data=[(kind, CONTACT) for kind in (SubjectKind.CUSTOMER, SubjectKind.PROSPECT)])
    own_shop.grant(CONTACT)
    own_shop.grant(CONTACT, kind=SubjectKind.PROSPECT, form=Form.MASKED)

    assert [row["email"] for row in own_shop.read("email")] == ["person-1@demo.example", "p•••@d•••.example"]


def test_the_rows_of_a_person_in_another_table_are_theirs(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(2))
    rows.add_order(1, 2)
    rows.add_order(2, 2)
    shop.purpose()
    shop.grant(PURCHASES, CONTACT)

    page = shop.read("number", "total", "delivery", table="orders")

    assert [{k: v for k, v in row.items() if k != "id"} for row in page] == [
        {"number": "A-0001", "total": 100, "delivery": "1 rue de l'Exemple"},
        {"number": "A-0002", "total": 200, "delivery": "2 rue de l'Exemple"},
    ]
    assert shop.entry(page.entry)["subjects"] == [shop.subjects[2]]


def test_a_table_that_speaks_of_nobody_still_takes_a_grant(shop: Shop, rows: Rows) -> None:
    rows.add_shop(1)
    shop.purpose()
    with pytest.raises(ReadRefusedError):
        shop.read("name", table="shops")

    shop.grant(PROFESSIONAL)

    assert [row["name"] for row in shop.read("name", table="shops")] == ["Shop 1"]


@pytest.mark.parametrize("shop", ["adopted"], indirect=True)
def test_an_unenrolled_row_is_not_given(shop: Shop, rows: AdoptedRows) -> None:
    rows.add_people([1, 2])
    shop.purpose()
    shop.grant(IDENTITY)
    rows.enrols = False
    rows.add_people([3])

    page = shop.read("family_name")

    assert page.count == 2
    assert shop.entry(page.entry)["details"]["left_out"] == {"unenrolled": 1}
    rows.enrols = True
    rows.add_people([4])
    assert shop.read("family_name").count == 4
