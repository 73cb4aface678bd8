"""Binds a file: the index of what it holds, the sums, the manifest with the log's signature, and the archive itself."""

import hashlib
import io
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Final

from flask import render_template
from sqlalchemy import func, select

from audit.declarations import Declaration, key_of_kind
from audit.notes import VerifierKey
from audit.signer import Signer
from governance.documents.pages import count_pages
from governance.documents.printer import Printer
from governance.errors import mark, phrase, said
from governance.oversight.accountability.officer import NamedOfficer, in_office, list_officers, parting
from governance.oversight.inspection.manifest import MANIFEST, NOTE, SUMS, Entry, Manifest
from governance.oversight.inspection.models import InspectionFile, InspectionPiece
from governance.oversight.inspection.pages.drawing import Bearing, frame
from governance.oversight.inspection.pages.parts import PARTS, Ground, Part
from governance.oversight.inspection.pages.press import digest_of
from governance.oversight.inspection.values import KIND
from governance.oversight.models import Officer
from governance.vault.sealed_store import SealedStore
from governance.web.offstage import Studio
from register.exchange.words import spoken_in
from register.models import Activity, Party
from register.on_file import party_on_file

_INDEX: Final = phrase("Index of the file")
_SUMS: Final = phrase("Digests of all files, as sha256sum reads them")
_COPIED: Final = 1024 * 1024
_READABLE: Final = 0o644 << 16
# What is packed already gains nothing by being packed again.
_PACKED: Final = frozenset({"pdf", "ods", "xlsx", "odt", "docx", "png", "jpeg", "webp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Who answers for the house, as the cover names them."""

    controller: Party | None
    dpo: Party | None
    officer: Officer | None

    @property
    def designation(self) -> Officer | None:
        """The designation of whom the register names; None where it is somebody else's, which the drift part tells."""
        named = None if self.controller is None else NamedOfficer(controller=self.controller, dpo=self.dpo)
        same = named is not None and self.officer is not None and parting(named, self.officer) is None
        return self.officer if same else None

    @property
    def house(self) -> str:
        """The controller's name; empty where nobody is named yet."""
        return "" if self.controller is None else self.controller.name

    @classmethod
    def read(cls, ground: Ground) -> "Cover":
        """Read who answers for most of the activities, and who is the officer."""
        session = ground.session
        most = session.execute(
            select(Activity.controller_id, func.count().label("count"))
            .where(ground.activities, Activity.controller_id.is_not(None))
            .group_by(Activity.controller_id)
            .order_by(func.count().desc(), Activity.controller_id)
            .limit(1)
        ).first()
        controller = None if most is None else party_on_file(session, most.controller_id)
        dpo = None if controller is None else party_on_file(session, controller.dpo_id)
        officer = in_office(list_officers(session), ground.today)
        if officer is not None:
            ground.attestor.verify(officer)
        return cls(controller=controller, dpo=dpo, officer=officer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """An archive that was bound: its size and digest, that of its manifest, and the note that signs it."""

    size: int
    digest: str
    manifest_digest: str
    note: str


@dataclass(frozen=True, slots=True)
class Closing:
    """What binding takes."""

    store: SealedStore
    printer: Printer
    studio: Studio
    signer: Signer
    generator: str

    def bind(
        self, file: InspectionFile, pieces: Sequence[InspectionPiece], cover: Cover, key: VerifierKey, out: IO[bytes]
    ) -> Bound:
        """Write the archive.

        Raises:
            DocumentError: If the index could not be made.
            AnchorUnusableError: If the log's key cannot be read.
            SealedFileError: If a piece was altered, or is gone.
        """
        indexes = self._indexes(file, pieces, cover, key)
        listed = [*(_entry(each) for each in pieces), *(entry for entry, _ in indexes)]
        sums = "".join(f"{each.sha256}  {each.path}\n" for each in sorted(listed, key=lambda each: each.path)).encode()
        titles = {language: said(_SUMS, spoken_in(language)) for language in file.spoken}
        whole = [*listed, Entry(path=SUMS, size=len(sums), sha256=_sha256(sums), title=titles)]
        manifest = self._manifest(file, whole, key).to_json()
        declared = Declaration(kind=KIND, reference=file.reference, digest=_sha256(manifest))
        note, _ = self.signer.declare(declared)
        with zipfile.ZipFile(out, "w") as archive:
            for entry, content in indexes:
                _put(archive, file.made_at, entry.path, len(content), io.BytesIO(content))
            for piece in pieces:
                with self.store.open(piece.id) as copy:
                    _put(archive, file.made_at, piece.path, piece.size, copy)
            for name, content in ((SUMS, sums), (MANIFEST, manifest), (NOTE, note.encode())):
                _put(archive, file.made_at, name, len(content), io.BytesIO(content))
        size = out.tell()
        out.seek(0)
        return Bound(size=size, digest=digest_of(out), manifest_digest=declared.digest, note=note)

    def _indexes(
        self, file: InspectionFile, pieces: Sequence[InspectionPiece], cover: Cover, key: VerifierKey
    ) -> list[tuple[Entry, bytes]]:
        """Make the index in each language: the first is `00-index.pdf`."""
        made = []
        for place, language in enumerate(file.spoken):
            path = "00-index.pdf" if place == 0 else f"00-index-{language}.pdf"
            with self.studio.speaking(language):
                html = _draw_index(file, pieces, cover, key, language)
            content = self.printer.print(html)
            entry = Entry(
                path=path, size=len(content), sha256=_sha256(content), piece=0, language=language,
                pages=count_pages(content), title={each: said(_INDEX, spoken_in(each)) for each in file.spoken},
            )  # fmt: skip
            made.append((entry, content))
        return made

    def _manifest(self, file: InspectionFile, files: Sequence[Entry], key: VerifierKey) -> Manifest:
        return Manifest(
            reference=file.reference,
            origin=key.name,
            made_at=file.made_at.astimezone(UTC).isoformat(),
            generator=self.generator,
            languages=file.spoken,
            activities=file.only or None,
            parts=[_told(part, file.spoken) for part in PARTS],
            files=files,
        )


def bearing_of(file: InspectionFile, cover: Cover) -> Bearing:
    """Return what every page of a file bears."""
    house = cover.house or spoken_in(file.spoken[0])(mark("Nobody is named yet"))
    return Bearing(house=house, reference=file.reference, at=file.made_at)


def _draw_index(
    file: InspectionFile, pieces: Sequence[InspectionPiece], cover: Cover, key: VerifierKey, language: str
) -> str:
    titles = {each.id: each.title_en if language == "en" else each.title_fr for each in pieces}
    by_part = [(part, [each for each in pieces if each.part == part.key]) for part in PARTS]
    return render_template(
        "documents/inspection/index.html",
        file=file,
        cover=cover,
        parts=by_part,
        titles=titles,
        count=len(pieces),
        key=key,
        signing=key_of_kind(key, KIND),
        manifest=MANIFEST,
        note=NOTE,
        sums=SUMS,
        **frame(bearing_of(file, cover), 0, said(_INDEX, spoken_in(language))),
    )


def _told(part: Part, languages: Sequence[str]) -> Mapping[str, object]:
    return {
        "key": part.key,
        "title": {language: spoken_in(language)(part.title) for language in languages},
        "article": part.article,
        "missing": {language: spoken_in(language)(part.missing) for language in languages} if part.missing else None,
    }


def _entry(piece: InspectionPiece) -> Entry:
    return Entry(
        path=piece.path, size=piece.size, sha256=piece.digest, part=piece.part, piece=piece.number,
        title={"fr": piece.title_fr, "en": piece.title_en}, language=piece.language, pages=piece.pages, rows=piece.rows,
    )  # fmt: skip


def _put(archive: zipfile.ZipFile, at: datetime, path: str, size: int, content: IO[bytes]) -> None:
    """Put a file in, dated as the whole: when it was copied says nothing."""
    moment = at.astimezone(UTC)
    info = zipfile.ZipInfo(path, (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second))
    info.external_attr, info.file_size = _READABLE, size
    info.compress_type = zipfile.ZIP_STORED if path.rpartition(".")[2] in _PACKED else zipfile.ZIP_DEFLATED
    with archive.open(info, "w") as target:
        shutil.copyfileobj(content, target, _COPIED)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
