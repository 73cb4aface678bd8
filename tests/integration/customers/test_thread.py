"""The thread of a record tells what its purpose gives, of this table and that, and names no other purpose."""

import re

import pytest

from audit.entries import Action, Outcome
from audit.search import Filters, entry_by_id, search
from governance.actor import Actor, ActorKind, Role
from governance.customers.labels import TABLE_LABELS
from governance.customers.thread import ThreadView
from governance.gate.query import Page, Query
from register.values import NoticeRef
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


def said(kind: str, **details: object) -> dict[str, object]:
    return {"object": {"type": kind}, "details": details}


def test_a_fact_tells_the_notice_that_was_shown_where_the_purpose_may_know_it() -> None:
    own, other = NoticeRef(slug="shop", version=2), NoticeRef(slug="raffle", version=1)
    view = ThreadView(purpose=_PURPOSE, tables=("customers",), notices={own: 5, other: 7}, named_by={5})

    assert view.notices_of(said("consent", notice=str(own))) == {5}
    # A consent to this purpose is its own, whatever the notice names.
    assert view.notices_of(said("consent", notice=str(other))) == {7}
    assert view.notices_of(said("consent", notice="never@1/fr")) == set()
    assert view.notices_of(said("customers", notices=[5])) == {5}
    assert view.notices_of(said("customers", notice=str(own))) == {5}
    # For what else somebody gave their data is not told.
    assert view.notices_of(said("customers", notices=[7])) == set()
    assert view.notices_of(said("customers", notice=str(other))) == set()
    # Which of the two this person was given, or whether any, a batch does not say.
    assert view.notices_of(said("customers", notices=[5, 7])) == set()
    assert view.notices_of(said("customers", notices=[0, 5])) == set()
    assert view.notices_of(said("customers")) == set()


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


def test_a_collection_leads_to_the_text_that_was_shown_then(enter: Enter) -> None:
    support = enter.afresh(Role.SUPPORT)
    page = support.get(support.record_of("customer-4@demo.example"))

    addresses = [each.attrib["href"] for each in elements(page, "a") if "text shown: " in "".join(each.itertext())]

    assert addresses
    for address in addresses:
        assert re.fullmatch(r"/notices/[a-z0-9-]+/[0-9]+/(fr|en)", address)
        assert support.get(address).status_code == 200
