"""Threads of the plan and of the file: what was done, with its proof, as the component draws it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from flask_babel import gettext

from audit.checkpoints import latest_note
from audit.notes import TreeHead, split_note
from governance.oversight.pages.entrance import address_of
from governance.oversight.plan.thread import Deed
from governance.web.context import current

_TONES: Final[Mapping[str, str]] = {"finish": "given", "drop": "refused", "remove-document": "refused"}


def drawn_thread(deeds: Iterable[Deed], words: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return deeds as the thread draws them.

    Args:
        deeds: What was done, newest first.
        words: What each verb is called, marked for translation.
    """
    note = latest_note(current().session)
    proved = 0 if note is None else TreeHead.parse(split_note(note)[0]).size
    return [
        {
            "at": deed.at,
            "text": gettext(words.get(deed.verb, deed.verb)),
            "note": " · ".join(part for part in (deed.who, _words(deed)) if part),
            "tone": _TONES.get(deed.verb),
            "proof_url": address_of("log.proof", index=deed.index) if deed.index < proved else None,
        }
        for deed in deeds
    ]


def _words(deed: Deed) -> str:
    if deed.altered:
        return str(gettext("what was written was altered outside Égide"))
    return str(gettext("“%(words)s”", words=deed.note)) if deed.note else ""
