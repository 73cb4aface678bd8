"""A file of rules is read whole or refused, with its line and how to mend it."""

import pytest

from governance.campaigns.comparing import Differences, differences
from governance.campaigns.errors import RulesFileError
from governance.campaigns.reading import MOST_BYTES, PACKAGED, digest_of, packaged_text, read_rules
from governance.campaigns.rules import Demand, Frequency, Hours, Window
from governance.periods import Period

_FILE = """version: 1
rules:
  - slug: telephone-consent
    channels: [telephone]
    recipients: [consumer]
    demands: consent
    article: {fr: "art. 1", en: "Art. 1"}
    source: {fr: loi, en: act}
    since: 2026-08-11
    note: {fr: note, en: note}
"""
_FREQUENCY = "demands: frequency\n    most: 4\n    within: 30 days"
_HOURS = 'demands: hours\n    hours: {monday: ["10:00-13:00"]}'


def test_the_file_of_the_program_is_read() -> None:
    rules = read_rules(packaged_text(), PACKAGED.name)

    limits = {rule.slug: rule.limit for rule in rules.each if rule.limit is not None}
    day = (Window(600, 780), Window(840, 1200))
    assert limits == {
        "telephone-hours": Hours(weekdays=(day,) * 5 + ((), ()), public_holidays=False),
        "telephone-frequency": Frequency(most=4, within=Period("P30D")),
        "telephone-rest": Period("P60D"),
    }
    assert [rule.slug for rule in rules.each if rule.to_confirm] == ["push-consent"]


def test_a_file_read_twice_is_one_value_so_that_what_is_compiled_of_it_is_kept() -> None:
    assert read_rules(_FILE, "a.yaml") is read_rules(_FILE, "a.yaml")


@pytest.mark.parametrize(
    ("given", "instead", "line", "reason"),
    [
        ("version: 1", "version: 2", 1, "files of rules of version 1"),
        ("version: 1\n", "", 1, "needs version"),
        ("rules:", "rule:", 2, "not a key"),
        ("slug: telephone-consent", "slug: Telephone", 3, "a slug is"),
        ("channels: [telephone]", "channels: [telefax]", 4, "is not a channels"),
        ("channels: [telephone]", "channels: [profiling]", 4, "by which a message or a call goes"),
        ("channels: [telephone]", "channels: []", 4, "needs channels"),
        ("recipients: [consumer]", "recipients: [consumer, consumer]", 5, "names the same twice"),
        ("demands: consent", "demands: nothing", 6, "is not a demands"),
        ("demands: consent", "demands: consent\n    most: 4", 7, "not a key"),
        ("demands: consent", "demands: frequency", 3, "needs most"),
        ("demands: consent", _FREQUENCY.replace("4", "0"), 7, "most is a number"),
        ("demands: consent", _FREQUENCY.replace("4", "1001"), 7, "most is a number"),
        ("demands: consent", _FREQUENCY.replace("30 days", "a while"), 8, "is a span of time"),
        ("demands: consent", _FREQUENCY.replace("30 days", "0 days"), 8, "is a span of time"),
        ("demands: consent", "demands: rest\n    rest: forever", 7, "is a span of time"),
        ("demands: consent", "demands: hours\n    hours: always", 7, "names days of the week"),
        ("demands: consent", "demands: hours\n    hours: {monday: []}", 7, "leaves no day open"),
        ("demands: consent", _HOURS.replace("monday", "mondays"), 7, "not a key"),
        ("demands: consent", _HOURS.replace("10:00-13:00", "13:00-10:00"), 7, "not a part of the day"),
        ("demands: consent", _HOURS.replace("13:00", "24:30"), 7, "not a part of the day"),
        (
            "demands: consent",
            _HOURS.replace('"10:00-13:00"', '"10:00-13:00", "12:00-14:00"'),
            7,
            "behind the one before",
        ),
        ("demands: consent", _HOURS + "\n    public_holidays: maybe", 8, "true or false"),
        ("since: 2026-08-11", "since: 2026-02-30", 9, "since is a day"),
        ("since: 2026-08-11", "since: 20260811", 9, "since is a day"),
        ("since: 2026-08-11", "since: 2026-08-11\n    until: 2026-08-10", 10, "comes before since"),
        ("source: {fr: loi, en: act}", "source: loi", 8, "in French and in English"),
        ("source: {fr: loi, en: act}", "source: {fr: loi}", 8, "needs en"),
        ("source: {fr: loi, en: act}", "source: {fr: loi, en: act, de: Gesetz}", 8, "not a key"),
        ("note: {fr: note, en: note}", 'note: {fr: note, en: "turned \u202e round"}', 10, "plain text"),
        ("note: {fr: note, en: note}", "note: &a {fr: note, en: note}", 10, "anchors"),
        ("note: {fr: note, en: note}", "note: {fr: note, en: note}\n    opens: true", 11, "not a key"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(given: str, instead: str, line: int, reason: str) -> None:
    assert given in _FILE

    with pytest.raises(RulesFileError) as refused:
        read_rules(_FILE.replace(given, instead), "mine.yaml")

    assert (refused.value.file, refused.value.line) == ("mine.yaml", line)
    assert reason in refused.value.reason


def test_one_name_is_one_rule() -> None:
    rule = _FILE.removeprefix("version: 1\nrules:\n")

    with pytest.raises(RulesFileError, match="stands here twice"):
        read_rules(_FILE + rule, "mine.yaml")


@pytest.mark.parametrize(
    "text", ["", "- a list", "version: 1\nrules: []", "version: 1\nrules: [one]", "version: 1\nrules: {a: b}", "a\0b"]
)
def test_what_is_no_file_of_rules_is_refused(text: str) -> None:
    with pytest.raises(RulesFileError):
        read_rules(text, "mine.yaml")


def test_a_file_that_is_too_long_is_not_read() -> None:
    with pytest.raises(RulesFileError, match="longer than 256 KiB"):
        read_rules(_FILE + "#" * MOST_BYTES, "mine.yaml")


def test_a_file_with_too_many_rules_is_refused() -> None:
    rule = _FILE.removeprefix("version: 1\nrules:\n")
    many = "".join(rule.replace("telephone-consent", f"rule-{number}") for number in range(201))

    with pytest.raises(RulesFileError, match="1 to 200 rules"):
        read_rules(f"version: 1\nrules:\n{many}", "mine.yaml")


def test_what_a_file_changes_is_told_by_the_names_of_rules() -> None:
    before = read_rules(_FILE, "before.yaml")
    after = read_rules(
        _FILE.replace("2026-08-11", "2026-09-01")
        + _FILE.removeprefix("version: 1\nrules:\n").replace("telephone-consent", "another"),
        "after.yaml",
    )

    assert differences(before, after) == Differences(added=("another",), removed=(), changed=("telephone-consent",))
    assert differences(after, before) == Differences(added=(), removed=("another",), changed=("telephone-consent",))
    assert differences(None, before).added == ("telephone-consent",)
    assert differences(before, before) == Differences(added=(), removed=(), changed=())


def test_the_file_of_the_program_names_a_source_for_every_rule_in_both_languages() -> None:
    for rule in read_rules(packaged_text(), PACKAGED.name).each:
        assert all((rule.article.fr, rule.article.en, rule.source.fr, rule.source.en)), rule.slug
        assert rule.demand in Demand


def test_a_digest_is_that_of_the_bytes_of_the_file() -> None:
    assert digest_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
