"""The language of the pages: the reader's choice, their browser's, the house's."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from governance.web.clockface import moment
from governance.web.edge import EdgeSettings
from governance.web.locale import TRANSLATIONS
from tests.builders.identity import People
from tests.builders.web import SECRET_KEY, an_app, compiled_catalogues, parse, token_of, words

# What marks a string, beside gettext's own names.
_KEYWORDS = {**DEFAULT_KEYWORDS, **dict.fromkeys(("mark", "phrase", "tell", "lazy_gettext")), "tell_count": (1, 2)}
_SOME = 1000
_PLACE = re.compile(r"\{\w+\}|%\(\w+\)")


@pytest.fixture
def client(house: People, tmp_path: Path) -> FlaskClient:
    settings = EdgeSettings(
        base_url="http://localhost:8000",
        secret_key=SECRET_KEY,
        demonstration=True,
        translations=compiled_catalogues(tmp_path / "translations"),
    )
    return an_app(house, settings=settings).test_client()


@pytest.mark.parametrize(
    ("accepts", "language"),
    [
        (None, "fr"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("fr-CA", "fr"),
        ("de,es;q=0.5", "fr"),
        ("de,en;q=0.5", "en"),
        ("*", "fr"),
        ("en;q=0.5,fr;q=0.9", "fr"),
        ("not a header at all;;;", "fr"),
    ],
)
def test_a_page_speaks_the_readers_language_or_french(client: FlaskClient, accepts: str | None, language: str) -> None:
    headers = {} if accepts is None else {"Accept-Language": accepts}

    page = client.get("/sign-in", headers=headers)

    assert parse(page).attrib["lang"] == language
    assert ("Se connecter" in words(page)) == (language == "fr")
    assert ("données fictives" in words(page)) == (language == "fr")


def test_a_choice_is_kept_and_wins_over_the_browser(client: FlaskClient) -> None:
    form = {"csrf_token": token_of(client), "locale": "en", "next": "/sign-in"}

    chosen = client.post("/language", data=form)

    assert chosen.status_code == 303
    assert chosen.headers["Location"] == "/sign-in"
    assert parse(client.get("/sign-in", headers={"Accept-Language": "fr"})).attrib["lang"] == "en"


@pytest.mark.parametrize("locale", ["de", "", "../../etc", "fr; Path=/x"])
def test_a_language_that_we_do_not_speak_is_not_kept(client: FlaskClient, locale: str) -> None:
    client.post("/language", data={"csrf_token": token_of(client), "locale": locale, "next": "/"})

    assert client.get_cookie("egide-locale") is None
    client.set_cookie("egide-locale", locale)
    assert parse(client.get("/sign-in")).attrib["lang"] == "fr"


def test_problems_are_told_in_the_readers_language(client: FlaskClient) -> None:
    french = client.get("/api/nowhere", headers={"Accept-Language": "fr"}).get_json()
    english = client.get("/api/nowhere", headers={"Accept-Language": "en"}).get_json()

    assert french["type"] == english["type"]
    assert (french["title"], english["title"]) == ("Il n’y a rien ici.", "There is nothing here.")


@pytest.mark.parametrize("source", sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")), ids=str)
def test_every_string_is_translated(source: Path) -> None:
    with source.open("rb") as file:
        catalogue = read_po(file)
    with (TRANSLATIONS / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call] # Babel has no types here

    found = extract_from_dir(TRANSLATIONS.parent.parent, methods, options, _KEYWORDS)
    said = {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}
    unsaid = [each for each in said if not (told := catalogue.get(each)) or not all(_forms(told.string))]

    assert len(said) > _SOME
    assert unsaid == []


def _forms(translation: str | Sequence[str] | None) -> Sequence[str]:
    return (translation or "",) if translation is None or isinstance(translation, str) else translation


@pytest.mark.parametrize("source", sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")), ids=str)
def test_a_translation_keeps_the_places_for_facts(source: Path) -> None:
    with source.open("rb") as file:
        catalogue = read_po(file)

    for message in catalogue:
        originals = [message.id] if isinstance(message.id, str) else message.id
        translated = [message.string] if isinstance(message.string, str) else message.string or ()
        for original, translation in zip(originals, translated, strict=False):
            if message.id and translation:
                assert set(_PLACE.findall(translation)) == set(_PLACE.findall(original)), original


@pytest.mark.parametrize(
    ("accepts", "form"),
    [
        ("en-GB,en;q=0.9", "26 Oct 2026, 06:20:48"),
        ("en", "26 Oct 2026, 06:20:48"),
        ("en-AU,en-US;q=0.5", "26 Oct 2026, 06:20:48"),
        ("en-US,en;q=0.9", "Oct 26, 2026, 6:20:48 AM"),
        ("en;q=0.5,en-US;q=0.9", "Oct 26, 2026, 6:20:48 AM"),
        ("fr,en-US;q=0.5", "26 oct. 2026, 06:20:48"),
    ],
)
def test_english_writes_dates_as_in_europe_unless_the_browser_asks_for_the_american_way(
    client: FlaskClient, accepts: str, form: str
) -> None:
    at = datetime(2026, 10, 26, 5, 20, 48, tzinfo=UTC)

    with client.application.test_request_context(headers={"Accept-Language": accepts}):
        written = moment(at)

    # Spaces inside a time are narrow and do not break.
    assert written.replace("\N{NARROW NO-BREAK SPACE}", " ") == form


@pytest.mark.parametrize(
    "address", ["/sign-in", "/sign-in?next=/log/?action%3Dread", "/sign-in?next=%2Fcustomers%2F&x=1"]
)
def test_changing_the_language_keeps_the_whole_address(client: FlaskClient, address: str) -> None:
    page = client.get(address)
    form = parse(page).find(".//{*}form[@action='/language']")
    fields = {each.attrib["name"]: each.attrib["value"] for each in form.findall(".//{*}input")}

    chosen = client.post("/language", data={**fields, "locale": "en"})

    assert chosen.headers["Location"] == address
    assert parse(client.get(chosen.headers["Location"])).attrib["lang"] == "en"


@pytest.mark.parametrize(
    "onward", ["//evil.example/", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_changing_the_language_leads_nowhere_else(client: FlaskClient, onward: str) -> None:
    chosen = client.post("/language", data={"csrf_token": token_of(client), "locale": "en", "next": onward})

    assert chosen.headers["Location"] == "/"
