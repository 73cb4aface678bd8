"""What people are told follows from what is in force, in both languages, and is published with the decision itself."""

import hashlib
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Final

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from audit.models import LogEntry
from governance.actor import SYSTEM
from governance.database import Database
from governance.days import day_of
from governance.founding import found
from governance.settings import load_settings
from governance.vault.errors import AttestationError
from governance.vocabulary import DataCategory, SubjectKind
from governance.wiring import wire
from register.errors import DraftingNotAllowedError, SlugInvalidError, SlugTakenError
from register.lifecycle import Opinion, Verb
from register.lines.contents import TransferLine
from register.lines.values import Safeguard, Subject
from register.models import NoticePurpose
from register.notices.comparing import SHORT, changes
from register.notices.errors import (
    NoticeNotFoundError,
    NoticeTextMissingError,
    PointNotFoundError,
    PointSourceError,
)
from register.notices.models import NoticeText
from register.notices.seeding import SLUG
from register.notices.values import CollectionWay, NoticeBody, Wording
from register.service import (
    Desk,
    PartyChange,
    PointTerms,
    SetPurposeData,
    Step,
    add_point,
    change_party,
    change_point,
    entry_of,
    get_activity,
    list_points,
    notice_on_the_way,
    notices_shown,
    number_notice,
    publish_anew,
    published_notice,
    set_purpose_data,
    show_point,
)
from register.values import NoticeRef
from tests.builders.lines import given
from tests.builders.notices import FAIR, WEBSITE, a_bought_file, a_point, an_outspoken_activity
from tests.builders.register import a_complete_draft, activate, step, terms, the_controller, the_dpo, the_owner

# What the law asks to be told, where, and what says so in the activity of these tests.
_Asked = tuple[str, str, str | dict[str, str], str | None]
DIRECT: Final[tuple[_Asked, ...]] = (
    ("13(1)(a) controller", "who", "Boutique Exemple", "2 rue de la Paix, 69003 Lyon"),
    ("13(1)(a) representative", "who", "Représentant Exemple", "Lyon"),
    ("13(1)(b) DPO", "who", "Denise Garde (fictive)", "dpo@boutique.example"),
    (
        "37(6) the DPO's firm",
        "who",
        {"fr": "Agit pour Cabinet Garde.", "en": "Acts for Cabinet Garde."},
        "04 00 00 00 01",
    ),
    ("13(1)(c) purposes", "why", {"fr": "Compter les points", "en": "Count points"}, None),
    ("13(1)(c) basis", "why", {"fr": "un contrat avec vous", "en": "A contract with you"}, None),
    ("13(1)(d) interest", "why", "Payer ce qui est dû", None),
    ("13(1)(e) recipients", "recipients", {"fr": "service client", "en": "customer service"}, "Hébergeur Exemple"),
    ("13(1)(f) transfer", "transfers", {"fr": "Maroc", "en": "Morocco"}, "Décision 2021/914."),
    ("13(1)(f) safeguard", "transfers", {"fr": "clauses contractuelles", "en": "contractual clauses"}, None),
    ("13(1)(f) copy", "transfers", {"fr": "une copie", "en": "a copy"}, None),
    ("13(2)(a) how long", "kept", {"fr": "3 ans à compter", "en": "3 years from"}, None),
    ("13(2)(a) archive", "kept", {"fr": "Puis 5 ans", "en": "Then 5 years"}, None),
    ("13(2)(b) access", "rights", {"fr": "Savoir et voir", "en": "Know and see"}, None),
    ("13(2)(b) rectification", "rights", {"fr": "Corriger", "en": "Correct"}, None),
    ("13(2)(b) erasure", "rights", {"fr": "Effacer", "en": "Erase"}, None),
    ("13(2)(b) restriction", "rights", {"fr": "Suspendre", "en": "Hold"}, None),
    ("13(2)(b) objection", "rights", {"fr": "Vous opposer", "en": "Object at any time"}, None),
    ("13(2)(b) portability", "rights", {"fr": "Emporter", "en": "Take with you"}, None),
    ("12(2) how", "rights", {"fr": "Par le formulaire du site.", "en": "By the form of the site."}, None),
    ("13(2)(c) withdrawal", "why", {"fr": "retirer votre consentement", "en": "withdraw your consent"}, None),
    ("13(2)(d) complaint", "complaint", "CNIL", "https://www.cnil.fr/fr/plaintes"),
    ("13(2)(e) obligatory", "obligation", {"fr": "Le contrat exige", "en": "The contract requires"}, None),
    ("13(2)(e) what follows", "obligation", {"fr": "ni le conclure", "en": "neither make it"}, None),
    ("13(2)(f) decision", "decisions", "Score de fraude", "Compare les commandes."),
    ("13(2)(f) significance", "decisions", "Une commande peut être refusée.", None),
    ("22(3) safeguards", "decisions", "Une personne relit.", None),
)
INDIRECT: Final[tuple[_Asked, ...]] = (
    *(row for row in DIRECT if row[1] != "obligation"),
    ("14(1)(d) categories", "data", {"fr": "comment vous joindre", "en": "how to reach you"}, None),
    ("14(2)(f) source", "source", {"fr": "Salon Fictif de Lyon", "en": "Fictional Fair of Lyon"}, None),
    ("14(2)(f) public", "source", {"fr": "pas accessible au public", "en": "not open to the public"}, None),
)


def section_of(wording: Wording, key: str) -> str:
    section = next(each for each in wording.sections if each.key == key)
    said = [*section.intro]
    for passage in section.passages:
        said += [passage.title, *passage.lines]
    return "\n".join(said)


def current(session: Session, desk: Desk, slug: str = WEBSITE) -> NoticeBody:
    return published_notice(session, desk.attestor, slug).body


@pytest.mark.parametrize("article", ["13", "14"])
def test_a_notice_says_each_thing_that_the_law_asks_for(database: Database, desk: Desk, article: str) -> None:
    open_point, slug, rows = (a_point, WEBSITE, DIRECT) if article == "13" else (a_bought_file, FAIR, INDIRECT)
    with database.write() as session:
        open_point(session, desk)
        an_outspoken_activity(session, desk)

    with database.read() as session:
        body = current(session, desk, slug)
    assert body.direct is (article == "13")
    for language, wording in body.wordings.items():
        for asked, key, wanted, besides in rows:
            told = section_of(wording, key)
            words = wanted[language] if isinstance(wanted, dict) else wanted
            assert words in told, (asked, language)
            assert besides is None or besides in told, (asked, language)
        assert all(each.article.startswith(("GDPR Art. " + article, "GDPR Art. 14(2)(f)")) for each in wording.sections)
        short = "\n".join(wording.short)
        assert "Boutique Exemple" in short
        assert "CNIL" in short
        assert ("Salon" in short or "Fair" in short) is (article == "14")


def test_activation_publishes_the_notice_and_names_its_purposes_in_the_same_transaction(
    database: Database, desk: Desk
) -> None:
    with database.write() as session:
        a_point(session, desk)
        a_complete_draft(session, desk)
        with pytest.raises(NoticeNotFoundError):
            current(session, desk)

    with database.write() as session:
        activate(session, desk)

    with database.read() as session:
        found = published_notice(session, desk.attestor, WEBSITE)
        named = session.scalars(select(NoticePurpose.purpose_id)).all()
        shown = notices_shown(session, set(session.scalars(select(NoticePurpose.notice_id))))
        entry = entry_of(session, found)
        assert entry is not None
        assert found.digest.encode() in bytes(session.get_one(LogEntry, entry).body)
        assert found.digest == hashlib.sha256(found.text.text.encode()).hexdigest()
        assert found.text.cause == "loyalty"
    assert found.body.purposes == ("loyalty-points",)
    assert len(set(named)) == 1
    assert {(each.version, each.language, each.kept) for each in shown.values()} == {(1, "fr", True), (1, "en", True)}


def test_a_decision_that_is_rolled_back_leaves_no_notice(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_point(session, desk)
        a_complete_draft(session, desk)

    def fail() -> None:
        with database.write() as session:
            activate(session, desk)
            assert current(session, desk).purposes == ("loyalty-points",)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.read() as session:
        assert session.scalars(select(NoticeText)).all() == []
        assert session.scalars(select(NoticePurpose)).all() == []


def test_a_version_is_made_only_where_the_text_differs(database: Database, desk: Desk) -> None:
    def version() -> int:
        return published_notice(session, desk.attestor, WEBSITE).text.version

    with database.write() as session:
        a_point(session, desk)
        a_complete_draft(session, desk)
        activate(session, desk)
        step(session, desk, the_dpo(), Step(activity="loyalty", verb=Verb.REVIEW))
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.CONFIRM))
        assert version() == 1
        assert publish_anew(session, desk, the_dpo(), WEBSITE) is None
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.SUSPEND))
        assert (version(), current(session, desk).purposes) == (2, ())
        assert current(session, desk).wordings["en"].short == ("No data are collected here at present.",)
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.RESUME))
        assert (version(), current(session, desk).purposes) == (3, ("loyalty-points",))
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.RETIRE))
        assert (version(), current(session, desk).purposes) == (4, ())


def test_what_is_written_under_review_is_told_to_nobody_and_shown_to_the_dpo(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_point(session, desk)
        a_complete_draft(session, desk)
        activate(session, desk)
        step(session, desk, the_dpo(), Step(activity="loyalty", verb=Verb.REVIEW))
        data = [terms(), terms(DataCategory.PREFERENCES)]
        set_purpose_data(session, desk, the_owner(), SetPurposeData(purpose="loyalty-points", data=data))
        # Another activity is activated meanwhile: the proposal does not slip in.
        a_complete_draft(session, desk, "shop")
        activate(session, desk, "shop")

    with database.read() as session:
        public = section_of(current(session, desk).wordings["en"], "data")
        found = notice_on_the_way(session, desk, WEBSITE, "loyalty")
        told = changes(found.now, found.then, "en")
    assert "your preferences" not in public
    assert [(each.field, each.key) for each in told] == [
        ("data", ("If you are a customer",)),
        ("kept", ("Count points",)),
    ]
    assert "your preferences" in told[0].now[0]

    with database.write() as session:
        activate(session, desk)
        assert "your preferences" in section_of(current(session, desk).wordings["en"], "data")


def test_versions_are_compared_passage_by_passage(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_point(session, desk)
        an_outspoken_activity(session, desk)
        first = current(session, desk)
        a_complete_draft(session, desk, "shop")
        activate(session, desk, "shop")
        second = current(session, desk)

    told = {(each.field, each.key[0]): (each.then, each.now) for each in changes(first, second, "fr")}
    assert told["why", "Compter les points (2)"][0] is None
    assert (SHORT, "") in told
    assert ("transfers", "Maroc : Hébergeur Exemple") not in told
    back = {(each.field, each.key[0]): each.now for each in changes(second, first, "fr")}
    assert back["why", "Compter les points (2)"] is None
    assert changes(second, second, "fr") == []


def test_only_the_activities_of_a_point_speak_there(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        a_complete_draft(session, desk, "shop")
        activate(session, desk)
        activate(session, desk, "shop")
        a_point(session, desk, activities=frozenset({"shop"}))
        assert current(session, desk).purposes == ("shop-points",)
        said = PointTerms(
            slug=WEBSITE,
            name_fr="Site",
            name_en="Site",
            way=CollectionWay.WEBSITE,
            activities=frozenset({"loyalty", "shop"}),
        )
        change_point(session, desk, the_dpo(), said)
        assert current(session, desk).purposes == ("loyalty-points", "shop-points")


def test_a_point_says_where_data_come_from_exactly_where_people_do_not_give_them(
    database: Database, desk: Desk
) -> None:
    with database.write() as session:
        for way, source in ((CollectionWay.WEBSITE, "Salon"), (CollectionWay.PARTNER, "")):
            with pytest.raises(PointSourceError):
                a_point(session, desk, way=way, source_fr=source, source_en=source)
        with pytest.raises(PointSourceError):
            a_point(session, desk, way=CollectionWay.PARTNER, source_fr="Salon")
        with pytest.raises(SlugInvalidError):
            a_point(session, desk, "No slug")
        a_point(session, desk)
        with pytest.raises(SlugTakenError):
            a_point(session, desk)


def test_the_controller_and_programs_keep_no_notices(database: Database, desk: Desk) -> None:
    said = PointTerms(slug=WEBSITE, name_fr="Site", name_en="Site", way=CollectionWay.WEBSITE)
    with database.write() as session:
        with pytest.raises(DraftingNotAllowedError):
            add_point(session, desk, the_controller(), said)
        a_point(session, desk)
        with pytest.raises(DraftingNotAllowedError):
            publish_anew(session, desk, the_controller(), WEBSITE)
        with pytest.raises(PointNotFoundError):
            publish_anew(session, desk, the_dpo(), "nowhere")


def test_an_altered_text_is_shown_to_nobody_and_the_next_one_is_the_true_one(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_point(session, desk)
        a_complete_draft(session, desk)
        activate(session, desk)
    with database.write_connection() as connection:
        connection.execute(text("UPDATE notice_text SET text = replace(text, 'Boutique', 'Officine')"))

    with database.read() as session:
        with pytest.raises(AttestationError):
            current(session, desk)
        assert show_point(session, desk, WEBSITE).altered is not None
    with database.write() as session:
        publish_anew(session, desk, the_dpo(), WEBSITE)
        found = published_notice(session, desk.attestor, WEBSITE)
        assert found.text.version == 2
    assert "Boutique Exemple" in found.body.wordings["fr"].short[0]


def test_where_a_point_was_altered_nothing_opens_and_what_closes_is_not_held_up(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_point(session, desk)
        a_complete_draft(session, desk)
        a_complete_draft(session, desk, "shop")
        activate(session, desk)
    with database.write_connection() as connection:
        connection.execute(text("UPDATE collection_point SET name_fr = 'Ailleurs'"))

    with database.write() as session, pytest.raises(AttestationError):
        activate(session, desk, "shop")
    with database.write() as session:
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.SUSPEND))
    with database.read() as session:
        assert not get_activity(session, "loyalty").running
        assert show_point(session, desk, WEBSITE).altered is not None


def test_a_version_that_was_named_before_it_had_a_text_says_so_and_its_number_is_not_given(
    database: Database, desk: Desk
) -> None:
    with database.write() as session:
        number = number_notice(session, NoticeRef(slug=WEBSITE, version=1, language="fr"))
        a_point(session, desk)
        a_complete_draft(session, desk)
        activate(session, desk)

    with database.read() as session:
        with pytest.raises(NoticeTextMissingError):
            published_notice(session, desk.attestor, WEBSITE, 1)
        assert published_notice(session, desk.attestor, WEBSITE).text.version == 2
        assert notices_shown(session, {number})[number].kept is False
        for slug, version in ((WEBSITE, 3), (WEBSITE, 0), (WEBSITE, 2**40), ("nowhere", 1), ("no slug", 1)):
            with pytest.raises(NoticeNotFoundError):
                published_notice(session, desk.attestor, slug, version)


def test_an_address_that_is_corrected_leaves_the_notice_behind_until_it_is_published(
    database: Database, desk: Desk
) -> None:
    with database.write() as session:
        a_point(session, desk)
        a_complete_draft(session, desk)
        activate(session, desk)
        controller = get_activity(session, "loyalty").controller_id
        assert controller is not None
        assert not show_point(session, desk, WEBSITE).behind
        change_party(session, the_dpo(), controller, PartyChange(email="ecrire@boutique.example"))
        assert show_point(session, desk, WEBSITE).behind
        assert publish_anew(session, desk, the_dpo(), WEBSITE) is not None
        assert "ecrire@boutique.example" in "\n".join(current(session, desk).wordings["fr"].short)
        assert not show_point(session, desk, WEBSITE).behind


def test_the_list_takes_as_many_statements_however_many_points_there_are(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)
        a_point(session, desk, "first", activities=frozenset({"loyalty"}))

    def statements() -> int:
        asked: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            asked.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        with database.read() as session:
            list_points(session, desk, after=None, limit=50)
        event.remove(database.engine, "before_cursor_execute", note)
        return len(asked)

    one = statements()
    with database.write() as session:
        for number in range(4):
            a_complete_draft(session, desk, f"activity-{number}")
            activate(session, desk, f"activity-{number}")
            a_point(session, desk, f"point-{number}", activities=frozenset({"loyalty", f"activity-{number}"}))
    assert statements() == one


def test_whoever_receives_data_abroad_is_a_recipient_though_no_other_line_names_them(
    database: Database, desk: Desk
) -> None:
    with database.write() as session:
        a_point(session, desk)
        a_complete_draft(session, desk)
        abroad = TransferLine(
            country="IN",
            recipient="Host of the programme",
            safeguard=Safeguard.STANDARD_CLAUSES,
            grounds="Décision 2021/914.",
            assessment="Rien ne s’y oppose.",
            assessed_on=day_of(desk.clock.now()),
        )
        given(session, desk, Subject.TRANSFERS, abroad)
        activate(session, desk)
        wordings = current(session, desk).wordings

    for language, country, nobody in (("en", "India", "Nobody outside"), ("fr", "Inde", "Personne hors de")):
        told = section_of(wordings[language], "recipients")
        assert f"Host of the programme ({country})" in told
        assert nobody not in told


def test_where_nobody_else_receives_data_the_notice_says_so(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_point(session, desk)
        a_complete_draft(session, desk)
        activate(session, desk)
        told = section_of(current(session, desk).wordings["en"], "recipients")

    assert "Nobody outside our company receives your data." in told


def test_what_somebody_wrote_is_put_in_as_it_stands(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_point(session, desk, name_en="{who} <b>%s</b>")
        a_complete_draft(session, desk)
        activate(session, desk)
        assert current(session, desk).wordings["en"].title.endswith("{who} <b>%s</b>")


def test_the_point_of_everything_does_not_speak_of_staff(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_point(session, desk)
        a_complete_draft(session, desk)
        staff = SetPurposeData(purpose="loyalty-points", data=[terms(kind=SubjectKind.EMPLOYEE)])
        set_purpose_data(session, desk, the_owner(), staff)
        activate(session, desk)
        with pytest.raises(NoticeNotFoundError):
            current(session, desk)
        a_point(session, desk, "staff", activities=frozenset({"loyalty"}))
        assert current(session, desk, "staff").purposes == ("loyalty-points",)


def test_of_two_activations_at_once_the_second_tells_of_both(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_point(session, desk)
        for slug in ("loyalty", "shop"):
            a_complete_draft(session, desk, slug)
            step(session, desk, the_owner(), Step(activity=slug, verb=Verb.SUBMIT))
            advised = Step(activity=slug, verb=Verb.ADVISE, opinion=Opinion.FAVOURABLE)
            step(session, desk, the_dpo(), advised)
    first_done, failed = Event(), list[Exception]()

    def second() -> None:
        first_done.wait(10)
        try:
            with database.write() as session:
                step(session, desk, the_controller(), Step(activity="shop", verb=Verb.ACTIVATE))
        except Exception as error:  # noqa: BLE001 -- told by the test
            failed.append(error)

    other = Thread(target=second)
    other.start()
    with database.write() as session:
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.ACTIVATE))
        first_done.set()
        # Long enough for the other to come as far as it can.
        sleep(0.3)
    other.join(20)

    assert failed == []
    with database.read() as session:
        assert current(session, desk).purposes == ("loyalty-points", "shop-points")


def test_a_new_house_has_the_point_of_everything(tmp_path: Path) -> None:
    settings = load_settings({"EGIDE_HOME": str(tmp_path / "house")})
    found(settings, SYSTEM)
    wired = wire(settings)
    try:
        with wired.read() as session:
            told = show_point(session, Desk(wired.clock, wired.ids, wired.attestor), SLUG)
            assert (told.point.covers_all, told.point.way.direct) == (True, True)
            assert (told.current, told.behind, told.altered) == (None, False, None)
    finally:
        wired.close()
