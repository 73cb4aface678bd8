"""A wrapped subject key opens under the marks of its row, and under no others."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import assume, given
from hypothesis import strategies as st

from governance.vault.errors import KeyMissingError, SubjectErasedError, SubjectKeyError
from governance.vault.keyring import Keyring
from governance.vault.models import SUBJECT_TRANSITIONS, WRAPPED_KEY_BYTES, SubjectState, SubjectVerb
from governance.vault.subject_keys import AAD_MARKS, Marks, aad_prefix, objections_of, rewrap, unwrap, wrap
from tests.builders.ground import StandingClock
from tests.builders.vault import a_keyring

KEY = bytes(range(32))
MARKS = Marks(id=42, kind=1, state=1, objections=b"\0\7", key_version=1, epoch=1)
NONCE = bytes(12)

objections = st.lists(st.integers(0, 65535), max_size=3).map(lambda ids: b"".join(i.to_bytes(2, "big") for i in ids))
marks = st.builds(
    Marks,
    id=st.integers(0, 2**64 - 1),
    kind=st.integers(0, 255),
    state=st.integers(0, 255),
    objections=objections,
    key_version=st.integers(0, 2**32 - 1),
    epoch=st.just(1),
)


@pytest.fixture(scope="module")
def keyring(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    return a_keyring(tmp_path_factory.mktemp("vault"))


def opens_as_the_key(found: AESGCM) -> bool:
    return found.encrypt(NONCE, b"x", None) == AESGCM(KEY).encrypt(NONCE, b"x", None)


def test_a_wrapped_key_opens_under_its_marks(keyring: Keyring) -> None:
    wrapped = wrap(keyring, MARKS, KEY)

    assert len(wrapped) == WRAPPED_KEY_BYTES
    assert KEY not in wrapped
    assert opens_as_the_key(unwrap(keyring, MARKS, wrapped))
    assert wrapped != wrap(keyring, MARKS, KEY)


@pytest.mark.parametrize(
    "change",
    [{"id": 43}, {"kind": 2}, {"state": 2}, {"objections": b""}, {"objections": b"\0\7\0\7"}, {"key_version": 2}],
    ids=str,
)
def test_a_changed_mark_closes_the_person(keyring: Keyring, change: dict[str, int | bytes]) -> None:
    wrapped = wrap(keyring, MARKS, KEY)

    with pytest.raises(SubjectKeyError):
        unwrap(keyring, MARKS._replace(**change), wrapped)  # type: ignore[arg-type]


@given(wrapped_under=marks, opened_under=marks)
def test_a_key_wrapped_under_some_marks_never_opens_under_others(
    keyring: Keyring, wrapped_under: Marks, opened_under: Marks
) -> None:
    wrapped = wrap(keyring, wrapped_under, KEY)
    assert opens_as_the_key(unwrap(keyring, wrapped_under, wrapped))
    assume(wrapped_under != opened_under)

    with pytest.raises(SubjectKeyError):
        unwrap(keyring, opened_under, wrapped)


@given(position=st.integers(0, WRAPPED_KEY_BYTES - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_never_opens(keyring: Keyring, position: int, bit: int) -> None:
    wrapped = bytearray(wrap(keyring, MARKS, KEY))
    wrapped[position] ^= 1 << bit

    with pytest.raises(SubjectKeyError):
        unwrap(keyring, MARKS, bytes(wrapped))


@pytest.mark.parametrize("wrapped", [b"", b"short", bytes(12), bytes(60), bytes(61)])
def test_what_is_no_wrapped_key_never_opens(keyring: Keyring, wrapped: bytes) -> None:
    with pytest.raises(SubjectKeyError):
        unwrap(keyring, MARKS, wrapped)


def test_a_mark_out_of_its_range_never_opens(keyring: Keyring) -> None:
    wrapped = wrap(keyring, MARKS, KEY)

    with pytest.raises(SubjectKeyError):
        unwrap(keyring, MARKS._replace(kind=-1), wrapped)


def test_a_destroyed_key_says_that_the_person_was_erased(keyring: Keyring) -> None:
    with pytest.raises(SubjectErasedError, match="42"):
        unwrap(keyring, MARKS, None)


def test_a_key_of_an_unknown_epoch_says_which(keyring: Keyring) -> None:
    with pytest.raises(KeyMissingError, match="epoch 9"):
        unwrap(keyring, MARKS._replace(epoch=9), bytes(60))


def test_a_key_moves_to_another_epoch(tmp_path_factory: pytest.TempPathFactory) -> None:
    keyring = a_keyring(tmp_path_factory.mktemp("rotated"))
    wrapped = wrap(keyring, MARKS, KEY)
    keyring.begin_epoch(StandingClock())

    moved = rewrap(keyring, MARKS, wrapped, 2)

    assert opens_as_the_key(unwrap(keyring, MARKS._replace(epoch=2), moved))
    with pytest.raises(SubjectKeyError):
        unwrap(keyring, MARKS, moved)


def test_the_hot_loop_of_the_documentation_opens_what_wrap_wraps(keyring: Keyring) -> None:
    wrapped = wrap(keyring, MARKS, KEY)
    keys, prefix = keyring.epoch_keys(), aad_prefix(keyring)

    subject_key = AESGCM(
        keys[MARKS.epoch].decrypt(
            wrapped[:12],
            wrapped[12:],
            prefix
            + AAD_MARKS.pack(MARKS.id, MARKS.kind, MARKS.state, MARKS.key_version, MARKS.epoch)
            + MARKS.objections,
        )
    )

    assert opens_as_the_key(subject_key)


def test_objections_are_numbers_of_two_bytes() -> None:
    assert objections_of(b"") == frozenset()
    assert objections_of(b"\0\7\1\0") == {7, 256}


def test_every_verb_leads_somewhere_and_erasure_is_final() -> None:
    assert {verb for _, verb in SUBJECT_TRANSITIONS} == set(SubjectVerb)
    assert not any(state is SubjectState.ERASED for state, _ in SUBJECT_TRANSITIONS)
