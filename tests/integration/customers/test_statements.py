"""Lists cost the same number of statements however long they are, and however far on a page stands."""

import uuid

import pytest

from audit.transaction import unrecorded
from governance.actor import SYSTEM, ActorKind, Role
from governance.customers.reference import reference_map
from governance.customers.uploads.models import ImportUpload, UploadState
from governance.datamap.catalogue import load_catalogue
from governance.gate.bulk import BulkContext, NewRow, load
from tests.builders.pages import Enter, Reader, links, row_of
from tests.builders.service import Service
from tests.builders.statements import counted_statements

_PURPOSE = "customer-relationship"


@pytest.fixture(scope="module")
def sales(enter: Enter) -> Reader:
    return enter(Role.SALES)


def name_of(count: int) -> str:
    """Return a name that so many people have, and nobody else."""
    return "Z" + "".join(chr(97 + int(digit)) for digit in f"{count:04d}")


def fill(site: Service, count: int) -> str:
    """Put people of one name, with orders, on file; return the row of the first."""
    wired = site.wired
    with wired.read() as session:
        catalogue = load_catalogue(session, wired.attestor, reference_map())
    context = BulkContext(
        keyring=wired.keyring, clock=wired.clock, ids=wired.ids, catalogue=catalogue, actor=SYSTEM, purpose=_PURPOSE
    )
    name = name_of(count)
    with wired.write() as session:
        new = [NewRow(values={"family_name": f"{name}{chr(97 + place % 26)}"}) for place in range(count)]
        people = load(session, context, catalogue.table("customers"), new)
        buyer = people.subjects[0]["person"]
        orders = [
            NewRow(
                values={"number": f"{name}-{place}", "ordered_on": f"2026-01-{1 + place % 28:02d}"},
                subjects={"buyer": buyer},
            )
            for place in range(count)
        ]
        load(session, context, catalogue.table("orders"), orders)
    return str(people.row_ids[0])


def bring(site: Service, count: int) -> None:
    """Add files that were brought in and discarded."""
    wired, now = site.wired, site.wired.clock.now()
    with wired.write() as session:
        unrecorded(session, "the test's own preparation")
        for _ in range(count):
            session.add(
                ImportUpload(
                    id=wired.ids.new(), actor_id=uuid.UUID(int=1), actor_kind=ActorKind.PERSON, token_id=None,
                    table_name="customers", purpose=_PURPOSE, state=UploadState.DISCARDED, size=1, made_at=now,
                    changed_at=now, expires_at=now.replace(year=now.year + 1),
                )
            )  # fmt: skip


def cost(site: Service, reader: Reader, path: str) -> int:
    """Return how many statements a page takes, once everything that is kept is at hand."""
    assert reader.get(path).status_code == 200
    with counted_statements(site.wired) as statements:
        reader.get(path)
    return len(statements)


def following(reader: Reader, path: str) -> str:
    """Return the address of the following page."""
    return next(link for link in links(reader.get(path)) if "after=" in link)


def test_a_search_costs_the_same_for_three_people_and_for_twenty(site: Service, sales: Reader) -> None:
    costs = []
    for count in (3, 20):
        fill(site, count)
        wanted = name_of(count)
        sales.find(_PURPOSE, "name", wanted)
        with counted_statements(site.wired) as statements:
            answer = sales.find(_PURPOSE, "name", wanted)
        assert len([link for link in links(answer) if row_of(link).startswith("01")]) == count
        costs.append(len(statements))

    assert costs[0] == costs[1]


def test_a_record_costs_the_same_with_five_orders_and_with_forty(site: Service, sales: Reader) -> None:
    def cost_of(*counts: int) -> int:
        # The log is searched portion by portion: whose entries happen to lie across two of them is looked for twice.
        return min(cost(site, sales, f"/customers/{fill(site, count)}?purpose={_PURPOSE}") for count in counts)

    assert cost_of(5, 6) == cost_of(40, 41)


def test_the_orders_of_a_customer_cost_the_same_on_every_page(site: Service, sales: Reader) -> None:
    path = f"/customers/{fill(site, 80)}/orders?purpose={_PURPOSE}"
    second = following(sales, path)

    # A page on which nothing lies behind the last row asks no further.
    assert cost(site, sales, path) == cost(site, sales, second)


def test_the_list_of_imports_costs_the_same_however_long_it_is(site: Service, sales: Reader) -> None:
    bring(site, 3)
    few = cost(site, sales, "/imports/")
    bring(site, 60)
    many = cost(site, sales, "/imports/")

    assert few == many
    # Behind the first page the imports of the command line are not asked for again.
    assert cost(site, sales, following(sales, "/imports/")) <= many


@pytest.mark.parametrize(
    ("path", "most"),
    [("/customers/", 25), (f"/customers/new?purpose={_PURPOSE}", 25), ("/imports/", 30), ("/imports/new", 30)],
)
def test_a_page_that_explains_many_plans_compares_the_policies_a_few_times(
    site: Service, sales: Reader, path: str, most: int
) -> None:
    assert cost(site, sales, path) <= most
