"""The words of the house in a given language, for files: a file is read by others than whoever asked for it."""

import gettext
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import governance

_TRANSLATIONS: Final = Path(governance.__file__).parent / "translations"


@cache
def spoken_in(language: str) -> Callable[[str], str]:
    """Return what says a marked sentence in a language."""
    return gettext.translation("messages", _TRANSLATIONS, [language], fallback=True).gettext
