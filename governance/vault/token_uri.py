"""A `pkcs11:` URI (RFC 7512) that names the token and the key which seal the keyring.

    pkcs11:token=egide;object=egide-kek?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=/etc/egide/pin

The PIN comes from a file (`pin-source`) only: a `pin-value` would stand in the environment and in process listings.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from urllib.parse import unquote

from governance.errors import phrase
from governance.vault.errors import KeyLocationError

SCHEME: Final = "pkcs11:"
_PATH: Final = frozenset({"token", "object", "serial"})
_QUERY: Final = frozenset({"module-path", "pin-source"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenUri:
    """What the URI says.

    Attributes:
        token: The token's label.
        object: The label of the keys that seal.
        serial: The token's serial number, where two tokens have one label.
        module_path: The PKCS#11 library.
        pin_source: The file that holds the PIN.
    """

    token: str
    object: str
    serial: str | None
    module_path: Path
    pin_source: Path

    @classmethod
    def parse(cls, uri: str) -> Self:
        """Read a URI.

        Raises:
            KeyLocationError: If a part is missing, unknown or given twice; names the part, never its value.
        """
        path, _, query = uri.removeprefix(SCHEME).partition("?")
        named = _attributes(path, ";", _PATH)
        asked = _attributes(query, "&", _QUERY)
        for name in ("token", "object"):
            if not named.get(name):
                raise KeyLocationError(reason=phrase("the pkcs11: URI has no {name}", name=name))
        for name in ("module-path", "pin-source"):
            if not asked.get(name, "").startswith("/"):
                raise KeyLocationError(reason=phrase("the pkcs11: URI needs {name} with an absolute path", name=name))
        return cls(
            token=named["token"],
            object=named["object"],
            serial=named.get("serial"),
            module_path=Path(asked["module-path"]),
            pin_source=Path(asked["pin-source"]),
        )


def _attributes(text: str, separator: str, known: frozenset[str]) -> dict[str, str]:
    attributes: dict[str, str] = {}
    for part in filter(None, text.split(separator)):
        name, _, value = part.partition("=")
        if name == "pin-value":
            raise KeyLocationError(reason=phrase("give the PIN in a file (pin-source), not in the URI (pin-value)"))
        if name not in known:
            raise KeyLocationError(reason=phrase("the pkcs11: URI has an unknown attribute"))
        if name in attributes:
            raise KeyLocationError(reason=phrase("the pkcs11: URI has {name} twice", name=name))
        # RFC 7512, section 2.3: pin-source is a URI; a file: URI and a plain path mean the same file.
        attributes[name] = unquote(value).removeprefix("file://")
    return attributes
