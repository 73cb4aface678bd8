"""Two people at one page of a record: whoever saves second sees what the first one wrote before it goes."""

import re
from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from governance.actor import Role
from tests.builders.service import serve_in_process
from tests.builders.web import parse, words
from tests.demonstration import Home, wire_cheaply
from tests.integration.register.test_pages import House, a_draft

_HTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def own(sqlite_home: Home) -> Iterator[House]:
    wired = wire_cheaply(sqlite_home)
    yield House(serve_in_process(wired), sqlite_home)
    wired.close()


def typed(page: TestResponse) -> dict[str, str]:
    """Return what a browser would send of a form of one page that nobody touched."""
    tree = parse(page)
    sent = {each.get("name", ""): each.get("value", "") for each in tree.iter(f"{_HTML}input")}
    sent |= {each.get("name", ""): (each.text or "").removeprefix("\n") for each in tree.iter(f"{_HTML}textarea")}
    for choice in tree.iter(f"{_HTML}select"):
        chosen = [each.get("value", "") for each in choice.iter(f"{_HTML}option") if each.get("selected") is not None]
        sent[choice.get("name", "")] = chosen[0] if chosen else ""
    return {name: value for name, value in sent.items() if name not in {"", "csrf_token"}}


def test_the_description_of_somebody_else_is_not_overwritten_unseen(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    path = f"/activities/{a_draft(own, 'together')}/description"
    seen = typed(owner.get(path))
    assert dpo.post(path, **typed(dpo.get(path)) | {"description": "What the officer wrote."}).status_code == 303

    late = owner.post(path, **seen | {"description": "What the owner\r\nwrote."})

    assert late.status_code == 409
    assert "Somebody wrote here while you were typing" in words(late)
    assert "What the officer wrote." in words(late)
    again = typed(late)
    assert again["description"] == "What the owner\nwrote."
    assert "What the officer wrote." in owner.get(path).text
    # Having seen it, one may put one's own in its place.
    assert owner.post(path, **again).status_code == 303
    assert "What the officer wrote." not in owner.get(path).text


def test_nor_are_the_words_of_a_purpose_and_its_recipients(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    slug = a_draft(own, "both-write")
    path = f"/activities/{slug}/purposes/both-write-purpose"
    seen, first = typed(owner.get(path)), owner.get(f"{path}/recipients")
    (mark,) = re.findall(r'name="mark" value="(\w+)"', first.text)
    assert dpo.post(path, **seen | {"label_en": "Sending by post"}).status_code == 303
    assert dpo.post(f"{path}/recipients", roles="accounting").status_code == 303

    late = owner.post(path, **seen | {"label_en": "Sending by carrier"})
    unseen = owner.post(f"{path}/recipients", roles="marketing", mark=mark)

    assert (late.status_code, unseen.status_code) == (409, 409)
    assert "Sending by post" in words(late)
    assert "Accounting" in words(unseen).partition("On record stands now:")[2].partition("Below is")[0]


def test_whoever_sends_the_same_as_is_on_record_is_in_nobodys_way(own: House) -> None:
    owner, dpo = own(Role.OWNER), own(Role.DPO)
    path = f"/activities/{a_draft(own, 'the-same')}/description"
    seen = typed(owner.get(path))
    written = {"description": "Two lines\nof both."}
    assert dpo.post(path, **typed(dpo.get(path)) | written).status_code == 303

    assert owner.post(path, **seen | written).status_code == 303
