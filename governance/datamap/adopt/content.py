"""What a sample of a column's values looks like. Values are looked at and forgotten; only shares are told.

A detector says of one value whether it is, say, an e-mail address. Those that check digits (IBAN, SIRET, NIR) are hard
to satisfy by chance, the others ask for a larger share.
"""

import ipaddress
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import column, select, table
from stdnum import iban, luhn
from stdnum.fr import nir, siren, siret

from governance.datamap.adopt import vocabulary
from governance.datamap.adopt.firstnames import FIRST_NAMES, key_of
from governance.datamap.adopt.reflect import ColumnType, ReflectedTable
from governance.datamap.adopt.vocabulary import Meaning
from governance.datamap.sources import SourceDatabase
from governance.errors import Phrase, phrase

SAMPLE: Final = 1_000
# Longer values are prose; their beginning shows it.
_LONGEST: Final = 500
_FEW: Final = 5
_PHONE: Final = re.compile(r"(\+|00|0)[\d ./()\-]{7,20}")
_POSTCODE: Final = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-578])\d{3}")
_NAF: Final = re.compile(r"\d{2}\.?\d{2}[A-Z]")
_URL: Final = re.compile(r"https?://\S+|www\.\S+")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d([ T]00:00:00(\.0+)?([+-]00:?00|Z)?)?")
_CIVILITIES: Final = frozenset({"m", "mr", "mme", "mlle", "mrs", "ms", "miss", "monsieur", "madame", "dr", "h", "f"})
_CARD_DIGITS: Final = (15, 16)
_PROSE_WORDS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """That a share of a sample looks like something.

    Attributes:
        meaning: What it looks like.
        share: Between 0 and 1.
        sample: How many values were looked at.
        enough: The share from which on the detector is believed.
    """

    meaning: Meaning
    share: float
    sample: int
    enough: float

    @property
    def convincing(self) -> bool:
        """Whether it may decide by itself."""
        return self.sample >= _FEW and self.share >= self.enough

    @property
    def sentence(self) -> Phrase:
        """The evidence in words, without a value."""
        counted = {"share": f"{round(self.share * 100)} %", "sample": f"{self.sample:,}"}
        return phrase("{share} of {sample} values parse as {what}", what=self.meaning.spoken, **counted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What is kept of a column's sample: how many values there were, and what they look like.

    Attributes:
        size: Values that were not NULL.
        evidence: What was detected, the most convincing first.
        midnight: Whether every moment lies at midnight, so that the column holds days.
    """

    size: int
    evidence: tuple[Evidence, ...] = ()
    midnight: bool = False

    def of(self, meaning: Meaning) -> Evidence | None:
        """Return what the detector of a meaning found; None where there is no detector, or nothing to look at."""
        found = next((each for each in self.evidence if each.meaning == meaning), None)
        if found is None and self.size and any(meaning == known for known, _, _ in _DETECTORS):
            return Evidence(meaning=meaning, share=0.0, sample=self.size, enough=1.0)
        return found

    @property
    def best(self) -> Evidence | None:
        """What the sample looks like, where that is convincing."""
        return self.evidence[0] if self.evidence and self.evidence[0].convincing else None


def sample_table(database: SourceDatabase, reflected: ReflectedTable) -> dict[str, Sample]:
    """Return what a sample of a table's columns looks like.

    Raises:
        SourceUnreachableError: If the database does not answer.
    """
    names = [name for name, each in reflected.columns.items() if each.type is not ColumnType.OTHER]
    if not names:
        return {}
    source = table(reflected.name, *(column(name) for name in names), schema=reflected.schema)
    with database.read() as session:
        rows = session.execute(select(*(source.c[name] for name in names)).limit(SAMPLE)).all()
    return {
        name: look_at([row[place] for row in rows if row[place] is not None], reflected.columns[name].type)
        for place, name in enumerate(names)
    }


def look_at(values: Sequence[Any], kind: ColumnType) -> Sample:
    """Return what values look like."""
    written = [value for value in values if str(value).strip()]
    midnight = bool(written) and all(_at_midnight(value) for value in written)
    if kind not in {ColumnType.TEXT, ColumnType.INTEGER}:
        return Sample(size=len(values), midnight=midnight)
    texts = [str(value)[:_LONGEST].strip() for value in values]
    texts = [text for text in texts if text]
    found = []
    for meaning, enough, detects in _DETECTORS:
        hits = sum(detects(text) for text in texts)
        if hits:
            share = hits / len(texts)
            found.append(Evidence(meaning=meaning, share=share, sample=len(texts), enough=enough))
    found.sort(key=lambda each: (each.convincing, each.share), reverse=True)
    return Sample(size=len(texts), evidence=tuple(found), midnight=midnight)


def _at_midnight(value: Any) -> bool:
    return _DAY.fullmatch(str(value)) is not None


def _is_email(text: str) -> bool:
    if "@" not in text:
        return False
    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def _is_phone(text: str) -> bool:
    if not _PHONE.fullmatch(text):
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text, "FR"))
    except phonenumbers.NumberParseException:
        return False


def _is_card(text: str) -> bool:
    digits = text.replace(" ", "").replace("-", "")
    return digits.isdecimal() and len(digits) in _CARD_DIGITS and luhn.is_valid(digits) and not nir.is_valid(digits)


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return not text.isdecimal()


def _is_given_name(text: str) -> bool:
    return key_of(text) in FIRST_NAMES


def _is_prose(text: str) -> bool:
    return text.count(" ") >= _PROSE_WORDS


def _is_civility(text: str) -> bool:
    return text.rstrip(".").lower() in _CIVILITIES


def _is_siret(text: str) -> bool:
    return len(text) >= len("00000000000000") and bool(siret.is_valid(text))


# Their values have a form of their own: what does not parse is something else, whatever the column is called.
STRICT: Final = frozenset(
    meaning.what
    for meaning in (
        vocabulary.EMAIL,
        vocabulary.IBAN,
        vocabulary.NIR,
        vocabulary.SIRET,
        vocabulary.SIREN,
        vocabulary.CARD,
        vocabulary.PHONE,
        vocabulary.NETWORK,
    )
)
_DETECTORS: Final[tuple[tuple[Meaning, float, Callable[[str], bool]], ...]] = (
    (vocabulary.EMAIL, 0.8, _is_email),
    (vocabulary.IBAN, 0.6, iban.is_valid),
    (vocabulary.NIR, 0.6, nir.is_valid),
    (vocabulary.SIRET, 0.6, _is_siret),
    (vocabulary.CARD, 0.6, _is_card),
    (vocabulary.SIREN, 0.8, siren.is_valid),
    (vocabulary.PHONE, 0.8, _is_phone),
    (vocabulary.NETWORK, 0.9, _is_network),
    (vocabulary.URL, 0.9, lambda text: _URL.fullmatch(text) is not None),
    (vocabulary.NAF, 0.9, lambda text: _NAF.fullmatch(text) is not None),
    (vocabulary.POSTCODE, 0.95, lambda text: _POSTCODE.fullmatch(text) is not None),
    (vocabulary.CIVILITY, 0.95, _is_civility),
    (vocabulary.GIVEN_NAME, 0.5, _is_given_name),
    (vocabulary.FREE_TEXT, 0.5, _is_prose),
)
