"""What the file of a document is called outside the house."""

import re
import unicodedata
from typing import Final

_LONGEST_NAME: Final = 60


def plain_name(title: str) -> str:
    """Return a title in letters and digits that stand in every header and every file system."""
    ascii_letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", ascii_letters).strip("-")[:_LONGEST_NAME] or "document"
