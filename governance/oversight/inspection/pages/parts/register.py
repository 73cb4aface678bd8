"""The register: on paper in volumes, and in the files that everybody exchanges. GDPR Art. 30(4)."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Final

from sqlalchemy import func, select

from governance.errors import mark, phrase
from governance.oversight.inspection.pages.parts.base import AT_ONCE, Ground, Place
from governance.oversight.inspection.pages.press import Press, Title
from register.exchange.formats import FORMATS, Export
from register.exchange.reading import written_activities
from register.exchange.written import WrittenActivity
from register.models import Activity
from register.pages.paper import draw_volume
from register.printing.volumes import VolumePlace
from register.stated import state_activities, stated_activities

_IN_FORCE: Final = mark("Activities in force")
_DRAFTS: Final = mark("Activities that are not in force: drafts, waiting, suspended")
# What a file of each format is called; those that speak to people are made in each language.
_FILES: Final = {
    "json": phrase("The register as data (JSON)"),
    "ods": phrase("The register in the simplified form of the CNIL (ODS)"),
    "xlsx": phrase("The register as a workbook (Excel)"),
}
_SPEAKS: Final = "xlsx"


@dataclass(frozen=True, slots=True)
class _Volume:
    """Where a volume begins: in which language, behind which activity, the which of how many it is."""

    language: int
    number: int
    done: int
    after: uuid.UUID | None

    @classmethod
    def read(cls, place: Place) -> "_Volume":
        if not place.at:
            return cls(0, 1, 0, None)
        language, number, done, after = place.at.split(" ")
        return cls(int(language), int(number), int(done), None if after == "-" else uuid.UUID(after))

    def told(self, size: int) -> Place:
        return Place(at=f"{self.language} {self.number} {self.done} {self.after or '-'}", size=size)


@dataclass(frozen=True, slots=True)
class Register:
    """The record of processing activities."""

    key: str = "register"
    title: str = mark("Record of processing activities")
    article: str = "GDPR Art. 30"
    missing: str = ""

    def counts(self, ground: Ground) -> Mapping[str, int]:
        """Say how many activities are in force, and how many are not."""
        rows = ground.session.execute(
            select(Activity.running, func.count()).where(ground.activities).group_by(Activity.running)
        )
        found = {bool(row[0]): int(row[1]) for row in rows}
        return {_IN_FORCE: found.get(True, 0), _DRAFTS: found.get(False, 0)}

    def make(self, ground: Ground, press: Press, place: Place) -> Place | None:
        """Make a volume in a language; once all are made, the files, one a step."""
        if place.at in _FILES:
            return self._file(ground, press, place)
        return self._volume(ground, press, place)

    def _volume(self, ground: Ground, press: Press, place: Place) -> Place:
        volume, size = _Volume.read(place), place.size
        statement = select(Activity).where(ground.activities).order_by(Activity.id).limit(size)
        if volume.after is not None:
            statement = statement.where(Activity.id > volume.after)
        rows = ground.session.scalars(statement).all()
        records = state_activities(ground.session, ground.attestor, rows, ground.today)
        total = ground.session.scalar(select(func.count()).select_from(Activity).where(ground.activities)) or 0
        language = press.languages[volume.language]
        title = Title(
            f"register-volume-{volume.number}",
            phrase("Record of processing activities, volume {number}", number=volume.number),
        )

        def draw(piece: int) -> str:
            cote = press.bearing.cote(piece)
            where = VolumePlace(number=volume.number, first=volume.done + 1, count=total, cote=cote)
            return draw_volume(records, where, ground.now)

        with press.studio.speaking(language):
            press.paper(title, language, draw)
        done = volume.done + len(records)
        if records and done < total:
            return _Volume(volume.language, volume.number + 1, done, records[-1].activity.id).told(size)
        if volume.language + 1 < len(press.languages):
            return _Volume(volume.language + 1, 1, 0, None).told(AT_ONCE)
        return Place(at=next(iter(_FILES)))

    def _file(self, ground: Ground, press: Press, place: Place) -> Place | None:
        form = place.at
        for language in press.languages if form == _SPEAKS else press.languages[:1]:
            spoken = language if form == _SPEAKS else None
            press.data(Title("register", _FILES[form]), FORMATS[form].suffix, _writer(ground, form, language), spoken)
        names = list(_FILES)
        following = names.index(form) + 1
        return Place(at=names[following]) if following < len(names) else None


def _writer(ground: Ground, form: str, language: str) -> Callable[[IO[bytes]], int]:
    def write(out: IO[bytes]) -> int:
        only = ground.only or None
        counted = 0

        def activities() -> Iterator[WrittenActivity]:
            nonlocal counted
            for each in written_activities(ground.session, ground.attestor, only):
                counted += 1
                yield each

        stated = stated_activities(ground.session, ground.attestor, only, ground.today)
        FORMATS[form].write(out, Export(activities=activities(), stated=stated, at=ground.now, language=language))
        return counted

    return write
