"""A day of everybody who decides, advises, watches, checks or keeps the house: in with a second factor, work, out.

Each day is walked in French on a wide light screen and in English on a narrow dark one; every page on the way is
checked by `Visit`: axe, width, console, content policy, other hosts.
"""

from datetime import timedelta

import pytest

from governance.actor import Role
from tests.builders.oversight import hire, refuse
from tests.builders.site import Site
from tests.builders.visit import DAYS, Day, a_day


@pytest.fixture(params=DAYS, ids=str)
def day(request: pytest.FixtureRequest) -> Day:
    return request.param  # type: ignore[no-any-return]


def test_the_controller_decides_with_the_union_before_their_eyes(own_site: Site, day: Day) -> None:
    hire(own_site.wired, "camille@demo.example")
    with a_day(own_site, Role.CONTROLLER, day) as visit:
        assert visit.page.url.endswith("/decisions")
        visit.press("a[href*='/access/requests/']")
        assert visit.page.locator("section[aria-labelledby=union] tr.changed").count() > 0
        visit.press("form[action$='/approve'] button")
        visit.open("/decisions")
        assert visit.page.locator("a[href*='/access/requests/']").count() == 1

        visit.press("a[href*='/decisions/roles/']")
        visit.press("form[action$='/countersign'] button")
        visit.press("form[action$='/link'] button")
        assert visit.sees("code.secret")
        visit.open("/decisions")
        assert not visit.sees("a[href*='/decisions/roles/']")

        visit.press("a[href*='/activities/partner-offers']")
        if not visit.page.url.endswith("/steps/activate"):
            visit.press("a[href$='/steps/activate']")
        visit.fill(text="Les clients l’ont demandé au comptoir ; le consentement sera recueilli dès janvier.")
        visit.press("form[action$='/steps/activate'] button")
        assert "janvier" in visit.text(".opinion >> nth=-1")


def test_the_dpo_gives_an_opinion_and_compares_the_matrix(own_site: Site, day: Day) -> None:
    before = (own_site.wired.clock.now() - timedelta(days=2)).date().isoformat()
    with a_day(own_site, Role.DPO, day) as visit:
        assert visit.page.url.endswith("/today")
        visit.press("a[href*='/activities/call-quality']")
        if not visit.page.url.endswith("/steps/advise"):
            visit.press("a[href$='/steps/advise']")
        visit.page.check("input[name=opinion][value=reserved]")
        visit.fill(text="Un mois de conservation suffit.")
        visit.press("form[action$='/steps/advise'] button")
        assert "Un mois de conservation suffit." in visit.text(".opinion")

        visit.open("/policies/")
        visit.fill(since=before)
        visit.press("form.filters button")
        assert f"since={before}" in visit.page.url
        # What was granted since, as signs in the matrix; a phone has no room for it and says it in words.
        assert visit.sees("td.differs .cell-marks" if day.width > 1000 else ".mark-sign")
        if day.width > 1000:
            visit.press("nav.views a[href*='view=words']")

        visit.open("/log/")
        visit.press("table.ledger a[href*='/log/entries/']")


def test_an_owner_drafts_an_activity_and_reviews_access(own_site: Site, day: Day) -> None:
    with a_day(own_site, Role.OWNER, day) as visit:
        assert visit.page.url.endswith("/tasks")
        visit.open("/activities/")
        visit.press("a[href$='/activities/-/start']")
        visit.press("a[href$='/activities/-/draft']")
        visit.fill(name_fr="Ateliers en boutique", name_en="Workshops in the shop")
        visit.press("main form button.btn-primary")
        assert visit.page.url.endswith("/activities/ateliers-en-boutique/guide/why")

        visit.open("/activities/ateliers-en-boutique")
        visit.press("a[href$='/purposes/-/new']")
        visit.fill(label_fr="Inscription aux ateliers", label_en="Signing up for workshops", slug="workshop-signing-up")
        visit.fill(basis="contract")
        visit.press("main form button.btn-primary")
        visit.open("/activities/ateliers-en-boutique/purposes/workshop-signing-up/data")
        visit.press("a[href$='/data/terms']")
        for category in ("identity", "contact"):
            visit.page.check(f"input[name=categories][value={category}]")
        visit.fill(active="1", starting_event="last-contact", retention_source="Durée fixée par le responsable")
        visit.press("main form button.btn-primary")
        visit.open("/activities/ateliers-en-boutique/purposes/workshop-signing-up/recipients")
        visit.page.check("input[name=roles][value=sales]")
        visit.press("main form button.btn-primary")
        visit.open("/activities/ateliers-en-boutique")
        visit.press("a[href$='/steps/submit']")
        visit.press("form[action$='/steps/submit'] button")
        assert not visit.sees("a[href$='/steps/submit']")

        visit.open("/access/reviews")
        due = visit.page.locator("form.verdict").count()
        assert due > 0
        visit.press("form.verdict button[value=keep]")


def test_security_closes_an_account_that_may_be_in_other_hands(own_site: Site, day: Day) -> None:
    refuse(own_site.wired, Role.SALES, 4)
    with a_day(own_site, Role.SECURITY, day) as visit:
        assert visit.page.url.endswith("/watch")
        visit.press("table.ledger a[href*='/watch/']")
        visit.press("a.btn-danger")
        visit.fill(ground="departure")
        visit.press("article.confirm form button")
        assert not visit.sees("a.btn-danger")
        assert visit.sees(".notice")
        visit.open("/watch")


def test_an_auditor_verifies_the_log_and_takes_a_proof_home(own_site: Site, day: Day) -> None:
    own_site.wired.signer.checkpoint()
    with a_day(own_site, Role.AUDITOR, day) as visit:
        assert visit.page.url.endswith("/log/state")
        visit.press("form[action$='/log/verify'] button")
        assert visit.sees(".notice-given")
        visit.open("/log/state")
        visit.press("main a[href$='/log/sample']")
        visit.fill(seed="3 1 4 1 5", size="5")
        visit.press("form.filters button")
        assert visit.page.locator("table.ledger tbody tr").count() == 5
        with visit.page.expect_download() as taken:
            visit.page.locator("a.proof").first.click()
        assert taken.value.path().read_text(encoding="utf-8").startswith("c2sp.org/tlog-proof@v1\n")


def test_an_administrator_looks_after_the_house(own_site: Site, day: Day) -> None:
    with a_day(own_site, Role.ADMIN, day) as visit:
        assert visit.page.url.endswith("/administration/health")
        visit.open("/accounts/")
        visit.press("main a[href$='/accounts/new']")
        visit.fill(email="nadia@demo.example", name="Nadia Neuve (fictive)", role="support", locale=day.language)
        visit.fill(reason="Remplacement de Samir en décembre.")
        visit.press("main form button.btn-primary")
        assert "Nadia Neuve" in visit.text("h1")

        visit.open("/tokens/")
        visit.fill(name="Caisse 3")
        visit.press("form[action$='/tokens/'] button.btn-primary")
        assert "Caisse 3" in visit.text("table.ledger")
        assert not visit.sees("code.secret"), "its secret is drawn when the controller confirms it"
        visit.open("/administration/keys")
