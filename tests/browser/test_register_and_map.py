"""The register and the data map in a browser: every page in both languages, light and dark, wide and narrow."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from governance.actor import SYSTEM, Role
from governance.customers.reference import reference_map
from governance.datamap.catalogue import load_catalogue
from governance.datamap.drafting.looking import look_at
from governance.datamap.drafting.service import drop_proposal, put_on_file
from governance.datamap.sources import Sources
from tests.browser.test_pages import NARROW, a_quiet_console, check
from tests.builders.music_shop import sqlite_shop
from tests.builders.site import Site

_REGISTER = (
    "/activities/",
    "/activities/customer-management",
    "/activities/partner-offers",
    "/activities/loyalty",
    "/activities/call-quality/steps/advise",
    "/activities/loyalty/description",
    "/activities/loyalty/purposes/-/new",
    "/activities/loyalty/purposes/loyalty-points",
    "/activities/loyalty/purposes/loyalty-points/data",
    "/activities/loyalty/purposes/loyalty-points/data/terms",
    "/activities/loyalty/purposes/loyalty-points/recipients",
    "/activities/loyalty/purposes/loyalty-points/end",
    "/activities/-/draft",
    "/activities/-/parties",
    "/activities/-/parties/new",
)
_MAP = (
    "/datamap/",
    "/datamap/?category=contact",
    "/datamap/tables/customers",
    "/datamap/findings",
    "/datamap/sources",
    "/datamap/sources/shop",
    "/datamap/sources/shop/tables/client",
    "/datamap/sources/shop/review",
)


@pytest.fixture
def proposal(site: Site, tmp_path: Path) -> Iterator[None]:
    """A map of a shop on its way, as if the host had set up its database."""
    wired = site.wired
    sources = Sources(wired.database, {"shop": sqlite_shop(tmp_path)})
    with wired.read() as session:
        catalogue = load_catalogue(session, wired.attestor, reference_map())
    draft = look_at(sources, "shop", catalogue)
    with wired.write() as session:
        put_on_file(session, wired.clock, SYSTEM, draft)
    sources.close()
    yield
    with wired.write() as session:
        drop_proposal(session, wired.attestor, SYSTEM, "shop")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (NARROW, "dark")])
@pytest.mark.usefixtures("proposal")
def test_axe_finds_nothing_on_the_register_and_the_map_and_nothing_is_too_wide(
    site: Site, language: str, scheme: str, width: int
) -> None:
    page = site.signed_in(Role.DPO, language, width=width, scheme=scheme)
    with a_quiet_console(page):
        for path in (*_REGISTER, *_MAP):
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            check(page)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_owner_drafts_an_activity_from_the_list_to_a_complete_record(site: Site, language: str) -> None:
    page = site.signed_in(Role.OWNER, language)
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
