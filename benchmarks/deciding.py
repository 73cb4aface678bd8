"""The decision alone, with few grants and with many, beside two engines of general policies.

What is timed is what stands on the path of a read: a request in, the plan in force out. Compiling a plan anew, which
happens once per policy epoch, is told apart. The other engines decide one field of one table; ours decides them all.
"""

import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final

import casbin
import cedarpy

from benchmarks.house import CLEAR, FIELDS, MeasuredHouse
from benchmarks.measure import Result, Target, bootstrap
from governance.actor import Role
from governance.gate.connections import ReadConnections
from governance.gate.plan import PlanRequest, compile_plan
from governance.gate.runs import RunBook, RunParts
from governance.gate.snapshot import PolicySnapshot, index_grants
from governance.policies.values import GrantBook, GrantOnFile
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind

_COUNTS: Final = (10, 1_000, 10_000)
_ROUNDS: Final = 15
_LIMIT_MICROSECONDS: Final = 20.0
_MODEL: Final = """
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == p.sub && r.obj == p.obj && r.act == p.act
"""


def decisions(house: MeasuredHouse, _pairs: int) -> Iterator[Result]:
    """Measure the decision with 10, 1,000 and 10,000 grants."""
    kind = house.database.dialect
    request = PlanRequest(actor=house.actor, purpose=CLEAR, table="measured", fields=FIELDS)
    now = house.wired.clock.now()
    connections = ReadConnections(house.database)
    wired = house.wired
    parts = RunParts(
        database=wired.database, sources=wired.sources, connections=connections, keyring=wired.keyring,
        attestor=wired.attestor,
    )  # fmt: skip
    for count in _COUNTS:
        snapshot = _with_grants(house.gate.snapshot(), house, count)
        book = RunBook(snapshot, parts)
        median, worst = _microseconds(partial(book.plan, request, now), 2_000)
        anew, _ = _microseconds(partial(compile_plan, snapshot, request, now), 50)
        yield Result(
            name=f"the decision alone, {count} grants",
            database=kind,
            value=median,
            bound=worst,
            unit="µs",
            target=Target(value=_LIMIT_MICROSECONDS),
            detail=f"compiled anew {anew:.0f} µs; pycasbin {_casbin(count):.0f} µs, cedarpy {_cedar(count):.0f} µs",
        )
    connections.close()


def _with_grants(snapshot: PolicySnapshot, house: MeasuredHouse, count: int) -> PolicySnapshot:
    own = [grant for cells in snapshot.grants.values() for grants in cells.values() for grant in grants]
    now = house.wired.clock.now()
    roles = [role for role in Role if role is not Role.SUPPORT]
    others = [
        GrantOnFile(
            id=uuid.UUID(int=place),
            role=roles[place % len(roles)],
            purpose_id=1 + place % 2_000,
            subject_kind=SubjectKind.CUSTOMER,
            category=list(DataCategory)[place % 12],
            action=GrantedAction.READ,
            form=Form.CLEAR,
            exact_lookup=False,
            valid_from=now - timedelta(days=1),
            valid_to=now + timedelta(days=100),
        )
        for place in range(max(0, count - len(own)))
    ]
    keyed: dict[tuple[Role, int], tuple[GrantOnFile, ...]] = {}
    for grant in (*own, *others):
        key = (grant.role, grant.purpose_id)
        keyed[key] = (*keyed.get(key, ()), grant)
    return replace(snapshot, grants=index_grants(GrantBook(by_role_and_purpose=keyed)))


def _microseconds(work: Callable[[], object], repeat: int) -> tuple[float, float]:
    """Return the median and its 95 % upper bound."""
    work()
    rounds = []
    for _ in range(_ROUNDS):
        begin = time.perf_counter()
        for _ in range(repeat):
            work()
        rounds.append((time.perf_counter() - begin) / repeat * 1e6)
    return statistics.median(rounds), bootstrap(rounds)[1]


def _casbin(count: int) -> float:
    model = casbin.Model()
    model.load_model_from_text(_MODEL)
    enforcer = casbin.Enforcer(model)
    enforcer.add_policies([[f"role-{place % 11}", f"table-{place}", "read"] for place in range(count - 1)])
    enforcer.add_policy("support", "measured", "read")
    repeat = max(2, 2_000 // count)
    return _microseconds(lambda: enforcer.enforce("support", "measured", "read"), repeat)[0]


def _cedar(count: int) -> float:
    policies = "\n".join(
        f'permit(principal == Role::"r{place % 11}", action == Action::"read", resource == Table::"t{place}");'
        for place in range(count - 1)
    )
    policies += '\npermit(principal == Role::"support", action == Action::"read", resource == Table::"measured");'
    request = {
        "principal": 'Role::"support"',
        "action": 'Action::"read"',
        "resource": 'Table::"measured"',
        "context": {},
    }
    return _microseconds(lambda: cedarpy.is_authorized(request, policies, []), max(1, 500 // count))[0]
