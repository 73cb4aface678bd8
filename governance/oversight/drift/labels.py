"""What the words of the drift report are called, and what each kind means; marked for translation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from governance.errors import mark
from governance.oversight.drift.values import Kind, Severity

SEVERITY_LABELS: Final[Mapping[Severity, str]] = {
    Severity.SERIOUS: mark("serious"),
    Severity.SETTLE: mark("to settle"),
    Severity.KNOW: mark("to know"),
}
SEVERITY_TONES: Final[Mapping[Severity, str | None]] = {
    Severity.SERIOUS: "refused",
    Severity.SETTLE: "due",
    Severity.KNOW: None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWords:
    """What a kind is called, why it matters, and the provision that makes it matter."""

    title: str
    meaning: str
    article: str


KIND_WORDS: Final[Mapping[Kind, KindWords]] = {
    Kind.ALTERED: KindWords(
        title=mark("Altered outside Égide"),
        meaning=mark("These rows do not count here: the report may tell too much, or too little."),
        article="GDPR Art. 32(1)(b)",
    ),
    Kind.OVERDUE: KindWords(
        title=mark("Kept too long"),
        meaning=mark("Data older than every period that the register declares for them. Nothing is deleted from here."),
        article="GDPR Art. 5(1)(e)",
    ),
    Kind.CONTRACT: KindWords(
        title=mark("Contracts with processors"),
        meaning=mark("Whoever processes for you does so under a contract that says what the law asks."),
        article="GDPR Art. 28(3)",
    ),
    Kind.TRANSFER: KindWords(
        title=mark("Transfers without a safeguard"),
        meaning=mark("Data that leave the European Economic Area, and that nothing in force protects there."),
        article="GDPR Art. 44",
    ),
    Kind.ASSESSMENT: KindWords(
        title=mark("Assessments missing"),
        meaning=mark(
            "Two criteria or more make a high risk likely. What settles it is the impact assessment, or the written "
            "decision that none is needed: a document of the library."
        ),
        article="GDPR Art. 35(1)",
    ),
    Kind.OFFICER: KindWords(
        title=mark("The officer named and the officer designated"),
        meaning=mark(
            "The register, the notices and the exports name one officer; the designation says whom the CNIL was told "
            "of. Both have to say the same: correct whichever is wrong."
        ),
        article="GDPR Art. 37(7)",
    ),
    Kind.UNDECLARED: KindWords(
        title=mark("Columns that nobody declared"),
        meaning=mark("They look like data of people, and the data map does not describe them."),
        article="GDPR Art. 5(2), 30(1)(c)",
    ),
    Kind.UNCOVERED: KindWords(
        title=mark("Columns without an activity"),
        meaning=mark("No activity in force uses them: they are kept for no declared purpose."),
        article="GDPR Art. 5(1)(b)",
    ),
    Kind.REFUSED: KindWords(
        title=mark("Reads refused for want of a purpose"),
        meaning=mark("People try to work in a way that the register does not know."),
        article="GDPR Art. 5(1)(b), 30(1)(b)",
    ),
    Kind.UNUSED: KindWords(
        title=mark("Granted and never used"),
        meaning=mark("Access that nobody has used for a year is access that nobody needs."),
        article="GDPR Art. 25(2)",
    ),
    Kind.DEFAULTS: KindWords(
        title=mark("Copied and not confirmed"),
        meaning=mark("What was filled in beforehand is in force, and nobody has said that it is right here."),
        article="GDPR Art. 5(2)",
    ),
    Kind.REVIEW: KindWords(
        title=mark("Reviews that are late"),
        meaning=mark("The day has passed on which somebody was to say that the record is still true."),
        article="GDPR Art. 24(1)",
    ),
    Kind.ASSET: KindWords(
        title=mark("Tables that are not there"),
        meaning=mark("An activity says that it works with a table, and the data map does not hold it."),
        article="GDPR Art. 30(1)",
    ),
    Kind.UNHELD: KindWords(
        title=mark("Declared and held nowhere"),
        meaning=mark("An activity names data that no column holds: the map lacks them, or they are kept elsewhere."),
        article="GDPR Art. 30(1)(c)",
    ),
}
