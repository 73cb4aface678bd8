"""What a starting point holds, in both languages. It proposes; only a record that somebody drafts from it declares."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from governance.actor import Role
from governance.periods import Period
from governance.vocabulary import Channel, DataCategory, LawfulBasis, SubjectKind
from register.values import FinalFate, Provenance, SpecialCondition, StartingEvent


class Language(StrEnum):
    """In which language a draft is written where the register holds a text once."""

    FRENCH = "fr"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One text in both languages."""

    fr: str
    en: str

    def written(self, language: Language) -> str:
        """Return the text in a language."""
        return self.en if language is Language.ENGLISH else self.fr


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a period comes from: an article of law or a reference of the authority, and the day of its text."""

    name: Words
    dated: date

    def written(self, language: Language) -> str:
        """Return the source with its date, as a record quotes it."""
        # Day first in French; in English the month in words, for there the order of the numbers is never sure.
        day = f"{self.dated.day} {self.dated:%B %Y}" if language is Language.ENGLISH else f"{self.dated:%d/%m/%Y}"
        return f"{self.name.written(language)} ({day})"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartingTerms:
    """The terms on which categories of some kinds of people are used."""

    kinds: Collection[SubjectKind]
    categories: Collection[DataCategory]
    obligatory: bool
    provenance: Provenance
    active_for: Period
    archived_for: Period
    starting_event: StartingEvent
    final_fate: FinalFate
    source: Source
    which: Words | None = None
    whom: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balancing:
    """A first wording of the three answers of the balancing test. GDPR Art. 6(1)(f)."""

    interest: Words
    necessity: Words
    balance: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class StartingPurpose:
    """A purpose as it would be proposed.

    Attributes:
        basis: None where nothing says it: files of the program all do, and refused reads do not.
    """

    slug: str
    label: Words
    basis: LawfulBasis | None
    consent_channel: Channel | None
    special_condition: SpecialCondition | None
    legal_reference: Words | None
    balancing: Balancing | None
    recipients: frozenset[Role]
    data: Collection[StartingTerms]
    number_ground: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartingPoint:
    """A whole activity as it would be drafted.

    Attributes:
        slug: Its name, which is also its file's.
        order: Its place in the list.
        summary: One sentence, by which somebody recognises what they do.
        look_at: What only the firm knows, and has to look at before it submits.
    """

    slug: str
    order: int
    name: Words
    summary: Words
    description: Words
    look_at: Collection[Words]
    purposes: Collection[StartingPurpose]


StartingPoints = Mapping[str, StartingPoint]
