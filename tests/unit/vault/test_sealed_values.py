"""Small values sealed in our tables: readable to nobody, and good for their own place alone."""

import pickle
import uuid
from pathlib import Path

import pytest

from governance.vault.errors import AttestationError
from governance.vault.sealed_values import SealedValues
from tests.builders.vault import a_keyring

ADA, BOB = uuid.UUID(int=1), uuid.UUID(int=2)
FIRST, SECOND = uuid.UUID(int=11), uuid.UUID(int=12)


@pytest.fixture
def values(tmp_path: Path) -> SealedValues:
    return SealedValues(a_keyring(tmp_path))


def test_a_value_opens_where_it_was_sealed_and_cannot_be_read(values: SealedValues) -> None:
    sealed = values.seal(b"SECRET", "totp", ADA, FIRST)

    assert values.open(sealed, "totp", ADA, FIRST) == b"SECRET"
    assert b"SECRET" not in sealed
    assert values.seal(b"SECRET", "totp", ADA, FIRST) != sealed, "the same value twice shows to be no same one"


def test_a_value_opens_for_no_other_owner_or_row_and_as_nothing_else(values: SealedValues) -> None:
    sealed = values.seal(b"SECRET", "totp", ADA, FIRST)

    for kind, *whose in (("totp", BOB, FIRST), ("totp", ADA, SECOND), ("totp", ADA), ("totp-draft", ADA, FIRST)):
        with pytest.raises(AttestationError):
            values.open(sealed, str(kind), *whose)


def test_a_value_that_was_altered_does_not_open(values: SealedValues) -> None:
    sealed = values.seal(b"SECRET", "totp", ADA, FIRST)

    for altered in (b"", sealed[:5], sealed[:-1], b"\x02" + sealed[1:], sealed[:-1] + bytes([sealed[-1] ^ 1])):
        with pytest.raises(AttestationError):
            values.open(altered, "totp", ADA, FIRST)


def test_another_house_opens_nothing(values: SealedValues, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = SealedValues(a_keyring(tmp_path / "other"))

    with pytest.raises(AttestationError):
        other.open(values.seal(b"SECRET", "totp", ADA, FIRST), "totp", ADA, FIRST)


def test_its_key_is_not_pickled(values: SealedValues) -> None:
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(values)
