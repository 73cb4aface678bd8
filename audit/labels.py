"""What actions and outcomes are called on the pages; marked for translation."""

from collections.abc import Mapping
from typing import Final

from audit.entries import Action, Outcome
from governance.errors import mark

ACTION_LABELS: Final[Mapping[Action, str]] = {
    Action.SIGN_IN: mark("Sign-in"),
    Action.SIGN_OUT: mark("Sign-out"),
    Action.READ: mark("Read"),
    Action.CREATE: mark("Created"),
    Action.CHANGE: mark("Changed"),
    Action.DELETE: mark("Deleted"),
    Action.EXPORT: mark("Exported"),
    Action.IMPORT: mark("Imported"),
    Action.POLICY: mark("Policy"),
    Action.REFUSAL: mark("Refusal"),
    Action.CONSENT: mark("Consent"),
    Action.KEY: mark("Keys"),
    Action.CHECK: mark("Check"),
    Action.JOB: mark("Work"),
    Action.PURGE: mark("Purge"),
    Action.ACCOUNT: mark("Account"),
    Action.NOTIFY: mark("Notification"),
    Action.START: mark("Start"),
    Action.SETTING: mark("Setting"),
    Action.DECIDE: mark("Decision"),
}

OUTCOME_LABELS: Final[Mapping[Outcome, str]] = {
    Outcome.DONE: mark("done"),
    Outcome.REFUSED: mark("refused"),
    Outcome.FAILED: mark("failed"),
}
