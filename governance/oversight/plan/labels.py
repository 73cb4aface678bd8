"""What the words of the action plan are called on the pages; marked for translation."""

from collections.abc import Mapping
from typing import Final

from governance.errors import mark
from governance.oversight.values import About
from governance.oversight.values.plan import ActionState, ActionVerb, Priority

STATE_LABELS: Final[Mapping[ActionState, str]] = {
    ActionState.TO_DO: mark("to do"),
    ActionState.UNDER_WAY: mark("under way"),
    ActionState.DONE: mark("done"),
    ActionState.DROPPED: mark("dropped"),
}
STATE_TONES: Final[Mapping[ActionState, str | None]] = {
    ActionState.TO_DO: None,
    ActionState.UNDER_WAY: "due",
    ActionState.DONE: "given",
    ActionState.DROPPED: "refused",
}
PRIORITY_LABELS: Final[Mapping[Priority, str]] = {
    Priority.HIGH: mark("high"),
    Priority.NORMAL: mark("normal"),
    Priority.LOW: mark("low"),
}
# What somebody did, in the thread.
DONE_LABELS: Final[Mapping[str, str]] = {
    ActionVerb.ADD: mark("Added to the plan"),
    ActionVerb.CHANGE: mark("Corrected"),
    ActionVerb.START: mark("Work begun"),
    ActionVerb.FINISH: mark("Done"),
    ActionVerb.DROP: mark("Dropped"),
    ActionVerb.REOPEN: mark("Taken up again"),
}
ABOUT_LABELS: Final[Mapping[About, str]] = {
    About.ACTIVITY: mark("Processing activity"),
    About.ASSESSMENT: mark("Impact assessment"),
    About.PARTY: mark("Organisation"),
    About.CONTRACT: mark("Contract"),
    About.DRIFT: mark("Finding of the drift report"),
    About.ACCESS_REVIEW: mark("Access review"),
    About.ACTION: mark("Action of the plan"),
    About.DOCUMENT: mark("Document"),
    About.TRAINING: mark("Training session"),
    About.OFFICER: mark("Designation of the officer"),
    About.LETTER: mark("Letter of an authority"),
    About.MATURITY: mark("Maturity"),
}
