"""What forms of values are called; marked for translation. Categories and people are named with the data map."""

from collections.abc import Mapping
from typing import Final

from governance.errors import mark
from governance.vocabulary import Form

FORM_LABELS: Final[Mapping[Form, str]] = {
    Form.WITHHELD: mark("withheld"),
    Form.GENERALISED: mark("generalised"),
    Form.PSEUDONYM: mark("pseudonym"),
    Form.MASKED: mark("masked"),
    Form.CLEAR: mark("in clear"),
}
