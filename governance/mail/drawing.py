"""Letters, drawn: each template is written once and drawn twice, as HTML and as plain text.

A template extends `layout`, and says what it has to say with the macros of `parts`; there is one pair of both for HTML
(`page.html`, `parts.html`) and one for text. It links to our own house only, and loads nothing from anywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from governance.catalogues import catalogue
from governance.text import one_line

_PACKAGE: Final = Path(__file__).resolve().parent.parent
_FOLDER: Final = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A letter without an address."""

    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)


def draw(name: str, locale: str, facts: Mapping[str, object]) -> Drawn:
    """Draw a letter.

    Args:
        name: Of the template in `templates/mail/`, without its ending.
        locale: The reader's language.
        facts: What the template speaks of.
    """
    html, text = (_drawn(name, locale, kind, facts) for kind in ("html", "txt"))
    template = _environment(locale, "txt").get_template(f"{_FOLDER}/{name}.html")
    subject = "".join(template.blocks["subject"](template.new_context(dict(facts))))
    return Drawn(subject=one_line(subject), text=text, html=html)


def _drawn(name: str, locale: str, kind: str, facts: Mapping[str, object]) -> str:
    environment = _environment(locale, kind)
    parts = environment.get_template(f"{_FOLDER}/parts.{kind}").module
    return environment.get_template(f"{_FOLDER}/{name}.html").render(
        **facts, layout=f"{_FOLDER}/page.{kind}", parts=parts, locale=locale
    )


@cache
def _environment(locale: str, kind: str) -> Environment:
    beside = _PACKAGE.parent / "templates"
    folder = beside if (beside / "base.html").exists() else _PACKAGE / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=kind == "html",  # noqa: S701 -- plain text holds no markup, so nothing is escaped in it
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Added by the extension, which is why no type checker knows of it.
    environment.install_gettext_translations(catalogue(locale), newstyle=True)  # type: ignore[attr-defined]
    return environment
