"""Whether somebody may be solicited: the rules of a day, channel and kind of recipient, compiled, and one judgement.

`decide` answers for one person, and says from when they may be solicited where time alone stands in the way. Whoever
asks for many takes the `judge` of the occasion once and asks it for each: what is the same for all is computed once,
which leaves 0.2 to 0.3 µs for a person who may be solicited and 2 µs for one who may not (docs/adr/0103).

What is absolute stands here and in no file: whoever objected to prospecting (GDPR Art. 21(3)), whose data are
restricted (Art. 18(2)) or erased (Art. 17), whom a list of people not to be solicited names, and whoever has died (Act
of 6 January 1978, Art. 85) is solicited by nobody.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from consent.states import ConsentState
from governance.campaigns.reasons import OF_CONSENT, PLACE, Reason
from governance.campaigns.rules import Demand, Frequency, Hours, Recipient, Rule, Rules
from governance.campaigns.values import Basis, Contract, Decision, Obstacle, Occasion, Situation
from governance.days import day_of, start_of_day
from governance.periods import Period
from governance.vocabulary import Channel

_BASES: Final = {
    Demand.CONSENT: Basis.CONSENT,
    Demand.SOFT_OPT_IN: Basis.SOFT_OPT_IN,
    Demand.CONTRACT_OBJECT: Basis.CONTRACT,
    Demand.NO_OBJECTION: Basis.LEGITIMATE_INTERESTS,
}
# Who said no to a channel is not solicited by it on another ground: GDPR Art. 7(3) and 21(3).
_SAID_NO: Final = frozenset({ConsentState.REFUSED, ConsentState.WITHDRAWN})
_NO_RULE: Final = (Obstacle(Reason.NO_RULE),)
# Rules of hours that leave no common hour would be looked for without end.
_MOST_STEPS: Final = 1_000

_Obstacles = tuple[Obstacle, ...]
_Lacks = Callable[[Situation], _Obstacles]


class _Ground(NamedTuple):
    """What opens a channel: what a person lacks for it, and the decision where they lack nothing."""

    lacks: _Lacks
    opened: Decision


class _OfDay(NamedTuple):
    """The rules of a day, a channel and a kind of recipient, by what they do."""

    grounds: tuple[Rule, ...]
    joint: Rule | None
    hours: tuple[Rule, ...]
    # What a person's own history closes.
    limits: tuple[_Lacks, ...]


class Judge:
    """The rules of one occasion, compiled."""

    __slots__ = ("_closed", "_grounds", "_joint", "_limits")

    def __init__(self, rules: Rules, occasion: Occasion) -> None:
        """Compile them."""
        of_day = _of_day(rules, day_of(occasion.moment), occasion.channel, occasion.recipient)
        self._grounds: Final = tuple(
            _Ground(_lacks_of(rule, occasion), Decision(basis=_BASES[rule.demand], rule=rule))
            for rule in of_day.grounds
        )
        self._joint: Final = of_day.joint
        self._limits: Final = of_day.limits
        self._closed: Final = tuple(_closed(of_day.hours, occasion.moment))

    def decide(self, situation: Situation) -> Decision:
        """Say whether somebody may be solicited now."""
        opened: Decision | None = None
        lacking: _Obstacles = ()
        for lacks, decision in self._grounds:
            missing = lacks(situation)
            if not missing:
                opened = decision
                break
            lacking += missing
        stands = self._closed
        for limit in self._limits:
            stands += limit(situation)
        if (
            situation.objected
            or situation.restricted
            or situation.suppressed
            or situation.deceased
            or situation.erased
            or situation.minor_alone
        ):
            stands += tuple(self._absolute(situation))
        if opened is not None:
            return opened if not stands else _refused(stands)
        return _refused(stands + (lacking or _NO_RULE))

    def _absolute(self, situation: Situation) -> Iterator[Obstacle]:
        if situation.deceased:
            yield Obstacle(Reason.DECEASED)
        if situation.erased:
            yield Obstacle(Reason.ERASED)
        if situation.restricted:
            yield Obstacle(Reason.RESTRICTED)
        if situation.objected:
            yield Obstacle(Reason.OBJECTED)
        if situation.suppressed:
            yield Obstacle(Reason.SUPPRESSED)
        if situation.minor_alone and self._joint is not None:
            yield Obstacle(Reason.MINOR_ALONE, self._joint)


def judge(rules: Rules, occasion: Occasion) -> Judge:
    """Return who decides for the people of an occasion, however many they are."""
    return Judge(rules, occasion)


def decide(rules: Rules, occasion: Occasion, situation: Situation) -> Decision:
    """Say whether somebody may be solicited and, where nothing but time stands in the way, from when they may."""
    decision = Judge(rules, occasion).decide(situation)
    if decision.allowed:
        return decision
    return replace(decision, allowed_from=_allowed_from(rules, occasion, situation))


def _allowed_from(rules: Rules, occasion: Occasion, situation: Situation) -> datetime | None:
    """Return the first moment at which somebody may be solicited, by the rules of that day; None where none is."""
    moment = occasion.moment
    for _ in range(_MOST_STEPS):
        decision = Judge(rules, replace(occasion, moment=moment)).decide(situation)
        if decision.allowed:
            return moment
        ends = [each.ends for each in decision.obstacles if each.ends is not None]
        if len(ends) < len(decision.obstacles):
            return None
        change = rules.next_change(day_of(moment))
        # Before all of them have ended another rule may hold.
        moment = max(ends) if change is None else min(max(ends), start_of_day(change))
    return None


def _refused(obstacles: _Obstacles) -> Decision:
    """Refuse, each reason once: where several rules lack the same, the first says it."""
    first: dict[Reason, Obstacle] = {}
    for each in obstacles:
        known = first.setdefault(each.reason, each)
        if known.ends is not None and each.ends is not None and known.ends < each.ends:
            # Of two limits the longer one ends the wait.
            first[each.reason] = each
    return Decision(obstacles=tuple(sorted(first.values(), key=_place)))


def _place(obstacle: Obstacle) -> int:
    return PLACE[obstacle.reason]


@lru_cache(maxsize=256)
def _of_day(rules: Rules, day: date, channel: Channel, recipient: Recipient) -> _OfDay:
    found = rules.of(channel, recipient, day)
    by_demand = {demand: tuple(rule for rule in found if rule.demand is demand) for demand in Demand}
    limits = [_too_often(rule, rule.limit, day) for rule in found if isinstance(rule.limit, Frequency)]
    limits += [_resting(rule, rule.limit, day) for rule in found if isinstance(rule.limit, Period)]
    return _OfDay(
        grounds=tuple(rule for demand in _BASES for rule in by_demand[demand]),
        joint=next(iter(by_demand[Demand.JOINT_CONSENT]), None),
        hours=by_demand[Demand.HOURS],
        limits=tuple(limits),
    )


def _lacks_of(rule: Rule, occasion: Occasion) -> _Lacks:
    if rule.demand is Demand.CONSENT:
        return _lacks_consent(rule)
    if rule.demand is Demand.SOFT_OPT_IN:
        return _lacks_soft_opt_in(rule, occasion)
    if rule.demand is Demand.CONTRACT_OBJECT:
        return _lacks_contract(rule)
    return _said_no(rule)


def _lacks_consent(rule: Rule) -> _Lacks:
    by_state = {state: (Obstacle(reason, rule),) for state, reason in OF_CONSENT.items()}
    given = ConsentState.GIVEN

    def lacks(situation: Situation) -> _Obstacles:
        state = situation.consent
        return () if state is given else by_state[state]

    return lacks


def _lacks_soft_opt_in(rule: Rule, occasion: Occasion) -> _Lacks:
    # CPCE Art. L34-5: the same seller, similar products, an objection at collection and in each message.
    said_no = _said_no(rule)
    message: list[Obstacle] = []
    if not occasion.similar:
        message.append(Obstacle(Reason.NOT_SIMILAR, rule))
    if not occasion.offers_objection:
        message.append(Obstacle(Reason.NO_OBJECTION_IN_MESSAGE, rule))
    of_message = tuple(message)
    never_bought = (Obstacle(Reason.NEVER_BOUGHT, rule),)
    not_offered = (Obstacle(Reason.NO_OBJECTION_AT_COLLECTION, rule),)

    def lacks(situation: Situation) -> _Obstacles:
        missing = of_message + said_no(situation)
        if not situation.bought:
            missing += never_bought
        if not situation.objection_offered:
            missing += not_offered
        return missing

    return lacks


def _lacks_contract(rule: Rule) -> _Lacks:
    said_no = _said_no(rule)
    by_contract = {
        Contract.NONE: (Obstacle(Reason.NO_CONTRACT, rule),),
        Contract.OTHER_OBJECT: (Obstacle(Reason.NOT_ITS_OBJECT, rule),),
        Contract.ITS_OBJECT: (),
    }

    def lacks(situation: Situation) -> _Obstacles:
        return by_contract[situation.contract] + said_no(situation)

    return lacks


def _said_no(rule: Rule) -> _Lacks:
    by_state = {state: (Obstacle(OF_CONSENT[state], rule),) for state in _SAID_NO}

    def lacks(situation: Situation) -> _Obstacles:
        state = situation.consent
        return () if state is None or state not in _SAID_NO else by_state[state]

    return lacks


def _too_often(rule: Rule, limit: Frequency, day: date) -> _Lacks:
    most, within = limit.most, limit.within
    # Today is the last day of the period; what happened on this one, or before, is no longer in it.
    before = within.latest_event(day)

    def lacks(situation: Situation) -> _Obstacles:
        contacts = situation.contacts
        if len(contacts) < most:
            return ()
        counted = sorted((each for each in contacts if each > before), reverse=True)
        if len(counted) < most:
            return ()
        return (Obstacle(Reason.TOO_OFTEN, rule, start_of_day(within.ends(counted[most - 1]))),)

    return lacks


def _resting(rule: Rule, period: Period, day: date) -> _Lacks:
    def lacks(situation: Situation) -> _Obstacles:
        refused = situation.refused_on
        if refused is None:
            return ()
        last = period.ends(refused)
        return () if last < day else (Obstacle(Reason.RESTING, rule, start_of_day(last + timedelta(days=1))),)

    return lacks


def _closed(hours: Iterable[Rule], moment: datetime) -> Iterator[Obstacle]:
    for rule in hours:
        if not isinstance(rule.limit, Hours):
            continue
        opens = rule.limit.opens(moment)
        if opens != moment:
            yield Obstacle(_reason_of(rule.limit, day_of(moment)), rule, opens)


def _reason_of(hours: Hours, day: date) -> Reason:
    if hours.windows(day):
        return Reason.OUT_OF_HOURS
    return Reason.PUBLIC_HOLIDAY if hours.weekdays[day.weekday()] else Reason.CLOSED_DAY
