"""`/log/state`: what an auditor asks first. How far the log is verified and signed, what is gone, what to look at."""

import uuid
from datetime import timedelta
from typing import Any, Final

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from audit.counts import by_class
from audit.labels import CLASS_LABELS
from audit.live import LiveCheck
from audit.state import LastCheck, log_state
from governance.actor import Role, open_to
from governance.days import day_of
from governance.errors import mark
from governance.oversight.due import next_purge
from governance.oversight.pages.entrance import blueprint, names_of, span_of
from governance.web.context import current

_WEEK: Final = timedelta(days=6)
# Questions worth asking each time, as filters of the log.
_QUESTIONS: Final[tuple[tuple[str, dict[str, str]], ...]] = (
    (mark("What was refused this week?"), {"outcome": "refused", "since": "week"}),
    (mark("What failed this week?"), {"outcome": "failed", "since": "week"}),
    (mark("What was exported?"), {"action": "export"}),
    (mark("Which policies were decided, and by whom?"), {"action": "policy"}),
    (mark("What did controllers and security decide?"), {"action": "decide"}),
    (mark("Which accounts were made, changed or disabled?"), {"action": "account"}),
    (mark("What was purged?"), {"action": "purge"}),
    (mark("What was found altered?"), {"action": "check", "outcome": "failed"}),
    (mark("Which keys were made or destroyed?"), {"action": "key"}),
    (mark("Who looked at the log?"), {"action": "read", "object": "log"}),
)


@blueprint.get("/log/state")
@open_to(Role.AUDITOR, Role.DPO, Role.SECURITY)
def state() -> ResponseReturnValue:
    """Show how the log stands, questions worth asking, and where to draw a sample."""
    context = current()
    session, now, span = context.session, context.clock.now(), span_of()
    found = log_state(session, context.get(LiveCheck).anchor, now)
    return render_template(
        "oversight/state.html",
        now=now,
        state=found,
        who=_who(found.checked),
        span=span,
        classes=[(gettext(CLASS_LABELS[kind]), kind, days) for kind, days in by_class(session, span).items()],
        class_labels=CLASS_LABELS,
        next_purge=next_purge(session),
        questions=_questions(),
    )


def _questions() -> list[tuple[str, str]]:
    first = day_of(current().clock.now() - _WEEK).isoformat()
    asked: list[tuple[str, dict[str, Any]]] = [
        (label, {**said, "since": first} if "since" in said else {**said}) for label, said in _QUESTIONS
    ]
    return [(gettext(label), url_for("log.entries", **said)) for label, said in asked]


def _who(check: LastCheck | None) -> str:
    if check is None or not check.actor.get("id"):
        return str(gettext("the host"))
    account = uuid.UUID(check.actor["id"])
    return names_of(current().session, [account]).get(account, str(account))
