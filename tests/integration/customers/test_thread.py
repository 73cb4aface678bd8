"""The thread of a record tells what its purpose gives, of this table and that, and names no other purpose."""

import re

import pytest

from audit.entries import Action, Outcome
from audit.search import Filters, entry_by_id, search
from governance.actor import Actor, ActorKind, Role
from governance.customers.labels import TABLE_LABELS
from governance.gate.query import Page, Query
from tests.builders.pages import Enter, Reader, elements
from tests.builders.service import Service
from tests.builders.web import words

_PURPOSE = "post-marketing"
_TOLD = (Action.CREATE, Action.IMPORT, Action.CHANGE, Action.DELETE)


def an_actor(site: Service, role: Role = Role.MARKETING) -> Actor:
    return Actor(kind=ActorKind.PERSON, id=site.wired.ids.new(), roles=frozenset({role}))


@pytest.fixture
def marketing(enter: Enter) -> Reader:
    """Somebody who signed in just now, and has no record open."""
    return enter.afresh(Role.MARKETING)


def pages(site: Service, most: int = 8) -> list[Page]:
    gate, actor = site.wired.gate, an_actor(site)
    rows = gate.read(actor, Query(purpose=_PURPOSE, table="customers", fields=("family_name",), limit=most))
    return [gate.one(actor, Query(purpose=_PURPOSE, table="customers"), row["id"]) for row in rows.decoded()]


def thread(answer: object) -> list[str]:
    """Return the facts of a page's thread, in their order."""
    lists = [each for each in elements(answer, "ol") if "thread" in each.attrib.get("class", "")]  # type: ignore[arg-type]
    return [" ".join("".join(item.itertext()).split()) for each in lists for item in each]


def closed_tables(site: Service) -> list[str]:
    gate, actor = site.wired.gate, an_actor(site)
    known = gate.snapshot().catalogue.tables
    return [table for table in TABLE_LABELS if table in known and gate.explain(actor, _PURPOSE, table).plan is None]


def test_the_thread_names_no_table_that_the_purpose_does_not_give(site: Service, marketing: Reader) -> None:
    closed = closed_tables(site)
    assert closed

    for page in pages(site):
        told = thread(marketing.get(f"/customers/{page.decoded()[0]['id']}?purpose={_PURPOSE}"))
        assert told
        for table in closed:
            assert not any(TABLE_LABELS[table] in fact for fact in told), table


def test_the_thread_names_no_other_purpose(site: Service, marketing: Reader) -> None:
    others = [each.label_en for slug, each in site.wired.gate.snapshot().purposes.items() if slug != _PURPOSE]

    for page in pages(site):
        told = thread(marketing.get(f"/customers/{page.decoded()[0]['id']}?purpose={_PURPOSE}"))
        assert not any(other in fact for fact in told for other in others)


def test_what_the_purpose_gives_is_told(site: Service, marketing: Reader) -> None:
    (page, *_) = pages(site, 1)

    told = thread(marketing.get(f"/customers/{page.decoded()[0]['id']}?purpose={_PURPOSE}"))

    assert any(re.search("Imported: .*record of the customer", fact) for fact in told)


def test_nobody_gets_the_proof_of_a_fact_that_the_thread_does_not_tell(site: Service, marketing: Reader) -> None:
    site.wired.signer.checkpoint()
    closed = closed_tables(site)
    (page, *_) = pages(site, 1)
    row = page.decoded()[0]["id"]
    assert marketing.get(f"/customers/{row}?purpose={_PURPOSE}").status_code == 200
    with site.wired.read() as session:
        (subject,) = entry_by_id(session, page.entry.id).subjects
        found = [
            entry
            for entry in search(session, Filters(subject=subject, outcome=Outcome.DONE), limit=1000)
            if entry.said["action"] in set(_TOLD)
        ]
    hidden = [entry.index for entry in found if entry.said["object"]["type"] in closed]
    told = [entry.index for entry in found if entry.said["object"]["type"] == "customers"]
    assert hidden
    assert told

    assert marketing.get(f"/customers/{row}/proof/{told[0]}").status_code == 200
    assert {marketing.get(f"/customers/{row}/proof/{index}").status_code for index in hidden} == {404}


def test_whoever_serves_the_customer_is_told_of_what_they_see(enter: Enter, site: Service) -> None:
    support = enter.afresh(Role.SUPPORT)
    record = support.record_of("customer-4@demo.example")

    told = words(support.get(record))

    assert "record of the customer" in told
