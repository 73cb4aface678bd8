"""What is refused about proofs and receipts."""

from dataclasses import dataclass
from typing import ClassVar

from consent.errors import ConsentError
from governance.errors import mark


@dataclass(kw_only=True, eq=False)
class NothingGivenError(ConsentError):
    """A receipt of a yes, where there was none."""

    message: ClassVar[str] = mark(
        "The person never said yes, and this kind of receipt tells of a yes alone: take the PDF or JSON-LD."
    )


@dataclass(kw_only=True, eq=False)
class ReceiptRefusedError(ConsentError):
    """A file that is no receipt of ours, or not as it was signed."""

    message: ClassVar[str] = mark(
        "This is not a receipt that this key signed: it was altered, is of another house, or is none."
    )
