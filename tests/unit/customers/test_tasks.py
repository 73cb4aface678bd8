"""The purpose follows from the task, or has to be asked."""

import pytest

from governance.customers.tasks import ORDER, TICKET, Task, purposes_of


@pytest.mark.parametrize(
    ("task", "held", "purposes"),
    [
        (ORDER, {"order-management", "after-sales", "invoicing"}, ["order-management"]),
        (ORDER, {"invoicing"}, ["invoicing"]),
        (TICKET, {"order-management", "after-sales"}, ["after-sales"]),
        (TICKET, {"order-management", "customer-relationship"}, ["customer-relationship", "order-management"]),
        (ORDER, {"email-marketing"}, []),
        (ORDER, set(), []),
    ],
)
def test_a_task_is_for_the_nearest_purposes_that_are_open(task: Task, held: set[str], purposes: list[str]) -> None:
    assert purposes_of(task, held, {*held, "order-management", "after-sales"}) == purposes


def test_a_register_that_calls_its_purposes_otherwise_lets_the_reader_say_which() -> None:
    assert purposes_of(TICKET, {"serving", "selling"}, {"serving", "selling", "paying"}) == ["selling", "serving"]
