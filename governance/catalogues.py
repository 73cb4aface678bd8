"""The catalogues of translations, for whatever speaks outside a request: letters, the terminal, notices."""

import gettext
from functools import cache
from pathlib import Path
from typing import Final

TRANSLATIONS: Final = Path(__file__).resolve().parent / "translations"


@cache
def catalogue(locale: str) -> gettext.NullTranslations:
    """Return what translates our sentences into a language; without one they stay English, as they are written."""
    return gettext.translation("messages", TRANSLATIONS, [locale], fallback=True)
