"""A day of everybody who works with customers: they sign in with a second factor, do their work, and sign out.

Each day is walked in French on a wide light screen and in English on a narrow dark one; every page on the way is
checked by `Visit`: axe, width, console, content policy, other hosts.
"""

import re
from pathlib import Path

import pytest

from governance.actor import Role
from governance.customers.uploads import working
from governance.gate.query import Query
from governance.work import worker_of
from tests.builders.customers import a_csv, a_person
from tests.builders.oversight import acting
from tests.builders.site import Site
from tests.builders.visit import DAYS, Day, Visit, a_day

PEOPLE = "customer-relationship customers"
_ON_THE_WAY = re.compile(r"/imports/[0-9a-f-]{36}$")


@pytest.fixture(params=DAYS, ids=str)
def day(request: pytest.FixtureRequest) -> Day:
    return request.param  # type: ignore[no-any-return]


def find(visit: Visit, purpose: str, wanted: str) -> None:
    """Look for somebody, and open their record."""
    visit.open(f"/customers/?purpose={purpose}")
    visit.fill(wanted=wanted)
    visit.press("form.search-form button.btn-primary")
    visit.press("table.ledger a")
    # Nobody's address or number stands in the history of the browser.
    assert "wanted" not in visit.page.url


def test_support_answers_a_ticket_and_corrects_a_telephone_number(own_site: Site, day: Day) -> None:
    with a_day(own_site, Role.SUPPORT, day) as visit:
        find(visit, "after-sales", "customer-12@demo.example")
        told = re.search(r"0[1-9](?:\s\d\d){4}", visit.text("article"))
        assert told is not None
        find(visit, "after-sales", told.group())
        assert "customer-12@demo.example" in visit.text()

        visit.open("/customers/tickets")
        visit.press("table.ledger a[href*='/customers/task/ticket/']")
        assert "purpose=after-sales" in visit.page.url
        assert visit.sees(".ribbon")

        visit.press(".ribbon a")
        visit.fill(to="customer-relationship")
        visit.page.check("input[name=reason] >> nth=0", force=True)
        visit.press("main form button.btn-primary")
        assert "purpose=customer-relationship" in visit.page.url
        visit.press("a[href*='/correct?']")
        visit.page.fill("input[id$=mobile]", "06 39 98 00 12")
        visit.page.fill("#source", "Appel de la cliente")
        visit.press("form.entry button.btn-primary")

        assert re.search(r"06\s39\s98\s00\s12", visit.text("article"))


def test_sales_adds_a_customer_and_imports_files(
    own_site: Site, day: Day, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_day(own_site, Role.SALES, day) as visit:
        visit.open("/customers/")
        visit.press("a[href$='/customers/new']")
        visit.page.fill("#field-family_name", "Delorme")
        visit.page.fill("#field-given_name", "Ondine")
        visit.page.fill("#field-email", "ondine.delorme@person.example")
        visit.page.fill("#field-mobile", "06 39 98 00 13")
        visit.page.select_option("#field-country", "FR")
        visit.press("form.entry button.btn-primary")
        assert "Ondine" in visit.text()

        import_and_read_the_report(visit, tmp_path)
        # From now on a step of the worker ends after its first rows, as it does with large files.
        monkeypatch.setattr(working, "_SECONDS", 0.0)
        monkeypatch.setattr(working, "_OF_OPENING", 0.0)
        import_and_take_it_back(visit, tmp_path)


def import_and_read_the_report(visit: Visit, folder: Path) -> None:
    """Import six people, one of whom has no address that could be one."""
    people = [a_person(number) for number in range(7000, 7006)]
    people[3] = (*people[3][:4], "no address", *people[3][5:])
    bring(visit, a_csv(folder / "fair.csv", people))
    assert visit.page.locator("section.row-seen").count() > 0
    visit.press("form[action$='/start'] button")
    assert _ON_THE_WAY.search(visit.page.url)
    work(visit.site)
    # The page follows the work by itself, and leads to the report at its end.
    visit.page.wait_for_url("**/imports/runs/*")
    visit.look()
    assert visit.page.locator("dl.facts dd.figure").all_inner_texts()[-2] == "5"
    with visit.page.expect_download() as taken:
        visit.page.click("a[href$='refused.csv']")
    assert "\n5;5;email;malformed;" in taken.value.path().read_text(encoding="utf-8")
    visit.press("nav.trail a")
    assert visit.page.locator("table.ledger tbody tr").count() == 1


def import_and_take_it_back(visit: Visit, folder: Path) -> None:
    """Begin with a large file, stop, and have everything undone."""
    bring(visit, a_csv(folder / "large.csv", map(a_person, range(8000, 8900))))
    visit.press("form[action$='/start'] button")
    worker = worker_of(visit.site.wired)
    while not visit.sees("progress"):
        # Letters may be due before it.
        assert worker.run_once()
        visit.page.reload()
    visit.look()
    progress = visit.page.locator("progress")
    assert 0 < float(progress.get_attribute("value") or 0) < float(progress.get_attribute("max") or 0)
    visit.press("form[action$='/stop'] button")
    visit.press("a[href$='/undo']")
    visit.press("article.confirm form button")
    work(visit.site)
    visit.open("/imports/")
    find_nobody(visit, "person-8001@demo.example")


def bring(visit: Visit, file: Path) -> None:
    """Bring a file in, and say what its columns are."""
    visit.open("/imports/")
    visit.press("main a[href$='/imports/new']")
    visit.fill(into=PEOPLE)
    visit.page.set_input_files("#file", file)
    visit.press("main form button.btn-primary")
    assert visit.page.locator("select[name=column-5]").input_value() == "email"
    visit.page.fill("#source", "Foire de Lyon, novembre 2026")
    visit.page.select_option("#point", "-")
    visit.press("form.entry button.btn-primary")


def work(site: Site) -> None:
    """Let the worker do all that is due."""
    worker = worker_of(site.wired)
    while worker.run_once():
        pass


def find_nobody(visit: Visit, wanted: str, purpose: str = "customer-relationship") -> None:
    visit.open(f"/customers/?purpose={purpose}")
    visit.fill(wanted=wanted)
    visit.press("form.search-form button.btn-primary")
    assert visit.sees(".results .empty")


def who_consented(site: Site) -> tuple[str, str]:
    """Return the address of somebody who agreed to be written to, and of somebody who did not."""
    query = Query(purpose="email-marketing", table="customers", fields=("email",))
    willing = {row["email"] for row in site.wired.gate.read(acting(site.wired, Role.MARKETING), query).decoded()}
    everybody = {f"customer-{number}@demo.example" for number in range(1, 31)}
    return min(willing & everybody), min(everybody - willing)


def test_marketing_sees_who_consented_and_asks_for_more(own_site: Site, day: Day) -> None:
    with a_day(own_site, Role.MARKETING, day) as visit:
        willing, others = who_consented(own_site)
        find(visit, "email-marketing", willing)
        assert visit.sees(".ribbon")
        find_nobody(visit, others, "email-marketing")

        visit.open("/access/")
        visit.press("a[href$='/access/ask']")
        visit.press("a[href$='/access/ask/marketing/email-marketing']")
        visit.page.check("input[name=categories][value=relationship]")
        visit.fill(reason="Écrire à ceux qui ont acheté cette année, et à personne d’autre.", form="generalised")
        visit.press("main form button.btn-primary")
        visit.open("/access/")
        assert visit.sees("a[href*='/access/requests/']")


def test_accounting_opens_the_record_of_an_order_for_its_invoice(own_site: Site, day: Day) -> None:
    with a_day(own_site, Role.ACCOUNTING, day) as visit:
        find(visit, "invoicing", "customer-12@demo.example")
        assert visit.sees(".ribbon")
        assert visit.page.locator(".tag, details.seal").count() > 0
        seal = visit.page.locator("details.seal summary")
        if seal.count():
            seal.first.click()
            visit.look()
        visit.open("/access/")


def test_an_analyst_counts_without_knowing_anybody(own_site: Site, day: Day) -> None:
    with a_day(own_site, Role.ANALYST, day) as visit:
        visit.open("/customers/?purpose=statistics")
        assert not visit.sees("#wanted")
        visit.press("form.search-form button.btn-primary")
        assert "@" not in visit.text("table.ledger")
        visit.press("form.pager button")
        visit.press("table.ledger a")
        assert "@" not in visit.text("dl.facts")
