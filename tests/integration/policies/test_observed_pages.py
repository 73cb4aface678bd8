"""What observing gives for now is marked wherever grants are drawn: otherwise they tell half the truth."""

import pytest

from governance.actor import Role
from register.declared import declared_purposes
from register.lifecycle import Mode
from register.service import SetMode, set_mode
from tests.builders.oversight import acting, reader
from tests.builders.service import Service
from tests.builders.web import parse, words

OBSERVED = {"en": "observed: not applied yet", "fr": "en observation, pas encore appliquée"}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_matrix_marks_the_columns_that_are_only_observed(site: Service, language: str) -> None:
    browser = reader(site, Role.DPO)
    page = browser.open("/policies/", language)

    marked = parse(page).findall(".//{*}table[@class='matrix']//{*}th[@class='observed']")
    assert marked
    assert ("only observed" if language == "en" else "seulement observées") in words(page)
    cells = parse(page).findall(".//{*}table[@class='matrix']//{*}td[@class='observed']")
    assert cells
    assert all(OBSERVED[language] in plain("".join(cell.itertext())) for cell in cells)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_in_words_every_role_stands_that_reads_by_observing_alone(site: Service, language: str) -> None:
    page = reader(site, Role.AUDITOR).open("/policies/?view=words", language)

    rows = ["".join(row.itertext()) for row in parse(page).findall(".//{*}section//{*}tbody/{*}tr")]
    observed = [plain(row) for row in rows if OBSERVED[language] in plain(row)]
    support = "Customer service" if language == "en" else "Service client"
    assert [row for row in observed if row.strip().startswith(support)]


def test_what_is_written_takes_grants_as_ever_and_bears_no_mark(site: Service) -> None:
    page = reader(site, Role.DPO).open("/policies/?action=change")

    assert not parse(page).findall(".//{*}th[@class='observed']")
    assert "but in the columns" not in words(page)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_whoever_reads_by_observing_is_told_on_their_own_page(site: Service, language: str) -> None:
    page = reader(site, Role.SUPPORT).open("/access/", language)

    assert OBSERVED[language] in plain(words(page))


def test_once_enforced_nothing_is_marked(service: Service) -> None:
    wired = service.wired
    browser = reader(service, Role.CONTROLLER)
    observed = browser.open("/api/v1/grants/matrix").get_json()["observed"]
    assert observed
    for slug in _activities(service, [each["purpose"] for each in observed]):
        command = SetMode(activity=slug, mode=Mode.ENFORCE)
        with wired.write() as session:
            set_mode(session, wired.clock, wired.attestor, acting(wired, Role.CONTROLLER), command)

    assert browser.open("/api/v1/grants/matrix").get_json()["observed"] == []
    assert not parse(browser.open("/policies/")).findall(".//{*}th[@class='observed']")
    assert OBSERVED["en"] not in words(reader(service, Role.SUPPORT).open("/access/"))


def _activities(service: Service, purposes: list[str]) -> set[str]:
    with service.wired.read() as session:
        found = declared_purposes(session, service.wired.attestor)
        return {found[slug].activity_slug for slug in purposes}


def test_a_program_reads_what_is_observed_too(site: Service) -> None:
    held = reader(site, Role.SUPPORT).open("/api/v1/access").get_json()["roles"]

    [support] = [each for each in held if each["role"] == "support"]
    assert support["observed"]
    assert "special" not in {category for each in support["observed"] for category in each["categories"]}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_refused_simulation_names_things_by_their_names(site: Service, language: str) -> None:
    fields = {
        "role": "marketing",
        "purpose": "after-sales",
        "categories": "identity",
        "action": "read",
        "form": "clear",
    }
    answer = reader(site, Role.DPO).send("/policies/simulate", language, **fields)

    assert answer.status_code == 422
    told = "".join(parse(answer).find(".//{*}div[@role='alert']").itertext())
    assert "after-sales" not in told
    assert "Marketing" in told
