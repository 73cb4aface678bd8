"""What states, events, means and weaknesses of consents are called in documents and on pages for the staff."""

from collections.abc import Mapping
from typing import Final

from consent.evidence.values import Age, Weakness
from consent.states import ConsentState, EventKind, Method
from governance.errors import mark

STATE_LABELS: Final[Mapping[ConsentState, str]] = {
    ConsentState.REQUESTED: mark("consent asked for"),
    ConsentState.GIVEN: mark("consent given"),
    ConsentState.REFUSED: mark("consent refused"),
    ConsentState.WITHDRAWN: mark("consent withdrawn"),
    ConsentState.EXPIRED: mark("consent over"),
    ConsentState.INVALIDATED: mark("without proof, so none"),
}
EVENT_LABELS: Final[Mapping[EventKind, str]] = {
    EventKind.REQUESTED: mark("The person was asked"),
    EventKind.GIVEN: mark("The person said yes"),
    EventKind.REFUSED: mark("The person said no"),
    EventKind.WITHDRAWN: mark("The person took the yes back"),
    EventKind.RENEWED: mark("The person said yes again"),
    EventKind.EXPIRED: mark("The yes ended"),
    EventKind.INVALIDATED: mark("What was said before is set aside: it cannot be proved"),
}
METHOD_LABELS: Final[Mapping[Method, str]] = {
    Method.CHECKBOX: mark("on a form"),
    Method.DOUBLE_OPT_IN: mark("on a form, then by the link of a message"),
    Method.PAPER: mark("on paper"),
    Method.ORAL: mark("in conversation"),
    Method.API: mark("by a program"),
    Method.IMPORT: mark("told by a file"),
}
AGE_LABELS: Final[Mapping[Age, str]] = {
    Age.UNDER_15: mark("under 15"),
    Age.FROM_15: mark("15 or older"),
}
WEAKNESS_LABELS: Final[Mapping[Weakness, str]] = {
    Weakness.NO_PROOF: mark("nothing proves it"),
    Weakness.UNKNOWN_DATE: mark("nobody knows when"),
    Weakness.UNKNOWN_WORDS: mark("nobody knows which words were shown"),
    Weakness.BUNDLED: mark("asked for together with something else"),
}
