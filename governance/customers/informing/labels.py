"""Why somebody stands in no first message, as the page says it; marked for translation."""

from collections.abc import Mapping
from typing import Final

from governance.customers.informing.messages import GONE, NO_ADDRESS
from governance.errors import mark

LEFT_OUT_LABELS: Final[Mapping[str, str]] = {
    "objected": mark("They objected to this purpose"),
    "no-consent": mark("They have not consented to this purpose"),
    "broken-consent": mark("The record of their consent was altered outside Égide"),
    "restricted": mark("The use of their data is restricted"),
    "erased": mark("They were erased"),
    "older-data": mark("This purpose opens only to data whose people were told of it"),
    "kind": mark("The purpose does not concern this kind of people"),
    NO_ADDRESS: mark("No address of this kind that the purpose gives"),
    GONE: mark("Their row is no longer there"),
}
