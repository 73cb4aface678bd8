"""Drawing outside any request: templates and words, and nothing of the edge. For the worker and the command line."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from flask import Flask
from flask_babel import Babel, force_locale

from governance.actor import ROLE_LABELS
from governance.days import ZONE
from governance.web import clockface, pages
from governance.web.locale import TRANSLATIONS

_PLACES: Final = {"en": "en_GB"}


class Studio:
    """Where documents are drawn in a language that nobody's browser asks for."""

    def __init__(self, filters: Iterable[Callable[..., Any]], *, demonstration: bool = False) -> None:
        """Know the templates, and the words that the rooms give them.

        Args:
            filters: What the templates say words by.
            demonstration: The data are fictional, and every document says so.
        """
        app: Final = Flask("governance", template_folder=str(pages.templates_folder()), static_folder=None)
        Babel(app, default_timezone=ZONE.key, default_translation_directories=str(TRANSLATIONS))
        clockface.init_app(app)
        app.jinja_env.globals["role_labels"] = ROLE_LABELS
        app.jinja_env.globals["demonstration"] = demonstration
        for written in filters:
            app.add_template_filter(written)
        self._app: Final = app

    @contextmanager
    def speaking(self, locale: str) -> Iterator[None]:
        """Draw in a language; English with the dates of Europe, as on the pages."""
        with self._app.app_context(), force_locale(_PLACES.get(locale, locale)):
            yield
