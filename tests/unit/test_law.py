"""Articles of law, as each language quotes them."""

import pytest

from governance.law import quoted, read_at


@pytest.mark.parametrize(
    ("written", "french"),
    [
        ("GDPR Art. 6", "RGPD, art. 6"),
        ("GDPR Art. 6(1)(a)", "RGPD, art. 6, § 1, a"),
        ("GDPR Art. 30(1)(a), 30(2)(a)", "RGPD, art. 30, § 1, a et 30, § 2, a"),
        ("pas de destinataires (GDPR Art. 30(1)(d)).", "pas de destinataires (RGPD, art. 30, § 1, d)."),
        ("(GDPR Art. 5(2), 24(1)) ; puis GDPR Art. 28", "(RGPD, art. 5, § 2 et 24, § 1) ; puis RGPD, art. 28"),
        ("selon GDPR Art. 12(3), 30 jours", "selon RGPD, art. 12, § 3, 30 jours"),
        ("French Data Protection Act, Art. 85", "French Data Protection Act, Art. 85"),
        ("rien", "rien"),
    ],
)
def test_french_quotes_articles_its_own_way_wherever_they_stand(written: str, french: str) -> None:
    assert quoted(written, "fr") == french
    assert quoted(written, "en") == written, "the code quotes them as English does"


@pytest.mark.parametrize(("language", "place"), [("fr", "FR"), ("en", "EN")])
def test_an_article_is_read_in_the_language_of_the_reader(language: str, place: str) -> None:
    address = read_at("GDPR Art. 30(1)(a), 28(3)", language)

    assert address == f"https://eur-lex.europa.eu/legal-content/{place}/TXT/HTML/?uri=CELEX:32016R0679#art_30"


def test_of_another_law_nothing_is_linked() -> None:
    assert read_at("French Data Protection Act, Art. 85", "fr") is None
