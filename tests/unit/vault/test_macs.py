"""Keyed MACs of what decides."""

import hmac
import pickle
import struct
from pathlib import Path

import pytest

from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from governance.vault.macs import MAC_VERSION
from tests.builders.vault import an_attestor


@pytest.fixture
def attestor(tmp_path: Path) -> Attestor:
    return an_attestor(tmp_path)


def test_a_mac_fits_its_values(attestor: Attestor) -> None:
    mac = attestor.mac("grant", 1, "sales", None)

    assert len(mac) == 17
    assert mac[:1] == MAC_VERSION
    attestor.check(mac, "grant", 1, "sales", None)


@pytest.mark.parametrize(
    ("kind", "parts"),
    [("grant", (1, "marketing")), ("role", (1, "sales")), ("grant", (1,)), ("grant", (1, "sales", None))],
)
def test_a_mac_fits_nothing_else(attestor: Attestor, kind: str, parts: tuple[int | str | None, ...]) -> None:
    mac = attestor.mac("grant", 1, "sales")

    with pytest.raises(AttestationError, match=f"{kind} 1 was altered"):
        attestor.check(mac, kind, *parts)


def test_another_version_does_not_fit(attestor: Attestor) -> None:
    mac = attestor.mac("grant", 1)

    with pytest.raises(AttestationError):
        attestor.check(b"\x02" + mac[1:], "grant", 1)


def test_a_mac_of_another_installation_does_not_fit(attestor: Attestor, tmp_path: Path) -> None:
    with pytest.raises(AttestationError):
        an_attestor(tmp_path / "other").check(attestor.mac("grant", 1), "grant", 1)


def test_the_fixed_encoding_is_bound_to_its_kind(attestor: Attestor) -> None:
    def digest(kind: str) -> bytes:
        keyed = attestor.prekeyed(kind).copy()
        keyed.update(struct.pack(">QH", 1, 2))
        return keyed.digest()

    assert hmac.compare_digest(digest("consent"), digest("consent"))
    assert digest("consent") != digest("objection")


def test_the_two_encodings_never_meet(attestor: Attestor) -> None:
    assert attestor.prekeyed("consent").digest() != attestor.mac("consent")[1:]


def test_the_digest_of_a_set_does_not_depend_on_the_order(attestor: Attestor) -> None:
    assert attestor.set_digest([b"a", b"b"]) == attestor.set_digest([b"b", b"a"])
    assert attestor.set_digest([b"a", b"b"]) != attestor.set_digest([b"ab"])
    assert attestor.set_digest([b"a", b"a"]) != attestor.set_digest([b"a"])


def test_an_attestor_is_not_pickled(attestor: Attestor) -> None:
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(attestor)
