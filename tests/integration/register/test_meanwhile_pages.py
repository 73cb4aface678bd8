"""Two people at one page of a record: whoever saves second sees what the first one wrote before it goes."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from governance.actor import Role
from register.catalogue.models import Contract
from register.models import Party
from tests.builders.service import serve_in_process
from tests.builders.web import parse, shown, words
from tests.demonstration import Home, wire_cheaply
from tests.integration.register.test_pages import House, Visitor, a_draft, links, through

_HTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def own(sqlite_home: Home) -> Iterator[House]:
    wired = wire_cheaply(sqlite_home)
    yield House(serve_in_process(wired), sqlite_home)
    wired.close()


def typed(page: TestResponse) -> dict[str, str]:
    """Return what a browser would send of a form of one page that nobody touched."""
    tree = parse(page)
    sent = {each.get("name", ""): each.get("value", "") for each in tree.iter(f"{_HTML}input")}
    sent |= {each.get("name", ""): (each.text or "").removeprefix("\n") for each in tree.iter(f"{_HTML}textarea")}
    for choice in tree.iter(f"{_HTML}select"):
        chosen = [each.get("value", "") for each in choice.iter(f"{_HTML}option") if each.get("selected") is not None]
        sent[choice.get("name", "")] = chosen[0] if chosen else ""
    return {name: value for name, value in sent.items() if name not in {"", "csrf_token"}}


def asked(visitor: Visitor, path: str) -> dict[str, str]:
    """Return what a browser would send of the form of a question of the guide, not of those beside it."""
    form = next(each for each in parse(visitor.get(path)).iter(f"{_HTML}form") if each.get("id") == "asked")
    hidden = [each for each in form.iter(f"{_HTML}input") if each.get("type") == "hidden"]
    return {each.get("name", ""): each.get("value", "") for each in hidden if each.get("name") != "csrf_token"}


def ending(visitor: Visitor, record: str) -> str:
    """Return where a record leads whoever wants a purpose of it ended."""
    (found,) = {each for each in links(visitor.get(record)) if re.search(r"/end(\?|$)", each)}
    return found


CONTACT = {"kinds": "customer", "categories": "contact"}
NEW_TERMS = {
    "kinds": "customer",
    "active": "2",
    "active_unit": "Y",
    "archive": "",
    "archive_unit": "Y",
    "starting_event": "last-contact",
    "final_fate": "deletion",
    "provenance": "person",
    "obligatory": "",
}
TRANSFER = {
    "country": "US",
    "recipient": "Support desk",
    "safeguard": "standard-clauses",
    "derogation": "",
    "party_id": "",
    "grounds": "Clauses of 2021.",
}


def a_party(house: House) -> str:
    """Put an organisation on file; return its page."""
    owner, new = house(Role.OWNER), "/activities/-/parties/new"
    assert owner.post(new, **typed(owner.get(new)) | {"name": "Transports Lebrun"}).status_code == 303
    with house.service.wired.read() as session:
        return (
            f"/activities/-/parties/{session.scalars(select(Party.id).where(Party.name == 'Transports Lebrun')).one()}"
        )


def on_record(page: TestResponse) -> str:
    """Return what a page says is on record now."""
    return words(page).partition("On record now:")[2].partition("Below is")[0]


def written_once_seen(who: Visitor, path: str, sent: dict[str, str], theirs: str, **ticked: str) -> TestResponse:
    """Send a form that would go over what they wrote: it is refused, shown, and taken when sent once more.

    Returns the page that refused. What `typed` does not read of it is sent again as `ticked`.
    """
    late = who.post(path, **sent)
    assert late.status_code == 409
    assert theirs in on_record(late)
    assert theirs in who.get(path).text
    assert who.post(path, **typed(late) | ticked).status_code == 303
    assert theirs not in who.get(path).text
    return late


def test_the_description_of_somebody_else_is_not_overwritten_unseen(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    path = f"/activities/{a_draft(own, 'together')}/description"
    seen = typed(owner.get(path))
    assert dpo.post(path, **typed(dpo.get(path)) | {"description": "What the officer wrote."}).status_code == 303

    mine = seen | {"description": "What the owner\r\nwrote."}
    late = written_once_seen(owner, path, mine, "What the officer wrote.")

    assert "Somebody wrote here while you were typing" in words(late)
    assert typed(late)["description"] == "What the owner\nwrote."


def test_nor_are_the_words_of_a_purpose_and_its_recipients(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    slug = a_draft(own, "both-write")
    path = f"/activities/{slug}/purposes/both-write-purpose"
    seen, first = typed(owner.get(path)), owner.get(f"{path}/recipients")
    (mark,) = re.findall(r'name="mark" value="(\w+)"', first.text)
    assert dpo.post(path, **seen | {"label_en": "Sending by post"}).status_code == 303
    assert dpo.post(f"{path}/recipients", roles="accounting").status_code == 303

    late = owner.post(path, **seen | {"label_en": "Sending by carrier"})
    unseen = owner.post(f"{path}/recipients", roles="marketing", mark=mark)

    assert (late.status_code, unseen.status_code) == (409, 409)
    assert "Sending by post" in words(late)
    assert "Accounting" in on_record(unseen)


def test_whoever_sends_the_same_as_is_on_record_is_in_nobodys_way(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    path = f"/activities/{a_draft(own, 'the-same')}/description"
    seen = typed(owner.get(path))
    written = {"description": "Two lines\nof both."}
    assert dpo.post(path, **typed(dpo.get(path)) | written).status_code == 303

    assert owner.post(path, **seen | written).status_code == 303


def test_nor_are_the_terms_of_data(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    page = f"/activities/{a_draft(own, 'terms')}/purposes/terms-purpose/data"
    path = f"{page}/terms?kind=customer&category=contact"
    seen = typed(owner.get(path)) | CONTACT
    assert dpo.post(path, **seen | {"retention_source": "What the officer read."}).status_code == 303

    written_once_seen(owner, path, seen | {"active": "5"}, "What the officer read.", **CONTACT)


def test_terms_that_somebody_left_out_meanwhile_do_not_come_back_unseen(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    page = f"/activities/{a_draft(own, 'left')}/purposes/left-purpose/data"
    path = f"{page}/terms?kind=customer&category=contact"
    seen = typed(owner.get(path)) | CONTACT
    left = {"kind": "customer", "category": "contact"}
    assert dpo.post(f"{page}/remove", **left, shown=shown(dpo.get(page), *left.values())).status_code == 303

    assert owner.post(path, **seen | {"active": "5"}).status_code == 409
    assert "category=contact" not in owner.get(page).text


def test_data_are_added_to_what_somebody_else_added(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    page = f"/activities/{a_draft(own, 'adding')}/purposes/adding-purpose/data"
    path = f"{page}/terms"
    seen = typed(owner.get(path)) | {"active": "2", "starting_event": "last-contact", "final_fate": "deletion"}
    seen |= {"provenance": "person", "kinds": "customer"}
    assert dpo.post(path, **seen | {"categories": "purchases"}).status_code == 303

    assert owner.post(path, **seen | {"categories": "economic"}).status_code == 303
    listed = owner.get(page).text
    assert "category=purchases" in listed
    assert "category=economic" in listed


def test_nor_is_a_line(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    slug = a_draft(own, "abroad")
    assert owner.post(f"/activities/{slug}/transfers/new", **TRANSFER).status_code == 303
    (path,) = set(
        re.findall(rf"/activities/{slug}/transfers/[0-9a-f-]{{36}}(?=\")", owner.get(f"/activities/{slug}").text)
    )
    seen = typed(owner.get(path))
    assert (
        dpo.post(path, **seen | {"grounds": "What the officer found.", "assessed_on": "2026-03-02"}).status_code == 303
    )

    late = written_once_seen(owner, path, seen | {"grounds": "What the owner found."}, "What the officer found.")

    assert "2 March 2026" in on_record(late)
    assert typed(late)["grounds"] == "What the owner found."


def test_nor_are_the_lines_that_are_written_as_a_whole(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    path = f"/activities/{a_draft(own, 'whole')}/rights"
    seen = typed(owner.get(path))
    assert dpo.post(path, **seen | {"how_fr": "Au comptoir.", "how_en": "At the counter."}).status_code == 303

    written_once_seen(owner, path, seen | {"how_fr": "Par courriel.", "how_en": "By mail."}, "At the counter.")

    assert "By mail." in owner.get(path).text


def test_a_measure_that_somebody_else_chose_is_not_dropped_unseen(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    path = f"/activities/{a_draft(own, 'measured')}/measures"
    seen = {name: value for name, value in typed(owner.get(path)).items() if not name.startswith("measure_")}
    first, second = re.findall(r'name="(measure_[0-9a-f]{32})"', owner.get(path).text)[:2]
    assert dpo.post(path, **seen | {first: "y"}).status_code == 303

    late = owner.post(path, **seen | {second: "y"})

    assert late.status_code == 409
    assert "yes" in on_record(late)
    assert dpo.post(path, **seen | {first: "y"}).status_code == 303


def test_nor_is_an_organisation_on_file(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    path = a_party(own)
    seen = typed(owner.get(path))
    assert dpo.post(path, **seen | {"city": "Rennes"}).status_code == 303

    late = written_once_seen(owner, path, seen | {"city": "Brest"}, "Rennes")

    assert "It was" in words(late)
    assert typed(owner.get(path))["city"] == "Brest"


def test_nor_is_a_contract(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    party = a_party(own)
    contract = {"label": "Carriage", "sub_processing": "none", "clauses": ["a", "b"]}
    assert owner.post(f"{party}/contracts/new", **contract).status_code == 303
    with own.service.wired.read() as session:
        path = f"{party}/contracts/{session.scalars(select(Contract.id).where(Contract.label == 'Carriage')).one()}"
    (mark,) = re.findall(r'name="mark" value="(\w+)"', owner.get(path).text)
    assert dpo.post(path, **contract | {"clauses": ["a", "b", "c"]}, mark=mark).status_code == 303

    late = owner.post(path, **contract, document="In the safe", mark=mark)

    assert late.status_code == 409
    assert owner.post(path, **contract | {"clauses": ["a", "b", "c"]}, mark=mark).status_code == 303


@pytest.mark.parametrize(
    ("listing", "field"), [("measures", "label_en"), ("adequacy", "source")], ids=["measure", "decision on adequacy"]
)
def test_nor_is_what_stands_in_a_catalogue(own: House, listing: str, field: str) -> None:
    dpo = own(Role.DPO)
    found = re.search(rf'href="(/activities/-/{listing}/[0-9a-f-]{{36}})"', dpo.get(f"/activities/-/{listing}").text)
    assert found is not None
    seen = {name: value for name, value in typed(dpo.get(found[1])).items() if name != "withdrawn"}
    assert dpo.post(found[1], **seen | {field: "In one window"}).status_code == 303

    late = dpo.post(found[1], **seen | {field: "In another"})

    assert late.status_code == 409
    assert "In one window" in on_record(late)
    assert dpo.post(found[1], **seen | {field: "In another", "mark": typed(late)["mark"]}).status_code == 303


def test_whoever_sends_no_mark_saw_nothing(own: House) -> None:
    owner = own(Role.OWNER)
    path = f"/activities/{a_draft(own, 'blind')}/rights"
    assert owner.post(path, how_fr="Au comptoir.", how_en="At the counter.").status_code == 303

    assert owner.post(path, how_fr="Par courriel.", how_en="By mail.", mark="").status_code == 409


def test_a_line_that_somebody_changed_meanwhile_is_not_left_out_unseen(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    record = f"/activities/{a_draft(own, 'leaving')}"
    assert owner.post(f"{record}/transfers/new", **TRANSFER).status_code == 303
    (path,) = set(re.findall(rf"{record}/transfers/[0-9a-f-]{{36}}(?=\")", owner.get(record).text))
    out = f"{path}/leave-out"
    seen = shown(owner.get(record), out)
    assert dpo.post(path, **typed(dpo.get(path)) | {"grounds": "What the officer found."}).status_code == 303

    assert owner.post(out, shown=seen).status_code == 303
    assert "Somebody changed “United States: Support desk” meanwhile" in owner.said(record)
    assert "What the officer found." in owner.said(record)
    assert owner.post(out, shown=shown(owner.get(record), out)).status_code == 303
    assert "What the officer found." not in owner.said(record)


def test_nor_are_data_whose_terms_somebody_changed_meanwhile(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    page = f"/activities/{a_draft(own, 'removing')}/purposes/removing-purpose/data"
    path, left = f"{page}/terms?kind=customer&category=contact", {"kind": "customer", "category": "contact"}
    seen = shown(owner.get(page), *left.values())
    assert dpo.post(path, **typed(dpo.get(path)) | CONTACT | {"active": "5"}).status_code == 303

    assert owner.post(f"{page}/remove", **left, shown=seen).status_code == 303
    assert "Somebody changed “Contact, Customers” meanwhile" in owner.said(page)
    assert owner.post(f"{page}/remove", **left, shown=shown(owner.get(page), *left.values())).status_code == 303
    assert "category=contact" not in owner.get(page).text


def test_nor_are_terms_that_somebody_added_for_the_same_data_meanwhile(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    page = f"/activities/{a_draft(own, 'same-data')}/purposes/same-data-purpose/data"
    path = f"{page}/terms"
    seen = typed(owner.get(path)) | NEW_TERMS | {"categories": "purchases"}
    assert dpo.post(path, **seen | {"retention_source": "What the officer read."}).status_code == 303

    late = owner.post(path, **seen | {"active": "9"})

    assert late.status_code == 409
    assert "Purchases, Customers" in on_record(late)
    assert "What the officer read." in on_record(late)
    assert "What the officer read." in owner.said(page)
    # Having seen them, one may put one's own in their place.
    assert owner.post(path, **typed(late) | NEW_TERMS | {"categories": "purchases", "active": "9"}).status_code == 303
    assert "What the officer read." not in owner.said(page)


def test_nor_are_those_beside_the_ones_that_are_corrected(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    page = f"/activities/{a_draft(own, 'besides')}/purposes/besides-purpose/data"
    path, other = (f"{page}/terms?kind=customer&category={each}" for each in ("contact", "identity"))
    seen = typed(owner.get(path)) | {"kinds": "customer"}
    changed = typed(dpo.get(other)) | {"kinds": "customer", "categories": "identity"}
    assert dpo.post(other, **changed | {"retention_source": "What the officer read."}).status_code == 303

    assert owner.post(path, **seen | {"categories": "contact", "active": "5"}).status_code == 303
    seen = typed(owner.get(path)) | {"kinds": "customer", "shown": seen["shown"]}
    late = owner.post(path, **seen | {"categories": ["contact", "identity"]})

    assert late.status_code == 409
    assert "What the officer read." in on_record(late)
    assert "What the officer read." in owner.said(page)


def test_terms_that_were_there_when_the_form_was_drawn_are_written_anew_together(own: House) -> None:
    owner = own(Role.OWNER)
    path = f"/activities/{a_draft(own, 'together-again')}/purposes/together-again-purpose/data/terms"
    several = typed(owner.get(path)) | NEW_TERMS

    assert owner.post(path, **several | {"categories": ["identity", "contact"]}).status_code == 303


def test_what_was_wrong_with_terms_does_not_make_those_of_somebody_else_seen(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    path = f"/activities/{a_draft(own, 'wrongly')}/purposes/wrongly-purpose/data/terms"
    seen = typed(owner.get(path)) | NEW_TERMS | {"categories": "purchases"}
    assert dpo.post(path, **seen | {"active": "7"}).status_code == 303

    wrong = owner.post(path, **seen | {"active": "-1"})

    assert wrong.status_code == 422
    assert owner.post(path, **seen | {"shown": typed(wrong)["shown"], "active": "9"}).status_code == 409


def test_nor_are_they_at_the_question_of_the_guide(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    slug = a_draft(own, "guided-terms")
    path, page = f"/activities/{slug}/guide/data/{slug}-purpose", f"/activities/{slug}/purposes/{slug}-purpose/data"
    seen = asked(owner, path) | NEW_TERMS | {"categories": "purchases", "then": "again"}
    also = NEW_TERMS | {"categories": "purchases", "retention_source": "What the officer read."}
    assert dpo.post(f"{page}/terms", **typed(dpo.get(f"{page}/terms")) | also).status_code == 303

    late = owner.post(path, **seen | {"active": "9"})

    assert late.status_code == 409
    assert "What the officer read." in on_record(late)
    marks = {name: value for name, value in typed(late).items() if name in {"mark", "shown"}}
    assert owner.post(path, **seen | marks | {"active": "9"}).status_code == 303
    assert "What the officer read." not in owner.said(page)


def test_terms_left_out_meanwhile_do_not_come_back_through_the_guide_either(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    slug = a_draft(own, "guided-out")
    page, left = f"/activities/{slug}/purposes/{slug}-purpose/data", {"kind": "customer", "category": "contact"}
    path = f"/activities/{slug}/guide/data/{slug}-purpose"
    seen = asked(owner, f"{path}?kind=customer&category=contact") | NEW_TERMS | CONTACT | {"then": "again"}
    assert dpo.post(f"{page}/remove", **left, shown=shown(dpo.get(page), *left.values())).status_code == 303

    assert owner.post(path, **seen).status_code == 409
    assert "category=contact" not in owner.get(page).text


def test_a_correction_that_somebody_rewrote_meanwhile_is_not_taken_back_unseen(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    slug = a_draft(own, "keeping")
    record = f"/activities/{slug}"
    named = {"relation": "recipient", "party_id": a_party(own).rpartition("/")[2], "part": "Carries."}
    assert owner.post(f"{record}/parties/new", **named).status_code == 303
    through(own, slug, "submit", "advise", "activate", "review")
    (path,) = set(re.findall(rf"{record}/parties/[0-9a-f-]{{36}}(?=\")", owner.get(record).text))
    assert owner.post(path, **named | {"part": "What the owner wrote."}).status_code == 303
    (keep,) = set(re.findall(rf"{record}/parties/[0-9a-f-]{{36}}/keep", owner.get(record).text))
    seen, path = shown(owner.get(record), keep), keep.removesuffix("/keep")
    assert dpo.post(path, **named | {"part": "What the officer wrote."}).status_code == 303

    assert owner.post(keep, shown=seen).status_code == 303
    assert "Somebody changed “Transports Lebrun” meanwhile" in owner.said(record)
    assert "What the officer wrote." in owner.said(record)
    assert owner.post(keep, shown=shown(owner.get(record), keep)).status_code == 303
    assert "What the officer wrote." not in owner.said(record)


WRITTEN: dict[str, tuple[str, dict[str, str]]] = {
    "its words": ("", {"label_en": "What the officer wrote"}),
    "who receives data": ("/recipients", {"roles": "accounting"}),
    "its data": ("/data/terms?kind=customer&category=contact", CONTACT | {"active": "9"}),
}


@pytest.mark.parametrize(("page", "change"), WRITTEN.values(), ids=WRITTEN)
def test_a_purpose_that_somebody_rewrote_meanwhile_is_not_ended_unseen(
    own: House, page: str, change: dict[str, str]
) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    slug = a_draft(own, "ending")
    record, path = f"/activities/{slug}", f"/activities/{slug}/purposes/{slug}-purpose"
    end = ending(owner, record)
    assert dpo.post(f"{path}{page}", **typed(dpo.get(f"{path}{page}")) | change).status_code == 303

    # Asked for on a page that was drawn before, and confirmed on one that was drawn since.
    refused = owner.post(end, **typed(owner.get(end)))

    assert refused.location == record
    assert "Somebody changed “" in owner.said(record)
    end = ending(owner, record)
    assert owner.post(end, **typed(owner.get(end))).status_code == 303
    assert "The proposed purpose is taken back." in owner.said(record)


def test_nor_is_what_somebody_filled_in_meanwhile_confirmed_unseen(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    form = {"name_fr": "Fiches", "name_en": "Records", "slug": "records", "capacity": "controller"}
    me = str(own.actor(Role.OWNER).id)
    assert (
        owner.post("/activities/-/draft?from=customer-relationship", **form, owner_id=me, controller_id="").status_code
        == 303
    )
    record, path = "/activities/records", "/activities/records/purposes/follow-customers"
    seen = shown(owner.get(record), f"{path}/confirm")
    assert dpo.post(path, **typed(dpo.get(path)) | {"label_en": "What the officer wrote"}).status_code == 303

    assert owner.post(f"{path}/confirm", shown=seen).status_code == 303
    assert "Somebody changed “What the officer wrote” meanwhile" in owner.said(record)
    assert f"{path}/confirm" in owner.get(record).text
    assert owner.post(f"{path}/confirm", shown=shown(owner.get(record), f"{path}/confirm")).status_code == 303
    assert f"{path}/confirm" not in owner.get(record).text


def test_nor_is_a_collection_point(own: House) -> None:
    dpo = own(Role.DPO)
    point = {"slug": "till", "name_fr": "Caisse", "name_en": "Till", "way": "counter", "activities": "accounting"}
    assert dpo.post("/activities/-/notices/-/new", **point).status_code == 303
    path = "/activities/-/notices/till/edit"
    seen = typed(dpo.get(path)) | {"activities": "accounting"}
    del seen["covers_all"]
    both = seen | {"name_en": "Till in Lyon", "activities": ["accounting", "direct-marketing"]}
    assert dpo.post(path, **both).status_code == 303

    late = dpo.post(path, **seen | {"name_en": "Till in Brest"})

    assert late.status_code == 409
    assert "Till in Lyon" in on_record(late)
    assert "direct marketing" in on_record(late).lower()
    assert typed(late)["name_en"] == "Till in Brest"
    assert "Till in Lyon" in dpo.get(path).text
    assert dpo.post(path, **seen | {"name_en": "Till in Brest", "mark": typed(late)["mark"]}).status_code == 303
    assert "Till in Brest" in dpo.get(path).text
