"""What the words of the data map are called on the pages; marked for translation."""

from collections.abc import Mapping
from typing import Final

from governance.datamap.values import FieldKind, Origin, Search, Storage
from governance.errors import mark
from governance.vocabulary import DataCategory, SubjectKind

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
    DataCategory.NATIONAL_NUMBER: mark("Social security number (NIR)"),
    DataCategory.OFFENCES: mark("Convictions and offences"),
}

KIND_LABELS: Final[Mapping[SubjectKind, str]] = {
    SubjectKind.CUSTOMER: mark("customer"),
    SubjectKind.PROSPECT: mark("prospect"),
    SubjectKind.CONTACT: mark("contact"),
    SubjectKind.EMPLOYEE: mark("employee"),
    SubjectKind.OTHER: mark("other"),
}

# The same people, many at once.
KINDS_LABELS: Final[Mapping[SubjectKind, str]] = {
    SubjectKind.CUSTOMER: mark("Customers"),
    SubjectKind.PROSPECT: mark("Prospects"),
    SubjectKind.CONTACT: mark("Contacts in companies"),
    SubjectKind.EMPLOYEE: mark("Employees"),
    SubjectKind.OTHER: mark("Other people"),
}

# Whose a thing is, after its name.
OF_KINDS_LABELS: Final[Mapping[SubjectKind, str]] = {
    SubjectKind.CUSTOMER: mark("of customers"),
    SubjectKind.PROSPECT: mark("of prospects"),
    SubjectKind.CONTACT: mark("of contacts in companies"),
    SubjectKind.EMPLOYEE: mark("of employees"),
    SubjectKind.OTHER: mark("of other people"),
}

FIELD_KIND_LABELS: Final[Mapping[FieldKind, str]] = {
    FieldKind.TEXT: mark("plain text"),
    FieldKind.NAME: mark("name"),
    FieldKind.EMAIL: mark("e-mail address"),
    FieldKind.PHONE: mark("telephone number"),
    FieldKind.IBAN: mark("IBAN"),
    FieldKind.DATE: mark("date"),
    FieldKind.BIRTH_DATE: mark("date of birth"),
    FieldKind.MOMENT: mark("date and time"),
    FieldKind.POSTCODE: mark("postcode"),
    FieldKind.CITY: mark("town"),
    FieldKind.ADDRESS: mark("postal address"),
    FieldKind.COUNTRY: mark("country code"),
    FieldKind.NUMBER: mark("number"),
    FieldKind.INTEGER: mark("whole number"),
    FieldKind.BOOLEAN: mark("yes or no"),
    FieldKind.SIRET: mark("SIRET"),
    FieldKind.SIREN: mark("SIREN"),
    FieldKind.NAF: mark("APE code"),
    FieldKind.URL: mark("web address"),
    FieldKind.FREE_TEXT: mark("free text"),
    FieldKind.CHOICE: mark("choice from a list"),
    FieldKind.REFERENCE: mark("reference to another row"),
}

STORAGE_LABELS: Final[Mapping[Storage, str]] = {
    Storage.SEALED: mark("sealed"),
    Storage.CLEAR: mark("in clear"),
}

ORIGIN_LABELS: Final[Mapping[Origin, str]] = {
    Origin.PROVIDED: mark("given by the person"),
    Origin.OBSERVED: mark("observed"),
    Origin.INFERRED: mark("inferred"),
    Origin.THIRD_PARTY: mark("from a third party"),
}

SEARCH_LABELS: Final[Mapping[Search, str]] = {
    Search.EXACT: mark("exact value"),
    Search.PHONETIC: mark("sound"),
    Search.PREFIX: mark("beginning"),
    Search.AREA: mark("area"),
}

# What the proposal of a map says that columns hold: the words of `adopt.vocabulary`, marked here, for its table of
# names is read better without.
MEANINGS: Final = (
    mark("a SIREN"),
    mark("a SIRET"),
    mark("a VAT number"),
    mark("a civility"),
    mark("a company"),
    mark("a connection"),
    mark("a country"),
    mark("a date of birth"),
    mark("a date of employment"),
    mark("a date of payment"),
    mark("a date of purchase"),
    mark("a date of the file"),
    mark("a department"),
    mark("a device or browser"),
    mark("a family name"),
    mark("a family situation"),
    mark("a given name"),
    mark("a label"),
    mark("a language"),
    mark("a means of payment"),
    mark("a national registration number (NIR)"),
    mark("a nationality"),
    mark("a network address"),
    mark("a number of a document"),
    mark("a payment card number"),
    mark("a person's means"),
    mark("a person's name"),
    mark("a photograph"),
    mark("a place of birth"),
    mark("a position"),
    mark("a postal address"),
    mark("a postcode"),
    mark("a preference"),
    mark("a product"),
    mark("a profession or function"),
    mark("a quantity"),
    mark("a region"),
    mark("a score"),
    mark("a secret"),
    mark("a segment"),
    mark("a state of the relationship"),
    mark("a subject"),
    mark("a telephone number"),
    mark("a town"),
    mark("a web address"),
    mark("an APE code"),
    mark("an IBAN"),
    mark("an account name"),
    mark("an amount"),
    mark("an e-mail address"),
    mark("an identity document"),
    mark("bank details"),
    mark("beliefs"),
    mark("biometric or genetic data"),
    mark("convictions or offences"),
    mark("free text"),
    mark("health"),
    mark("interests"),
    mark("loyalty points"),
    mark("political opinions or union membership"),
    mark("racial or ethnic origin"),
    mark("relatives"),
    mark("sex life or orientation"),
    mark("what a person owes or is owed"),
)
