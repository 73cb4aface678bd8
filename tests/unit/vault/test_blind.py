"""Blind tokens: equal for equivalent spellings, silent about everything else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.vault import french_sounds
from governance.vault.blind import BUCKETS, BlindIndex, IndexKind
from governance.vault.errors import LookupValueError
from governance.vault.normal_forms import normalise, words
from tests.builders.vault import a_keyring

KEY = bytes(range(32))
FIELD = 7
INDEXES = {kind: BlindIndex(kind, FIELD, KEY) for kind in IndexKind}
EQUIVALENT = [
    ("email", ["ada.lovelace@mail.example", " Ada.Lovelace@MAIL.example ", "ADA.LOVELACE@mail.EXAMPLE"]),
    ("email", ["jos\u00e9@mail.example", "jose\u0301@mail.example", "JOS\u00c9@MAIL.EXAMPLE"]),
    ("email", ["a@caf\u00e9.example", "a@xn--caf-dma.example"]),
    ("phone", ["+33639981234", "06 39 98 12 34", "06.39.98.12.34", "0033 6 39 98 12 34", "+33 (0)6 39 98 12 34"]),
    ("phone", ["+3225550123", "0032 2 555 01 23", "+32 (0)2 555 01 23"]),
    ("siret", ["73282932000074", "732 829 320 00074", "732.829.320.00074"]),
    ("siren", ["732829320", "732 829 320"]),
    ("name", ["Lef\u00e8vre", "LEFEVRE", "lefe\u0300vre", "Lefevre "]),
    ("name", ["Dupont-Durand", "dupont durand", "DUPONT DURAND"]),
    ("name", ["O'Neill", "ONEILL", "o neill"]),
]
MALFORMED = [
    ("email", "ada"), ("email", "@mail.example"), ("email", "ada@"), ("email", "a b@mail.example"),
    ("phone", "12"), ("phone", "call me"), ("phone", ""), ("phone", "+999999999999999999"),
    ("siret", "7328293200007"), ("siret", "7328293200007x"), ("siret", "\u0667" * 14), ("siren", "73282932"),
    ("name", "!!!"), ("name", ""),
    ("postcode", "7501"), ("postcode", "00100"), ("postcode", "96000"), ("postcode", "SW1A 1AA"), ("postcode", "20"),
    ("email", "a" * 400 + "@mail.example"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "spellings"), EQUIVALENT)
def test_equivalent_spellings_get_equal_tokens(kind: str, spellings: list[str]) -> None:
    index = INDEXES[IndexKind.NAME_SOUND if kind == "name" else IndexKind(f"{kind}/exact")]

    assert len({index.probe(spelling) for spelling in spellings}) == 1
    for spelling in spellings:
        assert index.probe(spellings[0]) in index.tokens(spelling)
        assert index.matches(spelling, spellings[0])


@pytest.mark.parametrize(("kind", "value"), MALFORMED)
def test_a_malformed_lookup_is_refused_without_showing_the_value(kind: str, value: str) -> None:
    with pytest.raises(LookupValueError) as caught:
        normalise(kind, value)

    assert not value or value not in str(caught.value)
    assert caught.value.__context__ is None
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("postcode", "area"),
    [
        ("75011", "75"), ("01000", "01"), ("20000", "2A"), ("20137", "2A"), ("20200", "2B"), ("20600", "2B"),
        ("97100", "971"), ("97460", "974"), ("97600", "976"), ("98800", "988"), ("2a", "2A"), ("69", "69"),
        ("974", "974"),
    ],
)  # fmt: skip
def test_a_postcode_is_found_by_its_departement(postcode: str, area: str) -> None:
    assert normalise("postcode", postcode) == area


def test_a_value_without_normal_form_has_no_tokens() -> None:
    assert INDEXES[IndexKind.AREA].tokens("SW1A 1AA") == []
    assert INDEXES[IndexKind.EMAIL].tokens("none") == []
    assert not INDEXES[IndexKind.EMAIL].matches("none", "ada@mail.example")


@pytest.mark.parametrize(
    "names",
    [
        "Dupont Dupond Dupon Duponts", "Lefèvre Lefebvre Lefaivre", "Henry Henri Anry", "Thomas Tomas",
        "Gauthier Gautier Gotier", "Schmitt Schmidt", "Philippe Filip", "Christophe Kristof",
        "Moreau Morot Morault Moraud",
        "Renault Renaud Reno", "Aubert Haubert Obert", "Rousseau Roussot", "Lemaire Lemère", "Besnard Bénard",
        "Girard Jirar", "Guérin Guerrin", "François Fransois", "Xavier Ksavier", "Walter Valter", "Jean Geant",
        "Lamblin Lanblin", "Georges Jorges", "Agnès Anies", "Legrand Legran", "Petit Peti", "Té T",
    ],
)  # fmt: skip
def test_names_that_sound_alike_are_found_by_sound(names: str) -> None:
    index = INDEXES[IndexKind.NAME_SOUND]

    assert len({index.probe(name) for name in names.split()}) == 1


@pytest.mark.parametrize("names", ["Martin Moreau", "Girard Guérin", "Petit Robert", "Michel Nicolas", "Blanc Brun"])
def test_names_that_sound_different_are_told_apart(names: str) -> None:
    index = INDEXES[IndexKind.NAME_SOUND]

    assert len({index.probe(name) for name in names.split()}) == 2


def test_a_part_of_a_name_finds_it() -> None:
    for kind in (IndexKind.NAME_SOUND, IndexKind.NAME_PREFIX):
        index = INDEXES[kind]

        for asked in ("Dupont-Durand", "Dupont", "Durand", "durand"):
            assert index.probe(asked) in index.tokens("Dupont-Durand")
            assert index.matches("Dupont-Durand", asked)


def test_a_name_is_found_by_its_beginning() -> None:
    index = INDEXES[IndexKind.NAME_PREFIX]

    for asked in ("lef", "LEFE", "Lefèv", "lefevr", "Lefèvre"):
        assert index.probe(asked) in index.tokens("Lefèvre")
        assert index.matches("Lefèvre", asked)
    assert not index.matches("Lefevrier", "Lefèvres")
    # Longer than the longest token: the bucket is that of "lefev", the comparison tells.
    assert index.probe("lefevrier") in index.tokens("Lefèvre")
    assert not index.matches("Lefèvre", "lefevrier")


def test_a_beginning_of_two_letters_is_refused() -> None:
    with pytest.raises(LookupValueError, match="3 letters"):
        INDEXES[IndexKind.NAME_PREFIX].probe("le")


@given(value=st.text(max_size=30))
def test_tokens_are_deterministic_and_hold_the_field_number_above_their_bits(value: str) -> None:
    for kind, index in INDEXES.items():
        tokens = index.tokens(value)

        assert tokens == BlindIndex(kind, FIELD, KEY).tokens(value)
        assert all(token >> 48 == FIELD and token % (1 << 48) < 1 << BUCKETS[kind] for token in tokens)


@given(value=st.text(max_size=30))
def test_whatever_can_be_asked_for_finds_itself(value: str) -> None:
    for index in INDEXES.values():
        try:
            asked = index.probe(value)
        except LookupValueError:
            continue
        assert asked in index.tokens(value)
        assert index.matches(value, value)


@given(name=st.text(st.characters(codec="latin-1", categories=["L"]), min_size=1, max_size=20))
def test_every_name_with_letters_has_a_sound(name: str) -> None:
    for word in words(name):
        code = french_sounds.code(word)
        assert 0 < len(code) <= french_sounds.CODE_LETTERS
        assert code.isalpha()
        assert code.islower()


def test_every_kind_of_index_has_its_bits() -> None:
    assert BUCKETS.keys() == set(IndexKind)
    assert all(8 <= bits <= 48 for bits in BUCKETS.values())


def test_the_greatest_field_number_fits_in_63_bits() -> None:
    (token,) = BlindIndex(IndexKind.EMAIL, (1 << 15) - 1, KEY).tokens("ada@mail.example")

    assert token < 1 << 63


def test_a_word_of_a_name_is_found_by_two_beginnings_at_most() -> None:
    index = INDEXES[IndexKind.NAME_PREFIX]

    assert [len(index.tokens(name)) for name in ("Li", "Roy", "Petit", "Bartholomé")] == [0, 1, 2, 2]


def test_two_fields_never_share_tokens(tmp_path: Path) -> None:
    keyring = a_keyring(tmp_path)
    one, other, again = (BlindIndex.of_field(keyring, number, "email", "exact") for number in (1, 2, 1))

    assert one.probe("ada@mail.example") != other.probe("ada@mail.example")
    assert one.probe("ada@mail.example") == again.probe("ada@mail.example")


def test_a_field_that_cannot_be_searched_so_has_no_index(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="email/phonetic"):
        BlindIndex.of_field(a_keyring(tmp_path), 1, "email", "phonetic")
