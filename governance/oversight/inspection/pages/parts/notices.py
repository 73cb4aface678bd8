"""What people are told: the notices in force, and every version before them. GDPR Art. 13, 14."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final

import orjson
from flask_babel import get_locale, gettext
from sqlalchemy import Select, func, select

from governance.errors import mark, phrase
from governance.oversight.inspection.pages.parts.base import Ground, Place
from governance.oversight.inspection.pages.press import Paper, Press, Title
from governance.oversight.inspection.sheets import Block, Heading, Table, Words
from governance.web.clockface import day
from register.notices.models import CollectionPoint, NoticeText, PointActivity
from register.notices.values import NoticeBody
from register.service.notices.publishing import digest_of

_POINTS: Final = mark("Collection points")
_VERSIONS: Final = mark("Versions of notices that were published")
_AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class Notices:
    """What people are told, wherever their data are collected."""

    key: str = "notices"
    title: str = mark("Information given to people")
    article: str = "GDPR Art. 13, 14"
    missing: str = ""

    def counts(self, ground: Ground) -> Mapping[str, int]:
        """Say how many notices and versions there are."""
        return {
            _POINTS: ground.session.scalar(select(func.count()).select_from(CollectionPoint)) or 0,
            _VERSIONS: ground.session.scalar(select(func.count()).select_from(NoticeText)) or 0,
        }

    def make(self, ground: Ground, press: Press, place: Place) -> Place | None:
        """Make the notices in force as documents, then every version as data."""
        newest = list(_newest(ground))
        press.sheet(
            Title("notices", phrase("Notices in force, and their history")),
            Paper(
                article=self.article,
                lede=mark(
                    "The text that people are shown today, for each place where data are collected. Earlier versions "
                    "stand whole in the file of all versions; the log holds the digest of each."
                ),
                say=lambda: _blocks(ground, newest),
            ),
        )
        press.data(Title("notices-all-versions", phrase("Every version of every notice, in both languages")), ".json",
                   lambda out: _write(ground, out))  # fmt: skip
        return None


def _texts(ground: Ground) -> Select[NoticeText]:
    statement = select(NoticeText)
    if ground.only:
        named = select(PointActivity.point_id).where(PointActivity.activity_id.in_(ground.in_scope))
        points = select(CollectionPoint.id).where(CollectionPoint.covers_all | CollectionPoint.id.in_(named))
        statement = statement.where(NoticeText.point_id.in_(points))
    return statement


def _newest(ground: Ground) -> Iterator[tuple[NoticeText, NoticeBody]]:
    last = select(NoticeText.slug, func.max(NoticeText.version).label("version")).group_by(NoticeText.slug).subquery()
    statement = _texts(ground).join(last, (last.c.slug == NoticeText.slug) & (last.c.version == NoticeText.version))
    for text in ground.session.scalars(statement.order_by(NoticeText.slug)):
        ground.attestor.verify(text)
        yield text, NoticeBody.read(text.text)


def _blocks(ground: Ground, newest: Sequence[tuple[NoticeText, NoticeBody]]) -> Sequence[Block]:
    language = get_locale().language
    blocks: list[Block] = []
    for text, body in newest:
        wording = body.wordings.get(language) or next(iter(body.wordings.values()))
        blocks += [
            Heading(wording.title),
            Words(
                gettext(
                    "%(slug)s, version %(number)s, of %(day)s", slug=text.slug, number=text.version, day=day(text.at)
                ),
                quiet=True,
            ),
            *(Words(each) for each in wording.short),
        ]
        for section in wording.sections:
            blocks.append(Words(section.heading, article=section.article))
            blocks += [Words(each) for each in section.intro]
            blocks += [Words("\n".join((passage.title, *passage.lines))) for passage in section.passages]
    history = ground.session.execute(
        _texts(ground).with_only_columns(NoticeText.slug, NoticeText.version, NoticeText.at, NoticeText.text)
        .order_by(NoticeText.slug, NoticeText.version.desc())
        .execution_options(yield_per=_AT_ONCE)
    )  # fmt: skip
    return [
        *blocks,
        Heading(gettext("Versions")),
        Table(
            name="notices",
            columns=[
                (gettext("Notice"), 25), (gettext("Version"), 9), (gettext("Published on"), 18),
                (gettext("Digest (SHA-256)"), 48),
            ],
            rows=[(row.slug, str(row.version), day(row.at), digest_of(row.text)) for row in history],
            empty=gettext("No notice was published yet."),
        ),
    ]  # fmt: skip


def _write(ground: Ground, out: IO[bytes]) -> int:
    """Write every version, one at a time, with the very text over which its digest is taken."""
    count = 0
    out.write(b"[")
    texts = ground.session.scalars(_texts(ground).order_by(NoticeText.slug, NoticeText.version))
    for text in texts.yield_per(_AT_ONCE):
        ground.attestor.verify(text)
        told = {
            "notice": text.slug,
            "version": text.version,
            "published_at": text.at,
            "sha256": digest_of(text.text),
            "canonical_text": text.text,
        }
        out.write((b"\n" if count == 0 else b",\n") + orjson.dumps(told))
        count += 1
    out.write(b"\n]\n")
    return count
