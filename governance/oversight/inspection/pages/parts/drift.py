"""Where practice and paper part, as of today. GDPR Art. 5(2), 24(1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext
from sqlalchemy import func, select

from governance.errors import mark, phrase
from governance.oversight.drift import ground as drift_ground
from governance.oversight.drift.labels import KIND_WORDS, SEVERITY_LABELS
from governance.oversight.drift.models import DriftSeen
from governance.oversight.drift.report import broken_report, drift_report
from governance.oversight.drift.values import DriftReport, Finding
from governance.oversight.drift.views.words import told
from governance.oversight.inspection.pages.parts.base import Ground, Place
from governance.oversight.inspection.pages.press import Paper, Press, Title
from governance.oversight.inspection.sheets import Block, Facts, Table
from governance.vault.errors import AttestationError, PolicySetError
from governance.web.clockface import day, figure, moment

_FINDINGS: Final = mark("Findings, when the worker last looked")


@dataclass(frozen=True, slots=True)
class Drift:
    """What differs between the register and what is done: told, not hidden."""

    key: str = "drift"
    title: str = mark("Where practice and paper part")
    article: str = "GDPR Art. 5(2)"
    missing: str = ""

    def counts(self, ground: Ground) -> Mapping[str, int]:
        """Say how many findings the worker last saw."""
        return {_FINDINGS: ground.session.scalar(select(func.count()).select_from(DriftSeen)) or 0}

    def make(self, ground: Ground, press: Press, place: Place) -> Place | None:
        """Work the report out, and make it."""
        report = _report(ground)
        found = [each for each in report.findings if not ground.only or _named(each, ground.only)]
        press.sheet(
            Title("drift", phrase("Where practice and paper part")),
            Paper(
                article=self.article,
                lede=mark(
                    "What the register says is compared with what the system sees: this is what differs on "
                    "the day of this file, with what was set aside and until when."
                ),
                say=lambda: _blocks(report, found),
            ),
        )
        return None


def _report(ground: Ground) -> DriftReport:
    try:
        snapshot = ground.snapshot()
    except (PolicySetError, AttestationError):
        return broken_report()
    seen = drift_ground.Ground(session=ground.session, attestor=ground.attestor, snapshot=snapshot, now=ground.now)
    return drift_report(seen)


def _named(finding: Finding, only: tuple[str, ...]) -> bool:
    return not finding.activities or any(each.slug in only for each in finding.activities)


def _blocks(report: DriftReport, found: Sequence[Finding]) -> Sequence[Block]:
    looked = report.looked
    data_at = gettext("never") if looked.data_at is None else moment(looked.data_at)
    return [
        Facts([
            (gettext("Activities looked at"), figure(looked.activities)),
            (gettext("Columns of the data map looked at"), figure(looked.columns)),
            (gettext("The data themselves were last looked at"), data_at),
            (gettext("Age not measured"), ", ".join(looked.unaged) or "—"),
        ]),
        Table(
            name="drift",
            columns=[
                (gettext("Severity"), 11), (gettext("What"), 20), (gettext("Which"), 24), (gettext("To be known"), 31),
                (gettext("Set aside until"), 14),
            ],
            rows=[_row(each) for each in found],
            empty=gettext("Nothing differs between what the register says and what is done."),
        ),
    ]  # fmt: skip


def _row(finding: Finding) -> Sequence[str]:
    words, kind = told(finding), KIND_WORDS[finding.kind]
    aside = "—" if finding.aside is None else day(finding.aside.until)
    return gettext(SEVERITY_LABELS[finding.severity]), gettext(kind.title), words.title, words.note, aside
