"""What the log is told of requests. Never the reasons: people write about people there."""

from typing import Final

from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Retention
from audit.transaction import record
from governance.actor import Actor
from governance.clock import to_rfc3339
from governance.policies.models import AccessRequest

REQUEST: Final = "access-request"


def record_request(
    session: Session, actor: Actor, request: AccessRequest, verb: str, purpose: str | None, **more: JsonValue
) -> None:
    """Say what became of a request."""
    details: dict[str, JsonValue] = {
        "verb": verb,
        "account": str(request.account_id),
        "asked_for": request.subject.value,
        "role": request.role.value,
        "valid_to": to_rfc3339(request.given_until or request.valid_until),
        "alone": request.alone,
    }
    if request.action is not None and request.form is not None:
        details |= {
            "categories": [category.value for category in request.given_set or request.category_set],
            "kinds": [kind.value for kind in request.kind_set],
            "action": request.action.value,
            "form": (request.given_form or request.form).value,
        }
    details |= more
    session.flush()
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.POLICY,
            actor=actor,
            object_type=REQUEST,
            object_id=str(request.id),
            purpose=purpose,
            details=details,
        ),
    )
