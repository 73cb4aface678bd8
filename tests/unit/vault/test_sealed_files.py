"""Files at rest: what was sealed comes back whole, and nothing that was altered does."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.vault.errors import SealedFileError
from governance.vault.sealed_files import CHUNK_BYTES, seal_file, unseal_file

KEY, OTHER = bytes(range(32)), bytes(32)
_TAG = 16
_HEAD = 8


def sealed(content: bytes, key: bytes = KEY) -> bytes:
    target = io.BytesIO()
    assert seal_file(key, io.BytesIO(content), target) == len(content)
    return target.getvalue()


def unsealed(content: bytes, key: bytes = KEY) -> bytes:
    target = io.BytesIO()
    unseal_file(key, io.BytesIO(content), target)
    return target.getvalue()


class Dripping(io.BytesIO):
    """A source that gives little at once, as a network does."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size or 0, 1000) if size and size > 0 else size)


@pytest.mark.parametrize(
    "size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES + 7]
)
def test_a_file_comes_back_whole(size: int) -> None:
    content = bytes(place % 251 for place in range(size))

    assert unsealed(sealed(content)) == content


def test_a_source_that_gives_little_at_once_is_sealed_the_same() -> None:
    content = bytes(2 * CHUNK_BYTES + 5)
    target = io.BytesIO()

    seal_file(KEY, Dripping(content), target)

    assert unsealed(target.getvalue()) == content


def test_another_key_opens_nothing() -> None:
    with pytest.raises(SealedFileError):
        unsealed(sealed(b"Nom;E-mail"), OTHER)


def test_a_sealed_file_shows_nothing_of_what_it_holds() -> None:
    assert b"demo.example" not in sealed(b"zoe@demo.example" * 100)


@settings(max_examples=30)
@given(st.integers(0, 3 * (CHUNK_BYTES + _TAG)), st.integers(1, 255))
def test_a_byte_that_was_altered_closes_the_file(place: int, change: int) -> None:
    content = bytearray(sealed(bytes(3 * CHUNK_BYTES)))
    content[place % len(content)] ^= change

    with pytest.raises(SealedFileError):
        unsealed(bytes(content))


@pytest.mark.parametrize("chunks", [0, 1, 2])
def test_a_file_cut_between_chunks_does_not_open(chunks: int) -> None:
    whole = sealed(bytes(3 * CHUNK_BYTES))

    with pytest.raises(SealedFileError):
        unsealed(whole[: _HEAD + chunks * (CHUNK_BYTES + _TAG)])


def test_chunks_that_changed_places_do_not_open() -> None:
    whole = sealed(bytes(3 * CHUNK_BYTES))
    size = CHUNK_BYTES + _TAG
    head, first, second, rest = (
        whole[:_HEAD],
        whole[_HEAD : _HEAD + size],
        whole[_HEAD + size :][:size],
        whole[_HEAD + 2 * size :],
    )

    with pytest.raises(SealedFileError):
        unsealed(head + second + first + rest)
