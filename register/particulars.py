"""What a line of data says beyond its two words: which data of the category exactly, and which people of the kind."""

from typing import Final, Literal, Protocol

Particular = Literal["which", "whom"]
# A line break separates; in a sentence that is a comma.
_BETWEEN: Final = ", "


class Particulars(Protocol):
    """Whatever holds both, in both languages."""

    @property
    def which_fr(self) -> str:
        """Which data, in French."""

    @property
    def which_en(self) -> str:
        """Which data, in English."""

    @property
    def whom_fr(self) -> str:
        """Which people, in French."""

    @property
    def whom_en(self) -> str:
        """Which people, in English."""


def particular(row: Particulars, name: Particular, language: str) -> str:
    """Return one of them in a language; where it is written in the other alone, in that one, for it says more."""
    french, english = getattr(row, f"{name}_fr"), getattr(row, f"{name}_en")
    told: str = (english or french) if language == "en" else (french or english)
    return told


def in_a_sentence(text: str) -> str:
    """Return a text as it stands within a sentence: on one line, without the capital of a beginning."""
    told = _BETWEEN.join(filter(None, map(str.strip, text.splitlines())))
    return told[:1].lower() + told[1:] if told[1:2].islower() else told
