"""What every response says to the browser: run nothing but our own files, tell nobody, keep nothing."""

from collections.abc import Mapping
from typing import Final

from flask import Flask, Response, g, request

# Bootstrap draws the marks of its form controls from `data:` addresses inside its style sheet.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_FEATURES: Final = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "fullscreen", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock", "usb",
)  # fmt: skip
FIXED: Final[Mapping[str, str]] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _FEATURES),
    # Not `no-referrer`: over https the check against forged forms compares the referrer with this host.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    # For browsers that do not know `frame-ancestors`.
    "X-Frame-Options": "DENY",
}
STRICT_TRANSPORT: Final = "max-age=63072000; includeSubDomains"
STATIC_ENDPOINTS: Final = frozenset({"static", "bootstrap.static"})


# Of a request, that its answer is for everybody.
_KEPT: Final = "egide_kept"


def may_be_kept(response: Response, seconds: int) -> Response:
    """Let anybody keep an answer for a time: it is the same for whoever asks, and holds nothing of anybody."""
    g.setdefault(_KEPT, True)
    response.cache_control.public, response.cache_control.max_age = True, seconds
    return response


def init_app(app: Flask, *, https: bool) -> None:
    """Add the headers to every response. A view may make one stricter, never absent."""

    def add(response: Response) -> Response:
        for name, value in FIXED.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
        kept = request.endpoint in STATIC_ENDPOINTS or _KEPT in g
        if not kept or response.status_code >= 400:  # noqa: PLR2004 -- errors
            response.headers["Cache-Control"] = "no-store"
        else:
            # Whoever keeps the answer for everybody would hand on what was said to one browser.
            response.headers.pop("Set-Cookie", None)
        return response

    app.after_request(add)
