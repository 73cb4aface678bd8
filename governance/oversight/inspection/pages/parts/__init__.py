"""The parts of the file, in the order of the archive. A later room adds its own in the place of what is absent."""

from typing import Final

from governance.errors import mark
from governance.oversight.inspection.pages.parts.accountability import Designation, Letters, Maturity, Training
from governance.oversight.inspection.pages.parts.actions import Actions
from governance.oversight.inspection.pages.parts.base import Absent, Ground, Part, Place
from governance.oversight.inspection.pages.parts.consents import Consents
from governance.oversight.inspection.pages.parts.drift import Drift
from governance.oversight.inspection.pages.parts.evidence import Evidence
from governance.oversight.inspection.pages.parts.log import LogOfFacts
from governance.oversight.inspection.pages.parts.notices import Notices
from governance.oversight.inspection.pages.parts.policies import Policies
from governance.oversight.inspection.pages.parts.processors import Processors
from governance.oversight.inspection.pages.parts.register import Register

PARTS: Final[tuple[Part, ...]] = (
    Register(),
    Processors(),
    Policies(),
    Notices(),
    Consents(),
    Absent(
        key="requests",
        title=mark("Requests of people"),
        article="GDPR Art. 12",
        missing=mark("No requests of people are kept in this house yet: ask the company for its own list of them."),
    ),
    Absent(
        key="breaches",
        title=mark("Personal data breaches"),
        article="GDPR Art. 33(5)",
        missing=mark("No breaches are kept in this house yet: ask the company for its own record of them."),
    ),
    Absent(
        key="assessments",
        title=mark("Impact assessments"),
        article="GDPR Art. 35",
        missing=mark("Impact assessments are filed as documents: those on file are in the library of evidence, below."),
    ),
    Actions(),
    Evidence(),
    Designation(),
    Training(),
    Letters(),
    Maturity(),
    Drift(),
    LogOfFacts(),
)

__all__ = ["PARTS", "Absent", "Ground", "Part", "Place"]
