"""The demonstration's plan and file: whole, fictional, loaded once."""

import pytest
from sqlalchemy import func, select

from governance.actor import Role
from governance.customers.demo.models import DemoStep
from governance.oversight.demo.loading import FILE_STEP, load_file
from governance.oversight.due import due_items
from governance.oversight.models import Document, Letter, MaturityReview, Officer, PlanAction, TrainingSession
from governance.oversight.values import Matter
from governance.wiring import Wired
from tests.builders.oversight import reader
from tests.builders.service import Service
from tests.builders.web import words

_TABLES = (PlanAction, Document, TrainingSession, Officer, Letter, MaturityReview)
_PAGES = ("/plan/", "/evidence/", "/training/", "/officer/", "/letters/", "/maturity/")


def counts(wired: Wired) -> list[int]:
    with wired.read() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in _TABLES]


def test_no_page_of_the_file_is_empty_and_loading_again_adds_nothing(service: Service) -> None:
    wired = service.wired
    load_file(wired)

    loaded = counts(wired)
    assert loaded == [5, 5, 1, 1, 1, 1]
    load_file(wired)
    assert counts(wired) == loaded
    with wired.read() as session:
        matters = {each.matter for each in due_items(session, wired.clock)}
    assert {Matter.ACTION_DUE, Matter.ANSWER_DUE, Matter.DOCUMENT_ENDS} <= matters

    browser = reader(service, Role.DPO)
    for path in _PAGES:
        page = browser.open(path, "fr")
        assert page.status_code == 200
    for path in ("/evidence/", "/training/", "/letters/", "/officer/"):
        assert "ficti" in words(browser.open(path, "fr")), path


def test_a_load_that_was_stopped_goes_on(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    wired = service.wired

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("governance.oversight.demo.loading._fill_shelf", stop)
        with pytest.raises(KeyboardInterrupt):
            load_file(wired)
    with wired.read() as session:
        assert not session.get_one(DemoStep, FILE_STEP).complete

    load_file(wired)

    assert counts(wired) == [5, 5, 1, 1, 1, 1]
