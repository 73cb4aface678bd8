"""What evidence there is of consents: how many stand how, under which text; nobody's own. GDPR Art. 7(1), 5(1)(c)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import get_locale, gettext
from sqlalchemy import case, func, select

from consent.labels import STATE_LABELS
from consent.models import Consent, EarlierEvent
from consent.states import ConsentState
from governance.errors import mark, phrase
from governance.oversight.inspection.pages.parts.base import Ground, Place
from governance.oversight.inspection.pages.press import Paper, Press, Title
from governance.oversight.inspection.sheets import Block, Facts, Heading, Table, Words
from governance.vocabulary import Channel
from governance.web.clockface import figure
from register.labels import CHANNEL_LABELS
from register.models import Notice

_CONSENTS: Final = mark("Consents on file, counted and not listed")
_EVENTS: Final = mark("Consent events, earlier ones included")
_WHY: Final = mark(
    "People are counted here and nobody is named: the whole list of customers is not needed to see how consents are "
    "asked for and kept, and is minimised away (GDPR Art. 5(1)(c)). For anybody whom the authority names, the company "
    "gives the proof of their consent: each event, when and how, the text that was shown, and its entry in the log."
)


@dataclass(frozen=True, slots=True)
class Consents:
    """That consents are asked for, kept and withdrawn."""

    key: str = "consents"
    title: str = mark("Evidence of consents")
    article: str = "GDPR Art. 7(1)"
    missing: str = ""

    def counts(self, ground: Ground) -> Mapping[str, int]:
        """Say how many consents and events there are."""
        now = ground.session.scalar(select(func.count()).select_from(Consent)) or 0
        earlier = ground.session.scalar(select(func.count()).select_from(EarlierEvent)) or 0
        return {_CONSENTS: now, _EVENTS: now + earlier}

    def make(self, ground: Ground, press: Press, place: Place) -> Place | None:
        """Count by purpose, channel, state and text shown."""
        counted = _counted(ground)
        press.sheet(
            Title("consents", phrase("Consents by purpose, channel, state and text shown")),
            Paper(article=self.article, lede=_WHY, say=lambda: _blocks(ground, counted)),
        )
        return None


def _counted(ground: Ground) -> Sequence[Any]:
    over = case((Consent.holds_until < int(ground.now.timestamp()), 1), else_=0)
    statement = (
        select(
            Consent.purpose_id, Consent.channel, Consent.state, Notice.slug, Notice.version, Notice.language,
            func.count().label("people"), func.sum(over).label("over"), func.sum(Consent.sequence).label("events"),
        )
        .outerjoin(Notice, Notice.id == Consent.notice_id)
        .group_by(Consent.purpose_id, Consent.channel, Consent.state, Notice.slug, Notice.version, Notice.language)
        .order_by(Consent.purpose_id, Consent.channel, Consent.state, Notice.slug, Notice.version, Notice.language)
    )  # fmt: skip
    if ground.only:
        statement = statement.where(Consent.purpose_id.in_(ground.purposes))
    return ground.session.execute(statement).all()


def _blocks(ground: Ground, counted: Sequence[Any]) -> Sequence[Block]:
    english = get_locale().language == "en"
    rows = []
    for row in counted:
        labels = ground.purposes.get(row.purpose_id, ("", ""))
        shown = gettext("none on file") if row.slug is None else f"{row.slug} · {row.version} · {row.language}"
        rows.append((
            labels[1] if english else labels[0],
            gettext(CHANNEL_LABELS[Channel.from_code(row.channel)]),
            gettext(STATE_LABELS[ConsentState.from_code(row.state)]),
            shown,
            figure(row.people),
            figure(row.over or 0),
        ))  # fmt: skip
    return [
        Facts([
            (gettext("Consents"), figure(sum(row.people for row in counted))),
            (gettext("Events"), figure(sum(row.events or 0 for row in counted))),
        ]),
        Heading(gettext("How they stand")),
        Table(
            name="consents",
            columns=[
                (gettext("Purpose"), 28), (gettext("Channel"), 13), (gettext("State"), 15),
                (gettext("Text shown (notice, version, language)"), 24), (gettext("People"), 10),
                (gettext("Of them expired"), 10),
            ],
            rows=rows,
            empty=gettext("No consent is on file."),
        ),
        Words(
            gettext(
                "A consent whose end has passed counts as given above and opens nothing: the gate compares each time."
            ),
            quiet=True,
        ),
    ]  # fmt: skip
