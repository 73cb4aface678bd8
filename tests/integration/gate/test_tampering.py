"""What a database administrator could try: every row changed by SQL closes, and is told of."""

import pytest

from audit.entries import Action
from governance.actor import Role
from governance.gate.errors import (
    BoxTamperedError,
    MarksTamperedError,
    ReadRefusedError,
    RowTamperedError,
    TamperedError,
)
from governance.gate.query import Query
from governance.gate.reasons import Code
from governance.vault.errors import AttestationError, KeyMissingError, PolicySetError
from governance.vocabulary import DataCategory, Form, LawfulBasis
from tests.builders.gate import Shop
from tests.builders.gate_rows import OwnRows, Rows, numbers
from tests.builders.ground import an_actor

IDENTITY, CONTACT = DataCategory.IDENTITY, DataCategory.CONTACT
SUPPORT = an_actor(Role.SUPPORT)
BOX = "person_identity_box"


@pytest.fixture
def full(own_shop: Shop, own_rows: OwnRows) -> Shop:
    own_rows.add_people(numbers(4))
    own_shop.purpose()
    own_shop.grant(IDENTITY, CONTACT)
    return own_shop


def row_key(shop: Shop, number: int) -> object:
    row_id = shop.people[number]
    return row_id.bytes if shop.database.dialect == "sqlite" else row_id


def boxes(shop: Shop, column: str = BOX) -> dict[int, bytes]:
    with shop.database.engine.connect() as connection:
        found = connection.exec_driver_sql(f"SELECT person_subject_id, {column} FROM gate_people").all()
    numbers_by_subject = {subject: number for number, subject in shop.subjects.items()}
    return {numbers_by_subject[subject]: bytes(box) for subject, box in found}


def put(shop: Shop, number: int, box: bytes, column: str = BOX) -> None:
    shop.execute(f"UPDATE gate_people SET {column} = :box WHERE id = :id", {"box": box, "id": row_key(shop, number)})


def fails(shop: Shop, *fields: str) -> BoxTamperedError:
    error = closes(shop, *fields)
    assert isinstance(error, BoxTamperedError)
    return error


def closes(shop: Shop, *fields: str) -> TamperedError:
    told = len(shop.entries(Action.CHECK))
    with pytest.raises(TamperedError) as failed:
        shop.read(*fields)
    [finding] = shop.entries(Action.CHECK)[told:]
    assert finding["outcome"] == "failed"
    assert finding["object"]["id"] == failed.value.row
    return failed.value


@pytest.mark.parametrize("place", [0, 1, 2, 3, 14, 15, 40, -1])
@pytest.mark.parametrize("form", [Form.CLEAR, Form.MASKED])
def test_a_box_with_any_byte_changed_fails_the_whole_read(full: Shop, place: int, form: Form) -> None:
    if form is Form.MASKED:
        full.purpose(id=2, slug="statistics")
        full.grant(IDENTITY, purpose_id=2, form=form)
    box = bytearray(boxes(full)[3])
    box[place] ^= 1
    put(full, 3, bytes(box))
    reads = len(full.entries(Action.READ))

    error = fails(full, "family_name", "given_name", "birth_date")

    assert (error.table, error.row, error.category) == ("people", str(full.people[3]), "identity")
    assert len(full.entries(Action.READ)) == reads
    if form is Form.MASKED:
        with pytest.raises(BoxTamperedError):
            full.read("family_name", purpose="statistics")


def test_a_box_of_somebody_else_does_not_open(full: Shop) -> None:
    there = boxes(full)
    put(full, 1, there[2])
    put(full, 2, there[1])

    assert fails(full, "family_name").row == str(full.people[1])


def test_a_box_of_another_category_does_not_open(full: Shop) -> None:
    put(full, 1, boxes(full, "person_contact_box")[1])

    assert fails(full, "family_name").category == "identity"


def test_an_older_box_under_the_present_revision_does_not_open(full: Shop, own_rows: OwnRows) -> None:
    old = boxes(full)[1]
    own_rows.change(1, family_name="Martin")
    assert full.read("family_name").decoded()[0]["family_name"] == "Martin"

    put(full, 1, old)

    assert fails(full, "family_name").row == str(full.people[1])


def test_a_box_cut_short_does_not_open(full: Shop) -> None:
    put(full, 1, b"\x01\x00")

    assert fails(full, "family_name").row == str(full.people[1])


@pytest.mark.parametrize("fields", [("family_name",), ("since",)])
def test_a_row_given_to_somebody_else_closes_even_where_no_box_is_opened(full: Shop, fields: tuple[str, ...]) -> None:
    full.grant(DataCategory.RELATIONSHIP)
    full.execute(
        "UPDATE gate_people SET person_subject_id = :other WHERE id = :id",
        {"other": full.subjects[2], "id": row_key(full, 1)},
    )

    error = closes(full, *fields)

    assert isinstance(error, RowTamperedError)
    assert error.row == str(full.people[1])


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        # A box that is not read, and still has its revision, is found when it is read.
        ("person_identity_box = NULL", ("family_name",)),
        ("person_identity_revision = NULL", ("family_name",)),
        ("person_identity_revision = NULL", ("email",)),
        ("person_identity_box = NULL, person_identity_revision = NULL", ("family_name",)),
        ("person_identity_box = NULL, person_identity_revision = NULL", ("email",)),
    ],
)
def test_an_emptied_box_closes(full: Shop, change: str, fields: tuple[str, ...]) -> None:
    full.execute(f"UPDATE gate_people SET {change} WHERE id = :id", {"id": row_key(full, 1)})

    assert closes(full, *fields).row == str(full.people[1])


def test_an_older_box_put_back_with_its_revision_closes(full: Shop, own_rows: OwnRows) -> None:
    old = boxes(full)[1]
    own_rows.change(1, family_name="Martin")
    full.execute(
        f"UPDATE gate_people SET {BOX} = :box, person_identity_revision = 1 WHERE id = :id",
        {"box": old, "id": row_key(full, 1)},
    )

    assert closes(full, "family_name").row == str(full.people[1])


def test_a_person_deleted_by_sql_closes_the_row_instead_of_hiding_it(full: Shop) -> None:
    postgres = full.database.dialect == "postgresql"
    pooled = full.database.engine.raw_connection()
    cursor = pooled.cursor()
    cursor.execute("SET session_replication_role = replica" if postgres else "PRAGMA foreign_keys = OFF")
    cursor.execute(f"DELETE FROM data_subject WHERE id = {full.subjects[2]}")
    pooled.commit()
    pooled.invalidate()

    error = closes(full, "family_name")

    assert isinstance(error, MarksTamperedError)
    assert error.row == str(full.people[2])


def test_what_is_not_opened_is_not_asked_about(full: Shop) -> None:
    put(full, 1, b"garbage")

    assert full.read("email").count == 4


@pytest.mark.parametrize(
    "change",
    [
        "state = 1",
        "objections = ''",
        "kind = 2",
        "key_version = 7",
        "wrapped_key = (SELECT wrapped_key FROM data_subject WHERE id = :other)",
    ],
)
def test_a_mark_changed_by_sql_closes(shop: Shop, rows: Rows, change: str) -> None:
    rows.add_people(numbers(3))
    shop.purpose()
    shop.grant(IDENTITY)
    shop.restrict(1)
    shop.object(1, 1)
    before = len(shop.entries(Action.CHECK))
    if shop.database.dialect == "sqlite":
        change = change.replace("''", "x''")

    values = {"id": shop.subjects[1]} | ({"other": shop.subjects[2]} if ":other" in change else {})
    shop.execute(f"UPDATE data_subject SET {change} WHERE id = :id", values)

    with pytest.raises(MarksTamperedError) as failed:
        shop.read("family_name")
    assert failed.value.row == str(shop.people[1])
    assert len(shop.entries(Action.CHECK)) == before + 1


def test_a_key_that_is_missing_is_named(full: Shop) -> None:
    full.execute("UPDATE data_subject SET epoch = 9")

    with pytest.raises(KeyMissingError):
        full.read("family_name")


def test_a_consent_written_by_sql_opens_nothing_and_is_told_of_once(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(2))
    shop.purpose(basis=LawfulBasis.CONSENT)
    shop.grant(IDENTITY)
    shop.consents(1, 2, purpose_id=1)
    shop.execute("UPDATE consent SET sequence = 5 WHERE subject_id = :id", {"id": shop.subjects[2]})

    page = shop.read("family_name")
    shop.read("family_name")

    assert [row["id"] for row in page] == [str(shop.people[1])]
    [finding] = [entry for entry in shop.entries(Action.CHECK) if entry["object"]["type"] == "consent"]
    assert finding["subjects"] == [shop.subjects[2]]


def test_a_grant_raised_by_sql_gives_nothing_and_is_told_of(full: Shop) -> None:
    full.execute("UPDATE access_grant SET category = 'economic', form = 'clear'")
    full.execute("UPDATE policy_epoch SET epoch = epoch")

    with pytest.raises(ReadRefusedError) as refused:
        full.another_gate().read(SUPPORT, Query(purpose="customer-relationship", table="people", fields=("iban",)))

    assert {reason.code for reason in refused.value.reasons} == {Code.NO_GRANT}
    told = [entry for entry in full.entries(Action.CHECK) if entry["object"]["type"] == "access_grant"]
    assert len(told) == 2


def test_a_grant_deleted_or_added_by_sql_closes_everything(full: Shop) -> None:
    full.execute("DELETE FROM access_grant WHERE category = 'contact'")
    gate = full.another_gate()

    for _ in range(2):
        with pytest.raises((PolicySetError, AttestationError)):
            gate.read(SUPPORT, Query(purpose="customer-relationship", table="people"))

    told = [entry for entry in full.entries(Action.CHECK) if entry["object"]["type"] == "policy_epoch"]
    assert len(told) == 1


def test_a_policy_epoch_moved_by_sql_closes_everything(full: Shop) -> None:
    full.read("family_name")

    full.execute("UPDATE policy_epoch SET epoch = epoch - 1")

    with pytest.raises((PolicySetError, AttestationError)):
        full.read("family_name")


@pytest.mark.parametrize("shop", ["adopted"], indirect=True)
def test_a_registration_changed_by_sql_gives_no_row(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(2))
    shop.purpose()
    shop.grant(IDENTITY)
    shop.restrict(1)

    shop.execute("UPDATE registered_row SET subject_id = :free WHERE source_key = '[1]'", {"free": shop.subjects[2]})

    page = shop.read("family_name")
    assert [row["id"] for row in page] == [str(shop.people[2])]
    assert shop.entry(page.entry)["details"]["left_out"] == {"unenrolled": 1}
