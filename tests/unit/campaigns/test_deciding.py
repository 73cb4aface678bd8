"""What holds of every decision, whoever it is about and whenever: no line of a table could say it all."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.states import ConsentState
from governance.campaigns.deciding import decide
from governance.campaigns.reading import PACKAGED, packaged_text, read_rules
from governance.campaigns.reasons import PLACE, Reason
from governance.campaigns.rules import Recipient, Rules
from governance.campaigns.values import Basis, Contract, Occasion, Situation
from governance.vocabulary import MESSAGING, Channel

_RULES = read_rules(packaged_text(), PACKAGED.name)
_DAYS = st.dates(date(2023, 1, 1), date(2028, 12, 31))
_MOMENTS = st.datetimes(datetime(2023, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 -- hypothesis takes naive bounds
_OCCASIONS = st.builds(
    Occasion,
    channel=st.sampled_from(sorted(MESSAGING)),
    recipient=st.sampled_from(Recipient),
    moment=_MOMENTS,
    similar=st.booleans(),
    offers_objection=st.booleans(),
)
_ABSOLUTE = ("objected", "restricted", "deceased", "erased", "suppressed")


def situations(**fixed: Any) -> st.SearchStrategy[Situation]:
    parts: dict[str, Any] = {
        "consent": st.none() | st.sampled_from(ConsentState),
        "contract": st.sampled_from(Contract),
        "contacts": st.lists(_DAYS, max_size=6).map(tuple),
        "refused_on": st.none() | _DAYS,
        **dict.fromkeys(("bought", "objection_offered", "minor_alone", *_ABSOLUTE), st.booleans()),
    }
    return st.builds(Situation, **{**parts, **{name: st.just(value) for name, value in fixed.items()}})


def with_fact(situation: Situation, name: str) -> Situation:
    changed: dict[str, Any] = {name: True}
    return replace(situation, **changed)


_OPEN = situations(**dict.fromkeys((*_ABSOLUTE, "minor_alone"), False))


@given(_OCCASIONS, situations(), st.sampled_from(_ABSOLUTE))
def test_what_is_absolute_never_opens(occasion: Occasion, situation: Situation, absolute: str) -> None:
    decision = decide(_RULES, occasion, with_fact(situation, absolute))

    assert not decision.allowed
    assert decision.allowed_from is None


@given(_OCCASIONS, situations())
def test_an_objection_adds_a_reason_and_takes_none_away(occasion: Occasion, situation: Situation) -> None:
    before = {each.reason for each in decide(_RULES, occasion, replace(situation, objected=False)).obstacles}
    after = {each.reason for each in decide(_RULES, occasion, replace(situation, objected=True)).obstacles}

    assert after == before | {Reason.OBJECTED}


@given(_OCCASIONS, situations(), st.sampled_from([None, *ConsentState]))
def test_consent_that_does_not_hold_opens_nothing_on_consent(
    occasion: Occasion, situation: Situation, state: ConsentState | None
) -> None:
    decision = decide(_RULES, occasion, replace(situation, consent=state))

    assert decision.basis is not Basis.CONSENT or state is ConsentState.GIVEN


@given(_OCCASIONS, situations(), st.sampled_from([ConsentState.REFUSED, ConsentState.WITHDRAWN]))
def test_who_said_no_is_reached_on_no_other_ground(
    occasion: Occasion, situation: Situation, state: ConsentState
) -> None:
    assert not decide(_RULES, occasion, replace(situation, consent=state)).allowed


@given(_OCCASIONS, _OPEN)
def test_where_nobody_may_be_solicited_somebody_is_told_why_each_reason_once_and_in_order(
    occasion: Occasion, situation: Situation
) -> None:
    decision = decide(_RULES, occasion, situation)

    places = [PLACE[each.reason] for each in decision.obstacles]
    assert decision.allowed is not bool(places)
    assert places == sorted(set(places))


@given(
    st.builds(Occasion, channel=st.just(Channel.TELEPHONE), recipient=st.just(Recipient.CONSUMER), moment=_MOMENTS),
    _OPEN.map(lambda each: replace(each, consent=ConsentState.GIVEN)),
)
def test_the_moment_that_is_told_is_the_first_at_which_they_may_be_called(
    occasion: Occasion, situation: Situation
) -> None:
    decision = decide(_RULES, occasion, situation)
    if decision.allowed:
        return

    opens = decision.allowed_from

    assert opens is not None
    assert opens > occasion.moment
    assert decide(_RULES, replace(occasion, moment=opens), situation).allowed
    for earlier in (timedelta(microseconds=1), timedelta(minutes=1)):
        before = max(occasion.moment, opens - earlier)
        assert not decide(_RULES, replace(occasion, moment=before), situation).allowed


@given(_OCCASIONS, situations(), st.permutations(_RULES.each))
def test_the_order_of_the_file_opens_and_closes_nothing(
    occasion: Occasion, situation: Situation, permuted: list[Any]
) -> None:
    one, other = decide(_RULES, occasion, situation), decide(Rules(tuple(permuted)), occasion, situation)

    assert (one.basis, one.allowed_from) == (other.basis, other.allowed_from)
    assert [each.reason for each in one.obstacles] == [each.reason for each in other.obstacles]


_SAID = "article: {fr: a, en: a}, source: {fr: a, en: a}, note: {fr: a, en: a}, since: 2020-01-01"
_OPEN_RULE = f"{{slug: open, channels: [telephone], recipients: [consumer], demands: no-objection, {_SAID}}}"
_OF_SUNDAY = Occasion(
    channel=Channel.TELEPHONE, recipient=Recipient.CONSUMER, moment=datetime(2027, 3, 28, 0, 59, tzinfo=UTC)
)


def rules_with_sundays(*windows: str) -> Rules:
    hours = [
        f"{{slug: hours-{number}, channels: [telephone], recipients: [consumer], demands: hours, "
        f'hours: {{sunday: ["{window}"]}}, public_holidays: true, {_SAID}}}'
        for number, window in enumerate(windows)
    ]
    return read_rules("\n  - ".join(["version: 1\nrules:", _OPEN_RULE, *hours]), "hours.yaml")


def test_an_hour_that_the_clocks_skip_is_no_hour_to_call_at() -> None:
    # 28 March 2027: from two o'clock to three there is nothing in France.
    decision = decide(rules_with_sundays("02:00-03:00"), _OF_SUNDAY, Situation())

    assert decision.allowed_from == datetime(2027, 4, 4, 0, tzinfo=UTC)


def test_rules_that_leave_no_common_hour_never_end_the_wait() -> None:
    decision = decide(rules_with_sundays("04:00-05:00", "05:00-06:00"), _OF_SUNDAY, Situation())

    assert [each.reason for each in decision.obstacles] == [Reason.OUT_OF_HOURS]
    assert decision.allowed_from is None


def test_two_rules_of_hours_leave_the_hours_that_both_have() -> None:
    decision = decide(rules_with_sundays("04:00-06:00", "05:30-07:00"), _OF_SUNDAY, Situation())

    assert decision.allowed_from == datetime(2027, 3, 28, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize("channel", sorted(set(Channel) - MESSAGING))
def test_what_is_no_way_to_solicit_is_closed(channel: Channel) -> None:
    occasion = Occasion(channel=channel, recipient=Recipient.CONSUMER, moment=datetime(2026, 11, 10, 9, tzinfo=UTC))

    decision = decide(_RULES, occasion, Situation(consent=ConsentState.GIVEN))

    assert [each.reason for each in decision.obstacles] == [Reason.NO_RULE]
