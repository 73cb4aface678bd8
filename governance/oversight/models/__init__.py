"""Tables of oversight: the action plan, the library of evidence, and the file of accountability."""

from governance.oversight.models.accountability import (
    Letter,
    MaturityLevel,
    MaturityReview,
    Officer,
    TrainingPart,
    TrainingSession,
)
from governance.oversight.models.evidence import Document, DocumentLink, DocumentVersion
from governance.oversight.models.plan import ActionReminder, ActionStep, PlanAction

__all__ = [
    "ActionReminder",
    "ActionStep",
    "Document",
    "DocumentLink",
    "DocumentVersion",
    "Letter",
    "MaturityLevel",
    "MaturityReview",
    "Officer",
    "PlanAction",
    "TrainingPart",
    "TrainingSession",
]
