"""Notices as a form offers them: value, words, and whether it is chosen."""

from collections.abc import Iterable

from flask_babel import gettext

from register.values import NoticeRef

NoticeChoice = tuple[str, str, bool]


def notice_choices(offered: Iterable[NoticeRef], none: str, chosen: str) -> list[NoticeChoice]:
    """Return the choices of a form, the one for none first.

    Args:
        offered: The notices.
        none: What the choice of none is called, in the reader's language.
        chosen: The value that is chosen.
    """
    words = gettext("{slug}, version {version} ({language})")
    told = [(str(ref), words.format(slug=ref.slug, version=ref.version, language=ref.language)) for ref in offered]
    return [(value, label, value == chosen) for value, label in [("", none), *told]]
