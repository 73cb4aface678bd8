"""The keyring sealed by a real PKCS#11 token: Debian's SoftHSM2 (package softhsm2) in a folder of the test."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pkcs11
import pytest
from pkcs11 import Attribute, ObjectClass

from governance.vault.errors import (
    HardwareModuleError,
    KeyringCorruptError,
    KeyringMissingError,
    KeyringPermissionsError,
)
from governance.vault.keyring import Keyring, create_keyring, open_keyring
from tests.builders.ground import StandingClock

LIBRARIES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so")
PIN = "314159"
CLOCK = StandingClock()


def library() -> str:
    found = next((path for path in LIBRARIES if Path(path).exists()), None)
    if found is None or shutil.which("softhsm2-util") is None:
        raise RuntimeError("SoftHSM2 is missing: install the package softhsm2")
    return found


@pytest.fixture
def location(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make a token and return its URI."""
    tokens = tmp_path / "tokens"
    tokens.mkdir()
    configuration = tmp_path / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(configuration))
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", "egide", "--pin", PIN, "--so-pin", "271828"],
        check=True,
        capture_output=True,
    )
    pin = tmp_path / "pin"
    pin.write_text(f"{PIN}\n")
    pin.chmod(0o600)
    return f"pkcs11:token=egide;object=egide-kek?module-path={library()}&pin-source={pin}"


@pytest.fixture
def keyring(location: str, tmp_path: Path) -> Keyring:
    return create_keyring(location, tmp_path, clock=CLOCK)


def file_of(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "keyring.json"


def keys_in_token(attribute: Attribute = Attribute.ID) -> list[object]:
    loaded = pkcs11.lib(library())
    try:
        with loaded.get_token(token_label="egide").open(user_pin=PIN) as session:
            found = list(session.get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY}))
            return [key[attribute] for key in found]
    finally:
        loaded.finalize()


def test_a_sealed_keyring_opens_again_with_the_same_keys(keyring: Keyring, location: str, tmp_path: Path) -> None:
    opened = open_keyring(location, tmp_path)

    assert opened.secret("leaf") == keyring.secret("leaf")
    assert opened.installation == keyring.installation
    sealed = keyring.epoch_key(1).encrypt(bytes(12), b"x", None)
    assert opened.epoch_key(1).decrypt(bytes(12), sealed, None) == b"x"


def test_the_file_holds_no_key(keyring: Keyring, tmp_path: Path) -> None:
    document = json.loads(file_of(tmp_path).read_text())

    assert document.keys() == {"format", "key", "nonce", "sealed"}
    assert document["format"] == "egide-sealed-keyring/1"
    assert file_of(tmp_path).stat().st_mode & 0o777 == 0o600
    assert bytes.fromhex(document["key"]).startswith(keyring.installation)


@pytest.mark.usefixtures("keyring")
def test_the_sealing_key_never_leaves_the_token() -> None:
    assert keys_in_token(Attribute.EXTRACTABLE) == [False]
    assert keys_in_token(Attribute.SENSITIVE) == [True]
    assert keys_in_token(Attribute.VALUE_LEN) == [32]
    with pytest.raises(pkcs11.AttributeSensitive):
        keys_in_token(Attribute.VALUE)


def test_a_rotation_destroys_the_sealing_key_so_that_stolen_rings_stay_shut(
    keyring: Keyring, location: str, tmp_path: Path
) -> None:
    stolen = file_of(tmp_path).read_bytes()
    (before,) = keys_in_token()

    keyring.begin_epoch(CLOCK)
    keyring.destroy_epoch(1, CLOCK)

    (after,) = keys_in_token()
    assert after != before
    assert open_keyring(location, tmp_path).current_epoch == 2
    file_of(tmp_path).write_bytes(stolen)
    with pytest.raises(KeyringCorruptError, match="does not hold the key that sealed it"):
        open_keyring(location, tmp_path)


def test_another_installation_in_the_same_token_keeps_its_key(keyring: Keyring, location: str, tmp_path: Path) -> None:
    other = create_keyring(location, tmp_path / "other", clock=CLOCK)

    keyring.begin_epoch(CLOCK)

    assert len(keys_in_token()) == 2
    assert open_keyring(location, tmp_path / "other").secret("leaf") == other.secret("leaf")


def test_the_token_is_asked_at_start_and_not_for_each_key(
    keyring: Keyring, location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_keyring(location, tmp_path)
    monkeypatch.setenv("SOFTHSM2_CONF", "/nonexistent")

    sealed = keyring.epoch_key(1).encrypt(bytes(12), b"a subject key", None)
    assert opened.epoch_key(1).decrypt(bytes(12), sealed, None) == b"a subject key"
    assert opened.secret("leaf") == keyring.secret("leaf")


@pytest.mark.parametrize("part", ["sealed", "nonce", "key"])
@pytest.mark.usefixtures("keyring")
def test_an_altered_ring_is_refused(location: str, tmp_path: Path, part: str) -> None:
    document = json.loads(file_of(tmp_path).read_text())
    altered = bytearray.fromhex(document[part])
    altered[-1] ^= 1
    file_of(tmp_path).write_text(json.dumps({**document, part: altered.hex()}))

    with pytest.raises(KeyringCorruptError):
        open_keyring(location, tmp_path)


@pytest.mark.parametrize("content", ["", "{}", '{"format": "egide-sealed-keyring/1"}', "[]"])
@pytest.mark.usefixtures("keyring")
def test_what_is_no_sealed_ring_is_refused(location: str, tmp_path: Path, content: str) -> None:
    file_of(tmp_path).write_text(content)

    with pytest.raises(KeyringCorruptError):
        open_keyring(location, tmp_path)


@pytest.mark.usefixtures("keyring")
def test_a_wrong_pin_is_named_and_not_shown(location: str, tmp_path: Path) -> None:
    (tmp_path / "pin").write_text("999999")

    with pytest.raises(HardwareModuleError, match="PinIncorrect") as caught:
        open_keyring(location, tmp_path)

    assert "999999" not in str(caught.value)


@pytest.mark.usefixtures("keyring")
def test_a_pin_that_others_may_read_is_refused(location: str, tmp_path: Path) -> None:
    (tmp_path / "pin").chmod(0o644)

    with pytest.raises(KeyringPermissionsError, match="0644"):
        open_keyring(location, tmp_path)


@pytest.mark.usefixtures("keyring")
def test_an_unknown_token_is_named(location: str, tmp_path: Path) -> None:
    with pytest.raises(HardwareModuleError, match="token elsewhere failed to open the keyring: NoSuchToken"):
        open_keyring(location.replace("token=egide", "token=elsewhere"), tmp_path)


@pytest.mark.usefixtures("keyring")
def test_a_missing_library_is_one_clear_error(location: str, tmp_path: Path) -> None:
    with pytest.raises(HardwareModuleError):
        open_keyring(location.replace(library(), "/nonexistent/library.so"), tmp_path)


def test_a_missing_ring_is_missing_in_a_token_too(location: str, tmp_path: Path) -> None:
    with pytest.raises(KeyringMissingError):
        open_keyring(location, tmp_path / "elsewhere")


def test_a_process_that_forks_may_open_the_ring_again(keyring: Keyring, location: str, tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = 0 if open_keyring(location, tmp_path).secret("leaf") == keyring.secret("leaf") else 2
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert open_keyring(location, tmp_path).secret("leaf") == keyring.secret("leaf")
