"""The guide's pages: one question after the other, nothing lost, nobody overwritten, no dead end."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from audit.models import LogEntry
from governance.actor import Role
from governance.wiring import Wired
from tests.builders.pages import Enter, Reader, elements, links, options
from tests.builders.service import serve_in_process
from tests.builders.web import parse, words
from tests.demonstration import Home, copied, wire_cheaply


@pytest.fixture(scope="module")
def wired(sqlite_demonstration: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    wired = wire_cheaply(copied(sqlite_demonstration, tmp_path_factory.mktemp("guide-pages") / "home"))
    yield wired
    wired.close()


@pytest.fixture(scope="module")
def enter(wired: Wired, sqlite_demonstration: Home) -> Enter:
    """People at one site: each test drafts records of its own."""
    return Enter(serve_in_process(wired), sqlite_demonstration)


def mark(answer: TestResponse) -> str:
    """Return what the page says the record said when it was drawn."""
    return next(each.attrib["value"] for each in elements(answer, "input") if each.attrib.get("name") == "mark")


def a_draft(reader: Reader, name: str = "Livraison", **more: str) -> str:
    """Draft an activity on the pages, and return its address."""
    form = {"name_fr": name, "capacity": "controller", "owner_id": "", "controller_id": "", **more}
    answer = reader.post("/activities/-/draft", form)
    assert answer.status_code == 303, words(answer)
    guide: str = answer.headers["Location"]
    assert guide.endswith("/guide")
    return guide


def a_purpose(reader: Reader, guide: str) -> str:
    """Declare a purpose in the guide, and return its name."""
    form = {"label_fr": "Livrer", "basis": "contract", "consent_channel": "", "special_condition": "", "then": "next"}
    answer = reader.post(f"{guide}/why", form | {"mark": mark(reader.get(f"{guide}/why"))})
    assert answer.status_code == 303, words(answer)
    found = [link for link in links(reader.get(f"{guide}/people")) if link.startswith(f"{guide}/why/")]
    return found[-1].rpartition("/")[2]


TERMS = {
    "kinds": "customer",
    "categories": ["identity", "contact"],
    "active": "3",
    "active_unit": "Y",
    "archive": "",
    "archive_unit": "Y",
    "starting_event": "last-order",
    "final_fate": "deletion",
    "provenance": "person",
}


def test_drafting_leads_into_the_guide_and_the_french_name_stands_for_the_english_one(enter: Enter) -> None:
    owner = enter(Role.OWNER)
    guide = a_draft(owner, "Vente à emporter")

    assert guide == "/activities/vente-a-emporter/guide"
    assert owner.get(guide).headers["Location"] == f"{guide}/why"
    assert owner.get(f"{guide}/what").text.count('value="Vente à emporter"') == 2
    # The same name once more is another activity.
    assert a_draft(owner, "Vente à emporter") == "/activities/vente-a-emporter-2/guide"


def test_each_answer_is_kept_and_leads_to_the_next_question_until_nothing_is_missing(enter: Enter) -> None:
    dpo = enter(Role.DPO)
    guide = a_draft(dpo, description="Nous livrons.")
    slug = a_purpose(dpo, guide)
    assert dpo.get(guide).headers["Location"] == f"{guide}/people"

    done = dpo.post(f"{guide}/people", {"customer": "300", "then": "next", "mark": mark(dpo.get(f"{guide}/people"))})
    assert done.headers["Location"] == f"{guide}/data/{slug}"
    page = dpo.get(f"{guide}/data/{slug}")
    ticked = [each.attrib["value"] for each in elements(page, "input") if "checked" in each.attrib]
    assert "customer" in ticked
    done = dpo.post(f"{guide}/data/{slug}", TERMS | {"then": "next", "mark": mark(page)})
    assert done.headers["Location"] == f"{guide}/recipients/{slug}"
    page = dpo.get(f"{guide}/recipients/{slug}")
    done = dpo.post(f"{guide}/recipients/{slug}", {"roles": "support", "then": "next", "mark": mark(page)})
    for step, after in (
        ("helpers", "transfers"),
        ("transfers", "measures"),
        ("measures", "decisions"),
        ("decisions", "rights"),
        ("rights", "assets"),
        ("assets", "answers"),
    ):
        assert done.headers["Location"] == f"{guide}/{step}"
        done = dpo.post(f"{guide}/{step}", {"then": "go-on"})
        assert done.headers["Location"] == f"{guide}/{after}"
    assert "no controller" in words(dpo.get(f"{guide}/review"))
    page = dpo.get(f"{guide}/answers")
    party = re.search(r'<option[^>]*value="([0-9a-f-]{36})"[^>]*>Maison', page.text)
    assert party is not None
    answer = {"controller_id": party[1], "capacity": "controller", "owner_id": "", "then": "next", "mark": mark(page)}
    assert dpo.post(f"{guide}/answers", answer).headers["Location"] == f"{guide}/review"

    review = dpo.get(f"{guide}/review")
    assert "Nothing: the record can be submitted." in words(review)
    step = guide.replace("/guide", "/steps/submit")
    (revision,) = re.findall(r'name="revision"[^>]*value="(\d+)"', dpo.get(step).text)
    submitted = dpo.post(step, {"text": "", "revision": revision})
    assert submitted.status_code == 303
    assert dpo.get(guide).status_code == 409


def test_a_wrong_answer_comes_back_with_what_was_typed_and_the_error_beside_it(enter: Enter) -> None:
    dpo = enter(Role.DPO)
    guide = a_draft(dpo)
    form = {"label_fr": "Écrire", "basis": "consent", "consent_channel": "", "special_condition": "", "mark": ""}

    answer = dpo.post(f"{guide}/why", form)

    assert answer.status_code == 422
    assert 'id="consent_channel-error"' in answer.text
    assert 'value="Écrire"' in answer.text
    assert "Choose one." in words(dpo.post(f"{guide}/why", form | {"basis": ""}))


def test_whoever_wrote_meanwhile_is_not_overwritten_unseen(enter: Enter) -> None:
    owner, dpo = enter(Role.OWNER), enter(Role.DPO)
    guide = a_draft(owner)
    page = owner.get(f"{guide}/rights")
    form = {"how_fr": "Par courriel", "how_en": "", "limits": "", "then": "next"}
    assert dpo.post(f"{guide}/rights", form | {"how_fr": "Au magasin", "mark": mark(page)}).status_code == 303

    refused = owner.post(f"{guide}/rights", form | {"mark": mark(page)})

    assert refused.status_code == 409
    said = words(refused)
    assert "Somebody wrote here while you were typing" in said
    assert "Au magasin" in said
    assert "Par courriel" in refused.text
    assert "Au magasin" in owner.get(f"{guide}/rights").text
    # Having seen it, one may put one's own in its place.
    assert owner.post(f"{guide}/rights", form | {"mark": mark(refused)}).status_code == 303
    assert "Par courriel" in owner.get(f"{guide}/rights").text


def test_whoever_wrote_elsewhere_in_the_record_is_in_nobodys_way(enter: Enter) -> None:
    owner, dpo = enter(Role.OWNER), enter(Role.DPO)
    guide = a_draft(owner)
    page = owner.get(f"{guide}/rights")
    assets = {"applications": "La caisse", "mark": mark(dpo.get(f"{guide}/assets")), "then": "next"}
    assert dpo.post(f"{guide}/assets", assets).status_code == 303

    form = {"how_fr": "Par courriel", "how_en": "", "limits": "", "then": "next", "mark": mark(page)}
    assert owner.post(f"{guide}/rights", form).status_code == 303


def test_what_is_typed_is_there_again_until_it_is_saved_or_dropped(enter: Enter) -> None:
    owner, dpo = enter(Role.OWNER), enter(Role.DPO)
    guide = a_draft(owner)
    typed = {"place": "rights", "how_fr": "Par cour", "mark": mark(owner.get(f"{guide}/rights"))}

    assert owner.post(f"{guide}/-/typed", typed).status_code == 204

    page = owner.get(f"{guide}/rights")
    assert "Par cour" in page.text
    assert "did not save" in words(page)
    assert "did not save" in words(owner.get(f"{guide}/review"))
    assert "Par cour" not in dpo.get(f"{guide}/rights").text
    assert owner.post(f"{guide}/-/forget", {"place": "rights"}).headers["Location"] == f"{guide}/rights"
    assert "Par cour" not in owner.get(f"{guide}/rights").text

    owner.post(f"{guide}/-/typed", typed)
    saved = {"how_fr": "Par courriel", "how_en": "", "limits": "", "then": "next", "mark": mark(page)}
    assert owner.post(f"{guide}/rights", saved).status_code == 303
    assert "did not save" not in words(owner.get(f"{guide}/rights"))


def test_what_is_typed_before_somebody_else_writes_does_not_overwrite_it_later(enter: Enter) -> None:
    owner, dpo = enter(Role.OWNER), enter(Role.DPO)
    guide = a_draft(owner)
    before = mark(owner.get(f"{guide}/rights"))
    owner.post(f"{guide}/-/typed", {"place": "rights", "how_fr": "Par courriel", "mark": before})
    form = {"how_fr": "Au magasin", "how_en": "", "limits": "", "then": "next"}
    dpo.post(f"{guide}/rights", form | {"mark": before})

    again = owner.get(f"{guide}/rights")

    assert owner.post(f"{guide}/rights", form | {"how_fr": "Par courriel", "mark": mark(again)}).status_code == 409


def test_without_scripts_the_button_keeps_what_is_unfinished(enter: Enter) -> None:
    owner = enter(Role.OWNER)
    guide = a_draft(owner)

    kept = owner.post(f"{guide}/why", {"label_fr": "Une raison", "then": "keep", "mark": ""})

    assert kept.headers["Location"] == guide.removesuffix("/guide")
    assert 'value="Une raison"' in owner.get(f"{guide}/why").text


def test_nothing_typed_stands_in_the_log(enter: Enter, wired: Wired) -> None:
    owner = enter(Role.OWNER)
    guide = a_draft(owner)
    owner.post(f"{guide}/-/typed", {"place": "rights", "how_fr": "Madame Martin", "mark": ""})

    with wired.read() as session:
        bodies = [bytes(body) for body in session.scalars(select(LogEntry.body))]

    assert bodies
    assert not any(b"Martin" in body for body in bodies)


@pytest.mark.parametrize("place", ["", "nowhere", "data/no-such", "review/x", "why/../x"])
def test_what_is_typed_nowhere_is_not_kept(enter: Enter, place: str) -> None:
    owner = enter(Role.OWNER)
    guide = a_draft(owner)

    assert owner.post(f"{guide}/-/typed", {"place": place, "how_fr": "x"}).status_code == 404


def test_a_starting_point_is_walked_through_by_confirming_each_part(enter: Enter) -> None:
    dpo = enter(Role.DPO)
    form = {"name_fr": "Cartes", "slug": "cards", "capacity": "controller", "owner_id": "", "controller_id": ""}
    assert dpo.post("/activities/-/draft?from=loyalty", form).status_code == 303
    guide = "/activities/cards/guide"
    for step in ("why", "people", "data", "recipients"):
        place = dpo.get(guide).headers["Location"]
        assert place.startswith(f"{guide}/{step}")
        dpo.post(place, {"then": "go-on"})

    assert "to confirm" not in words(dpo.get(f"{guide}/review"))


@pytest.mark.parametrize(
    ("language", "offer", "told"),
    [
        ("fr", "Reprendre les réponses de", "Repris de la finalité dont elle relève"),
        ("en", "Take over the answers of", "Taken over from the purpose above"),
    ],
)
def test_a_sub_purpose_is_declared_with_the_answers_of_its_parent(
    enter: Enter, language: str, offer: str, told: str
) -> None:
    owner = Reader(enter(Role.OWNER).program, language)
    guide = a_draft(owner, f"Suivi {language}")
    assert options(owner.get(f"{guide}/why"), "parent") == []
    parent = a_purpose(owner, guide)
    owner.post(f"{guide}/data/{parent}", TERMS | {"then": "next"})
    asked = owner.get(f"{guide}/why")
    assert options(asked, "parent") == ["", parent]
    assert offer in words(asked)

    form = {"label_fr": "Suivre", "parent": parent, "basis": "", "consent_channel": "", "special_condition": ""}
    assert owner.post(f"{guide}/why", form | {"then": "next", "mark": mark(asked)}).status_code == 303

    assert told in words(owner.get(guide.removesuffix("/guide")))


def test_a_purpose_still_empty_is_put_beneath_another_with_one_button(enter: Enter) -> None:
    owner = enter(Role.OWNER)
    guide = a_draft(owner, "Retours")
    parent = a_purpose(owner, guide)
    owner.post(f"{guide}/data/{parent}", TERMS | {"then": "next"})
    form = {"label_fr": "Rembourser", "basis": "contract", "consent_channel": "", "special_condition": ""}
    owner.post(f"{guide}/why", form | {"then": "next", "mark": mark(owner.get(f"{guide}/why"))})
    activity = guide.removesuffix("/guide")
    child = f"{activity}/purposes/rembourser"

    for page in (child, f"{child}/data", f"{child}/recipients", f"{guide}/data/rembourser"):
        assert "Take over the answers of “Livrer”" in words(owner.get(page))
    taken = owner.post(f"{child}/take-over?guide=retours/data/rembourser", {"parent": parent})

    assert taken.headers["Location"] == f"{guide}/data/rembourser"
    after = owner.get(taken.headers["Location"])
    assert "The answers of “Livrer” are taken over" in words(after)
    assert "This was taken over from the purpose above" in words(after)
    assert "Take over the answers" not in words(after)
    assert owner.post(f"{child}/take-over", {"parent": "nothing"}).status_code == 404


def test_an_organisation_and_its_contract_are_put_on_file_on_the_way(enter: Enter) -> None:
    dpo = enter(Role.DPO)
    guide = a_draft(dpo)
    slug = guide.split("/")[2]
    page = dpo.get(f"{guide}/helpers")
    new_party = next(link for link in links(page) if "/parties/new?" in link)

    back = dpo.post(
        new_party, {"name": "Courrier Express", "country": "FR", "representative_id": "", "dpo_id": "", "firm_id": ""}
    )

    found = re.fullmatch(rf"{guide}/helpers\?party=([0-9a-f-]+)", back.headers["Location"])
    assert found is not None
    page = dpo.get(back.headers["Location"])
    assert f'<option selected value="{found[1]}">' in page.text
    helper = {"relation": "processor", "party_id": found[1], "part": "", "then": "again", "mark": mark(page)}
    assert dpo.post(f"{guide}/helpers", helper).headers["Location"] == f"{guide}/helpers"
    page = dpo.get(f"{guide}/helpers")
    assert "no contract in force for Courrier Express" in words(page)
    contract = next(link for link in links(page) if "/contracts/new?" in link)
    terms = {
        "label": "Contrat", "signed_on": "2026-01-01", "ends_on": "", "sub_processing": "none",
        "clauses": list("abcdefgh"), "document": "Au coffre", "audited_on": "", "sub_processors": "",
    }  # fmt: skip
    assert dpo.post(contract, terms).headers["Location"] == f"{guide}/helpers"
    assert "no contract in force" not in words(dpo.get(f"{guide}/helpers"))
    assert slug in contract


@pytest.mark.parametrize("named", ["//evil.example/helpers", "x/nowhere", "../x/helpers", "X Y/helpers", "x/why/A B"])
def test_a_made_up_way_back_leads_to_the_list(enter: Enter, named: str) -> None:
    dpo = enter(Role.DPO)
    form = {"name": "Firme", "country": "FR", "representative_id": "", "dpo_id": "", "firm_id": ""}

    answer = dpo.program.client.post(
        "/activities/-/parties/new", query_string={"guide": named}, data=form, headers=dpo.program.headers
    )

    assert answer.headers["Location"] == "/activities/-/parties"


def test_the_list_leads_on_with_what_one_may_go_on_with(enter: Enter) -> None:
    owner, dpo = enter(Role.OWNER), enter(Role.DPO)
    guide = a_draft(dpo)

    assert guide in links(dpo.get("/activities/"))
    assert "points are missing" in words(dpo.get("/activities/"))
    assert not any(link.endswith("/guide") for link in links(enter(Role.AUDITOR).get("/activities/")))
    assert "/activities/customer-management/guide" not in links(owner.get("/activities/"))


def test_a_record_that_is_not_being_written_and_a_reader_are_not_guided(enter: Enter) -> None:
    assert enter(Role.DPO).get("/activities/customer-management/guide/what").status_code == 409
    assert enter(Role.AUDITOR).get("/activities/loyalty/guide").status_code == 403


def test_the_same_is_told_over_rest(enter: Enter) -> None:
    dpo = enter(Role.DPO)
    guide = a_draft(dpo)
    told = dpo.program.get("/activities/" + guide.split("/")[2] + "/steps").get_json()

    assert {(each["code"], each["step"]) for each in told["missing"]} == {
        ("no-controller", "answers"),
        ("no-purpose", "why"),
    }
    assert {"no-measures", "no-rights"} <= {each["code"] for each in told["worth_adding"]}
    assert told["questions"][0] == {"step": "what", "purpose": None, "standing": "done"}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_question_says_why_it_is_asked_and_what_to_do_if_one_does_not_know(enter: Enter, language: str) -> None:
    owner = enter(Role.OWNER)
    guide = a_draft(owner)
    reader = Reader(owner.program, language)
    said = []
    for step in ("what", "why", "people", "data", "helpers", "transfers", "measures", "decisions", "rights", "answers"):
        answer = reader.get(f"{guide}/{step}")
        parse(answer)
        said.append(words(answer))

    unsure = "Que faire si vous ne savez pas" if language == "fr" else "What to do if you do not know"
    assert all(unsure in each for each in said)


def test_a_question_takes_as_many_statements_whatever_the_record_holds(enter: Enter, wired: Wired) -> None:
    dpo = enter(Role.DPO)
    guide = a_draft(dpo)
    a_purpose(dpo, guide)
    counted: list[str] = []

    def count(*args: object) -> None:
        counted.append(str(args[2]))

    event.listen(wired.database.engine, "before_cursor_execute", count)
    dpo.get(f"{guide}/rights")
    one = len(counted)
    for _ in range(3):
        dpo.post(f"{guide}/why", {
            "label_fr": "Livrer encore", "basis": "contract", "consent_channel": "", "special_condition": "",
            "mark": mark(dpo.get(f"{guide}/why")),
        })  # fmt: skip
    counted.clear()
    dpo.get(f"{guide}/rights")

    event.remove(wired.database.engine, "before_cursor_execute", count)
    assert len(counted) == one
