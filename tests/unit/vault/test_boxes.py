"""A box opens where it was sealed, and nowhere else."""

import uuid
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import assume, given
from hypothesis import strategies as st

from governance.vault.boxes import OVERHEAD_BYTES, BoxBinding, BoxColumn, shape_number
from governance.vault.errors import BoxError
from governance.vocabulary import DataCategory

KEY = AESGCM(bytes(range(32)))
ROW = uuid.UUID("018f0000-0000-7000-8000-000000000001").bytes
COLUMN = BoxColumn(installation=bytes(16), table=3, link="person", category=DataCategory.CONTACT)
BINDING = BoxBinding.of(COLUMN, 7, ("email", "phone"))
PLACE: dict[str, Any] = {"row_id": ROW, "subject_id": 42, "key_version": 1, "revision": 5}
PLAINTEXT = b'{"email":"ada@mail.example","phone":null}'

names = st.lists(st.text(st.characters(codec="ascii", categories=["Ll"]), max_size=4), max_size=3)
columns = st.builds(
    BoxColumn,
    installation=st.binary(min_size=16, max_size=16),
    table=st.integers(0, 3),
    link=st.sampled_from(["", "a", "ab", "b"]),
    category=st.sampled_from(DataCategory),
)
bindings = st.builds(BoxBinding.of, columns, st.integers(0, 2), names)
places = st.fixed_dictionaries(
    {
        "row_id": st.binary(min_size=16, max_size=16),
        "subject_id": st.integers(0, 2**64 - 1),
        "key_version": st.integers(0, 2**32 - 1),
        "revision": st.integers(0, 2**32 - 1),
    }
)


def seal(**changes: Any) -> bytes:
    return BINDING.seal(KEY, **PLACE | changes, plaintext=PLAINTEXT)


def test_a_box_opens_where_it_was_sealed() -> None:
    box = seal()

    assert BINDING.open(KEY, **PLACE, box=box) == PLAINTEXT
    assert len(box) == len(PLAINTEXT) + OVERHEAD_BYTES
    assert PLAINTEXT not in box


def test_two_boxes_of_one_value_differ() -> None:
    assert seal() != seal()


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"row_id": bytes(16)},
        {"subject_id": 43},
        {"key_version": 2},
        {"revision": 4},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_moved_or_replayed_box_does_not_open(elsewhere: dict[str, Any]) -> None:
    box = seal()

    with pytest.raises(BoxError):
        BINDING.open(KEY, **PLACE | elsewhere, box=box)


@pytest.mark.parametrize(
    "other",
    [
        BoxBinding.of(replace(COLUMN, installation=bytes(15) + b"\1"), 7, BINDING.fields),
        BoxBinding.of(replace(COLUMN, table=4), 7, BINDING.fields),
        BoxBinding.of(replace(COLUMN, link="buyer"), 7, BINDING.fields),
        BoxBinding.of(replace(COLUMN, category=DataCategory.FAMILY), 7, BINDING.fields),
        BoxBinding.of(COLUMN, 8, BINDING.fields),
        BoxBinding.of(COLUMN, 7, ("phone", "email")),
        BoxBinding.of(COLUMN, 7, ("email", "phon", "e")),
        BoxBinding.of(COLUMN, 7, ("email",)),
    ],
)
def test_a_swapped_box_does_not_open(other: BoxBinding) -> None:
    box = seal()

    with pytest.raises(BoxError):
        other.open(KEY, **PLACE, box=other.header + box[3:])


def test_a_box_of_another_person_does_not_open() -> None:
    with pytest.raises(BoxError):
        BINDING.open(AESGCM(bytes(32)), **PLACE, box=seal())


@given(position=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_flipped_bit_never_opens(position: int, bit: int) -> None:
    box = bytearray(seal())
    box[position % len(box)] ^= 1 << bit

    with pytest.raises(BoxError):
        BINDING.open(KEY, **PLACE, box=bytes(box))


@given(length=st.integers(0, len(PLAINTEXT) + OVERHEAD_BYTES - 1))
def test_a_cut_box_never_opens(length: int) -> None:
    with pytest.raises(BoxError):
        BINDING.open(KEY, **PLACE, box=seal()[:length])


@given(sealed=st.tuples(bindings, places), opened=st.tuples(bindings, places), plaintext=st.binary(max_size=40))
def test_a_box_never_opens_under_another_binding(
    sealed: tuple[BoxBinding, dict[str, Any]], opened: tuple[BoxBinding, dict[str, Any]], plaintext: bytes
) -> None:
    box = sealed[0].seal(KEY, **sealed[1], plaintext=plaintext)
    assert sealed[0].open(KEY, **sealed[1], box=box) == plaintext
    assume(sealed != opened)

    with pytest.raises(BoxError):
        opened[0].open(KEY, **opened[1], box=opened[0].header + box[3:])


@given(one=bindings, other=bindings)
def test_no_two_bindings_share_their_prefix(one: BoxBinding, other: BoxBinding) -> None:
    assert (one == other) == (one.prefix == other.prefix)


def test_an_error_names_the_place_and_nothing_of_the_content() -> None:
    with pytest.raises(BoxError) as caught:
        BINDING.open(KEY, **PLACE | {"revision": 6}, box=seal())

    assert str(caught.value) == (
        "The box contact of row 018f0000-0000-7000-8000-000000000001 in table 3 does not open: it was altered."
    )
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_the_plaintext_is_canonical() -> None:
    assert BINDING.encode({"phone": None, "email": "ada@mail.example"}) == PLAINTEXT


@pytest.mark.parametrize("values", [{"email": "a"}, {"email": "a", "phone": "b", "fax": "c"}, {}])
def test_a_plaintext_holds_exactly_the_fields_of_its_shape(values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="not those of the shape"):
        BINDING.encode(values)


def test_a_value_that_is_not_json_is_refused_without_being_shown() -> None:
    with pytest.raises(ValueError, match="JSON") as caught:
        BINDING.encode({"email": object(), "phone": None})

    assert caught.value.__suppress_context__


def test_the_shape_is_read_from_the_envelope() -> None:
    assert shape_number(seal()) == 7
    assert shape_number(b"") is None
    assert shape_number(b"\x02" + seal()[1:]) is None


def test_the_format_has_not_changed() -> None:
    # A box sealed by the first version, kept for ever.
    box = bytes.fromhex(
        "010007"
        "000102030405060708090a0b"
        "3c20b376a48cae39b763f6efd0a9150ceabaa951881a320c5402c7a93f1968dd6f758cc6c1b47ef4"
        "094d56422a170e0db16d965260bb21a95f"
    )

    assert BINDING.open(KEY, **PLACE, box=box) == PLAINTEXT
    assert BINDING.prefix.hex() == (
        "000b65676964652f626f782f31"  # "egide/box/1"
        "001000000000000000000000000000000000"  # installation
        "00020003"  # table
        "0006706572736f6e"  # "person"
        "000102"  # contact
        "00020007"  # shape
        "0005656d61696c000570686f6e65"  # "email", "phone"
    )
    assert BINDING.tail(ROW, 42, 1, 5).hex() == "018f0000000070008000000000000001000000000000002a0000000100000005"
