"""What the words of the file of accountability are called on the pages; marked for translation."""

from collections.abc import Mapping, Sequence
from typing import Final

from governance.errors import mark
from governance.oversight.values.accountability import Direction, Mandate, MaturityActivity

MANDATE_LABELS: Final[Mapping[Mandate, str]] = {
    Mandate.INTERNAL: mark("of the house"),
    Mandate.EXTERNAL: mark("of a firm, or on their own account"),
}
DIRECTION_LABELS: Final[Mapping[Direction, str]] = {
    Direction.IN: mark("received"),
    Direction.OUT: mark("sent"),
}
MATURITY_LABELS: Final[Mapping[MaturityActivity, str]] = {
    MaturityActivity.PROCEDURES: mark("Defining procedures and putting them in place"),
    MaturityActivity.GOVERNANCE: mark("Steering the governance of data protection"),
    MaturityActivity.INVENTORY: mark("Listing processing and keeping the list up to date"),
    MaturityActivity.COMPLIANCE: mark("Ensuring that processing is lawful"),
    MaturityActivity.TRAINING: mark("Training and raising awareness"),
    MaturityActivity.REQUESTS: mark("Handling people’s requests"),
    MaturityActivity.SECURITY: mark("Managing security risks"),
    MaturityActivity.BREACHES: mark("Managing data breaches"),
}
# From nothing to what is improved all the time.
LEVEL_LABELS: Final[Sequence[str]] = (
    mark("nothing, or hardly anything"),
    mark("informal: some people do it"),
    mark("repeatable: done the same way, and followed"),
    mark("defined: written for the whole house"),
    mark("controlled: measured against figures"),
    mark("optimised: improved all the time"),
)
