"""What a record lacks before it can be submitted, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from governance.errors import Phrase, mark, phrase

# What each code of a shortcoming says is missing.
LACKING: Final[Mapping[str, str]] = {
    "no-controller": mark("no controller"),
    "no-processor": mark("nobody named as the processor"),
    "no-purpose": mark("no purpose"),
    "no-basis": mark("no lawful basis"),
    "no-data": mark("no categories of data"),
    "no-recipient": mark("no recipients"),
    "special-category-without-condition": mark("no condition for special categories"),
    "national-number-without-ground": mark(
        "nothing on which use that decree no. 2019-341 lists (Act of 6 January 1978, Art. 30) needs the social "
        "security number"
    ),
    "offences-without-ground": mark(
        "nothing on why you are among those who may use convictions and offences (Act of 6 January 1978, Art. 46)"
    ),
    "no-balancing-test": mark("no balance of interests"),
    "shared-with-nobody-named": mark("exactly one partner to share with, by name"),
    "consent-without-withdrawal": mark("no word on how consent is taken back"),
    "no-legal-reference": mark("no legal text"),
    "no-joint-controller": mark("no joint controller, though others decide with you"),
    "no-arrangement": mark("nothing on what the arrangement with a joint controller says"),
    "no-principal": mark("nobody for whom you process"),
    "no-contract": mark("no contract in force"),
    "transfer-without-safeguard": mark("no safeguard for the transfer"),
    "no-adequacy-decision": mark("no decision on adequacy in force"),
    "partial-adequacy-unexplained": mark("nothing on why the partial decision on adequacy covers the recipient"),
    "no-transfer-assessment": mark("no assessment of the transfer"),
    "decision-without-ground": mark("no exception for a decision taken by a machine alone"),
    "decision-unexplained": mark("nothing on the logic of a decision, or on what follows from it"),
    "decision-without-safeguards": mark("no safeguards for a decision taken by a machine alone"),
    "decision-on-special-categories": mark(
        "no explicit consent or public interest for a decision on special categories"
    ),
    "no-categories-of-processing": mark("nothing on what you do for a controller"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcoming:
    """One thing that a record lacks before it can be submitted.

    Attributes:
        code: A stable slug.
        article: The provision that asks for it.
        purpose: The purpose it concerns; None for the activity as a whole.
        label_fr, label_en: What that purpose is called.
        about: What else it concerns, by its name: an organisation, a country, a decision.
    """

    code: str
    article: str
    purpose: str | None = None
    about: str | None = None
    label_fr: str = ""
    label_en: str = ""

    @property
    def lack(self) -> Phrase:
        """What is missing, without its article."""
        what, whose = phrase(LACKING[self.code]), self._named or self.about
        return what if whose is None else phrase("{what} for {purpose}", what=what, purpose=whose)

    @property
    def _named(self) -> Phrase | None:
        if self.purpose is None:
            return None
        # Each language writes its own name, and nothing of the other.
        return phrase("“{english:s}{french:.0}”", english=self.label_en, french=self.label_fr)
