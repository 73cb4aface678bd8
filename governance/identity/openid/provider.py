"""The provider: its discovery document, its keys, its tokens. What it says is checked here, and nothing else believed.

OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3 (code flow), Discovery 1.0, RFC 7636 (PKCE), RFC 9207 (issuer of the
answer). Its own errors and the library's stay here: they may quote tokens.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from governance.clock import Clock
from governance.identity.errors import OpenIdRefusedError, OpenIdUnavailableError
from governance.identity.openid.attempt import Attempt
from governance.identity.openid.identity import ProvidedIdentity
from governance.identity.openid.kept import Kept
from governance.identity.openid.line import Line, Silence
from governance.identity.openid.models import SUBJECT_LENGTH
from governance.settings import OpenIdSettings

_Asking = TypeVar("_Asking", bound=requests.Session)
_SCOPE: Final = "openid email profile"
_METADATA_LASTS: Final = timedelta(hours=1)
# A key that nobody knows makes us look again, but a flood of forged tokens does not make us flood the provider.
_KEYS_AGAIN_AFTER: Final = timedelta(minutes=1)
_LEEWAY_SECONDS: Final = 60
# Signatures that only the provider can make: none with a shared secret, and never `none`.
ALGORITHMS: Final = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519",
)  # fmt: skip
# RFC 8176, section 2: more than one factor was shown.
_SEVERAL_FACTORS: Final = "mfa"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the browser brought back."""

    code: str = field(repr=False)
    state: str = field(repr=False)
    issuer: str | None = None


class Provider:
    """One provider, as the settings name it. Thread-safe."""

    def __init__(self, settings: OpenIdSettings, return_address: str, clock: Clock) -> None:
        """Ask it nothing yet."""
        self._settings: Final = settings
        self._return_address: Final = return_address
        self._clock: Final = clock
        self._silence: Final = Silence(clock)
        self._known: Final = Kept(clock, self._discover)
        self._keys: Final = Kept(clock, self._fetch_keys)

    @property
    def issuer(self) -> str:
        """Its address, which is its name too."""
        return self._settings.issuer

    def address_of(self, attempt: Attempt) -> str:
        """Return where to send the browser.

        Raises:
            OpenIdUnavailableError: If the provider cannot be asked, or does not describe itself as it must.
        """
        endpoint = self._metadata()["authorization_endpoint"]
        with self._client() as client:
            url, _ = client.create_authorization_url(
                endpoint, state=attempt.state, nonce=attempt.nonce, code_verifier=attempt.verifier
            )
        return str(url)

    def identify(self, answer: Answer, attempt: Attempt) -> ProvidedIdentity:
        """Exchange the code of an answer, and return who came.

        Raises:
            OpenIdRefusedError: If anything does not fit; what, is not told.
            OpenIdUnavailableError: If the provider cannot be asked.
        """
        if not attempt.answers(answer.state) or answer.issuer not in {None, self.issuer}:
            raise OpenIdRefusedError
        metadata = self._metadata()
        token = self._exchange(metadata["token_endpoint"], answer.code, attempt.verifier)
        claims = self._checked(token, attempt.nonce)
        return self._identity(claims, self._more(metadata, token, claims))

    def _exchange(self, endpoint: str, code: str, verifier: str) -> Mapping[str, Any]:
        try:
            with self._client() as client:
                token: Mapping[str, Any] = client.fetch_token(
                    endpoint, code=code, code_verifier=verifier, allow_redirects=False
                )
        except (requests.ConnectionError, requests.Timeout):
            raise OpenIdUnavailableError from None
        except (AuthlibBaseError, requests.RequestException, ValueError):
            raise OpenIdRefusedError from None
        return token

    def _checked(self, token: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        """Return the claims of the ID token once everything in it was checked. OpenID Connect Core 1.0, 3.1.3.7."""
        written = token.get("id_token")
        if not isinstance(written, str):
            raise OpenIdRefusedError
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        try:
            try:
                read = jwt.decode(written, self._key_set(), registry=registry)
            except InvalidKeyIdError:
                read = jwt.decode(written, self._key_set(again=True), registry=registry)
            options: Any = {
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self._settings.client_id},
                "sub": {"essential": True},
                "exp": {"essential": True},
                "iat": {"essential": True},
                "nonce": {"essential": True, "value": nonce},
            }
            parameters = {
                "nonce": nonce,
                "client_id": self._settings.client_id,
                "access_token": token.get("access_token"),
            }
            claims = CodeIDToken(read.claims, read.header, options, parameters)
            claims.validate(now=int(self._clock.now().timestamp()), leeway=_LEEWAY_SECONDS)
        except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError):
            raise OpenIdRefusedError from None
        return dict(claims)

    def _more(
        self, metadata: Mapping[str, Any], token: Mapping[str, Any], claims: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Return what the provider tells apart, where the ID token does not say it all: of the same person only."""
        endpoint = metadata.get("userinfo_endpoint")
        if endpoint is None or {"email", self._settings.roles_claim} <= claims.keys() or "access_token" not in token:
            return {}
        told = self._fetch(endpoint, token=str(token["access_token"]))
        # Section 5.3.2: the subject must be that of the ID token, or nothing of it may be used.
        if told.get("sub") != claims["sub"]:
            raise OpenIdRefusedError
        return told

    def _identity(self, claims: Mapping[str, Any], more: Mapping[str, Any]) -> ProvidedIdentity:
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_LENGTH or not subject.isascii():
            raise OpenIdRefusedError
        methods = claims.get("amr")
        said = claims if self._settings.roles_claim in claims else more
        return ProvidedIdentity(
            issuer=self.issuer,
            subject=subject,
            # Address and check come from one place: neither vouches for the other's.
            email=_verified_email(claims if "email" in claims else more),
            groups=_groups(said.get(self._settings.roles_claim)),
            second_factor=isinstance(methods, list) and _SEVERAL_FACTORS in methods,
        )

    def _metadata(self) -> Mapping[str, Any]:
        return self._known.get(lasts=_METADATA_LASTS)

    def _discover(self) -> Mapping[str, Any]:
        found = self._fetch(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        # Discovery 1.0, section 4.3: it must be exactly the issuer that was asked.
        if found.get("issuer") != self.issuer:
            raise OpenIdUnavailableError
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            self._check_address(found.get(name))
        if found.get("userinfo_endpoint") is not None:
            self._check_address(found["userinfo_endpoint"])
        return found

    def _key_set(self, *, again: bool = False) -> KeySet:
        return self._keys.get(lasts=_KEYS_AGAIN_AFTER if again else _METADATA_LASTS)

    def _fetch_keys(self) -> KeySet:
        try:
            return KeySet.import_key_set(self._fetch(self._metadata()["jwks_uri"]))  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError):
            raise OpenIdUnavailableError from None

    def _fetch(self, url: str, *, token: str | None = None) -> Mapping[str, Any]:
        headers = {"Accept": "application/json"} | ({} if token is None else {"Authorization": f"Bearer {token}"})
        try:
            with self._over_the_line(requests.Session()) as asking:
                answer = asking.get(url, headers=headers, allow_redirects=False)
                answer.raise_for_status()
        except (requests.RequestException, OSError):
            raise OpenIdUnavailableError from None
        return _as_object(answer.content)

    def _check_address(self, address: object) -> None:
        """Refuse an endpoint that is reached less safely than the issuer itself."""
        parts = urlsplit(address if isinstance(address, str) else "")
        own = urlsplit(self.issuer)
        if not parts.hostname or (
            parts.scheme != "https" and (parts.scheme, parts.hostname) != (own.scheme, own.hostname)
        ):
            raise OpenIdUnavailableError

    def _client(self) -> OAuth2Session:
        client = OAuth2Session(
            client_id=self._settings.client_id,
            client_secret=self._settings.client_secret,
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106 -- the name of a method
            scope=_SCOPE,
            redirect_uri=self._return_address,
            code_challenge_method="S256",
        )
        return self._over_the_line(client)

    def _over_the_line(self, session: _Asking) -> _Asking:
        for scheme in ("http://", "https://"):
            session.mount(scheme, Line(self._silence))
        return session


def _groups(said: object) -> frozenset[str]:
    if isinstance(said, str):
        return frozenset({said})
    return frozenset(each for each in said if isinstance(each, str)) if isinstance(said, list) else frozenset()


def _as_object(content: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise OpenIdUnavailableError from None
    if not isinstance(found, dict):
        raise OpenIdUnavailableError
    return found


def _verified_email(claims: Mapping[str, Any]) -> str | None:
    """Return the address that the provider says it checked: `true`, and nothing that merely looks like it."""
    email = claims.get("email")
    return email if claims.get("email_verified") is True and isinstance(email, str) else None
