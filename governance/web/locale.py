"""The language of the pages: the reader's choice, else their browser's, else the house's. French and English.

English is told in the words of one catalogue, and its dates as in Europe unless the browser asks for the American way.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from flask import Flask, current_app, request
from flask_babel import Babel
from werkzeug import Response

from governance.days import ZONE
from governance.settings import LOCALES

COOKIE: Final = "egide-locale"
_YEAR: Final = 365 * 24 * 3600
# The catalogues lie in the package, compiled by the build.
TRANSLATIONS: Final = Path(__file__).resolve().parent.parent / "translations"
_DEFAULT: Final = "EGIDE_LOCALE_DEFAULT"
_ENGLISH: Final = "en"


def init_app(app: Flask, *, default: str, translations: Path = TRANSLATIONS) -> None:
    """Choose a language for each request."""
    app.config[_DEFAULT] = default
    Babel(
        app,
        default_locale=default,
        default_timezone=ZONE.key,
        default_translation_directories=str(translations),
        locale_selector=_formats,
    )
    app.jinja_env.globals["locales"] = LOCALES
    app.jinja_env.globals["locale"] = choose_locale


def choose_locale() -> str:
    """Return the language of this request's answer."""
    saved = request.cookies.get(COOKIE)
    if saved in LOCALES:
        return saved
    default: str = current_app.config[_DEFAULT]
    return request.accept_languages.best_match(_preferring(default), default=default)


def _formats() -> str:
    """Return the language with the place whose dates and numbers it writes."""
    language = choose_locale()
    if language != _ENGLISH:
        return language
    # An exact name only: `best_match` would take `en-GB` for good enough an answer to `en-US`.
    asked = next((each.lower() for each in request.accept_languages.values() if each.lower().startswith("en")), "")
    return "en_US" if asked == "en-us" else "en_GB"


def save_locale(response: Response, locale: str) -> None:
    """Keep the reader's choice in their browser; it says nothing about them but a language."""
    if locale in LOCALES:
        response.set_cookie(
            COOKIE, locale, max_age=_YEAR, path="/", samesite="Lax", httponly=True, secure=request.is_secure
        )


def _preferring(default: str) -> Sequence[str]:
    # Among languages that a browser likes equally, the house's comes first.
    return (default, *(other for other in LOCALES if other != default))
