"""The action plan: what is to be done, by whom and when, and what became of it. GDPR Art. 24(1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext
from sqlalchemy import func, select

from governance.errors import mark, phrase
from governance.identity.service import called
from governance.oversight.inspection.pages.parts.base import Ground, Place
from governance.oversight.inspection.pages.press import Paper, Press, Title
from governance.oversight.inspection.sheets import Block, Table
from governance.oversight.models import PlanAction
from governance.oversight.plan.labels import ABOUT_LABELS, PRIORITY_LABELS, STATE_LABELS
from governance.oversight.values.plan import OPEN
from governance.web.clockface import day

_OPEN: Final = mark("Actions that are open")
_SETTLED: Final = mark("Actions that are settled")


@dataclass(frozen=True, slots=True)
class Actions:
    """The plan by which the company puts right what is not."""

    key: str = "action-plan"
    title: str = mark("Action plan")
    article: str = "GDPR Art. 24(1)"
    missing: str = ""

    def counts(self, ground: Ground) -> Mapping[str, int]:
        """Say how many are open, and how many settled."""
        rows = ground.session.execute(select(PlanAction.state, func.count()).group_by(PlanAction.state))
        found = {row[0]: int(row[1]) for row in rows}
        still = sum(count for state, count in found.items() if state in OPEN)
        return {_OPEN: still, _SETTLED: sum(found.values()) - still}

    def make(self, ground: Ground, press: Press, place: Place) -> Place | None:
        """Make the list, whole: the next due first."""
        rows = ground.session.scalars(select(PlanAction).order_by(PlanAction.due_on, PlanAction.id)).all()
        for row in rows:
            ground.attestor.verify(row)
        press.sheet(
            Title("action-plan", phrase("Action plan")),
            Paper(
                article=self.article,
                lede=mark("What is to be done for data protection, by whom and when, and what became of it."),
                say=lambda: _blocks(ground, rows),
            ),
        )
        return None


def _blocks(ground: Ground, rows: Sequence[PlanAction]) -> Sequence[Block]:
    names = called(ground.session, {row.owner_id for row in rows})
    return [
        Table(
            name="action-plan",
            columns=[
                (gettext("What"), 27), (gettext("About"), 14), (gettext("Who"), 14), (gettext("Due"), 13),
                (gettext("Priority"), 8), (gettext("State"), 9), (gettext("What came of it"), 15),
            ],
            rows=[
                (
                    row.title,
                    "—" if row.about is None else gettext(ABOUT_LABELS[row.about]),
                    names.get(row.owner_id, "—"),
                    day(row.due_on),
                    gettext(PRIORITY_LABELS[row.priority]),
                    gettext(STATE_LABELS[row.state]),
                    row.outcome or "—",
                )
                for row in rows
            ],
            empty=gettext("Nothing is planned."),
        )
    ]  # fmt: skip
