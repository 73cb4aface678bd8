"""The description of the interface holds: schemathesis asks what it allows, and what it does not."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from governance.actor import Role
from governance.web.access import access_of
from tests.builders.service import Service

DESCRIPTION = "/api/v1/openapi.json"
# Of each operation, asked rightly and asked wrongly. There are hundreds of them, so few examples each time, always the
# same ones, and many in `make fuzz`.
EXAMPLES = 100 if settings.get_current_profile_name() == "fuzz" else 3
_MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
CHECKS = [not_a_server_error, response_schema_conformance, content_type_conformance, status_code_conformance]
# Whoever may do most comes first.
_ROLES = (Role.AUDITOR, Role.CONTROLLER, Role.DPO, Role.OWNER, Role.SALES, Role.ADMIN, Role.SECURITY)


def headers_by_operation(service: Service) -> Mapping[tuple[str, str], dict[str, str]]:
    """Return, by method and rule, the headers of somebody who gets past the door."""
    headers = {role: {"Authorization": f"Bearer {service.token(role)}"} for role in _ROLES}
    found = {}
    for rule in service.app.url_map.iter_rules():
        for method in rule.methods or ():
            declared = access_of(service.app, rule.endpoint, method)
            role = next((each for each in _ROLES if declared is None or each in declared), Role.SALES)
            role = Role.SALES if rule.rule.startswith(("/api/v1/data", "/api/v1/plan")) else role
            found[method, _plain(rule.rule)] = headers[role]
    return found


def _plain(rule: str) -> str:
    """Return a rule as OpenAPI writes it, without the names of its variables."""
    parts = rule.split("/")
    return "/".join("*" if part.startswith(("<", "{")) else part for part in parts)


@pytest.mark.hypothesis
def test_answers_are_as_described_and_no_question_breaks_the_service(sqlite_service: Service) -> None:
    schema: Any = schemathesis.openapi.from_wsgi(DESCRIPTION, sqlite_service.app)
    headers = headers_by_operation(sqlite_service)
    # Whoever has to show a second factor from then on comes in nowhere: that is asked last.
    operations = sorted(
        (found.ok() for found in schema.get_all_operations()), key=lambda each: "second-factor-rules" in each.full_path
    )
    assert len(operations) > 30
    told: list[str] = []
    statuses: dict[GenerationMode, Counter[int]] = {mode: Counter() for mode in _MODES}
    for operation in operations:
        asked_as = headers[operation.method.upper(), _plain(operation.full_path)]
        for mode in _MODES:
            try:
                _ask(operation, mode, asked_as, statuses[mode])
            except Exception as failure:  # noqa: BLE001 -- every operation is asked, and all failures told together
                told.append(f"{operation.label}: {failure!r} {getattr(failure, '__notes__', '')}")
    assert not told, "\n".join(told)
    # What is asked wrongly is also asked by nobody; what is asked rightly gets past the door, and often an answer.
    rightly = statuses[GenerationMode.POSITIVE]
    assert 401 not in rightly
    assert rightly[200] > len(operations) // 2


def _ask(operation: Any, mode: GenerationMode, headers: dict[str, str], statuses: Counter[int]) -> None:
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any) -> None:
        answer = case.call(headers=headers)
        statuses[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    ask()
