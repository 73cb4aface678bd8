"""The rules that come with the program, line by line: `truth.csv` says what each means."""

import pytest

from governance.campaigns.deciding import decide, judge
from governance.campaigns.reading import PACKAGED, packaged_text, read_rules
from governance.campaigns.reasons import Reason
from governance.campaigns.values import Basis
from tests.unit.campaigns.table import Line, lines

_RULES = read_rules(packaged_text(), PACKAGED.name)
_LINES = lines()


@pytest.mark.parametrize("line", _LINES, ids=str)
def test_each_line_of_the_table_holds(line: Line) -> None:
    decision = decide(_RULES, line.occasion, line.situation)

    assert (decision.basis or "no") == line.answer
    assert tuple(each.reason for each in decision.obstacles) == line.reasons
    spoke = [decision.rule, *(each.rule for each in decision.obstacles)]
    assert tuple(dict.fromkeys(rule.slug for rule in spoke if rule is not None)) == line.rules
    assert decision.allowed_from == line.allowed_from


@pytest.mark.parametrize("line", _LINES, ids=str)
def test_whoever_asks_for_many_is_answered_the_same(line: Line) -> None:
    one = decide(_RULES, line.occasion, line.situation)
    of_many = judge(_RULES, line.occasion).decide(line.situation)

    assert (of_many.basis, of_many.rule, of_many.obstacles) == (one.basis, one.rule, one.obstacles)


def test_every_rule_of_the_file_is_covered_by_a_line() -> None:
    covered = {slug for line in _LINES for slug in line.rules}

    assert {rule.slug for rule in _RULES.each} - covered == set()


def test_every_reason_and_every_basis_is_covered_by_a_line() -> None:
    assert set(Reason) - {reason for line in _LINES for reason in line.reasons} == set()
    assert set(Basis) - {line.answer for line in _LINES} == set()


def test_no_case_stands_there_twice() -> None:
    assert len({line.case for line in _LINES}) == len(_LINES)
