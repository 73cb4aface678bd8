"""The officer's designation, training, letters of authorities and maturity. GDPR Art. 24, 31, 37 to 39."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import DeclarativeBase

from governance.errors import mark, phrase
from governance.oversight.accountability.labels import (
    DIRECTION_LABELS,
    LEVEL_LABELS,
    MANDATE_LABELS,
    MATURITY_LABELS,
)
from governance.oversight.accountability.maturity import list_reviews
from governance.oversight.accountability.training import takers
from governance.oversight.inspection.pages.parts.base import Ground, Place
from governance.oversight.inspection.pages.press import Paper, Press, Title
from governance.oversight.inspection.sheets import Block, Facts, Heading, Table
from governance.oversight.models import Letter, MaturityReview, Officer, TrainingSession
from governance.web.clockface import day, figure

_DESIGNATIONS: Final = mark("Designations on file")
_SESSIONS: Final = mark("Sessions that were held")
_LETTERS: Final = mark("Letters on file")
_REVIEWS: Final = mark("Self-assessments on file")


@dataclass(frozen=True, slots=True)
class Designation:
    """Who is designated, and what the officer has for the tasks."""

    key: str = "officer"
    title: str = mark("The data protection officer")
    article: str = "GDPR Art. 37, 38, 39"
    missing: str = ""

    def counts(self, ground: Ground) -> Mapping[str, int]:
        """Say how many designations there are."""
        return {_DESIGNATIONS: _count(ground, Officer)}

    def make(self, ground: Ground, press: Press, place: Place) -> Place | None:
        """Make the designations, the latest first."""
        rows = ground.session.scalars(select(Officer).order_by(Officer.since.desc(), Officer.id.desc())).all()
        for row in rows:
            ground.attestor.verify(row)
        press.sheet(
            Title("officer", phrase("The data protection officer’s designation")),
            Paper(
                article=self.article,
                lede=mark("Who is designated, that the authority was told, and that the officer can do the tasks."),
                say=lambda: [block for row in rows for block in _designation(row)] or _nobody(),
            ),
        )
        return None


@dataclass(frozen=True, slots=True)
class Training:
    """What people know, and who told them."""

    key: str = "training"
    title: str = mark("Training and awareness")
    article: str = "GDPR Art. 39(1)(b)"
    missing: str = ""

    def counts(self, ground: Ground) -> Mapping[str, int]:
        """Say how many sessions were held."""
        return {_SESSIONS: _count(ground, TrainingSession)}

    def make(self, ground: Ground, press: Press, place: Place) -> Place | None:
        """Make the list of sessions: who took part is counted, not named."""
        order = (TrainingSession.held_on.desc(), TrainingSession.id.desc())
        rows = ground.session.scalars(select(TrainingSession).order_by(*order)).all()
        for row in rows:
            ground.attestor.verify(row)
        press.sheet(
            Title("training", phrase("Training and awareness")),
            Paper(
                article=self.article,
                lede=mark("The sessions that were held. Who took part is counted; the signed lists are evidence."),
                say=lambda: [_sessions(ground, rows)],
            ),
        )
        return None


@dataclass(frozen=True, slots=True)
class Letters:
    """What was written to and by authorities."""

    key: str = "letters"
    title: str = mark("Letters from and to authorities")
    article: str = "GDPR Art. 31"
    missing: str = ""

    def counts(self, ground: Ground) -> Mapping[str, int]:
        """Say how many letters there are."""
        return {_LETTERS: _count(ground, Letter)}

    def make(self, ground: Ground, press: Press, place: Place) -> Place | None:
        """Make the list of letters, the latest first."""
        rows = ground.session.scalars(select(Letter).order_by(Letter.dated_on.desc(), Letter.id.desc())).all()
        for row in rows:
            ground.attestor.verify(row)
        press.sheet(
            Title("letters", phrase("Letters from and to authorities: the list")),
            Paper(
                article=self.article,
                lede=mark("What was received from an authority and sent to one, and by when an answer was due."),
                say=lambda: [_letters(rows)],
            ),
        )
        return None


@dataclass(frozen=True, slots=True)
class Maturity:
    """How the company finds itself on the eight activities of the CNIL's model."""

    key: str = "maturity"
    title: str = mark("Self-assessment of maturity")
    article: str = "GDPR Art. 24(1)"
    missing: str = ""

    def counts(self, ground: Ground) -> Mapping[str, int]:
        """Say how many self-assessments there are."""
        return {_REVIEWS: _count(ground, MaturityReview)}

    def make(self, ground: Ground, press: Press, place: Place) -> Place | None:
        """Make the latest self-assessment."""
        press.sheet(
            Title("maturity", phrase("Self-assessment of maturity")),
            Paper(
                article=self.article,
                lede=mark("Where each of the eight activities of the CNIL’s model stands, and where it is to stand."),
                say=lambda: _levels(ground),
            ),
        )
        return None


def _count(ground: Ground, model: type[DeclarativeBase]) -> int:
    return ground.session.scalar(select(func.count()).select_from(model)) or 0


def _nobody() -> Sequence[Block]:
    return [Table(columns=[], rows=[], empty=gettext("No designation is on file."))]


def _designation(row: Officer) -> Sequence[Block]:
    until = "—" if row.until is None else day(row.until)
    told = "—" if row.declared_on is None else day(row.declared_on)
    looked = "" if row.conflicts_on is None else f" ({day(row.conflicts_on)})"
    return [
        Heading(row.name),
        Facts([
            (gettext("Mandate"), gettext(MANDATE_LABELS[row.mandate])),
            (gettext("Since"), day(row.since)),
            (gettext("Until"), until),
            (gettext("Number of the designation"), row.number or "—"),
            (gettext("The CNIL was told on"), told),
            (gettext("How people reach the officer"), row.published or "—"),
            (gettext("Resources"), row.resources or "—"),
            (gettext("Conflicts of interests"), (row.conflicts or "—") + looked),
        ]),
    ]  # fmt: skip


def _sessions(ground: Ground, rows: Sequence[TrainingSession]) -> Table:
    people = takers(ground.session, [row.id for row in rows])
    return Table(
        name="training",
        columns=[
            (gettext("What it was about"), 36), (gettext("Held on"), 18), (gettext("Minutes"), 10),
            (gettext("Held by"), 22), (gettext("People"), 14),
        ],
        rows=[
            (row.subject, day(row.held_on), figure(row.minutes), row.held_by or "—", figure(seen))
            for row, seen in ((each, len(people.get(each.id, ()))) for each in rows)
        ],
        empty=gettext("No session is on file."),
    )  # fmt: skip


def _letters(rows: Sequence[Letter]) -> Table:
    answered = {row.answers_id for row in rows}
    return Table(
        name="letters",
        columns=[
            (gettext("Day"), 15), (gettext("Direction"), 10), (gettext("Authority"), 16), (gettext("Reference"), 13),
            (gettext("Subject"), 24), (gettext("Answer due"), 13), (gettext("Answered"), 9),
        ],
        rows=[
            (
                day(row.dated_on),
                gettext(DIRECTION_LABELS[row.direction]),
                row.authority,
                row.reference or "—",
                row.subject,
                "—" if row.due_on is None else day(row.due_on),
                gettext("yes") if row.id in answered else "—",
            )
            for row in rows
        ],
        empty=gettext("No letter is on file."),
    )  # fmt: skip


def _levels(ground: Ground) -> Sequence[Block]:
    found = list_reviews(ground.session, after=None, limit=1).rows
    if not found:
        return [Table(columns=[], rows=[], empty=gettext("No self-assessment is on file."))]
    review = found[0]
    return [
        Facts([(gettext("Made on"), day(review.made_at))]),
        Table(
            name="maturity",
            columns=[
                (gettext("Activity"), 34), (gettext("Stands at"), 20), (gettext("Is to stand at"), 20),
                (gettext("Why"), 26),
            ],
            rows=[
                (
                    gettext(MATURITY_LABELS[activity]),
                    f"{each.level} · {gettext(LEVEL_LABELS[each.level])}",
                    f"{each.target} · {gettext(LEVEL_LABELS[each.target])}",
                    each.justification or "—",
                )
                for activity, each in sorted(review.levels.items())
            ],
        ),
    ]  # fmt: skip
