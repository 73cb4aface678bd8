"""Articles of law, as a language quotes them: `GDPR Art. 6(1)(a)` in the code, `RGPD, art. 6, § 1, a` in French."""

import re
from typing import Final

_ONE: Final = r"\d+(?:\([0-9a-z]+\))*"
# Behind a comma stands another article, unless words go on there.
_QUOTE: Final = re.compile(rf"GDPR Art\. ({_ONE}(?:, {_ONE}(?![\w(]| \w))*)")
_ARTICLE: Final = re.compile(r"(\d+)((?:\([0-9a-z]+\))*)")
_PART: Final = re.compile(r"\(([0-9a-z]+)\)")
_READ_AT: Final = "https://eur-lex.europa.eu/legal-content/{language}/TXT/HTML/?uri=CELEX:32016R0679#art_{number}"


def quoted(text: str, language: str) -> str:
    """Return a text with the articles of the GDPR that it quotes as a language, `fr` or `en`, quotes them."""
    return text if language == "en" else _QUOTE.sub(_in_french, text)


def read_at(article: str, language: str) -> str | None:
    """Return where the first article of a quote can be read; None where that is not the GDPR."""
    found = _QUOTE.match(article)
    if found is None:
        return None
    number = _ARTICLE.match(found[1])
    return number and _READ_AT.format(language="EN" if language == "en" else "FR", number=number[1])


def _in_french(quote: re.Match[str]) -> str:
    each = (
        ", ".join([number, *(f"§ {part}" if part.isdigit() else part for part in _PART.findall(parts))])
        for number, parts in _ARTICLE.findall(quote[1])
    )
    return "RGPD, art. " + " et ".join(each)
