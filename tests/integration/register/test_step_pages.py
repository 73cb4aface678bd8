"""The pages of steps: what is said of a record before a step is taken, and of a step that is taken twice."""

from collections.abc import Iterator

import pytest

from governance.actor import Role
from register.service import ActivityChange, change_activity, get_activity
from tests.builders.service import serve_in_process
from tests.builders.web import words
from tests.demonstration import Home, wire_cheaply
from tests.integration.register.test_pages import House, a_draft, links, through, wrong


@pytest.fixture
def own(sqlite_home: Home) -> Iterator[House]:
    """A demonstration of the test's own, to change things in."""
    wired = wire_cheaply(sqlite_home)
    yield House(serve_in_process(wired), sqlite_home)
    wired.close()


def test_a_form_sent_twice_says_what_is_possible_and_leads_to_the_record(own: House) -> None:
    slug = a_draft(own, "twice")
    through(own, slug, "submit")

    again = own(Role.OWNER).post(f"/activities/{slug}/steps/submit", text="")

    assert again.status_code == 409
    assert "Possible: return, advise." in words(again)
    assert f"/activities/{slug}" in links(again)


def test_what_is_open_and_holds_nothing_up_is_said_before_a_record_is_submitted_and_advised(own: House) -> None:
    slug = a_draft(own, "unmeasured")

    for page in (f"/activities/{slug}", f"/activities/{slug}/steps/submit"):
        seen = own(Role.OWNER).get(page)
        assert "how the data are protected" in words(seen)
        assert any(link.endswith("/measures") for link in links(seen))
    through(own, slug, "submit")
    advised = own(Role.DPO).get(f"/activities/{slug}/steps/advise")
    assert "how the data are protected" in words(advised)


def test_a_step_that_waits_for_something_says_what_with_its_place_in_the_language_of_the_reader(own: House) -> None:
    page = own(Role.OWNER).get("/activities/loyalty/steps/submit")

    assert "no recipients: Account of loyalty points GDPR Art. 30(1)(d)" in words(page)
    assert any("/guide/recipients" in link for link in links(page))
    assert "What happens then" not in words(page), "nothing does"
    assert "RGPD, art. 30, § 1, d" in own(Role.OWNER).said("/activities/loyalty/steps/submit", "fr")
    assert "(RGPD, art. 5, § 2 et 24, § 1)" in words(own(Role.DPO).get("/activities/accounting/steps/suspend", "fr"))


def test_what_data_on_file_was_collected_for_is_read_before_the_opinion(own: House) -> None:
    slug = a_draft(own, "collected")
    said = "They took a card for it."
    own(Role.OWNER).post(f"/activities/{slug}/steps/submit", text="", collected_for=said)

    for page in (f"/activities/{slug}", f"/activities/{slug}/steps/advise"):
        assert said in own(Role.DPO).said(page)


def test_what_is_unseen_in_a_form_is_left_out(own: House) -> None:
    slug = a_draft(own, "unseen")
    draft = {"label_fr": "Envoi\u202egpj", "label_en": "Sending", "slug": "unseen-sending", "basis": "contract"}

    made = own(Role.OWNER).post(f"/activities/{slug}/purposes/-/new", **draft, consent_channel="", special_condition="")

    assert made.status_code == 303, wrong(made)
    assert "Envoigpj" in own(Role.OWNER).said(f"/activities/{slug}", "fr")


def test_nobody_decides_on_a_record_that_they_have_not_read(own: House) -> None:
    slug = a_draft(own, "changed-meanwhile")
    through(own, slug, "submit")
    controller, path = own(Role.CONTROLLER), f"/activities/{slug}/steps/activate"
    through(own, slug, "advise")
    read = controller.revision(path)
    # Taken back, written otherwise and advised anew, while the controller has the page open.
    through(own, slug, "return")
    wired, change = own.service.wired, ActivityChange(description="Something else altogether.")
    with wired.write() as session:
        change_activity(session, wired.clock, wired.attestor, own.actor(Role.OWNER), (slug, change))
    through(own, slug, "submit", "advise")

    late = controller.post(path, text="", revision=read)

    assert late.status_code == 409
    assert "was changed since you read it" in words(late)
    with wired.read() as session:
        assert not get_activity(session, slug).running
    # What is shown now is what the next press decides on.
    assert controller.revision(path) != read
    assert controller.post(path, text="").status_code == 303
