"""Columns of adopted tables are called by what their names say, in whatever language they were named."""

import pytest

from governance.datamap.titles import title_of


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("last_name", "Family name"),
        ("nom_de_famille", "Family name"),
        ("FirstName", "Given name"),
        ("prenom", "Given name"),
        ("courriel", "E-mail"),
        ("code_postal", "Postcode"),
        ("date_of_birth", "Date of birth"),
        ("billing_postal_code", "Postcode of billing"),
        ("hire_date", "Date of employment"),
        # On other pages "Title" is a person's civility.
        ("title", "Heading or position"),
        ("iban", "IBAN"),
    ],
)
def test_a_name_that_says_one_thing_has_a_title(name: str, title: str) -> None:
    assert title_of(name) == title


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mail_subject", "Mail subject"),
        ("xq_7", "Xq 7"),
        ("name_of_ship", "Name of ship"),
        ("commande_2", "Commande 2"),
    ],
)
def test_any_other_is_its_own_name_in_words(name: str, words: str) -> None:
    assert title_of(name) == words
