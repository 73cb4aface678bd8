"""What categories of data, capacities of people and forms of values are called; marked for translation."""

from collections.abc import Mapping
from typing import Final

from governance.errors import mark
from governance.vocabulary import DataCategory, Form, SubjectKind

CATEGORY_LABELS: Final[Mapping[DataCategory, str]] = {
    DataCategory.IDENTITY: mark("Identity"),
    DataCategory.CONTACT: mark("Contact"),
    DataCategory.FAMILY: mark("Family"),
    DataCategory.PROFESSIONAL: mark("Professional life"),
    DataCategory.ECONOMIC: mark("Means of payment"),
    DataCategory.CONNECTION: mark("Connections"),
    DataCategory.LOCATION: mark("Location"),
    DataCategory.BEHAVIOUR: mark("Behaviour"),
    DataCategory.PREFERENCES: mark("Preferences"),
    DataCategory.PURCHASES: mark("Purchases"),
    DataCategory.RELATIONSHIP: mark("Relationship"),
    DataCategory.SPECIAL: mark("Special categories"),
}

KIND_LABELS: Final[Mapping[SubjectKind, str]] = {
    SubjectKind.CUSTOMER: mark("customer"),
    SubjectKind.PROSPECT: mark("prospect"),
    SubjectKind.CONTACT: mark("contact"),
    SubjectKind.EMPLOYEE: mark("employee"),
    SubjectKind.OTHER: mark("other"),
}

FORM_LABELS: Final[Mapping[Form, str]] = {
    Form.WITHHELD: mark("withheld"),
    Form.GENERALISED: mark("generalised"),
    Form.PSEUDONYM: mark("pseudonym"),
    Form.MASKED: mark("masked"),
    Form.CLEAR: mark("in clear"),
}
