"""The log on a page: entries, their proofs, and *verify*."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug import Response

from audit.checkpoints import latest_note
from audit.entries import Action, Fact, Outcome, Retention
from audit.errors import NothingSignedError
from audit.labels import ACTION_LABELS, OUTCOME_LABELS
from audit.live import LiveCheck, verify_live
from audit.log import Log
from audit.names import ActorNames
from audit.notes import TreeHead, split_note
from audit.proving import prove
from audit.search import Filters, FoundEntry, search
from audit.verify import Report
from governance.actor import Role, open_to
from governance.web.context import current

blueprint: Final = Blueprint("log", __name__, url_prefix="/log")

READERS: Final = (Role.AUDITOR, Role.DPO, Role.SECURITY)
_ON_A_PAGE: Final = 50
_SHOWN_FINDINGS: Final = 50
_DIGITS: Final = 10  # of a data subject's number


@blueprint.get("/")
@open_to(*READERS)
def entries() -> ResponseReturnValue:
    """Show the newest entries that fit the filters."""
    return _page(None)


@blueprint.post("/verify")
@open_to(*READERS)
def verify() -> ResponseReturnValue:
    """Check the whole log now, and say what was found."""
    context = current()
    report = verify_live(context.get(LiveCheck))
    context.get(Log).append(
        Fact(
            retention=Retention.SECURITY,
            action=Action.CHECK,
            actor=context.actor,
            object_type="log",
            outcome=Outcome.DONE if report.intact else Outcome.FAILED,
            details={"entries": report.entries, "differences": report.found},
        )
    )
    return _page(report)


@blueprint.get("/<int:index>/proof")
@open_to(*READERS)
def proof(index: int) -> ResponseReturnValue:
    """Hand out the proof that an entry stands in the log of the last checkpoint."""
    session = current().session
    note = latest_note(session)
    if note is None:
        raise NothingSignedError
    response = Response(prove(session, note, index), mimetype="text/plain")
    response.headers["Content-Disposition"] = f'attachment; filename="entry-{index}.tlog-proof"'
    return response


def _page(report: Report | None) -> str:
    filters, asked = _asked()
    after = request.args.get("after", type=int)
    # A transaction that only reads, even under a POST: the look itself is recorded beside it.
    with current().database.read() as session:
        found = search(session, filters, after, _ON_A_PAGE)
        note = latest_note(session)
        ids = {uuid.UUID(entry.said["actor"]["id"]) for entry in found if entry.said["actor"].get("id")}
        names = current().get(ActorNames).look_up(session, ids)
    signed = 0 if note is None else TreeHead.parse(split_note(note)[0]).size
    _record_look(len(found), filters)
    return render_template(
        "log/entries.html",
        rows=[_row(entry, names, signed) for entry in found],
        following=found[-1].index if len(found) == _ON_A_PAGE else None,
        asked=asked,
        actions=ACTION_LABELS,
        outcomes=OUTCOME_LABELS,
        note=note,
        signed=signed,
        report=report,
        shown_findings=_SHOWN_FINDINGS,
    )


def _asked() -> tuple[Filters, dict[str, str]]:
    """Return the filters of the address, and the same as text for the form; what is not understood asks for nothing."""
    asked = {name: request.args.get(name, "").strip() for name in ("action", "outcome", "object", "purpose", "subject")}
    filters = Filters(
        action=next((each for each in Action if each.value == asked["action"]), None),
        outcome=next((each for each in Outcome if each.value == asked["outcome"]), None),
        object_type=asked["object"] or None,
        purpose=asked["purpose"] or None,
        subject=int(asked["subject"]) if asked["subject"].isdecimal() and len(asked["subject"]) <= _DIGITS else None,
    )
    return filters, {name: text for name, text in asked.items() if text}


def _row(entry: FoundEntry, names: Mapping[uuid.UUID, str], signed: int) -> dict[str, Any]:
    said = entry.said
    actor = said["actor"]
    actor_id = actor.get("id")
    return {
        "index": entry.index,
        "at": datetime.fromisoformat(said["at"]),
        "action": ACTION_LABELS[Action(said["action"])],
        "outcome": OUTCOME_LABELS[Outcome(said["outcome"])],
        "done": said["outcome"] == Outcome.DONE.value,
        "who": names.get(uuid.UUID(actor_id), actor_id) if actor_id else actor.get("host_user") or actor["kind"],
        "roles": actor.get("roles", []),
        "address": actor.get("address"),
        "object": said["object"]["type"],
        "object_id": said["object"]["id"],
        "purpose": said["purpose"],
        "subjects": len(entry.subjects),
        "details": said["details"],
        "proved": entry.index < signed,
    }


def _record_look(count: int, filters: Filters) -> None:
    current().get(Log).append(
        Fact(
            retention=Retention.SECURITY,
            action=Action.READ,
            actor=current().actor,
            object_type="log",
            subjects=() if filters.subject is None else (filters.subject,),
            details={"count": count},
        )
    )
