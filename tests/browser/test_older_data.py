"""A purpose added in the browser reads what is collected under its notice, and older data once that was weighed."""

from datetime import date, timedelta
from typing import Final

from playwright.sync_api import Page

from governance.actor import Role
from governance.days import day_of
from governance.policies.service import Desk as GrantDesk
from governance.policies.service import RequestGrant, approve_grant, request_grant
from governance.vocabulary import DataCategory, Form
from tests.builders.oversight import acting
from tests.builders.site import Site
from tests.builders.soundness import check

ACTIVITY: Final = "/activities/customer-management"
PURPOSE: Final = "anniversary-gifts"
OLDER_DATA: Final = f"{ACTIVITY}/purposes/{PURPOSE}/older-data"
OLDER, NEWER = "customer-3@demo.example", "newly-told@demo.example"
_POINTS: Final = ("link", "context", "nature", "consequences", "safeguards")


def test_a_later_purpose_reads_new_data_then_older_data_then_nothing(own_site: Site) -> None:
    owner, dpo, controller, sales = map(own_site.come_in, (Role.OWNER, Role.DPO, Role.CONTROLLER, Role.SALES))
    step(controller, "review")
    add_the_purpose(owner)
    step(owner, "submit")
    dpo.goto(f"{ACTIVITY}/steps/advise")
    dpo.check("input[name=opinion][value=favourable]")
    send(dpo, ACTIVITY)
    step(controller, "activate")
    grant_it(own_site)
    add_a_customer(sales)

    assert found(sales, NEWER) == 1
    assert found(sales, OLDER) == 0
    assert "older data is closed" in sales.inner_text("main")

    weigh(owner, dpo, controller, day_of(own_site.wired.clock.now()))
    assert found(sales, OLDER) == 1

    controller.goto(f"{ACTIVITY}/steps/suspend")
    check(controller)
    assert "Anniversary gifts: 1 account read for it" in controller.inner_text("article.confirm")
    send(controller, ACTIVITY)
    sales.goto(f"/customers/?purpose={PURPOSE}")
    assert PURPOSE not in sales.locator("#purpose option").evaluate_all("every => every.map(each => each.value)")


def step(page: Page, verb: str) -> None:
    page.goto(f"{ACTIVITY}/steps/{verb}")
    check(page)
    send(page, ACTIVITY)


def send(page: Page, to: str) -> None:
    page.click("article.confirm form button[type=submit]")
    page.wait_for_url(f"**{to}")


def add_the_purpose(page: Page) -> None:
    page.goto(f"{ACTIVITY}/purposes/-/new")
    page.fill("#label_fr", "Cadeaux d’anniversaire")
    page.fill("#label_en", "Anniversary gifts")
    page.fill("#slug", PURPOSE)
    page.select_option("#basis", "legitimate-interests")
    for name in ("interest", "necessity", "balance"):
        page.fill(f"#{name}", "Regular customers like to be thought of.")
    page.click("form.sheet button[type=submit]")
    page.wait_for_url("**/data")
    page.click("a[href*='/data/terms']")
    for category in ("identity", "contact"):
        page.check(f"input[name=categories][value={category}]")
    page.fill("#active", "3")
    page.click("form.sheet button[type=submit]")
    page.wait_for_url("**/data")
    page.goto(f"{ACTIVITY}/purposes/{PURPOSE}/recipients")
    page.check("input[name=roles][value=sales]")
    page.click("form.sheet button[type=submit]")
    page.wait_for_url(f"**{ACTIVITY}*")
    check(page)


def grant_it(site: Site) -> None:
    """Grant the sales what the new purpose declares."""
    wired = site.wired
    owner, controller = acting(wired, Role.OWNER), acting(wired, Role.CONTROLLER)
    with wired.write() as session:
        for category in (DataCategory.IDENTITY, DataCategory.CONTACT):
            command = RequestGrant(
                role=Role.SALES,
                purpose=PURPOSE,
                category=category,
                form=Form.CLEAR,
                exact_lookup=True,
                valid_to=wired.clock.now() + timedelta(days=30),
                reason="Gifts are sent by the shop.",
            )
            for grant in request_grant(session, GrantDesk(wired.clock, wired.ids, wired.attestor), owner, command):
                approve_grant(session, wired.clock, wired.attestor, controller, grant.id)


def add_a_customer(page: Page) -> None:
    page.goto("/customers/new?kind=customers&purpose=customer-relationship")
    check(page)
    assert page.input_value("#notice") == "politique-de-confidentialite@2/en"
    page.fill("#field-family_name", "Nouvelle")
    page.fill("#field-email", NEWER)
    page.click("form.entry button[type=submit]")
    page.wait_for_selector("dl.facts")


def found(page: Page, email: str) -> int:
    """Look for somebody by their address, for the new purpose."""
    page.goto(f"/customers/?purpose={PURPOSE}")
    page.fill("#wanted", email)
    page.click("form.search-form button.btn-primary")
    page.wait_for_load_state("load")
    if page.locator("input[name=reason]").count():
        # They have this person open for another purpose: they say why, and come to the record.
        page.check("input[name=reason] >> nth=0")
        page.click("main form button[type=submit]")
        page.wait_for_selector("dl.facts")
        return page.inner_text("main").count(email)
    page.wait_for_selector("section.results")
    check(page)
    return page.locator("section.results table.ledger tbody tr").count()


def weigh(owner: Page, dpo: Page, controller: Page, today: date) -> None:
    owner.goto(f"{ACTIVITY}#{PURPOSE}")
    owner.click(f"a[href='{OLDER_DATA}']")
    check(owner)
    assert "rows are older" in owner.inner_text("main")
    owner.click(f"a[href='{OLDER_DATA}/test']")
    check(owner)
    for name in _POINTS:
        owner.fill(f"#{name}", "Customers expect a card on the day.")
    send(owner, OLDER_DATA)
    dpo.goto(f"{OLDER_DATA}/opinion")
    check(dpo)
    dpo.check("input[name=opinion][value=favourable]")
    send(dpo, OLDER_DATA)
    controller.goto(f"{OLDER_DATA}/decision")
    check(controller)
    controller.fill("#informed_on", today.isoformat())
    controller.fill("#information", "By e-mail to every customer.")
    send(controller, OLDER_DATA)
    check(controller)
