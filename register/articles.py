"""Which provision asks a record for each of its parts, by the register in which the record stands. GDPR Art. 30.

A processor's record names who acts for whom, what is done for them, transfers and security (Art. 30(2)); of anything
else that it may note, the contract with those for whom it acts speaks (Art. 28(3)).
"""

from collections.abc import Mapping
from typing import Final

from register.lines.values import Subject
from register.values import Capacity, Register

RECORD: Final = "record"
WHO: Final = "who"
DATA: Final = "data"
RECIPIENTS: Final = "recipients"
_ARTICLES: Final[Mapping[Register, Mapping[str, str]]] = {
    Register.CONTROLLER: {
        RECORD: "GDPR Art. 30(1)",
        WHO: "GDPR Art. 30(1)(a)",
        DATA: "GDPR Art. 30(1)(c), 30(1)(f)",
        RECIPIENTS: "GDPR Art. 30(1)(d)",
        Subject.PARTIES: "GDPR Art. 26(1), 28, 30(1)(a), 30(1)(d)",
        Subject.TRANSFERS: "GDPR Art. 30(1)(e), 44, 46, 49",
        Subject.MEASURES: "GDPR Art. 30(1)(g), 32(1)",
        Subject.PEOPLE: "GDPR Art. 30(1)(c)",
        Subject.DECISIONS: "GDPR Art. 13(2)(f), 22",
        Subject.RIGHTS: "GDPR Art. 12(2), 13(2)(b)",
        Subject.ASSETS: "GDPR Art. 32(1)",
    },
    Register.PROCESSOR: {
        RECORD: "GDPR Art. 30(2)",
        WHO: "GDPR Art. 30(2)(a)",
        DATA: "GDPR Art. 28(3)",
        RECIPIENTS: "GDPR Art. 28(3)(b), 29",
        Subject.PARTIES: "GDPR Art. 28(2), 28(4), 30(2)(a), 30(2)(b)",
        Subject.TRANSFERS: "GDPR Art. 28(3)(a), 30(2)(c), 44, 46, 49",
        Subject.MEASURES: "GDPR Art. 28(3)(c), 30(2)(d), 32(1)",
        Subject.PEOPLE: "GDPR Art. 28(3)",
        Subject.DECISIONS: "GDPR Art. 22, 28(3)(e)",
        Subject.RIGHTS: "GDPR Art. 28(3)(e)",
        Subject.ASSETS: "GDPR Art. 32(1)",
    },
}


def article_of(register: Register) -> str:
    """Return what asks for a register as a whole."""
    return _ARTICLES[register][RECORD]


def articles_of(capacity: Capacity) -> Mapping[str, str]:
    """Return what asks for each part of a record that is kept in this capacity, by the part or the subject of lines."""
    return next(_ARTICLES[each] for each in Register if capacity in each.capacities)
