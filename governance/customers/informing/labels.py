"""Why somebody stands in no first message, as the page says it; marked for translation."""

from collections.abc import Mapping
from typing import Final

from governance.customers.informing.making import ALTERED, GONE, NO_ADDRESS
from governance.errors import mark

LEFT_OUT_LABELS: Final[Mapping[str, str]] = {
    "objected": mark("objection to this purpose"),
    "no-consent": mark("no consent to this purpose"),
    "broken-consent": mark("consent altered outside Égide"),
    "restricted": mark("restriction of processing"),
    "erased": mark("erased"),
    "older-data": mark("closed to this purpose until they are told of it"),
    "kind": mark("people whom this purpose does not concern"),
    NO_ADDRESS: mark("no address of this kind that the purpose gives"),
    GONE: mark("no longer on file"),
    ALTERED: mark("altered outside Égide"),
}
