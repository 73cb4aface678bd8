"""A file of rules becomes `Rules`, or an error with its line that says what is wrong.

Nothing unknown passes: a key that nobody reads would be a rule that nobody follows.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeVar

from governance.campaigns.errors import RulesFileError
from governance.campaigns.rules import Demand, Frequency, Hours, Recipient, Rule, Rules, Window
from governance.datamap.errors import MapError
from governance.datamap.reading import Reader, quoted
from governance.datamap.yaml_tree import List, Section, TreeError, read_tree
from governance.days import can_be_kept
from governance.errors import phrase
from governance.periods import Period
from governance.text import is_plain
from governance.vocabulary import MESSAGING, Channel
from register.slugs import is_slug
from register.starting_points.spans import period_in
from register.starting_points.values import Words

VERSION: Final = "1"
# A file of rules that people still read.
MOST_BYTES: Final = 256 * 1024
PACKAGED: Final = Path(__file__).parent / "rules.yaml"
_MOST_RULES: Final = 200
_MOST_WORDS: Final = 2_000
_MOST_TIMES: Final = 1_000
_MIDNIGHT: Final = 24 * 60
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WINDOW: Final = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", re.ASCII)
_NUMBER: Final = re.compile(r"[1-9]\d{0,3}", re.ASCII)
_KEYS: Final = (
    "slug", "channels", "recipients", "demands", "article", "source", "since", "until", "to_confirm", "note",
)  # fmt: skip
# What a rule that limits says beside the others.
_LIMITS: Final[Mapping[Demand, tuple[str, ...]]] = {
    Demand.HOURS: ("hours", "public_holidays"),
    Demand.FREQUENCY: ("most", "within"),
    Demand.REST: ("rest",),
}

_Word = TypeVar("_Word", bound=StrEnum)


def digest_of(text: str) -> str:
    """Return what tells one file of rules from another: SHA-256, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=1)
def packaged_text() -> str:
    """Return the file of rules that comes with the program."""
    return PACKAGED.read_text(encoding="utf-8")


@lru_cache(maxsize=8)
def read_rules(text: str, name: str) -> Rules:
    """Return the rules of a file.

    Args:
        text: The file's content.
        name: The file's name, for errors.

    Raises:
        RulesFileError: If the file cannot be used.
    """
    if len(text.encode(errors="surrogatepass")) > MOST_BYTES:
        raise RulesFileError(
            file=name, line=1, reason=phrase("the file is longer than {most} KiB; split it", most=MOST_BYTES // 1024)
        )
    try:
        return _read(text, name)
    except TreeError as error:
        raise RulesFileError(file=name, line=error.line, reason=error.reason) from None
    except MapError as error:
        # The data map's reader says of any file what is wrong with it.
        raise RulesFileError(file=name, line=error.line, reason=error.reason) from None


def _read(text: str, name: str) -> Rules:
    root = read_tree(text)
    if not isinstance(root, Section):
        raise RulesFileError(file=name, line=root.line, reason=phrase("a file of rules begins with version: 1"))
    document = Reader(name, root, phrase("a file of rules"))
    document.only("version", "rules")
    if document.required("version", VERSION) != VERSION:
        document.fail(
            document.line_of("version"),
            phrase("this version of Égide reads files of rules of version {version}", version=VERSION),
        )
    found = document.get("rules")
    if not isinstance(found, List) or not 1 <= len(found.items) <= _MOST_RULES:
        document.fail(document.line_of("rules"), phrase("rules is a list of 1 to {most} rules", most=_MOST_RULES))
    rules: dict[str, Rule] = {}
    for node in found.items:
        if not isinstance(node, Section):
            document.fail(node.line, phrase("a rule begins with slug: ..."))
        rule = _rule(Reader(name, node, phrase("a rule")))
        if rules.setdefault(rule.slug, rule) is not rule:
            document.fail(node.line, phrase("{slug} stands here twice; keep one", slug=rule.slug))
    return Rules(tuple(rules.values()))


def _rule(reader: Reader) -> Rule:
    demand = reader.word("demands", Demand)
    reader.only(*_KEYS, *_LIMITS.get(demand, ()))
    slug = reader.required("slug", "telephone-consent")
    if not is_slug(slug):
        reader.fail(reader.line_of("slug"), phrase("a slug is small letters, digits and single hyphens"))
    since = _day(reader, "since", reader.required("since", "2026-08-11"))
    written = reader.text("until")
    until = None if written is None else _day(reader, "until", written)
    if until is not None and until < since:
        reader.fail(reader.line_of("until"), phrase("until is the last day, and comes before since"))
    return Rule(
        slug=slug,
        channels=_channels(reader),
        recipients=frozenset(_some(reader, "recipients", reader.words("recipients", Recipient))),
        demand=demand,
        limit=_limit(reader, demand),
        article=_words(reader, "article"),
        source=_words(reader, "source"),
        since=since,
        until=until,
        to_confirm=reader.flag("to_confirm"),
        note=_words(reader, "note"),
    )


def _channels(reader: Reader) -> frozenset[Channel]:
    found = frozenset(_some(reader, "channels", reader.words("channels", Channel)))
    if not found <= MESSAGING:
        reader.fail(reader.line_of("channels"), phrase("a channel is one by which a message or a call goes"))
    return found


def _some(reader: Reader, key: str, found: tuple[_Word, ...]) -> tuple[_Word, ...]:
    if not found:
        reader.fail(reader.line_of(key), phrase("{what} needs {key}", what=reader.what, key=key))
    return found


def _day(reader: Reader, key: str, written: str) -> date:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        day = date.min
    if not can_be_kept(day) or day.isoformat() != written:
        reader.fail(reader.line_of(key), phrase("{key} is a day, as in 2026-08-11", key=key))
    return day


def _words(reader: Reader, key: str) -> Words:
    found = reader.get(key)
    if not isinstance(found, Section):
        reader.fail(reader.line_of(key), phrase("{key} is said in French and in English: fr and en", key=key))
    each = Reader(reader.file, found, key)
    each.only("fr", "en")
    french, english = each.required("fr", "..."), each.required("en", "...")
    for text in (french, english):
        if len(text) > _MOST_WORDS or not is_plain(text):
            each.fail(each.line, phrase("{key} is plain text of at most {most} characters", key=key, most=_MOST_WORDS))
    return Words(fr=french, en=english)


def _limit(reader: Reader, demand: Demand) -> Hours | Frequency | Period | None:
    if demand is Demand.HOURS:
        return _hours(reader)
    if demand is Demand.FREQUENCY:
        most = reader.required("most", "4")
        if not _NUMBER.fullmatch(most) or int(most) > _MOST_TIMES:
            reader.fail(reader.line_of("most"), phrase("most is a number from 1 to {most}", most=_MOST_TIMES))
        return Frequency(most=int(most), within=_period(reader, "within"))
    return _period(reader, "rest") if demand is Demand.REST else None


def _period(reader: Reader, key: str) -> Period:
    period = period_in(reader.required(key, "30 days"))
    if not period:
        reader.fail(reader.line_of(key), phrase("{key} is a span of time, as in 30 days or 2 months", key=key))
    return period


def _hours(reader: Reader) -> Hours:
    found = reader.get("hours")
    if not isinstance(found, Section):
        reader.fail(reader.line_of("hours"), phrase("hours names days of the week, as in monday: [10:00-13:00]"))
    week = Reader(reader.file, found, phrase("hours"))
    week.only(*WEEKDAYS)
    weekdays = tuple(_windows(week, day) for day in WEEKDAYS)
    if not any(weekdays):
        # A channel is closed by taking away what opens it, not by hours that never come.
        week.fail(week.line, phrase("hours leaves no day open"))
    return Hours(weekdays=weekdays, public_holidays=reader.flag("public_holidays"))


def _windows(week: Reader, day: str) -> tuple[Window, ...]:
    windows: list[Window] = []
    for written in week.texts(day):
        shape = _WINDOW.fullmatch(written)
        hours = (0, 0, 0, 0) if shape is None else tuple(map(int, shape.groups()))
        window = Window(hours[0] * 60 + hours[1], hours[2] * 60 + hours[3])
        after = windows[-1].end if windows else 0
        if not after <= window.start < window.end <= _MIDNIGHT:
            week.fail(
                week.line_of(day),
                phrase(
                    "{written} is not a part of the day behind the one before; write 10:00-13:00",
                    written=quoted(written),
                ),
            )
        windows.append(window)
    return tuple(windows)
