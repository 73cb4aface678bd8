"""A small OpenID provider over real HTTP on this host, and the ways in which one can lie."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from governance.clock import Clock

CLIENT, SECRET = "egide", "a fictional client secret: 100% + 1"


@dataclass
class Provider:
    """What the provider knows, and how it answers.

    Attributes:
        who: The claims of whoever is signed in there.
        lies: Claims that the next ID tokens hold instead of the true ones; None leaves one out.
        algorithm: What the next ID tokens are signed with.
        codes: What each code was given for.
        issuer_said: The issuer of the discovery document, where it is not the true one.
        apart: Claims that only the userinfo endpoint tells.
    """

    clock: Clock
    issuer: str = ""
    who: dict[str, Any] = field(default_factory=dict)
    lies: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "ES256"
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "1", "use": "sig"}))
    forger: ECKey | None = None
    codes: dict[str, Mapping[str, str]] = field(default_factory=dict)
    issuer_said: str | None = None
    apart: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def authorize(self, url: str) -> dict[str, str]:
        """Sign somebody in as the provider's own page does, and return what the browser brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def token(self, form: Mapping[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Answer the exchange of a code, once."""
        name, secret = base64.b64decode(authorization.partition(" ")[2]).decode().split(":", 1)
        asked = self.codes.pop(form.get("code", ""), None)
        if (name, secret) != (CLIENT, SECRET) or asked is None or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, {
            "access_token": "an access token",
            "token_type": "Bearer",
            "expires_in": 60,
            "id_token": self.id_token(asked["nonce"]),
        }

    def id_token(self, nonce: str) -> str:
        """Return an ID token, true but for the lies."""
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            **{name: value for name, value in self.who.items() if name not in self.apart},
            **self.lies,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.algorithm == "none":
            parts = ({"alg": "none"}, claims)
            return ".".join(_encoded(json.dumps(part).encode()) for part in parts) + "."
        if self.algorithm == "HS256":
            # What everybody knows of the key, taken for a shared secret.
            public = OctKey.import_key(json.dumps(self.key.as_dict(private=False)))
            return jwt.encode({"alg": "HS256", "kid": "1"}, claims, public, algorithms=["HS256"])
        key = self.forger or self.key
        return jwt.encode({"alg": self.algorithm, "kid": key.kid}, claims, key)

    def answer(self, path: str) -> dict[str, Any] | None:
        """Answer a GET."""
        self.asked.append(path)
        match path:
            case "/.well-known/openid-configuration":
                return {
                    "issuer": self.issuer_said or self.issuer,
                    "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/keys",
                    "userinfo_endpoint": f"{self.issuer}/userinfo",
                    "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
                }
            case "/keys":
                return {"keys": [self.key.as_dict(private=False)]}
            case "/userinfo":
                return {**self.who, **self.apart}
            case _:
                return None


@contextmanager
def running_provider(clock: Clock) -> Iterator[Provider]:
    """Run a provider, and stop it at the end."""
    provider = Provider(clock)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if urlsplit(self.path).path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                self.send_response(302)
                self.send_header("Location", f"{asked['redirect_uri']}?{returned(provider, self.path)}")
                self.end_headers()
                return
            told = provider.answer(urlsplit(self.path).path)
            self._say(404 if told is None else 200, told or {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._say(*provider.token(form, self.headers["Authorization"]))

        def _say(self, status: int, told: dict[str, Any]) -> None:
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the base's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    # It looks so often whether it is to stop: at the usual half second every test would wait for that.
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    try:
        yield provider
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def returned(provider: Provider, url: str) -> str:
    """Return the query with which a browser comes back."""
    return urlencode(provider.authorize(url))


def _encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()
