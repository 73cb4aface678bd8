"""From a form to the last message, in a browser and with a real mail server: nobody is written to after their no.

It is walked in French on a wide light screen and in English on a narrow dark one.
"""

import re
import urllib.request
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from audit.search import Filters, search
from governance.actor import Role
from governance.campaigns.sending.models import Campaign
from governance.customers.demo.signing import FORM
from governance.jobs.worker import Worker
from governance.mail.address import parse_smtp_url
from governance.work import worker_of
from tests.builders.mail import Received, smtp_server
from tests.builders.serving import serving
from tests.builders.site import Site
from tests.builders.soundness import check
from tests.builders.visit import DAYS, Day, a_day
from tests.demonstration import Home, copied

WHO = "iris.lenoir@demo.example"


def work(worker: Worker) -> None:
    while worker.run_once():
        pass


def letters_to(received: Received, address: str) -> list[EmailMessage]:
    return [letter for _, to, letter in received.letters if to == [address]]


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def launched(site: Site, day: Day, name: str) -> str:
    """Write and launch a campaign as marketing does, and return its address."""
    with a_day(site, Role.MARKETING, day) as visit:
        visit.open("/campaigns/new")
        visit.fill(name=name, purpose="email-marketing")
        visit.fill(subject_fr=f"{name} !", text_fr="Bonjour,\n\nVenez nous voir.")
        visit.fill(subject_en=f"{name}!", text_en="Hello,\n\nCome and see us.")
        visit.press("main form button[type=submit]")
        visit.press("form[action$='/launch'] button")
        return visit.page.url


def waiting(site: Site) -> bool:
    """Say whether messages are queued and none of them has left."""
    with site.wired.read() as session:
        newest = session.scalars(select(Campaign).order_by(Campaign.id.desc())).first()
        return newest is not None and newest.queued


def standing(site: Site, day: Day, address: str) -> str:
    with a_day(site, Role.MARKETING, day) as visit:
        visit.open(address.removeprefix(site.address))
        return visit.text()


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_yes_is_confirmed_answered_and_taken_back_before_the_next_message(
    browser: Browser, sqlite_demonstration: Home, tmp_path: Path, day: Day
) -> None:
    home = copied(sqlite_demonstration, tmp_path / "home")
    with smtp_server() as (port, received):
        changed = {"smtp": parse_smtp_url(f"smtp://127.0.0.1:{port}")}
        with serving(home, browser, changed=changed) as site:
            walk(site, received, day)


def walk(site: Site, received: Received, day: Day) -> None:
    worker = worker_of(site.wired)
    page = site.page(day.language, width=day.width, scheme=day.scheme)

    page.goto(f"/join/{FORM}")
    check(page)
    yes, no = (page.locator(f"#answer-email-marketing-{each}") for each in ("yes", "no"))
    # Nothing is answered beforehand, and a no takes as much place as a yes.
    assert [each.is_checked() for each in (yes, no)] == [False, False]
    sizes = [each.bounding_box() for each in (yes, no)]
    assert sizes[0] is not None
    assert sizes[1] is not None
    assert (sizes[0]["width"], sizes[0]["height"]) == (sizes[1]["width"], sizes[1]["height"])
    page.fill("#email", WHO)
    page.fill("#family_name", "Lenoir")
    yes.check()
    page.click("main form button")
    check(page)
    work(worker)

    [asked] = letters_to(received, WHO)
    found = re.search(r"http://\S+/join/confirm/\S+", text_of(asked))
    assert found is not None
    page.goto(found[0])
    check(page)
    page.click("main form button")
    check(page)
    work(worker)

    [_, receipt] = letters_to(received, WHO)
    proofs = [each.get_content() for each in receipt.iter_attachments()]
    assert [each[:5] for each in proofs] == [b"%PDF-"] * len(proofs) != []

    first = launched(site, day, "Rendez-vous")
    work(worker)
    [_, _, message] = letters_to(received, WHO)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Maison Lumen" in str(message["From"])

    second = launched(site, day, "Surprise")
    while not waiting(site):
        assert worker.run_once()
    one_click(str(message["List-Unsubscribe"]).strip("<>"))
    work(worker)

    assert len(letters_to(received, WHO)) == 3
    assert ("They withdrew their consent." if day.language == "en" else "retiré") in standing(site, day, second)
    assert first != second
    with site.wired.read() as session:
        left_out = search(session, Filters(object_type="campaign"), limit=100)
        reasons = [each.said["details"].get("reason") for each in left_out]
    assert reasons.count("withdrawn") == 1
    choices = re.search(r"http://\S+/preferences/[\w-]+", text_of(message))
    assert choices is not None
    page.goto(choices[0])
    check(page)


def one_click(address: str) -> None:
    """Unsubscribe as a mail program does: one POST, with neither cookie nor page."""
    request = urllib.request.Request(address, data=b"List-Unsubscribe=One-Click", method="POST")  # noqa: S310 -- our own
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 -- our own site
        assert answer.status == 200
