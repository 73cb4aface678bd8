"""What the words of grants and requests are called on the pages; marked for translation."""

from collections.abc import Mapping
from typing import Final

from governance.errors import mark
from governance.policies.service.grants import GrantState
from governance.policies.values import Advice, RequestState, Verdict
from governance.vocabulary import Form, GrantedAction

FORM_LABELS: Final[Mapping[Form, str]] = {
    Form.WITHHELD: mark("withheld"),
    Form.GENERALISED: mark("generalised"),
    Form.PSEUDONYM: mark("pseudonym"),
    Form.MASKED: mark("masked"),
    Form.CLEAR: mark("in clear"),
}

# What each form lets somebody see, for whoever has never heard of forms.
FORM_MEANINGS: Final[Mapping[Form, str]] = {
    Form.GENERALISED: mark("less precise: an area instead of an address, a year instead of a day"),
    Form.PSEUDONYM: mark("a made-up code in the place of the value, always the same for the same person"),
    Form.MASKED: mark("partly hidden: the last digits, the first letter"),
    Form.CLEAR: mark("as it was written"),
}

# The same without a picture.
FORM_SIGNS: Final[Mapping[Form, str]] = {
    Form.WITHHELD: "·",
    Form.GENERALISED: "▤",
    Form.PSEUDONYM: "◇",
    Form.MASKED: "◐",
    Form.CLEAR: "●",
}

ACTION_LABELS: Final[Mapping[GrantedAction, str]] = {
    GrantedAction.READ: mark("See"),
    GrantedAction.CREATE: mark("Enter"),
    GrantedAction.CHANGE: mark("Correct"),
    GrantedAction.DELETE: mark("Delete"),
    GrantedAction.EXPORT: mark("Export"),
}

GRANT_STATE_LABELS: Final[Mapping[GrantState, str]] = {
    GrantState.REQUESTED: mark("waiting"),
    GrantState.APPROVED: mark("in force"),
    GrantState.EXPIRED: mark("over"),
    GrantState.REVOKED: mark("revoked"),
}

REQUEST_STATE_LABELS: Final[Mapping[RequestState, str]] = {
    RequestState.WAITING: mark("waiting"),
    RequestState.APPROVED: mark("granted"),
    RequestState.REFUSED: mark("turned down"),
    RequestState.WITHDRAWN: mark("withdrawn"),
}

ADVICE_LABELS: Final[Mapping[Advice, str]] = {
    Advice.FAVOURABLE: mark("Favourable"),
    Advice.UNFAVOURABLE: mark("Unfavourable"),
}

VERDICT_LABELS: Final[Mapping[Verdict, str]] = {
    Verdict.KEEP: mark("Kept"),
    Verdict.TAKE_BACK: mark("Taken back"),
}

# What was done to a grant or a request, as its thread tells it; by the word that the log records.
DONE_LABELS: Final[Mapping[str, str]] = {
    "request": mark("Asked for"),
    "approve": mark("Approved"),
    "revoke": mark("Taken back"),
    "review": mark("Reviewed"),
    "simulate": mark("Simulated"),
    "ask": mark("Asked for"),
    "refuse": mark("Refused"),
    "withdraw": mark("Withdrawn"),
    "advise": mark("Opinion given"),
}

# Which rule would refuse, by the code that the gate records where it only observes.
RULE_LABELS: Final[Mapping[str, str]] = {
    "no-grant": mark("No grant gives the data to the role"),
    "grant-out-of-validity": mark("The grant has ended or has not begun"),
    "weaker-form": mark("The grant gives the data in a weaker form"),
    "role-not-recipient": mark("The register does not name the role as a recipient"),
    "category-not-declared": mark("The purpose does not declare the category"),
    "wrong-kind": mark("The purpose does not declare this kind of people"),
    "form-impossible": mark("The granted form does not exist for the field"),
    "special-condition-missing": mark("No condition is stated for special categories"),
    "no-consent": mark("The person has not consented"),
}
