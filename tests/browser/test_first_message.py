"""The first message in a browser: sales imports a bought file, marketing writes to its people, the DPO settles it.

It is walked in French on a wide light screen and in English on a narrow dark one.
"""

import csv
import io
import re
from pathlib import Path

import pytest

from governance.actor import Role
from governance.customers.demo.company import FAIR
from governance.work import worker_of
from tests.builders.customers import a_csv
from tests.builders.site import Site
from tests.builders.visit import DAYS, Day, a_day

_HEADER = ("Code client", "Nom", "Prénom", "E-mail", "Adresse", "Code postal", "Ville")
_PEOPLE = [
    (f"S-{number}", "Lenoir", "Iris", f"s-{number}@person.example", street, "38000", "Grenoble")
    for number, street in enumerate(("1 rue des Lampes", "2 rue des Lampes", ""), start=1)
]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_bought_file_is_imported_written_to_and_settled(own_site: Site, day: Day, tmp_path: Path) -> None:
    with a_day(own_site, Role.SALES, day) as visit:
        visit.open("/imports/new")
        visit.fill(into="customer-relationship customers")
        visit.page.set_input_files("#file", a_csv(tmp_path / "fair.csv", _PEOPLE, header=_HEADER))
        visit.press("main form button.btn-primary")
        visit.fill(point=FAIR)
        visit.press("form.entry button.btn-primary")
        visit.press("form[action$='/start'] button")
        worker = worker_of(own_site.wired)
        while worker.run_once():
            pass
        visit.page.wait_for_url("**/imports/runs/*")
        visit.look()
        visit.press("a[href$='/message']")
        assert visit.sees(".empty")

    with a_day(own_site, Role.MARKETING, day) as visit:
        visit.open("/imports/")
        visit.press("a[href$='/message']")
        visit.fill(how="post-marketing post")
        with visit.page.expect_download() as taken:
            visit.page.click("main form button.btn-primary")
        text = taken.value.path().read_text(encoding="utf-8-sig")
        assert len(list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))) == len(_PEOPLE)
        visit.open(re.sub(r"^https?://[^/]+", "", visit.page.url))
        assert visit.page.locator("table.ledger tbody tr").count() == 1

    with a_day(own_site, Role.DPO, day) as visit:
        visit.open("/activities/-/information")
        visit.press("table.ledger a.row-name")
        assert visit.page.locator("input[value=first-message]").is_checked()
        visit.press("form[action$='/settle'] button")
        assert visit.page.locator("form[action$='/settle']").count() == 0
