"""The library of evidence: its list, and the newest version of each document itself. GDPR Art. 5(2)."""

import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final

from flask_babel import gettext
from sqlalchemy import func, select

from governance.errors import mark, phrase
from governance.oversight.evidence.labels import KIND_LABELS
from governance.oversight.evidence.naming import plain_name
from governance.oversight.evidence.service import things_proved
from governance.oversight.inspection.pages.parts.base import Ground, Place
from governance.oversight.inspection.pages.press import Paper, Press, Title
from governance.oversight.inspection.sheets import Block, Table, Words
from governance.oversight.links import read_links
from governance.oversight.models import Document, DocumentLink, DocumentVersion
from governance.oversight.plan.labels import ABOUT_LABELS
from governance.vault.errors import SealedFileError
from governance.web.clockface import day

_DOCUMENTS: Final = mark("Documents on file")
# So many bytes of other people's documents go along; what is beyond them is listed, and handed over when asked for.
MOST_BYTES: Final = 256 * 1024 * 1024
# A step copies so many.
_AT_ONCE: Final = 10


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the company put on file to show that it does what it says."""

    key: str = "evidence"
    title: str = mark("Library of evidence")
    article: str = "GDPR Art. 5(2)"
    missing: str = ""

    def counts(self, ground: Ground) -> Mapping[str, int]:
        """Say how many documents there are."""
        there = select(func.count()).select_from(Document).where(Document.removed_at.is_(None))
        return {_DOCUMENTS: ground.session.scalar(there) or 0}

    def make(self, ground: Ground, press: Press, place: Place) -> Place | None:
        """Make the list; then the documents, some a step."""
        if not place.at:
            found = _documents(ground, None, None)
            press.sheet(
                Title("evidence", phrase("Library of evidence: the list")),
                Paper(
                    article=self.article,
                    lede=mark("What was put on file to prove something, with the digest of each document."),
                    say=lambda: _blocks(ground, found),
                ),
            )
            return Place(at="0", size=_AT_ONCE) if found else None
        given, _, last = place.at.partition(" ")
        found = _documents(ground, uuid.UUID(last) if last else None, _AT_ONCE)
        left = MOST_BYTES - int(given)
        for document, version in found:
            if version.size <= left:
                _bring(ground, press, document, version)
                left -= version.size
        return Place(at=f"{MOST_BYTES - left} {found[-1][0].id}") if len(found) == _AT_ONCE else None


def _documents(
    ground: Ground, after: uuid.UUID | None, limit: int | None
) -> Sequence[tuple[Document, DocumentVersion]]:
    statement = (
        select(Document, DocumentVersion)
        .join(
            DocumentVersion,
            (DocumentVersion.document_id == Document.id) & (DocumentVersion.number == Document.version),
        )
        .where(Document.removed_at.is_(None))
        .order_by(Document.id)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(Document.id > after)
    rows = ground.session.execute(statement).all()
    for document, version in rows:
        ground.attestor.verify(document)
        ground.attestor.verify(version)
    return [(row[0], row[1]) for row in rows]


def _bring(ground: Ground, press: Press, document: Document, version: DocumentVersion) -> None:
    def write(out: IO[bytes]) -> None:
        with ground.evidence.open(version.id) as copy:
            shutil.copyfileobj(copy, out)

    words = phrase("Document on file: {title}", title=document.title)
    piece = press.data(Title(plain_name(document.title).lower(), words), f".{version.kind.value}", write)
    if piece.digest != version.digest.hex():
        raise SealedFileError


def _blocks(ground: Ground, found: Sequence[tuple[Document, DocumentVersion]]) -> Sequence[Block]:
    documents = [document.id for document, _ in found]
    # Nothing is stated of what was altered.
    for link in read_links(ground.session, ground.attestor, DocumentLink.document_id.in_(documents))[1]:
        ground.attestor.verify(link)
    proved = things_proved(ground.session, ground.attestor, documents)
    rows = []
    for document, version in found:
        kinds = dict.fromkeys(gettext(ABOUT_LABELS[thing.about]) for thing in proved.get(document.id, ()))
        rows.append((
            document.title,
            gettext(KIND_LABELS[version.kind]),
            day(document.dated_on),
            "—" if document.valid_until is None else day(document.valid_until),
            ", ".join(kinds) or "—",
            version.digest.hex(),
        ))  # fmt: skip
    return [
        Table(
            name="evidence",
            columns=[
                (gettext("Document"), 24), (gettext("Kind"), 10), (gettext("Dated"), 13), (gettext("Valid until"), 13),
                (gettext("Proves something about"), 14), (gettext("Digest (SHA-256)"), 26),
            ],
            rows=rows,
            empty=gettext("No document is on file."),
        ),
        Words(
            gettext(
                "The documents follow as they were put on file, up to 256 MB of them in all; the company hands over "
                "whatever is listed here and did not fit."
            ),
            quiet=True,
        ),
    ]  # fmt: skip
