"""The pages of steps: what is said of a record before a step is taken, and of a step that is taken twice."""

from governance.actor import Role
from tests.builders.web import words
from tests.integration.register.test_pages import House, a_draft, house, links, through, wrong

__all__ = ["house"]


def test_a_form_sent_twice_says_what_is_possible_and_leads_to_the_record(house: House) -> None:
    slug = a_draft(house, "twice")
    through(house, slug, "submit")

    again = house(Role.OWNER).post(f"/activities/{slug}/steps/submit", text="")

    assert again.status_code == 409
    assert "Possible: return, advise." in words(again)
    assert f"/activities/{slug}" in links(again)


def test_what_is_open_and_holds_nothing_up_is_said_before_a_record_is_submitted_and_advised(house: House) -> None:
    slug = a_draft(house, "unmeasured")

    for page in (f"/activities/{slug}", f"/activities/{slug}/steps/submit"):
        seen = house(Role.OWNER).get(page)
        assert "how the data are protected" in words(seen)
        assert any(link.endswith("/measures") for link in links(seen))
    through(house, slug, "submit")
    advised = house(Role.DPO).get(f"/activities/{slug}/steps/advise")
    assert "how the data are protected" in words(advised)


def test_what_is_unseen_in_a_form_is_left_out(house: House) -> None:
    slug = a_draft(house, "unseen")
    draft = {"label_fr": "Envoi\u202egpj", "label_en": "Sending", "slug": "unseen-sending", "basis": "contract"}

    made = house(Role.OWNER).post(
        f"/activities/{slug}/purposes/-/new", **draft, consent_channel="", special_condition=""
    )

    assert made.status_code == 303, wrong(made)
    assert "Envoigpj" in house(Role.OWNER).said(f"/activities/{slug}", "fr")
