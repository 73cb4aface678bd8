"""The words of notices: every word of the register has its own, and every country of the Area its authority."""

from collections.abc import Mapping

import pytest

from governance.actor import Role
from governance.catalogues import catalogue
from governance.periods import NONE, Period
from governance.vocabulary import DataCategory, LawfulBasis, SubjectKind
from register.catalogue.countries import EEA
from register.lines import rights
from register.lines.values import DecisionGround, Derogation, Safeguard
from register.notices import words
from register.notices.authorities import authority_of
from register.notices.labels import TOLD_BY_LABELS, WAY_LABELS
from register.notices.speaking import Speaker
from register.notices.values import CollectionWay, NoticeBody, Passage, Section, ToldBy, Wording
from register.past import PastData
from register.values import FinalFate, StartingEvent

TABLES = (
    (words.CATEGORY_WORDS, DataCategory),
    (words.KIND_WORDS, SubjectKind),
    (words.BASIS_WORDS, LawfulBasis),
    (words.SAFEGUARD_WORDS, Safeguard),
    (words.DEROGATION_WORDS, Derogation),
    (words.GROUND_WORDS, DecisionGround),
    (words.EVENT_WORDS, StartingEvent),
    (words.FATE_WORDS, FinalFate),
    (WAY_LABELS, CollectionWay),
    (TOLD_BY_LABELS, ToldBy),
)


@pytest.mark.parametrize(("table", "members"), TABLES, ids=lambda each: getattr(each, "__name__", ""))
def test_every_word_of_the_register_is_told_and_in_french_too(table: Mapping[object, str], members: type) -> None:
    assert set(table) == set(members)  # type: ignore[call-overload]  # each is an enumeration
    french = catalogue("fr")
    assert all(french.gettext(sentence) != sentence for sentence in table.values())


def a_line(category: DataCategory, **said: str) -> PastData:
    row = {
        "subject_kind": "customer", "category": category.value, "standing": "in-force", "obligatory": False,
        "provenance": "person", "active_for": Period("P30D"), "archived_for": NONE, "starting_event": "collection",
        "final_fate": "deletion", "retention_source": "",
    }  # fmt: skip
    return PastData.read({**row, **said})


def test_a_notice_says_which_data_exactly_and_no_more_than_that() -> None:
    means = a_line(DataCategory.ECONOMIC, which_fr="Moyen de paiement\nRIB", which_en="Means of payment")
    number = a_line(DataCategory.NATIONAL_NUMBER)

    assert Speaker("fr").data([number, means]) == "moyen de paiement, RIB, votre numéro de sécurité sociale"
    assert Speaker("en").data([means]) == "means of payment"


def test_a_notice_says_the_category_where_one_purpose_says_no_more() -> None:
    lines = [a_line(DataCategory.ECONOMIC, which_fr="RIB"), a_line(DataCategory.ECONOMIC)]

    assert Speaker("fr").data(lines) == "vos données financières, comme un moyen de paiement"


def test_words_in_one_language_alone_stand_in_the_other_too() -> None:
    assert Speaker("en").data([a_line(DataCategory.ECONOMIC, which_fr="RIB")]) == "RIB"


def test_every_role_that_can_receive_is_told() -> None:
    assert set(words.ROLE_WORDS) == set(Role) - {Role.ADMIN}


def test_every_right_is_told() -> None:
    every = {right for right, _ in rights.rights_under(set(LawfulBasis), decides_alone=True)}
    assert set(words.RIGHT_WORDS) == every


def test_what_does_not_come_from_people_names_its_source() -> None:
    assert set(words.WAY_WORDS) == {way for way in CollectionWay if not way.direct}


def test_every_country_of_the_area_has_its_authority_and_the_others_ours() -> None:
    assert authority_of("FR").name.startswith("CNIL")
    assert authority_of("RE") == authority_of("FR") == authority_of("US")
    for country in EEA - {"FR", "GF", "GP", "MF", "MQ", "RE", "YT"}:
        assert authority_of(country).country == {"AX": "FI"}.get(country, country)
        assert authority_of(country).site.startswith("https://")


def test_a_text_is_read_back_as_it_was_written() -> None:
    passage = Passage(title="T", lines=("a", "b"), article="GDPR Art. 6(1)(a)")
    section = Section(key="why", heading="H", article="GDPR Art. 13", intro=("i",), passages=(passage,))
    wording = Wording(title="W", short=("s",), sections=(section,))
    body = NoticeBody(direct=True, purposes=("p",), wordings={"fr": wording, "en": wording})
    assert NoticeBody.read(body.to_text()) == body
    assert NoticeBody.read(body.to_text()).to_text() == body.to_text()
