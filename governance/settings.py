"""What the host decides: the environment, or `$EGIDE_HOME/egide.env`, read once at start.

The environment wins over the file. An unknown or malformed setting stops the start with one clear line.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Final
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from governance.actor import Role
from governance.errors import DomainError, mark, phrase
from governance.mail.address import SmtpAddress, parse_smtp_url

# Every setting with what it means; the reference page is generated from this table.
SETTINGS: Final[Mapping[str, str]] = {
    "EGIDE_HOME": "Data directory (default ./var).",
    "EGIDE_DATABASE_URL": "Database address (default: SQLite in EGIDE_HOME).",
    "EGIDE_KEYS": "Directory of the keyring (default $EGIDE_HOME/keys), or a pkcs11: URI.",
    "EGIDE_ANCHOR": "Directory of the signing key and of the anchor file (default $EGIDE_HOME/anchor).",
    "EGIDE_SECRET_KEY": "Secret that signs session cookies (default: made once and kept in EGIDE_HOME).",
    "EGIDE_BASE_URL": "Address at which people reach the service (default: where it was last served, at first http://localhost:8000).",
    "EGIDE_PROXIES": (
        "How many proxies of yours a request passes before it is here (default 0: no X-Forwarded-For is believed). "
        "Over https there is at least one: without this, limits and the log take everybody for the proxy. Each of them "
        "has to set X-Forwarded-For and X-Forwarded-Proto, and to pass the host on, or set X-Forwarded-Host."
    ),
    "EGIDE_TOKEN": "Token of the account named by --as, on a real home.",
    "EGIDE_SMTP_URL": (
        "Outgoing mail (default: none): smtp://user:password@host:587, encrypted where the server offers STARTTLS, or "
        "only so with ?starttls=required; smtps://host:465 is encrypted throughout. ?from=address names the sender "
        "(default: egide@ the host of EGIDE_BASE_URL)."
    ),
    "EGIDE_OIDC_ISSUER": "OpenID provider by which people may sign in (default: none): its https address.",
    "EGIDE_OIDC_CLIENT_ID": (
        "The name under which the provider knows Égide; the return address is EGIDE_BASE_URL/sign-in/openid/return."
    ),
    "EGIDE_OIDC_CLIENT_SECRET": "The secret that goes with that name.",
    "EGIDE_OIDC_NAME": "What the sign-in page calls the provider (default: the host of its address).",
    "EGIDE_OIDC_ROLES_CLAIM": "The claim in which the provider names a person's groups (default: groups).",
    "EGIDE_OIDC_ROLES": "Which group proposes which role: group=role,group=role; never the controller (default: none).",
    "EGIDE_LOCALE": "Language of the service where a reader has not chosen: fr (default) or en.",
}
# The address of an adopted database, one setting each, so that its password stays out of the data map.
SOURCE_PREFIX: Final = "EGIDE_SOURCE_"
_SOURCE_SETTING: Final = re.compile(rf"{SOURCE_PREFIX}[A-Z][A-Z0-9_]*")
LOCALES: Final = ("fr", "en")
_LOCALE: Final = "fr"
_OPENID_PREFIX: Final = "EGIDE_OIDC_"
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
# Where the service was last served, in the home.
ADDRESS_FILE: Final = "address"
_NAMELESS: Final = frozenset({"", "0.0.0.0", "::", "127.0.0.1", "::1"})  # noqa: S104 -- nothing is bound here


@dataclass(kw_only=True, eq=False)
class UnknownSettingError(DomainError):
    """A setting that does not exist, most often a slip of the pen."""

    message: ClassVar[str] = mark("{name} is not a setting. See the list of settings in the documentation.")
    name: str


@dataclass(kw_only=True, eq=False)
class MalformedSettingError(DomainError):
    """A setting whose value cannot be used. The value itself may be secret and is not shown."""

    message: ClassVar[str] = mark("{name} is malformed: expected {expected}.")
    name: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdSettings:
    """The provider by which people may sign in.

    Attributes:
        roles: Which role each of its groups proposes; empty where it proposes none.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    roles_claim: str = "groups"
    roles: Mapping[str, Role] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings in force. Secrets stay out of the repr."""

    home: Path
    database_url: str = field(repr=False)
    keys: str
    anchor: Path
    secret_key: str | None = field(repr=False, default=None)
    base_url: str = "http://localhost:8000"
    proxies: int = 0
    token: str | None = field(repr=False, default=None)
    smtp: SmtpAddress | None = None
    openid: OpenIdSettings | None = None
    locale: str = _LOCALE
    sources: Mapping[str, str] = field(repr=False, default_factory=dict)

    @property
    def proxy_unknown(self) -> bool:
        """Whether people come over https, which only a proxy gives, and no setting tells of one."""
        return self.base_url.startswith("https://") and not self.proxies


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Args:
        environment: The process's environment where None.

    Raises:
        UnknownSettingError: If an EGIDE_ variable, or a line of egide.env, names no setting.
        MalformedSettingError: If a value cannot be used.
    """
    given = _given(os.environ if environment is None else environment)
    home = _home(given)
    values = _read_env_file(home / "egide.env") | given
    for name in values:
        if name not in SETTINGS and not _SOURCE_SETTING.fullmatch(name):
            raise UnknownSettingError(name=name)
    return Settings(
        home=home,
        database_url=_address("EGIDE_DATABASE_URL", values.get("EGIDE_DATABASE_URL") or f"sqlite:///{home}/egide.db"),
        keys=values.get("EGIDE_KEYS") or str(home / "keys"),
        anchor=Path(values.get("EGIDE_ANCHOR") or home / "anchor").absolute(),
        secret_key=_secret(values.get("EGIDE_SECRET_KEY")),
        base_url=_base_url(values.get("EGIDE_BASE_URL") or _last_served(home) or "http://localhost:8000"),
        proxies=_proxies(values.get("EGIDE_PROXIES") or "0"),
        token=values.get("EGIDE_TOKEN"),
        smtp=_smtp(values.get("EGIDE_SMTP_URL")),
        openid=_openid(values),
        locale=_locale(values.get("EGIDE_LOCALE") or _LOCALE),
        sources={
            name.removeprefix(SOURCE_PREFIX).lower(): _address(name, value)
            for name, value in values.items()
            if name.startswith(SOURCE_PREFIX)
        },
    )


def spoken_language() -> str:
    """Return the language that is asked for, whatever is wrong with the other settings: what is wrong is said in it."""
    given = _given(os.environ)
    try:
        values = _read_env_file(_home(given) / "egide.env") | given
    except (MalformedSettingError, OSError):
        values = given
    wanted = values.get("EGIDE_LOCALE", "")
    return wanted if wanted in LOCALES else _LOCALE


def served_at(home: Path, host: str, port: int) -> Settings:
    """Keep in the home where it is served, for the links that other commands print, and return the settings anew.

    EGIDE_BASE_URL wins over what is kept: only the host knows of a proxy in front.
    """
    # Passkeys belong to a name, and an address that means every network is none to go to.
    name = "localhost" if host in _NAMELESS else host
    (home / ADDRESS_FILE).write_text(f"http://{name}:{port}\n", encoding="utf-8")
    return load_settings()


def _given(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith("EGIDE_")}


def _home(given: Mapping[str, str]) -> Path:
    return Path(given.get("EGIDE_HOME") or "var").absolute()


def _last_served(home: Path) -> str:
    path = home / ADDRESS_FILE
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def _read_env_file(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise MalformedSettingError(name="egide.env", expected=phrase("text in UTF-8")) from None
    values: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals:
            raise MalformedSettingError(name=f"egide.env:{number}", expected=phrase("NAME=value"))
        values[name.strip()] = value.strip().strip("\"'")
    return values


def _address(name: str, value: str) -> str:
    try:
        make_url(value)
    except ArgumentError:
        raise MalformedSettingError(name=name, expected=phrase("sqlite:///file or postgresql://host/name")) from None
    return value


def _secret(value: str | None) -> str | None:
    if value is not None and len(value) < 32:  # noqa: PLR2004 -- 32 characters of hex are 128 bits
        raise MalformedSettingError(name="EGIDE_SECRET_KEY", expected=phrase("at least 32 characters"))
    return value


def _base_url(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+(/[^\s]*)?", value):
        raise MalformedSettingError(name="EGIDE_BASE_URL", expected=phrase("http://host or https://host"))
    return value.rstrip("/")


def _proxies(value: str) -> int:
    if not re.fullmatch(r"[0-9]", value):
        raise MalformedSettingError(name="EGIDE_PROXIES", expected=phrase("a number from 0 to 9"))
    return int(value)


def _smtp(value: str | None) -> SmtpAddress | None:
    if not value:
        return None
    try:
        return parse_smtp_url(value)
    except ValueError:
        expected = phrase("smtp://user:password@host:port, ?starttls=required, ?from=address")
        raise MalformedSettingError(name="EGIDE_SMTP_URL", expected=expected) from None


def _openid(values: Mapping[str, str]) -> OpenIdSettings | None:
    given = {name: value for name, value in values.items() if name.startswith(_OPENID_PREFIX) and value}
    if not given:
        return None
    for name in ("EGIDE_OIDC_ISSUER", "EGIDE_OIDC_CLIENT_ID", "EGIDE_OIDC_CLIENT_SECRET"):
        if name not in given:
            raise MalformedSettingError(name=name, expected=phrase("a value, as for the other EGIDE_OIDC_ settings"))
    issuer = given["EGIDE_OIDC_ISSUER"]
    host = _issuer_host(issuer)
    return OpenIdSettings(
        issuer=issuer,
        client_id=given["EGIDE_OIDC_CLIENT_ID"],
        client_secret=given["EGIDE_OIDC_CLIENT_SECRET"],
        name=given.get("EGIDE_OIDC_NAME") or host,
        roles_claim=given.get("EGIDE_OIDC_ROLES_CLAIM") or "groups",
        roles=_openid_roles(given.get("EGIDE_OIDC_ROLES", "")),
    )


def _issuer_host(issuer: str) -> str:
    parts = urlsplit(issuer)
    # OpenID Connect Discovery 1.0, section 3: https, without query or fragment. A provider on this host is one to try.
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL)
    if not secure or not parts.hostname or parts.query or parts.fragment:
        raise MalformedSettingError(name="EGIDE_OIDC_ISSUER", expected=phrase("https://host"))
    return parts.hostname


def _openid_roles(value: str) -> Mapping[str, Role]:
    roles: dict[str, Role] = {}
    for pair in (each.strip() for each in value.split(",") if each.strip()):
        # The name of a group may hold an equals sign (an LDAP name does), that of a role never.
        group, _, role = (part.strip() for part in pair.rpartition("="))
        # Whoever confirms what the provider proposes is not proposed by it.
        if not group or role not in set(Role) - {Role.CONTROLLER, Role.SERVICE} or group in roles:
            expected = phrase("group=role,group=role, each group once, and never the role controller or service")
            raise MalformedSettingError(name="EGIDE_OIDC_ROLES", expected=expected)
        roles[group] = Role(role)
    return roles


def _locale(value: str) -> str:
    if value not in LOCALES:
        raise MalformedSettingError(name="EGIDE_LOCALE", expected=phrase("fr or en"))
    return value
