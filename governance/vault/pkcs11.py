"""The keyring sealed by a PKCS#11 token (v2.40), for instance a hardware security module or SoftHSM2.

Each content of the ring is sealed by a fresh AES-256 key that the token makes and never gives out (sensitive, not
extractable), with AES-GCM (CKM_AES_GCM) and the key's id as associated data. After the next content is written, the key
before it is destroyed: a stolen backup of the ring is then unreadable even to who holds the token. So a new backup of
the ring is due after each rotation. A key's id is the installation's 16 bytes and 8 random ones.

    {"format": "egide-sealed-keyring/1", "key": hex, "nonce": hex, "sealed": hex}

The token is asked once at start, not for each row. The library is initialised for each call and finalised after it, for
it does not survive a fork.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import orjson
import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass

from governance.vault.errors import HardwareModuleError
from governance.vault.private_file import read_private
from governance.vault.token_uri import TokenUri

FORMAT: Final = "egide-sealed-keyring/1"
_LABEL: Final = b"egide/keyring/1"
_KEY_BITS: Final = 256
_ID_BYTES: Final = 8
_NONCE_BYTES: Final = 12
_TAG_BITS: Final = 128
# One call at a time: initialising and finalising belong to the whole process.
_calling: Final = threading.Lock()


class TokenSeal:
    """The seal of one token."""

    def __init__(self, uri: TokenUri) -> None:
        """Ask nothing yet."""
        self._uri: Final = uri

    def seal(self, content: bytes, owner: bytes) -> bytes:
        """Return the content sealed by a fresh key of the token.

        Raises:
            HardwareModuleError: If the token fails.
            KeyringPermissionsError: If others may read the PIN.
        """
        key_id = owner + os.urandom(_ID_BYTES)
        nonce = os.urandom(_NONCE_BYTES)
        with self._session("seal the keyring", writing=True) as session:
            key = session.generate_key(
                KeyType.AES,
                _KEY_BITS,
                id=key_id,
                label=self._uri.object,
                store=True,
                capabilities=MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT,
                template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
            )
            sealed = key.encrypt(content, mechanism=Mechanism.AES_GCM, mechanism_param=_parameters(nonce, key_id))
        return orjson.dumps(
            {"format": FORMAT, "key": key_id.hex(), "nonce": nonce.hex(), "sealed": bytes(sealed).hex()},
            option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
        )

    def unseal(self, content: bytes) -> bytes:
        """Return what was sealed.

        Raises:
            ValueError: If it was not sealed by this token, or was altered.
            HardwareModuleError: If the token fails.
            KeyringPermissionsError: If others may read the PIN.
        """
        key_id, nonce, sealed = _parse(content)
        with self._session("open the keyring") as session:
            found = list(session.get_objects(_keys(self._uri.object, key_id)))
            if not found:
                raise ValueError("the token does not hold the key that sealed it")
            try:
                opened = found[0].decrypt(
                    sealed, mechanism=Mechanism.AES_GCM, mechanism_param=_parameters(nonce, key_id)
                )
            except (pkcs11.EncryptedDataInvalid, pkcs11.EncryptedDataLenRange, pkcs11.GeneralError):
                # SoftHSM2 answers a wrong tag with CKR_GENERAL_ERROR.
                raise ValueError("it was altered since it was sealed") from None
        return bytes(opened)

    def forget_others(self, content: bytes, owner: bytes) -> None:
        """Destroy the keys of this installation that sealed older contents.

        Raises:
            HardwareModuleError: If the token fails.
            KeyringPermissionsError: If others may read the PIN.
        """
        kept, _, _ = _parse(content)
        with self._session("destroy old keys", writing=True) as session:
            for key in list(session.get_objects(_keys(self._uri.object))):
                if key.id != kept and key.id[: len(owner)] == owner:
                    key.destroy()

    @contextmanager
    def _session(self, action: str, *, writing: bool = False) -> Iterator[Any]:
        pin = read_private(self._uri.pin_source).decode().strip()
        with _calling:
            try:
                library = pkcs11.lib(str(self._uri.module_path))
                try:
                    token = library.get_token(**self._token())
                    with token.open(rw=writing, user_pin=pin) as session:
                        yield session
                finally:
                    library.finalize()
            except RuntimeError as error:
                # Every error of the library is one; its name says what happened and quotes nothing.
                raise HardwareModuleError(token=self._uri.token, action=action, reason=type(error).__name__) from None

    def _token(self) -> dict[str, str | bytes]:
        wanted: dict[str, str | bytes] = {"token_label": self._uri.token}
        if self._uri.serial is not None:
            wanted["token_serial"] = self._uri.serial.encode()
        return wanted


def _keys(label: str, key_id: bytes | None = None) -> dict[Attribute, object]:
    wanted: dict[Attribute, object] = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.LABEL: label}
    if key_id is not None:
        wanted[Attribute.ID] = key_id
    return wanted


def _parameters(nonce: bytes, key_id: bytes) -> pkcs11.GCMParams:
    return pkcs11.GCMParams(nonce, _LABEL + key_id, _TAG_BITS)


def _parse(content: bytes) -> tuple[bytes, bytes, bytes]:
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise ValueError("it is not JSON") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(f"its format is not {FORMAT}")
    try:
        return bytes.fromhex(document["key"]), bytes.fromhex(document["nonce"]), bytes.fromhex(document["sealed"])
    except (KeyError, TypeError, ValueError):
        raise ValueError("a part of it is missing or malformed") from None
