"""Receipts for machines: what a proof says in one of their formats, in an envelope that the log's key signed.

Whoever holds the log's public key reads and checks one without asking anybody.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson

from audit.signer import Signer
from consent.receipts import kantara, linked
from consent.receipts.values import Proof, ReceiptFormat

MEDIA_TYPE: Final = "application/jose"
KINDS: Final[Mapping[ReceiptFormat, str]] = {
    ReceiptFormat.JSONLD: linked.KIND,
    ReceiptFormat.KANTARA: kantara.KIND,
}
_WRITERS: Final[Mapping[ReceiptFormat, Callable[[Proof], dict[str, Any]]]] = {
    ReceiptFormat.JSONLD: linked.to_linked,
    ReceiptFormat.KANTARA: kantara.to_kantara,
}


def issue(signer: Signer, proof: Proof, form: ReceiptFormat) -> str:
    """Return a proof in a format for machines, signed: compact JWS, one line.

    Raises:
        NothingGivenError: If the format tells of a yes alone, and there was none.
        AnchorUnusableError: If the key cannot be read.
    """
    return signer.seal(orjson.dumps(_WRITERS[form](proof)), KINDS[form])
