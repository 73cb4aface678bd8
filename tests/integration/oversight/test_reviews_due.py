"""What is due to be looked at again is one number, on the first page and on the reviews of access."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from audit.transaction import unrecorded
from governance.actor import Role
from governance.policies.models import Grant
from tests.builders.oversight import reader
from tests.builders.service import Service
from tests.builders.web import parse, words


def counted(page: object) -> int:
    head = parse(page).find(".//{*}h2[@id='review']/../{*}span")  # type: ignore[arg-type]
    return int(re.sub(r"[^0-9]", "", "".join(head.itertext())))


@pytest.mark.parametrize(("language", "none"), [("en", "None is due"), ("fr", "Rien n’est à revoir")])
def test_where_nothing_is_due_both_say_so(sqlite_service: Service, language: str, none: str) -> None:
    page = reader(sqlite_service, Role.OWNER).open("/tasks", language)

    assert counted(page) == 0
    assert none in words(page)


def test_what_the_first_page_counts_is_what_the_reviews_ask(service: Service) -> None:
    wired = service.wired
    browser = reader(service, Role.OWNER)
    with wired.write() as session:
        for grant in session.scalars(select(Grant).limit(40)):
            if grant.approved_at is not None:
                # Long ago, and nobody has looked at it since.
                grant.requested_at -= timedelta(days=200)
                grant.approved_at -= timedelta(days=200)
        session.flush()
        unrecorded(session, "a test lets time go by")

    due = counted(browser.open("/tasks"))
    page = browser.open("/access/reviews")

    told = [int(each) for each in re.findall(r"([0-9]+) to look at", words(page))]
    assert due == sum(told)
    assert due > 0
