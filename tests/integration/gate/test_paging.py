"""Pages, cursors and streams."""

import base64
from typing import Any

import orjson
import pytest

from audit.entries import Action
from governance.actor import Role
from governance.gate import reading
from governance.gate.errors import CursorInvalidError
from governance.gate.query import Condition, Operator, Order, Query
from governance.vocabulary import DataCategory, LawfulBasis
from tests.builders.gate import Shop
from tests.builders.gate_rows import Rows, numbers
from tests.builders.ground import an_actor

IDENTITY, BEHAVIOUR = DataCategory.IDENTITY, DataCategory.BEHAVIOUR
SUPPORT = an_actor(Role.SUPPORT)


@pytest.fixture
def full(shop: Shop, rows: Rows) -> Shop:
    rows.add_people(numbers(25))
    shop.purpose()
    shop.grant(IDENTITY, BEHAVIOUR, DataCategory.RELATIONSHIP)
    return shop


def walk(shop: Shop, limit: int, **query: Any) -> list[list[str]]:
    pages, after = [], None
    while True:
        page = shop.read("family_name", limit=limit, after=after, **query)
        pages.append([row["id"] for row in page])
        after = page.next
        if after is None:
            return pages


@pytest.mark.parametrize(
    "order",
    [
        (),
        (Order(field="id"),),
        (Order(field="id", descending=True),),
        (Order(field="points"),),
        (Order(field="points", descending=True),),
        (Order(field="faithful"), Order(field="since", descending=True)),
        (Order(field="seen_at", descending=True),),
    ],
)
def test_pages_one_after_the_other_are_the_whole(full: Shop, order: tuple[Order, ...]) -> None:
    [whole] = walk(full, 100, order=order)

    pages = walk(full, 4, order=order)

    assert [row for page in pages for row in page] == whole
    assert [len(page) for page in pages] == [4, 4, 4, 4, 4, 4, 1]
    assert len(set(whole)) == 25


def test_a_page_that_ends_with_the_last_row_is_the_last(full: Shop) -> None:
    assert [len(page) for page in walk(full, 25)] == [25]
    assert [len(page) for page in walk(full, 5)] == [5, 5, 5, 5, 5]


def test_rows_that_come_meanwhile_move_no_page(shop: Shop, rows: Rows) -> None:
    rows.add_people([1, 2, 3, 4])
    shop.purpose()
    shop.grant(IDENTITY)
    first = shop.read("family_name", limit=2)

    rows.add_people([5])
    second = shop.read("family_name", limit=10, after=first.next)

    assert [row["id"] for row in second] == [str(shop.people[number]) for number in (3, 4, 5)]


def test_a_cursor_belongs_to_who_asked(full: Shop) -> None:
    page = full.read("family_name", limit=2)
    another = an_actor(Role.SUPPORT, number=2)

    with pytest.raises(CursorInvalidError):
        full.read("family_name", limit=2, after=page.next, actor=another)


def test_a_cursor_belongs_to_its_purpose_table_filter_and_order(full: Shop) -> None:
    full.purpose(id=2, slug="statistics")
    full.grant(IDENTITY, BEHAVIOUR, purpose_id=2)
    after = full.read("family_name", limit=2).next

    questions: list[dict[str, Any]] = [
        {"purpose": "statistics"},
        {"where": (Condition(field="points", operator=Operator.LESS, value=9),)},
        {"order": (Order(field="id", descending=True),)},
    ]
    for question in questions:
        with pytest.raises(CursorInvalidError):
            full.read("family_name", limit=2, after=after, **question)


def test_a_cursor_goes_with_any_choice_of_fields_and_limit(full: Shop) -> None:
    after = full.read("family_name", limit=2).next

    assert full.read("points", limit=3, after=after).count == 3


@pytest.mark.parametrize(
    "cursor", ["", "x", "AAAA", "é", "A" * 5000, "====", "-_-_", base64.b64encode(bytes(60)).decode()]
)
def test_a_malformed_cursor_is_refused(full: Shop, cursor: str) -> None:
    with pytest.raises(CursorInvalidError):
        full.read("family_name", after=cursor)


def test_a_cursor_that_was_altered_is_refused(full: Shop) -> None:
    cursor = full.read("family_name", limit=2).next or ""

    for place in range(0, len(cursor), 7):
        altered = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        with pytest.raises(CursorInvalidError):
            full.read("family_name", after=altered)


def test_a_cursor_shows_nothing_of_the_row_it_stands_behind(full: Shop) -> None:
    page = full.read("family_name", limit=2, order=(Order(field="points"),))

    sealed = base64.urlsafe_b64decode((page.next or "") + "==")

    assert full.people[2].bytes not in sealed
    assert page.next != full.read("family_name", limit=2, order=(Order(field="points"),)).next


def test_a_page_looks_at_so_many_rows_at_most(full: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    full.purpose(id=2, slug="scoring", basis=LawfulBasis.CONSENT)
    full.grant(IDENTITY, purpose_id=2)
    full.consents(24, purpose_id=2)
    monkeypatch.setattr(reading, "MOST_EXAMINED", 10)

    pages = walk(full, 2, purpose="scoring")

    assert [row for page in pages for row in page] == [str(full.people[24])]
    assert [] in pages


def test_a_stream_gives_every_row_and_records_each_chunk_first(full: Shop) -> None:
    query = Query(purpose="customer-relationship", table="people", fields=("family_name",))

    [chunk] = full.gate.stream(SUPPORT, query)

    lines = [orjson.loads(line) for line in chunk.lines.splitlines()]
    assert [line["id"] for line in lines] == [row["id"] for row in full.read("family_name")]
    assert chunk.count == 25
    assert full.entry(chunk.entry)["details"]["rows"] == 25


def test_a_stream_that_is_asked_for_a_few_rows_reads_and_records_no_more(full: Shop) -> None:
    query = Query(purpose="customer-relationship", table="people", fields=("family_name",))

    [chunk] = full.gate.stream(SUPPORT, query, most=2)

    assert chunk.count == len(chunk.lines.splitlines()) == 2
    assert full.entry(chunk.entry)["details"]["rows"] == 2


def test_a_program_iterates_over_rows(full: Shop) -> None:
    where = (Condition(field="points", operator=Operator.LESS, value=3),)

    rows = full.gate.read(SUPPORT, "customer-relationship", "people", ("family_name",), where)

    assert [row["id"] for row in rows] == [str(full.people[1]), str(full.people[2])]


def test_an_empty_page_is_recorded_too(full: Shop) -> None:
    page = full.read("family_name", where=(Condition(field="points", value=1000),))

    assert (page.rows, page.count) == (b"[]", 0)
    assert full.entries(Action.READ)[-1]["details"]["rows"] == 0
