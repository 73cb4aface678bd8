"""What a form asks, and what somebody says on it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import orjson

from governance.errors import mark
from governance.periods import Period
from governance.vocabulary import Coded

# People sign up themselves: their own table of the reference database.
TABLE: Final = "customers"
MOST_QUESTIONS: Final = 12
MOST_ORIGINS: Final = 10
LABEL_LENGTH: Final = 400
WORDS_LENGTH: Final = 2000
EMAIL_LENGTH: Final = 320
NAME_LENGTH: Final = 100
# A letter that nobody answers says no.
OPEN_FOR: Final = timedelta(days=7)


class Said(Coded):
    """What somebody says to one question."""

    YES = mark("yes")
    NO = mark("no")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One purpose that a form asks about, in the exact words that stand beside the two answers."""

    purpose: str
    label_fr: str
    label_en: str

    def label(self, language: str) -> str:
        """Return the words in a language."""
        return self.label_en if language == "en" else self.label_fr


@dataclass(frozen=True, slots=True, kw_only=True)
class FormTerms:
    """All that a form says and does. One version of it never changes.

    Attributes:
        purpose: The purpose for which people are put on file.
        point: The collection point whose notice is shown.
        token_id: The program in whose name people are put on file, by its grants and no others.
        lasts: How long a yes counts.
        asks_age: Whether people say if they are under 15 (GDPR Art. 8, LIL art. 45).
        origins: The company's own sites that may hold the form, as `https://www.example.fr`.
    """

    title_fr: str
    title_en: str
    intro_fr: str
    intro_en: str
    questions: tuple[Question, ...]
    purpose: str
    point: str
    token_id: uuid.UUID
    lasts: Period
    asks_age: bool = False
    origins: tuple[str, ...] = ()

    def title(self, language: str) -> str:
        """Return the title in a language."""
        return self.title_en if language == "en" else self.title_fr

    def intro(self, language: str) -> str:
        """Return what stands below the title, in a language."""
        return self.intro_en if language == "en" else self.intro_fr

    def written(self) -> str:
        """Return the terms as they are kept."""
        return orjson.dumps(self, option=orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_SUBCLASS, default=str).decode()

    @classmethod
    def read(cls, text: str) -> "FormTerms":
        """Return the terms that were kept."""
        told: dict[str, Any] = orjson.loads(text)
        return cls(
            **{
                **told,
                "questions": tuple(Question(**each) for each in told["questions"]),
                "token_id": uuid.UUID(told["token_id"]),
                "lasts": Period(told["lasts"]),
                "origins": tuple(told["origins"]),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpRequest:
    """What somebody sent. Its repr names nobody.

    Attributes:
        answers: By purpose; a question left alone is not there.
        under_15: What they say of their age; None where the form does not ask.
        guardian_name, guardian_email: The holder of parental authority, for somebody under 15.
        address, device: Where it came from; shortened before they are kept as proof.
    """

    email: str = field(repr=False)
    family_name: str = field(repr=False)
    given_name: str = field(repr=False, default="")
    answers: Mapping[str, Said]
    language: str
    under_15: bool | None = None
    guardian_name: str = field(repr=False, default="")
    guardian_email: str = field(repr=False, default="")
    address: str | None = field(repr=False, default=None)
    device: str | None = field(repr=False, default=None)

    def written(self) -> bytes:
        """Return the request as it is sealed."""
        return orjson.dumps(self)

    @classmethod
    def read(cls, content: bytes) -> "SignUpRequest":
        """Return the request that was sealed."""
        told: dict[str, Any] = orjson.loads(content)
        return cls(**{**told, "answers": {purpose: Said(said) for purpose, said in told["answers"].items()}})
