"""What the criteria are called; marked for translation."""

from collections.abc import Mapping
from typing import Final

from governance.errors import mark
from register.screening.criteria import Criterion

CRITERION_LABELS: Final[Mapping[Criterion, str]] = {
    Criterion.EVALUATION: mark("people are profiled or scored"),
    Criterion.DECISION: mark("a machine decides alone"),
    Criterion.MONITORING: mark("behaviour is observed"),
    Criterion.SENSITIVE: mark("sensitive or highly personal data"),
    Criterion.LARGE_SCALE: mark("a large number of people"),
    Criterion.MATCHING: mark("data of different sources are brought together"),
    Criterion.VULNERABLE: mark("people who are not on an equal footing, such as employees"),
}
