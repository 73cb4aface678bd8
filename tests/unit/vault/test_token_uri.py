"""The address of a hardware token, RFC 7512."""

import sys
from pathlib import Path

import pytest

from governance.vault.errors import HardwareModuleMissingError, KeyLocationError
from governance.vault.keyring import open_keyring
from governance.vault.token_uri import TokenUri

URI = "pkcs11:token=egide;object=egide-kek?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=/etc/egide/pin"


def test_a_uri_names_token_key_library_and_pin_file() -> None:
    assert TokenUri.parse(URI) == TokenUri(
        token="egide",
        object="egide-kek",
        serial=None,
        module_path=Path("/usr/lib/softhsm/libsofthsm2.so"),
        pin_source=Path("/etc/egide/pin"),
    )


def test_parts_are_percent_decoded() -> None:
    uri = "pkcs11:serial=4b%2D1;object=a%20b;token=The%20Token?pin-source=file:///etc/a%20pin&module-path=/m.so"

    parsed = TokenUri.parse(uri)

    assert (parsed.serial, parsed.object, parsed.token) == ("4b-1", "a b", "The Token")
    assert parsed.pin_source == Path("/etc/a pin")


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("pkcs11:", "no token"),
        ("pkcs11:token=egide?module-path=/m&pin-source=/p", "no object"),
        ("pkcs11:token=egide;object=k?pin-source=/p", "module-path"),
        ("pkcs11:token=egide;object=k?module-path=/m", "pin-source"),
        ("pkcs11:token=egide;object=k?module-path=m&pin-source=/p", "absolute path"),
        ("pkcs11:token=egide;token=b;object=k?module-path=/m&pin-source=/p", "token twice"),
        ("pkcs11:token=egide;colour=red;object=k?module-path=/m&pin-source=/p", "unknown attribute"),
        ("pkcs11:token=egide;object=k?module-path=/m&pin-value=314159", "not in the URI"),
    ],
)
def test_a_uri_that_cannot_be_used_is_refused_without_showing_it(uri: str, reason: str) -> None:
    with pytest.raises(KeyLocationError, match=reason) as caught:
        TokenUri.parse(uri)

    assert "314159" not in str(caught.value)
    assert "red" not in str(caught.value)


def test_without_the_extra_the_error_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    monkeypatch.delitem(sys.modules, "governance.vault.pkcs11", raising=False)

    with pytest.raises(HardwareModuleMissingError, match=r"egide\[hsm\]"):
        open_keyring(URI, tmp_path)
