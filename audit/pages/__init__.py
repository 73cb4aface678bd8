"""The log on a page: entries, their proofs, and *verify*."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug import Response

from audit.checkpoints import latest_note
from audit.entries import Action, Fact, Outcome, Retention
from audit.errors import NothingSignedError
from audit.forms import EntriesForm, entries_form, label_of
from audit.labels import ACTION_LABELS, KIND_LABELS, OBJECT_LABELS, OUTCOME_LABELS
from audit.live import LiveCheck, verify_live
from audit.log import Log
from audit.names import ActorNames, PurposeNames
from audit.notes import TreeHead, split_note
from audit.pages.details import readable
from audit.proving import prove
from audit.search import Filters, FoundEntry, entry_at, search, search_newer
from audit.verify import Report
from governance.actor import ActorKind, Role, open_to
from governance.web.context import current
from governance.web.navigation import PLACES

blueprint: Final = Blueprint("log", __name__, url_prefix="/log")

READERS: Final = (Role.AUDITOR, Role.DPO, Role.SECURITY)
_ON_A_PAGE: Final = 50
_SHOWN_FINDINGS: Final = 50
_PLACE_LABELS: Final[Mapping[str, str]] = {place.endpoint: place.label for place in PLACES}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A page of entries, and whether others stand above and below it."""

    entries: list[FoundEntry]
    newer: bool = False
    older: bool = False


@blueprint.get("/")
@open_to(*READERS)
def entries() -> ResponseReturnValue:
    """Show the entries that fit the filters, newest first."""
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


@blueprint.get("/<int:index>/entry")
@open_to(*READERS)
def whole_entry(index: int) -> ResponseReturnValue:
    """Hand out a whole entry, byte for byte as the log commits to it."""
    found = entry_at(current().session, index)
    _record_look(1, Filters())
    return Response(found.body, mimetype="application/json")


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


def _page(report: Report | None) -> ResponseReturnValue:
    # A transaction that only reads, even under a POST: the look itself is recorded beside it.
    with current().database.read() as session:
        actors = current().get(ActorNames)
        purposes = current().get(PurposeNames).look_up(session)
        form = entries_form(request.args, actors.everybody(session), purposes)
        valid = form.validate()
        found = _search(session, form) if valid else _Found(entries=[])
        note = latest_note(session)
        ids = {uuid.UUID(entry.said["actor"]["id"]) for entry in found.entries if entry.said["actor"].get("id")}
        names = actors.look_up(session, ids)
    signed = 0 if note is None else TreeHead.parse(split_note(note)[0]).size
    if valid:
        _record_look(len(found.entries), form.filters)
    page = render_template(
        "log/entries.html",
        rows=[_row(entry, names, purposes, signed) for entry in found.entries],
        found=found,
        form=form,
        objects=OBJECT_LABELS,
        note=note,
        signed=signed,
        report=report,
        shown_findings=_SHOWN_FINDINGS,
    )
    return page, HTTPStatus.OK if valid else HTTPStatus.UNPROCESSABLE_ENTITY


def _search(session: Session, form: EntriesForm) -> _Found:
    """Find the page that was asked for; one entry more than it holds tells whether another page follows."""
    if form.before.data:
        found = search_newer(session, form.filters, int(form.before.data), _ON_A_PAGE + 1)
        if len(found) > _ON_A_PAGE:
            return _Found(entries=found[1:], newer=True, older=True)
        # Nothing stands above these: the first page, which is full, shows them too.
    after = int(form.after.data) if form.after.data else None
    found = search(session, form.filters, after, _ON_A_PAGE + 1)
    return _Found(entries=found[:_ON_A_PAGE], newer=after is not None, older=len(found) > _ON_A_PAGE)


def _row(
    entry: FoundEntry, names: Mapping[uuid.UUID, str], purposes: Mapping[str, tuple[str, str]], signed: int
) -> dict[str, Any]:
    said = entry.said
    actor, thing = said["actor"], said["object"]
    place = _PLACE_LABELS.get(thing["id"])
    return {
        "index": entry.index,
        "at": datetime.fromisoformat(said["at"]),
        "action": ACTION_LABELS[Action(said["action"])],
        "outcome": OUTCOME_LABELS[Outcome(said["outcome"])],
        "done": said["outcome"] == Outcome.DONE.value,
        "who": _who(actor, names),
        "roles": actor.get("roles", []),
        "address": actor.get("address"),
        "object": OBJECT_LABELS.get(thing["type"], thing["type"]),
        "object_id": thing["id"] if place is None else gettext(place),
        "purpose": label_of(said["purpose"], purposes) if said["purpose"] else None,
        "subjects": len(entry.subjects),
        "details": readable(said["details"]),
        "proved": entry.index < signed,
    }


def _who(actor: Mapping[str, Any], names: Mapping[uuid.UUID, str]) -> str:
    if actor.get("id"):
        return names.get(uuid.UUID(actor["id"]), actor["id"])
    unnamed: str = gettext(KIND_LABELS[ActorKind(actor["kind"])])
    return actor.get("host_user") or unnamed


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
