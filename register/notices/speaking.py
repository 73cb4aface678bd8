"""Saying things to people in a language, outside any request."""

import gettext
from collections.abc import Iterable
from typing import Final

from babel import Locale

from governance.catalogues import catalogue
from governance.periods import Period, Unit
from governance.vocabulary import DataCategory, SubjectKind
from register.notices.words import CATEGORY_WORDS, KIND_WORDS
from register.particulars import in_a_sentence, particular
from register.past import PastData


class Speaker:
    """One language: sentences, lists, spans of time, countries."""

    def __init__(self, language: str) -> None:
        self.language: Final = language
        self._catalogue: Final[gettext.NullTranslations] = catalogue(language)
        self._locale: Final = Locale(language)

    def say(self, sentence: str, **facts: object) -> str:
        """Return a sentence with its facts in place; what somebody wrote is put in as it stands."""
        return self._catalogue.gettext(sentence).format_map(facts)

    def pick(self, both: object, name: str) -> str:
        """Return what is kept in both languages under `name_fr` and `name_en`."""
        return str(getattr(both, f"{name}_{self.language}"))

    def span(self, period: Period) -> str:
        """Return how long a period lasts, in the unit in which it was told."""
        match period.unit:
            case Unit.YEAR:
                return self._count("%(num)d year", "%(num)d years", period.number)
            case Unit.MONTH:
                return self._count("%(num)d month", "%(num)d months", period.number)
            case Unit.DAY:
                return self._count("%(num)d day", "%(num)d days", period.number)

    def country(self, code: str) -> str:
        """Return what a country is called."""
        return str(self._locale.territories.get(code, code))

    def listed(self, words: Iterable[str]) -> str:
        """Return words one after the other."""
        return ", ".join(words)

    def data(self, rows: Iterable[PastData]) -> str:
        """Return in words which data lines are about, each once, in the order of the vocabulary.

        What lines say of a category exactly stands instead of its name, unless one of them says no more than the name.
        """
        found: dict[DataCategory, dict[str, None]] = {}
        for row in rows:
            exactly = in_a_sentence(particular(row, "which", self.language))
            found.setdefault(row.category, {})[exactly] = None
        return self.listed(
            self.say(CATEGORY_WORDS[each]) if "" in found[each] else self.listed(found[each])
            for each in DataCategory
            if each in found
        )

    def kind(self, kind: SubjectKind) -> str:
        """Return how people of a kind are spoken to."""
        return self.say(KIND_WORDS[kind])

    def _count(self, one: str, many: str, number: int) -> str:
        return self._catalogue.ngettext(one, many, number) % {"num": number}


def capital(sentence: str) -> str:
    """Return a sentence with a capital at its beginning."""
    return sentence[:1].upper() + sentence[1:]
