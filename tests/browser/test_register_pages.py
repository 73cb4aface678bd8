"""The register in a browser: an owner drafts an activity, corrects what is wrong, and submits it."""

import pytest

from governance.actor import Role
from tests.builders.site import Site
from tests.builders.soundness import check


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_owner_drafts_an_activity_from_the_list_to_a_complete_record(site: Site, language: str) -> None:
    page = site.come_in(Role.OWNER, language)
    slug = f"newsletter-{language}"
    page.goto("/activities/")
    page.click("a[href$='/-/draft']")
    page.fill("#name_fr", "Lettre d’information")
    page.fill("#name_en", "Newsletter")
    page.fill("#slug", slug)
    page.click("form.sheet button[type=submit]")
    page.wait_for_url(f"**/activities/{slug}")
    page.click("a[href$='/purposes/-/new'] >> nth=0")
    page.fill("#label_fr", "Adresser la lettre")
    page.fill("#label_en", "Sending the letter")
    page.fill("#slug", f"{slug}-sending")
    page.select_option("#basis", "consent")
    # Consent needs its channel: the form comes back with what was typed, and says so beside the field. A browser's
    # console tells of every answer that is no success, so it is not listened to here.
    page.click("form.sheet button[type=submit]")
    page.wait_for_selector("#consent_channel-error")
    assert page.input_value("#label_en") == "Sending the letter"
    page.select_option("#consent_channel", "email")
    page.click("form.sheet button[type=submit]")
    page.wait_for_url("**/data")
    page.click("a[href*='/data/terms']")
    page.check("input[name=categories][value=contact]")
    page.fill("#active", "3")
    page.click("form.sheet button[type=submit]")
    page.wait_for_url("**/data")
    page.click("a[href$='/recipients']")
    page.check("input[name=roles][value=marketing]")
    page.click("form.sheet button[type=submit]")
    page.wait_for_url(f"**/activities/{slug}*")
    check(page)
    assert page.locator("a[href$='/steps/submit']").is_visible()
    page.click("a[href$='/steps/submit']")
    page.click("article.confirm button[type=submit]")
    page.wait_for_url(f"**/activities/{slug}")
    assert page.locator("a[href$='/steps/advise']").count() == 0
