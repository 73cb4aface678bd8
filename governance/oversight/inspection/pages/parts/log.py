"""The log: how it stands, its newest checkpoint, and the public key that checks it and the file. GDPR Art. 5(2)."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final

from flask_babel import gettext
from sqlalchemy import func, select

from audit.anchor import Anchor
from audit.checkpoints import latest_note
from audit.entries import Retention
from audit.labels import CLASS_LABELS
from audit.models import LogEntry, LogHead
from audit.notes import VerifierKey
from audit.retention import rules_in_force
from audit.state import LogState, log_state
from governance.errors import mark, phrase
from governance.oversight.inspection.pages.parts.base import Ground, Place
from governance.oversight.inspection.pages.press import Paper, Press, Title
from governance.oversight.inspection.sheets import Block, Code, Facts, Heading, Table, Words
from governance.web.clockface import figure, moment

_ENTRIES: Final = mark("Entries of the log")
# RFC 8410: what stands before the 32 bytes of an Ed25519 key in SubjectPublicKeyInfo.
_SPKI: Final = bytes.fromhex("302a300506032b6570032100")


@dataclass(frozen=True, slots=True)
class LogOfFacts:
    """The log that holds every read, decision and change."""

    key: str = "log"
    title: str = mark("The log and its checkpoint")
    article: str = "GDPR Art. 5(2), 32(1)(b)"
    missing: str = ""

    def counts(self, ground: Ground) -> Mapping[str, int]:
        """Say how many entries there are."""
        return {_ENTRIES: ground.session.scalar(select(LogHead.size)) or 0}

    def make(self, ground: Ground, press: Press, place: Place) -> Place | None:
        """Make how it stands, the checkpoint and the key."""
        key, note = Anchor(ground.anchor).verifier, latest_note(ground.session)
        state = log_state(ground.session, ground.anchor, ground.now)
        rows = ground.session.execute(select(LogEntry.retention, func.count()).group_by(LogEntry.retention)).all()
        classes = {Retention.from_code(row[0]): int(row[1]) for row in rows}
        kept = rules_in_force(ground.session, ground.today)
        press.sheet(
            Title("log", phrase("The log: how it stands, and how to check it")),
            Paper(
                article=self.article,
                lede=mark(
                    "Every read of a customer’s data, every decision and every change is an entry of a log to which "
                    "entries are only ever added. A signed checkpoint binds all of them: one cannot be changed or "
                    "taken away unseen. The entries are not here, for they speak of people one by one."
                ),
                say=lambda: _blocks(state, classes, kept, note, key),
            ),
        )
        if note is not None:
            press.data(Title("checkpoint", phrase("The newest checkpoint, a signed note")), ".note", _text(note))
        press.data(Title("verifier-key", phrase("The log’s public key, as a note’s verifier reads it")), ".txt",
                   _text(f"{key}\n"))  # fmt: skip
        press.data(Title("public-key", phrase("The same public key in PEM, for OpenSSL")), ".pem", _text(_pem(key)))
        return None


def _text(text: str) -> Callable[[IO[bytes]], None]:
    def write(out: IO[bytes]) -> None:
        out.write(text.encode())

    return write


def _pem(key: VerifierKey) -> str:
    return f"-----BEGIN PUBLIC KEY-----\n{base64.b64encode(_SPKI + key.public).decode()}\n-----END PUBLIC KEY-----\n"


def _blocks(
    state: LogState,
    classes: Mapping[Retention, int],
    kept: Mapping[Retention, int | None],
    note: str | None,
    key: VerifierKey,
) -> Sequence[Block]:
    check = state.checked
    last = gettext("never") if check is None else moment(check.at)
    whole = "—" if check is None else gettext("yes") if check.whole else gettext("no")
    return [
        Facts([
            (gettext("Entries written since the beginning"), figure(state.size)),
            (gettext("Entries that still stand"), figure(state.entries)),
            (gettext("Entries purged at the end of their period"), figure(state.purged)),
            (gettext("Entries gone without a purge"), figure(state.gaps)),
            (gettext("Signed up to entry"), figure(state.signed)),
            (gettext("Signed at"), "—" if state.signed_at is None else moment(state.signed_at)),
            (gettext("Last check of the whole log"), last),
            (gettext("Found whole"), whole),
        ]),
        Heading(gettext("Entries by class")),
        Table(
            columns=[(gettext("Class"), 40), (gettext("Entries that still stand"), 30), (gettext("Kept for"), 30)],
            rows=[
                (gettext(CLASS_LABELS[each]), figure(classes.get(each, 0)), _days(kept.get(each))) for each in Retention
            ],
        ),
        Heading(gettext("The newest checkpoint")),
        Code(note or gettext("Nothing was signed yet.")),
        Heading(gettext("How to check the log")),
        Words(
            gettext(
                "The company exports the log, or entries that the authority chooses, as a bundle with their proofs; "
                "with this public key, anybody checks that each stands under the checkpoint above:"
            )
        ),
        Code(f"egide audit verify FILE --key verifier-key.txt\n{key}"),
    ]  # fmt: skip


def _days(days: int | None) -> str:
    return str(gettext("until something else ends it") if days is None else gettext("%(days)s days", days=figure(days)))
