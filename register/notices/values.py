"""The words of notices: where data are collected, what a text is made of, how people can be told."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final, Self

import orjson


class CollectionWay(StrEnum):
    """How data come in at a collection point."""

    WEBSITE = "website"
    COUNTER = "counter"
    TELEPHONE = "telephone"
    PAPER = "paper"
    BOUGHT_FILE = "bought-file"
    PARTNER = "partner"
    PUBLIC_SOURCE = "public-source"

    @property
    def direct(self) -> bool:
        """Whether the people themselves give the data: GDPR Art. 13; Art. 14 otherwise."""
        return self not in _INDIRECT


_INDIRECT: Final = frozenset({CollectionWay.BOUGHT_FILE, CollectionWay.PARTNER, CollectionWay.PUBLIC_SOURCE})


class ToldBy(StrEnum):
    """How people were told of what came from elsewhere, or why they need not be. GDPR Art. 14(3), (5)."""

    LETTER = "letter"
    EMAIL = "email"
    TEXT_MESSAGE = "text-message"
    TELEPHONE = "telephone"
    FIRST_MESSAGE = "first-message"
    KNOWN_ALREADY = "known-already"
    DISPROPORTIONATE = "disproportionate"
    LAID_DOWN_BY_LAW = "laid-down-by-law"
    SECRECY = "secrecy"

    @property
    def exempt(self) -> bool:
        """Whether nobody was told, by one of the exceptions of GDPR Art. 14(5)."""
        return self in _EXEMPT


_EXEMPT: Final = frozenset({ToldBy.KNOWN_ALREADY, ToldBy.DISPROPORTIONATE, ToldBy.LAID_DOWN_BY_LAW, ToldBy.SECRECY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One thing of a section: a purpose, an organisation, a right. A line that is an address is drawn as a link."""

    title: str
    lines: tuple[str, ...] = ()
    article: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the whole text, and the provision that asks for it."""

    key: str
    heading: str
    article: str
    intro: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        """Read a section back."""
        passages = (
            Passage(title=each["title"], lines=tuple(each["lines"]), article=each["article"])
            for each in told["passages"]
        )
        return cls(
            key=told["key"],
            heading=told["heading"],
            article=told["article"],
            intro=tuple(told["intro"]),
            passages=tuple(passages),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A notice in one language, in its two layers.

    Attributes:
        short: The first layer: who, why, which rights.
        sections: The whole.
    """

    title: str
    short: tuple[str, ...]
    sections: tuple[Section, ...]

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        """Read a wording back."""
        return cls(title=told["title"], short=tuple(told["short"]), sections=tuple(map(Section.read, told["sections"])))


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeBody:
    """The text of one version of a notice.

    Attributes:
        direct: Whether the people themselves give the data.
        purposes: The slugs of the purposes that it names.
        wordings: The text by language.
    """

    direct: bool
    purposes: tuple[str, ...]
    wordings: Mapping[str, Wording]

    def to_text(self) -> str:
        """Return the canonical text, over which the digest is taken."""
        told = {
            "direct": self.direct,
            "purposes": self.purposes,
            "wordings": {language: asdict(wording) for language, wording in self.wordings.items()},
        }
        return orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a canonical text back."""
        told = orjson.loads(text)
        return cls(
            direct=told["direct"],
            purposes=tuple(told["purposes"]),
            wordings={language: Wording.read(wording) for language, wording in told["wordings"].items()},
        )
