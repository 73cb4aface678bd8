"""What the columns of a table may be, in words: the choices under their headings, and what their cells understand."""

from collections.abc import Mapping, Sequence
from typing import Final

from governance.errors import mark
from register.exchange.tables.columns import Certainty, Field

# Under what heading each stands, in the order of a record.
FIELD_GROUPS: Final[Sequence[tuple[str, Mapping[Field, str]]]] = (
    (
        mark("Activity"),
        {
            Field.NAME: mark("Name of the activity"),
            Field.NAME_EN: mark("Name in English"),
            Field.REFERENCE: mark("Reference"),
            Field.ORIGINAL: mark("Your record number"),
            Field.DESCRIPTION: mark("Description"),
            Field.CREATED: mark("Created on"),
            Field.CHANGED: mark("Last changed on"),
        },
    ),
    (
        mark("Who answers for it"),
        {
            Field.CAPACITY: mark("Capacity: controller, joint controller or processor"),
            Field.CONTROLLER: mark("Controller of the processing"),
            Field.JOINT: mark("Joint controllers"),
            Field.REPRESENTATIVE: mark("Representative"),
            Field.DPO: mark("Data protection officer"),
            Field.FIRM: mark("Firm of the DPO"),
        },
    ),
    (
        mark("Purposes"),
        {
            Field.PURPOSES: mark("Purposes"),
            Field.BASIS: mark("Lawful basis"),
            Field.LEGAL: mark("Text of law, or grounds of the basis"),
        },
    ),
    (
        mark("People and data"),
        {
            Field.PEOPLE: mark("People concerned"),
            Field.TICKED_KIND: mark("People of the heading: yes or no"),
            Field.ESTIMATE: mark("Number of people"),
            Field.WHOM: mark("Whose data exactly"),
            Field.DATA: mark("Categories of data"),
            Field.WHICH: mark("Which data exactly"),
            Field.SENSITIVE: mark("Special categories of data"),
            Field.PERIOD: mark("Retention period"),
            Field.PERIOD_NUMBER: mark("Retention period: the number"),
            Field.PERIOD_UNIT: mark("Retention period: years, months or days"),
        },
    ),
    (
        mark("Who obtains them"),
        {
            Field.ROLES: mark("Internal recipients"),
            Field.PROCESSORS: mark("Processors"),
            Field.CONTRACTS: mark("Contracts with processors"),
            Field.RECIPIENTS: mark("Recipients"),
            Field.TRANSFERS: mark("Transfers outside the EEA"),
            Field.SAFEGUARD: mark("Safeguard of the transfers"),
        },
    ),
    (
        mark("How they are protected"),
        {
            Field.MEASURES: mark("Measures of security"),
            Field.TICKED_MEASURE: mark("Measure of the heading: yes or no"),
            Field.ASSETS: mark("Applications"),
            Field.RIGHTS: mark("How rights are exercised"),
        },
    ),
    (
        mark("Nothing of these"),
        {
            Field.KEPT: mark("Kept in the description, under its heading"),
            Field.LEFT_OUT: mark("Leave out"),
        },
    ),
)
FIELD_LABELS: Final[Mapping[Field, str]] = {
    field: label for _, labels in FIELD_GROUPS for field, label in labels.items()
}
CERTAINTY_LABELS: Final[Mapping[Certainty, str]] = {
    Certainty.SURE: mark("recognised"),
    Certainty.LIKELY: mark("probable, by a word of its heading"),
    Certainty.UNKNOWN: mark("not recognised"),
    Certainty.SAID: mark("as you said"),
}
# Of each whose words are understood rather than kept: some that are.
EXAMPLES: Final[Mapping[Field, str]] = {
    Field.CAPACITY: mark("controller, joint controller, processor"),
    Field.BASIS: mark("consent, contract, legal obligation, legitimate interests, Art. 6(1)(b)"),
    Field.TICKED_KIND: mark("yes, no"),
    Field.ESTIMATE: mark("350, 1,200"),
    Field.DATA: mark("identity, contact details, means of payment, purchases, health"),
    Field.PERIOD: mark("5 years, 18 months, 90 days after the last contact"),
    Field.PERIOD_NUMBER: mark("5, with years, months or days in the other column"),
    Field.TRANSFERS: mark("United States, CH, none"),
    Field.SAFEGUARD: mark("standard contractual clauses, decision on adequacy"),
    Field.TICKED_MEASURE: mark("yes, no"),
    Field.CREATED: mark("31/01/2026, 2026-01-31"),
    Field.CHANGED: mark("31/01/2026, 2026-01-31"),
}
