"""Plans at hand, ready to run: compiled once for a snapshot, a role combination and a choice of fields."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from audit.entries import JsonValue
from governance.actor import Actor, ActorKind, Role
from governance.database import Database
from governance.datamap.sources import Sources
from governance.gate.adopted import AdoptedFetcher, Stores
from governance.gate.compiled import Fast, Secrets, compile_loop
from governance.gate.connections import ReadConnections
from governance.gate.fetching import Fetcher
from governance.gate.native import NativeFetcher
from governance.gate.plan import PlanRequest, ReadPlan, Refusal, plan_or_refusal
from governance.gate.program import Ground, build_program
from governance.gate.pseudonyms import veil_of
from governance.gate.snapshot import PolicySnapshot
from governance.vault.attest import Attestor
from governance.vault.keyring import Keyring
from governance.vault.subject_keys import aad_prefix
from governance.vocabulary import GrantedAction

# Plans and programs kept: more than any installation has, few enough that nobody fills memory by asking.
_KEPT: Final = 1_000

PlanKey = tuple[bool, frozenset[Role], str, str, GrantedAction, tuple[str, ...] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A plan with everything that running it takes.

    Attributes:
        snapshot: The policies it was compiled from.
        plan: The plan.
        fetcher: Fetches its rows.
        loop: Opens them; None where no row is expected to be plain.
        fields: What the log is told of its fields.
    """

    snapshot: PolicySnapshot
    plan: ReadPlan
    fetcher: Fetcher = field(repr=False)
    loop: Fast | None = field(repr=False)
    fields: dict[str, JsonValue] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunParts:
    """What runs are made with."""

    database: Database
    sources: Sources
    connections: ReadConnections
    keyring: Keyring = field(repr=False)
    attestor: Attestor = field(repr=False)


class RunBook:
    """The plans and runs of one snapshot. Thread-safe: what two threads make at once is the same."""

    def __init__(self, snapshot: PolicySnapshot, parts: RunParts) -> None:
        """Compile nothing yet."""
        self.snapshot: Final = snapshot
        self._parts: Final = parts
        self._plans: Final[dict[PlanKey, ReadPlan | Refusal]] = {}
        self._runs: Final[dict[tuple[PlanKey, frozenset[str]], Run]] = {}

    def plan(self, request: PlanRequest, now: datetime) -> ReadPlan:
        """Return the plan of a request, compiled where it is new or has to be looked at again.

        Raises:
            NotInDataMapError: If the data map does not know the table or a field.
            ReadRefusedError: If nothing is given.
        """
        key = _key(request)
        plan = self._plans.get(key)
        if plan is None or (plan.review_at is not None and now >= plan.review_at):
            plan = plan_or_refusal(self.snapshot, request, now)
            # What names something that does not exist is asked by whoever invents names, who shall not drive out plans.
            if isinstance(plan, ReadPlan) or plan.known:
                _keep(self._plans, key, plan)
        if isinstance(plan, Refusal):
            raise plan.error()
        return plan

    def run(self, request: PlanRequest, now: datetime, also: Iterable[str] = ()) -> Run:
        """Return the plan of a request, ready to run.

        Args:
            request: The request.
            now: The moment.
            also: Sealed fields whose boxes are opened to compare them, given or not.
        """
        plan = self.plan(request, now)
        key = (_key(request), frozenset(also))
        run = self._runs.get(key)
        if run is None or run.plan is not plan:
            run = self._make(plan, key[1])
            _keep(self._runs, key, run)
        return run

    def _make(self, plan: ReadPlan, also: frozenset[str]) -> Run:
        parts = self._parts
        dialect = parts.database.dialect
        ground = Ground(catalogue=self.snapshot.catalogue, installation=parts.keyring.installation, dialect=dialect)
        program = build_program(plan, ground, veil_of(parts.keyring, plan.purpose.id), also)
        secrets = Secrets(attestor=parts.attestor, aad_prefix=aad_prefix(parts.keyring))
        fetcher: Fetcher
        if plan.table.adopted:
            stores = Stores(database=parts.database, sources=parts.sources, attestor=parts.attestor)
            fetcher = AdoptedFetcher(program, stores)
        else:
            fetcher = NativeFetcher(program, parts.connections, parts.database.engine.dialect)
        return Run(
            snapshot=self.snapshot,
            plan=plan,
            fetcher=fetcher,
            loop=compile_loop(program, secrets),
            fields=_fields_by_form(plan),
        )


def _key(request: PlanRequest) -> PlanKey:
    actor: Actor = request.actor
    signed_in = actor.id is not None or actor.kind is ActorKind.SYSTEM
    return (signed_in, actor.roles, request.purpose, request.table, request.action, request.fields)


def _keep(kept: dict[Any, Any], key: Any, value: Any) -> None:
    if len(kept) >= _KEPT:
        kept.clear()
    kept[key] = value


def _fields_by_form(plan: ReadPlan) -> dict[str, JsonValue]:
    forms: dict[str, set[str]] = defaultdict(set)
    for name in plan.wanted:
        for decision in plan.decisions(name).values():
            forms[decision.form.value].add(name)
    return {form: [*sorted(names)] for form, names in sorted(forms.items())}
