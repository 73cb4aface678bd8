"""A plan explained: what is given, in which form, by which grant, until when; what is not, and who could change it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from governance.actor import Actor
from governance.clock import to_rfc3339
from governance.errors import Phrase
from governance.gate.errors import ReadRefusedError
from governance.gate.plan import PlanRequest, ReadPlan
from governance.gate.reasons import Reason
from governance.gate.rules import Decision
from governance.gate.runs import RunBook
from governance.gate.snapshot import PolicySnapshot
from governance.vocabulary import GrantedAction, SubjectKind
from register.values import NoticeRef

Say = Callable[[Phrase], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One field that is given to one kind of person."""

    field: str
    kind: SubjectKind | None
    decision: Decision

    def as_json(self, say: Say = str) -> dict[str, Any]:
        """The same for programs."""
        decision = self.decision
        return {
            "field": self.field,
            "kind": None if self.kind is None else self.kind.value,
            "form": decision.form.value,
            "grant": None if decision.grant is None else str(decision.grant.id),
            "role": None if decision.grant is None else decision.grant.role.value,
            "until": None if decision.until is None else to_rfc3339(decision.until),
            "exact_lookup": decision.exact_lookup,
            "observed": [reason.as_json(say) for reason in decision.observed],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A plan explained, or a refusal.

    Attributes:
        purpose: The slug that was asked for.
        table: The table that was asked for.
        plan: The plan; None where everything is refused.
        refused: Every rule that failed, where everything is refused.
        notices: Where older data is closed to the purpose, the notices that name it, under which data is open; None
            where everything on file is.
    """

    purpose: str
    table: str
    plan: ReadPlan | None = None
    refused: tuple[Reason, ...] = field(default=())
    notices: tuple[NoticeRef, ...] | None = None

    @property
    def given(self) -> tuple[Given, ...]:
        """Every field that is given, for each kind of person."""
        return () if self.plan is None else tuple(_given(self.plan))

    @property
    def withheld(self) -> Mapping[str, Reason]:
        """Every field that is not given, or not for everybody, with the reason."""
        return {} if self.plan is None else self.plan.withheld

    def as_json(self, say: Say = str) -> dict[str, Any]:
        """The same for programs, its sentences as `say` says them."""
        plan = self.plan
        return {
            "purpose": self.purpose,
            "table": self.table,
            "allowed": plan is not None,
            "refused": [_reason(reason, say) for reason in self.refused],
            "given": [each.as_json(say) for each in self.given],
            "withheld": {name: _reason(reason, say) for name, reason in self.withheld.items()},
            "consent": None
            if plan is None or plan.consent is None
            else {"channel": plan.consent.channel.value, "enforced": plan.consent.enforced},
            "notices": None if self.notices is None else [str(notice) for notice in self.notices],
            "pseudonyms": plan is not None and plan.opaque,
            "valid_until": None if plan is None or plan.valid_until is None else to_rfc3339(plan.valid_until),
        }


class Explanations:
    """Explains plans as they are under the policies of one moment."""

    def __init__(self, book: RunBook, now: datetime) -> None:
        """Take the plans.

        Args:
            book: The plans of the policies in force.
            now: The moment.
        """
        self._book: Final = book
        self._now: Final = now

    @property
    def snapshot(self) -> PolicySnapshot:
        """The policies."""
        return self._book.snapshot

    def explain(
        self,
        actor: Actor,
        purpose: str,
        table: str,
        fields: Sequence[str] | None = None,
        *,
        action: GrantedAction = GrantedAction.READ,
    ) -> Explanation:
        """Return a plan in words, of reading or of another action. Nothing is read, and nothing recorded."""
        wanted = None if fields is None else tuple(fields)
        request = PlanRequest(actor=actor, purpose=purpose, table=table, action=action, fields=wanted)
        try:
            plan = self._book.plan(request, self._now)
        except ReadRefusedError as refused:
            return Explanation(purpose=purpose, table=table, refused=refused.reasons)
        return Explanation(purpose=purpose, table=table, plan=plan, notices=self._notices(plan))

    def _notices(self, plan: ReadPlan) -> tuple[NoticeRef, ...] | None:
        if plan.notices is None:
            return None
        published = self.snapshot.purposes.notices.items()
        return tuple(sorted((ref for ref, number in published if number in plan.notices), key=str))


def _given(plan: ReadPlan) -> Iterator[Given]:
    for name in plan.wanted:
        for kind, decision in plan.decisions(name).items():
            yield Given(field=name, kind=kind, decision=decision)


def _reason(reason: Reason, say: Say) -> dict[str, str]:
    return {**reason.as_json(say), "remedy": say(reason.remedy)}
