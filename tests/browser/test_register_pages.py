"""The register in a browser: an owner drafts an activity, alone or from a starting point, and submits it."""

import pytest

from governance.actor import Role
from tests.builders.site import Site
from tests.builders.soundness import check


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_owner_drafts_an_activity_from_the_list_to_a_complete_record(site: Site, language: str) -> None:
    page = site.come_in(Role.OWNER, language)
    slug = f"newsletter-{language}"
    page.goto("/activities/")
    page.click("a[href$='/-/start']")
    page.click("a[href$='/-/draft']")
    page.fill("#name_fr", "Lettre d’information")
    page.fill("#name_en", "Newsletter")
    page.click("form.sheet details summary")
    page.fill("#slug", slug)
    page.click("form.sheet button[type=submit]")
    page.wait_for_url(f"**/activities/{slug}/guide/why")
    page.goto(f"/activities/{slug}")
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
    page.click(f"a[href$='/{slug}/rights']")
    page.fill("#how_fr", "Le lien en bas de chaque lettre.")
    page.fill("#how_en", "The link at the foot of each letter.")
    page.click("form.sheet button[type=submit]")
    page.wait_for_url(f"**/activities/{slug}*")
    check(page)
    assert page.locator("a[href$='/steps/submit']").is_visible()
    page.click("a[href$='/steps/submit']")
    page.click("article.confirm button[type=submit]")
    page.wait_for_url(f"**/activities/{slug}")
    assert page.locator("a[href$='/steps/advise']").count() == 0


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_owner_submits_a_complete_activity_drafted_from_a_starting_point(site: Site, language: str) -> None:
    page = site.come_in(Role.OWNER, language)
    slug = f"cameras-{language}"
    page.goto("/activities/")
    page.click("a[href$='/-/start']")
    check(page)
    page.click("a[href$='from=video-surveillance']")
    assert page.input_value("#name_en") == "Video surveillance"
    page.click("form.sheet details summary")
    page.fill("#slug", slug)
    page.select_option("#controller_id", index=1)
    page.click("form.sheet button[type=submit]")
    page.wait_for_url(f"**/activities/{slug}/guide/**")
    page.goto(f"/activities/{slug}")
    check(page)
    assert page.locator("#to-confirm").is_visible()
    page.click("form.to-confirm button[type=submit]")
    page.wait_for_url(f"**/activities/{slug}*")
    assert page.locator("#to-confirm").count() == 0
    page.click("a[href$='/steps/submit']")
    page.click("article.confirm button[type=submit]")
    page.wait_for_url(f"**/activities/{slug}")
    assert page.locator("a[href$='/steps/submit']").count() == 0


@pytest.mark.parametrize(("width", "shown", "hidden"), [(1280, "wide", "narrow"), (360, "narrow", "wide")])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_are_drawn_for_the_window(site: Site, width: int, shown: str, hidden: str, scheme: str) -> None:
    page = site.come_in(Role.AUDITOR, "fr", width=width, scheme=scheme)
    for path, name in (("/activities/customer-management/pictures", "flow"), ("/activities/?view=map", "heat")):
        page.goto(path)
        check(page)
        assert page.locator(f"svg[aria-labelledby={name}-{shown}-title]").is_visible()
        assert not page.locator(f"svg[aria-labelledby={name}-{hidden}-title]").is_visible()
        page.emulate_media(media="print")
        assert page.locator(f"svg[aria-labelledby={name}-wide-title]").is_visible()
        page.emulate_media(media="screen")
