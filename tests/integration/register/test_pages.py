"""The register's pages: the list, the record, each step, drafting; what is shown to whom, and what is refused."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, text
from werkzeug.test import TestResponse

from audit.transaction import unrecorded
from governance.actor import Actor, ActorKind, Role
from governance.days import day_of
from governance.gate.query import Query
from governance.identity.service import account_by_email
from register.lifecycle import Mode
from register.service import ActivityChange, NewActivity, change_activity, draft_activity, get_activity
from tests.builders.service import Program, Service, serve_in_process
from tests.builders.web import parse, shown, words
from tests.demonstration import Home, copied, email_of, wire_cheaply


class Visitor:
    """Somebody who works on the register in a browser."""

    def __init__(self, service: Service, program: Program) -> None:
        self.service = service
        self._program = program

    def get(self, path: str, language: str = "en") -> TestResponse:
        return self._program.client.get(path, headers={"Accept-Language": language, "Accept": "text/html"})

    def post(self, path: str, **form: object) -> TestResponse:
        headers = {**self._program.headers, "Accept-Language": "en", "Accept": "text/html"}
        if "/steps/" in path and "revision" not in form:
            form["revision"] = self.revision(path)
        elif not {"mark", "shown"} & form.keys():
            # Whoever names neither saw the page as it is.
            form |= re.findall(r'name="(mark|shown)" value="([\w ]+)"', self.get(path).text)
        return self._program.client.post(path, data=form, headers=headers)

    def revision(self, path: str) -> str:
        """Return which revision the page of a step shows; that of no page where there is none."""
        found = re.search(r'name="revision"[^>]*value="(\d+)"', self.get(path).text)
        if found is not None:
            return found[1]
        with self.service.wired.read() as session:
            return str(get_activity(session, path.split("/")[2]).revision)

    def said(self, path: str, language: str = "en") -> str:
        answer = self.get(path, language)
        assert answer.status_code == 200, answer.status
        return words(answer)


class House:
    """A demonstration with everybody signed in once."""

    def __init__(self, service: Service, home: Home) -> None:
        self.service = service
        self._home = home
        self._inside: dict[Role, Visitor] = {}

    def __call__(self, role: Role) -> Visitor:
        if role not in self._inside:
            self._inside[role] = Visitor(self.service, self.service.person(role, self._home.password(role)))
        return self._inside[role]

    def actor(self, role: Role) -> Actor:
        with self.service.wired.read() as session:
            account_id = account_by_email(session, email_of(role)).id
        return Actor(kind=ActorKind.PERSON, id=account_id, roles=frozenset({role}))


@pytest.fixture(scope="module")
def house(sqlite_demonstration: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("register-pages") / "home"
    wired = wire_cheaply(copied(sqlite_demonstration, folder))
    yield House(serve_in_process(wired), sqlite_demonstration)
    wired.close()


@pytest.fixture
def own(sqlite_home: Home) -> Iterator[House]:
    """A demonstration of the test's own, to change things in."""
    wired = wire_cheaply(sqlite_home)
    yield House(serve_in_process(wired), sqlite_home)
    wired.close()


def links(answer: TestResponse) -> list[str]:
    return [each.attrib.get("href", "") for each in parse(answer).iter("{http://www.w3.org/1999/xhtml}a")]


def steps(answer: TestResponse) -> set[str]:
    """Return the steps that a record offers."""
    return {found[1] for link in links(answer) if (found := re.search(r"/steps/([a-z]+)$", link))}


def wrong(answer: TestResponse) -> str:
    """Return what a page says beside its fields."""
    document = parse(answer)
    return " ".join("".join(each.itertext()) for each in document.iter() if each.attrib.get("class") == "wrong")


def a_draft(house: House, slug: str) -> str:
    """Take an activity through the forms to a complete draft, as the owner does."""
    owner = house(Role.OWNER)
    controller_id = re.search(r'<option[^>]*value="([0-9a-f-]{36})"[^>]*>Maison', owner.get("/activities/-/draft").text)
    assert controller_id is not None
    me = str(house.actor(Role.OWNER).id)
    made = owner.post(
        "/activities/-/draft",
        name_fr=slug,
        name_en=slug,
        slug=slug,
        capacity="controller",
        owner_id=me,
        controller_id=controller_id[1],
    )
    assert made.status_code == 303, wrong(made)
    purpose = {"label_fr": "Raison", "label_en": "Reason", "slug": f"{slug}-purpose", "basis": "contract"}
    purpose |= {"consent_channel": "", "special_condition": ""}
    assert owner.post(f"/activities/{slug}/purposes/-/new", **purpose).status_code == 303
    assert set_terms(owner, slug, ["identity", "contact"], active="3").status_code == 303
    recipients = owner.post(f"/activities/{slug}/purposes/{slug}-purpose/recipients", roles=["support"])
    assert recipients.status_code == 303
    return slug


def set_terms(visitor: Visitor, slug: str, categories: list[str], **more: str) -> TestResponse:
    form = {
        "kinds": ["customer"],
        "categories": categories,
        "active": "2",
        "active_unit": "Y",
        "archive": "",
        "archive_unit": "Y",
        "starting_event": "last-contact",
        "final_fate": "deletion",
        "provenance": "person",
        **more,
    }
    return visitor.post(f"/activities/{slug}/purposes/{slug}-purpose/data/terms", **form)


def through(house: House, slug: str, *taken: str) -> None:
    """Take steps, each by whom it is for."""
    who = {"submit": Role.OWNER, "advise": Role.DPO, "review": Role.OWNER}
    for verb in taken:
        form = {"opinion": "favourable"} if verb == "advise" else {}
        answer = house(who.get(verb, Role.CONTROLLER)).post(f"/activities/{slug}/steps/{verb}", text="", **form)
        assert answer.status_code == 303, (verb, words(answer))


def test_the_list_tells_state_mode_owner_and_purposes(house: House) -> None:
    said = house(Role.DPO).said("/activities/")

    for each in (
        "Customers and orders",
        "Active",
        "enforced",
        "observe",
        "Submitted",
        "Advised",
        "Draft",
        "not running",
    ):
        assert each in said
    assert "Olivier Métier" in said


def test_the_list_is_narrowed_by_state_and_to_ones_own(house: House) -> None:
    drafts = house(Role.OWNER).said("/activities/?state=draft")
    mine = house(Role.OWNER).said("/activities/?mine=y")

    assert "Loyalty programme" in drafts
    assert "Customers and orders" not in drafts
    assert "Customers and orders" in mine
    # The DPO drafted it: it is nobody's line.
    assert "Data subjects' rights" not in mine


@pytest.mark.parametrize("query", ["state=everything", "after=nowhere"])
def test_what_cannot_be_asked_is_said(house: House, query: str) -> None:
    answer = house(Role.DPO).get(f"/activities/?{query}")

    assert answer.status_code == 422
    assert "Customers and orders" not in words(answer)


def test_where_nothing_fits_the_way_back_is_shown(sqlite_service: Service, sqlite_demonstration: Home) -> None:
    answer = House(sqlite_service, sqlite_demonstration)(Role.DPO).get("/activities/?state=retired")

    assert "No activity fits" in words(answer)
    assert "/activities/" in links(answer)


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.ADMIN, Role.SALES, Role.SECURITY])
def test_others_do_not_open_the_register(house: House, role: Role) -> None:
    assert house(role).get("/activities/").status_code == 403


def test_a_record_says_its_terms_in_words_in_either_language(house: House) -> None:
    english = house(Role.AUDITOR).said("/activities/customer-management")
    french = house(Role.AUDITOR).said("/activities/customer-management", "fr")

    assert "2 years from the last order, then 3 years in the archive, then deleted" in english
    assert "GDPR Art. 6(1)(b)" in english
    assert "2 ans depuis la dernière commande, puis 3 ans en archivage intermédiaire, puis supprimées" in french
    assert re.search(r"RGPD, art\.\s6, §\s1, b", french)


def test_an_activity_that_is_not_there_is_not_found(house: House) -> None:
    for path in ("/activities/nothing", "/activities/Nothing%20at%20all", "/activities/nothing/steps/submit"):
        assert house(Role.DPO).get(path).status_code == 404, path
    assert house(Role.DPO).get("/activities/loyalty/steps/explode").status_code == 404
    assert house(Role.DPO).get("/activities/loyalty/purposes/invoicing").status_code == 404


def test_only_what_may_be_done_now_is_a_button_and_the_others_say_for_whom(house: House) -> None:
    page = {role: house(role).get("/activities/call-quality") for role in (Role.OWNER, Role.DPO, Role.CONTROLLER)}

    assert steps(page[Role.DPO]) == {"return", "advise"}
    assert steps(page[Role.OWNER]) == {"return"}
    assert "Give an opinion is for: Data protection officer" in words(page[Role.OWNER])
    assert steps(house(Role.AUDITOR).get("/activities/call-quality")) == set()


def test_an_incomplete_draft_says_what_it_lacks_instead_of_a_button(house: House) -> None:
    page = house(Role.OWNER).get("/activities/loyalty")

    assert "submit" not in steps(page)
    assert "no recipients: Account of loyalty points" in words(page)
    assert any(link.endswith("/guide/recipients/loyalty-points") for link in links(page))
    answer = house(Role.OWNER).post("/activities/loyalty/steps/submit", text="")
    assert answer.status_code == 422
    assert "cannot be submitted" in words(answer)


def test_whoever_may_not_take_a_step_is_refused_on_its_page_and_on_its_form(house: House) -> None:
    for verb in ("advise", "activate"):
        assert house(Role.OWNER).get(f"/activities/call-quality/steps/{verb}").status_code in {403, 409}
        answer = house(Role.OWNER).post(f"/activities/call-quality/steps/{verb}", opinion="favourable", text="")
        assert answer.status_code in {403, 409}
    assert house(Role.AUDITOR).get("/activities/call-quality/steps/advise").status_code == 403


def test_an_unfavourable_opinion_takes_its_grounds_and_keeps_what_was_chosen(house: House) -> None:
    answer = house(Role.DPO).post("/activities/call-quality/steps/advise", opinion="unfavourable", text="  ")

    assert answer.status_code == 422
    assert "takes a written reason" in wrong(answer)
    assert re.search(r'value="unfavourable"[^>]*checked|checked[^>]*value="unfavourable"', answer.text)
    assert "Choose one." in wrong(house(Role.DPO).post("/activities/call-quality/steps/advise", text="x"))


def test_the_controller_decides_with_the_opinion_before_their_eyes(house: House) -> None:
    controller = house(Role.CONTROLLER)
    page = controller.said("/activities/partner-offers/steps/activate")

    assert "Unfavourable" in page
    assert "CPCE" in page
    assert "Offers of partners by e-mail" in page
    refused = controller.post("/activities/partner-offers/steps/activate", text="")
    assert refused.status_code == 422
    assert "This is missing." in wrong(refused)
    assert "Advised" in controller.said("/activities/partner-offers")


def test_the_page_of_a_step_says_who_reads_by_it_in_each_mode(house: House) -> None:
    slug = a_draft(house, "evenings")
    through(house, slug, "submit", "advise")
    controller, path = house(Role.CONTROLLER), f"/activities/{slug}/steps/activate"

    assert "read data for these purposes, without grants" in controller.said(path)
    assert "by recipients who also hold a grant" not in controller.said(path)
    with house.service.wired.write() as session:
        unrecorded(session, "the mode is what is asked about")
        get_activity(session, slug).mode = Mode.ENFORCE
    assert "by recipients who also hold a grant" in controller.said(path)


def test_a_draft_goes_its_whole_way_through_the_pages(house: House) -> None:
    slug = a_draft(house, "workshops")

    through(house, slug, "submit", "advise", "activate")

    record = house(Role.DPO).said(f"/activities/{slug}")
    assert "Active" in record
    for fact in ("Activated", "Opinion of the DPO given", "Submitted for the opinion", "Purpose proposed", "Drafted"):
        assert fact in record
    assert "Claire Fontaine" in record
    through(house, slug, "suspend", "resume", "retire")
    assert "Retired for ever" in house(Role.DPO).said(f"/activities/{slug}")


def test_what_is_proposed_stands_beside_what_is_in_force_until_it_is_activated(house: House) -> None:
    slug = a_draft(house, "appointments")
    through(house, slug, "submit", "advise", "activate", "review")
    owner = house(Role.OWNER)

    assert set_terms(owner, slug, ["identity", "location"], active="5").status_code == 303
    data = f"/activities/{slug}/purposes/{slug}-purpose/data"
    left = {"kind": "customer", "category": "contact", "shown": shown(owner.get(data), "customer", "contact")}
    assert owner.post(f"{data}/remove", **left).status_code == 303

    page = owner.get(f"/activities/{slug}")
    assert {"In force", "Proposed"} <= {
        "".join(each.itertext()) for each in parse(page).iter("{http://www.w3.org/1999/xhtml}th")
    }
    said = words(page)
    assert "to be changed" in said
    assert "to end" in said
    assert "not used" in said
    marked = ["".join(each.itertext()) for each in parse(page).iter("{http://www.w3.org/1999/xhtml}mark")]
    assert any("5 years" in each for each in marked)
    # With proposals in it a review cannot be confirmed, and says so instead of offering it.
    assert "confirm" not in steps(house(Role.CONTROLLER).get(f"/activities/{slug}"))
    through(house, slug, "submit", "advise", "activate")
    assert "Proposed" not in {
        "".join(each.itertext())
        for each in parse(owner.get(f"/activities/{slug}")).iter("{http://www.w3.org/1999/xhtml}th")
    }


def test_a_purpose_in_force_keeps_its_wording_and_may_be_argued_better(house: House) -> None:
    slug = a_draft(house, "repairs")
    through(house, slug, "submit", "advise", "activate", "review")
    owner, path = house(Role.OWNER), f"/activities/{slug}/purposes/{slug}-purpose"

    assert 'name="basis"' not in owner.get(path).text
    saved = owner.post(path, basis="consent", label_fr="x", label_en="x", legal_reference="Art. 1217", interest="")
    assert saved.status_code == 303
    record = owner.said(f"/activities/{slug}")
    assert "Art. 1217" in record
    assert "Contract" in record
    assert owner.post(f"{path}/end").status_code == 303
    assert "Keep this purpose after all" in owner.said(f"/activities/{slug}")
    assert owner.post(f"{path}/keep").status_code == 303
    assert "Keep this purpose after all" not in owner.said(f"/activities/{slug}")


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"name_fr": ""}, "This is missing."),
        ({"slug": "loyalty"}, "is taken by another"),
        ({"slug": "No Slug"}, "small letters, digits"),
        ({"name_fr": "x" * 201}, "200"),
        ({"controller_id": "00000000-0000-0000-0000-000000000000"}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_with_a_draft_is_told_beside_its_field(house: House, form: dict[str, str], told: str) -> None:
    given = {"name_fr": "Essai", "name_en": "Trial", "slug": "trial", "capacity": "controller", "owner_id": ""}

    answer = house(Role.DPO).post("/activities/-/draft", **(given | {"controller_id": ""} | form))

    assert answer.status_code == 422
    assert told in wrong(answer)
    assert 'value="Trial"' in answer.text


def test_a_short_name_is_made_of_the_french_one(house: House) -> None:
    form = {"name_fr": "Été à l'œuvre, 2ᵉ édition", "name_en": "Summer", "capacity": "controller"}

    answer = house(Role.DPO).post("/activities/-/draft", slug="", owner_id="", controller_id="", **form)

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/activities/ete-a-l")


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"basis": "consent"}, "needs a consent channel"),
        ({"consent_channel": "email"}, "needs a consent channel"),
        ({"label_fr": ""}, "This is missing."),
        ({"slug": "invoicing"}, "is taken by another"),
    ],
)
def test_what_is_wrong_with_a_purpose_is_told_beside_its_field(house: House, form: dict[str, str], told: str) -> None:
    given = {"label_fr": "Essai", "label_en": "Trial", "slug": "trial-purpose", "basis": "contract"}
    empty = {"consent_channel": "", "special_condition": ""}

    answer = house(Role.OWNER).post("/activities/loyalty/purposes/-/new", **(given | empty | form))

    assert answer.status_code == 422
    assert told in wrong(answer)


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"active": ""}, "This is missing."),
        ({"active": "-1"}, "Write a whole number in figures, 0 or more."),
        ({"active": "200"}, "longer than a hundred years"),
        ({"active": "abc"}, "Write a whole number in figures, 0 or more."),
        ({"categories": []}, "Tick at least one."),
        ({"categories": ["everything"]}, "not a valid choice"),
    ],
)
def test_what_is_wrong_with_terms_is_told_beside_its_field(house: House, form: dict[str, object], told: str) -> None:
    path = "/activities/loyalty/purposes/loyalty-points/data/terms"
    given = {"kinds": ["customer"], "categories": ["identity"], "active": "1", "active_unit": "Y", "archive": ""}
    rest = {"archive_unit": "Y", "starting_event": "last-contact", "final_fate": "deletion", "provenance": "person"}

    answer = house(Role.OWNER).post(path, **(given | rest | form))

    assert answer.status_code == 422
    assert told in wrong(answer)


def test_the_content_of_a_record_that_runs_is_not_for_writing(house: House) -> None:
    owner = house(Role.OWNER)

    for path in ("description", "purposes/-/new", "purposes/customer-relationship/data"):
        assert owner.get(f"/activities/customer-management/{path}").status_code == 409
    assert "Correct" not in owner.said("/activities/customer-management")


def test_an_owner_does_not_write_on_another_business_line(house: House) -> None:
    wired = house.service.wired
    dpo = house.actor(Role.DPO)
    with wired.write() as session:
        command = NewActivity(slug="elsewhere", name_fr="Ailleurs", name_en="Elsewhere")
        draft_activity(session, wired.clock, wired.ids, dpo, command)
        other = ActivityChange(owner_id=wired.ids.new())
        change_activity(session, wired.clock, wired.attestor, dpo, ("elsewhere", other))
    owner = house(Role.OWNER)

    assert owner.get("/activities/elsewhere/description").status_code == 403
    assert owner.post("/activities/elsewhere/steps/retire", text="").status_code == 403
    assert steps(owner.get("/activities/elsewhere")) == set()


def test_nothing_is_changed_without_the_token_of_the_page(house: House) -> None:
    client = house(Role.OWNER)._program.client  # noqa: SLF001 -- the same browser, without what its pages know

    answer = client.post("/activities/loyalty/purposes/loyalty-points/end", headers={"Accept": "text/html"})

    assert answer.status_code == 400


def test_a_record_that_was_altered_says_so_and_offers_no_step(house: House) -> None:
    slug = a_draft(house, "altered")
    wired = house.service.wired
    with wired.write() as session:
        unrecorded(session, "a test alters a row")
        session.execute(text("UPDATE activity SET state = 'submitted' WHERE slug = 'altered'"))

    page = house(Role.DPO).get(f"/activities/{slug}")

    assert "altered outside Égide" in words(page)
    assert steps(page) == set()
    with wired.write() as session:
        unrecorded(session, "a test puts it back")
        session.execute(text("UPDATE activity SET state = 'draft' WHERE slug = 'altered'"))


def test_the_mirror_counts_what_was_read_and_by_whom(house: House) -> None:
    wired = house.service.wired
    list(wired.gate.read(house.actor(Role.SUPPORT), Query(purpose="after-sales", table="customers", limit=10)))

    said = house(Role.DPO).said("/activities/customer-management")

    assert re.search(r"After-sales service\s+1 read · 10 people", said)
    assert "Nobody read anything for it." in said


def test_a_proof_is_offered_to_whoever_may_take_one(house: House) -> None:
    house.service.wired.signer.checkpoint()

    assert any("/proof" in link for link in links(house(Role.AUDITOR).get("/activities/accounting")))
    assert not any("/proof" in link for link in links(house(Role.OWNER).get("/activities/accounting")))


def test_an_organisation_is_put_on_file_and_can_answer_for_an_activity(house: House) -> None:
    controller = house(Role.CONTROLLER)
    assert "Two capital letters" in wrong(controller.post("/activities/-/parties/new", name="X", country="France"))

    answer = controller.post(
        "/activities/-/parties/new",
        name="Atelier Partenaire",
        country="FR",
        representative_id="",
        dpo_id="",
        firm_id="",
    )

    assert answer.status_code == 303
    assert "Atelier Partenaire" in house(Role.AUDITOR).said("/activities/-/parties")
    assert "France" in house(Role.AUDITOR).said("/activities/-/parties")
    assert "Atelier Partenaire" in house(Role.OWNER).get("/activities/-/draft").text
    assert house(Role.AUDITOR).get("/activities/-/parties/new").status_code == 403


def test_the_list_asks_the_database_as_often_whatever_its_length(house: House) -> None:
    wired = house.service.wired
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    def statements() -> int:
        # Once after each decision the policies are loaded anew, whatever is looked at.
        house(Role.DPO).get("/activities/")
        asked.clear()
        event.listen(wired.database.engine, "before_cursor_execute", note)
        house(Role.DPO).get("/activities/")
        event.remove(wired.database.engine, "before_cursor_execute", note)
        return len(asked)

    before = statements()
    dpo = house.actor(Role.DPO)
    with wired.write() as session:
        for number in range(5):
            command = NewActivity(slug=f"more-{number}", name_fr="Plus", name_en="More")
            draft_activity(session, wired.clock, wired.ids, dpo, command)

    assert statements() == before
    with wired.read() as session:
        assert get_activity(session, "more-4").name_en == "More"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_version_is_led_to_from_the_thread_and_shown_beside_today(house: House, language: str) -> None:
    auditor = house(Role.AUDITOR)
    record = auditor.get("/activities/customer-management", language)
    found = [link for link in links(record) if re.fullmatch(r"/activities/customer-management/versions/[0-9]+", link)]
    assert len(found) > 3

    first = auditor.said(found[-1], language)

    assert ("What has changed since" if language == "en" else "Ce qui a changé depuis") in first
    assert ("Customer relationship" if language == "en" else "relation client") in first
    listed = links(auditor.get("/activities/customer-management/versions", language))
    assert set(found) <= set(listed)


def test_the_version_of_a_day_is_found_and_a_day_before_any_says_so(house: House) -> None:
    today = day_of(house.service.wired.clock.now())
    auditor = house(Role.AUDITOR)

    led = auditor.get(f"/activities/customer-management/versions?on={today + timedelta(days=1)}")

    assert (led.status_code, "/versions/" in led.headers["Location"]) == (303, True)
    assert "No decision had been taken" in auditor.said("/activities/customer-management/versions?on=2018-05-25")
    wrongly = auditor.get("/activities/customer-management/versions?on=someday", "fr")
    assert wrongly.status_code == 422
    assert "Ce n’est pas une date. Écrivez-la sous la forme année-mois-jour" in words(wrongly)
    assert auditor.get("/activities/customer-management/versions/999").status_code == 404
    assert auditor.get("/activities/customer-management/versions/99999999999999").status_code == 404


@pytest.mark.parametrize("day", ["9999-12-31", "2018-05-24", "0001-01-01"])
@pytest.mark.parametrize(
    ("language", "said"), [("en", "Take a day from 25 May 2018"), ("fr", "à partir du 25 mai 2018")]
)
def test_a_day_that_no_record_is_of_is_refused_in_words(house: House, day: str, language: str, said: str) -> None:
    answer = house(Role.AUDITOR).get(f"/activities/customer-management/versions?on={day}", language)

    assert answer.status_code == 422
    assert said in words(answer)


@pytest.mark.parametrize(("language", "told"), [("fr", "Vidéosurveillance"), ("en", "Video surveillance")])
def test_a_new_activity_is_offered_starting_points_in_the_readers_language(
    house: House, language: str, told: str
) -> None:
    offered = house(Role.OWNER).get("/activities/-/start", language)

    assert told in words(offered)
    assert "/activities/-/draft?from=video-surveillance" in links(offered)
    assert "/activities/-/draft" in links(offered)


def test_what_a_starting_point_proposed_stays_to_confirm_until_somebody_says_that_it_is_right(own: House) -> None:
    owner = own(Role.OWNER)
    form = {"name_fr": "Fiches", "name_en": "Records", "slug": "records", "capacity": "controller"}

    answer = owner.post("/activities/-/draft?from=customer-relationship", **form, owner_id="", controller_id="")

    assert answer.status_code == 303
    assert "6 parts of this record" in owner.said("/activities/records/steps/submit")
    assert "Take out what you do not ask of your customers." in owner.said("/activities/records")
    assert own(Role.DPO).said("/activities/records").count("to confirm") >= 2
    for purpose in ("follow-customers", "ask-satisfaction"):
        path = f"/activities/records/purposes/{purpose}/confirm"
        assert owner.post(path, shown=shown(owner.get("/activities/records"), path)).status_code == 303
    assert "to confirm" not in owner.said("/activities/records").lower()


def test_a_starting_point_that_is_none_is_not_found(house: House) -> None:
    assert house(Role.OWNER).get("/activities/-/draft?from=no-such").status_code == 404
    assert house(Role.OWNER).post("/activities/-/draft?from=no-such", name_fr="A", name_en="A").status_code == 404
