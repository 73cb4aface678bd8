"""`/log/`: the entries that fit the filters, newest first; *verify*; and what leads from a row to the rest."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from audit.checkpoints import latest_note
from audit.entries import Action, Fact, Outcome, Retention
from audit.errors import NothingSignedError
from audit.forms import EntriesForm, entries_form
from audit.labels import OBJECT_LABELS
from audit.live import LiveCheck, verify_live
from audit.log import Log
from audit.names import ActorNames, PurposeNames
from audit.pages.entrance import READERS, blueprint, names_of, record_look, row_of, signed_size
from audit.proving import prove
from audit.search import FoundEntry, entry_at, search, search_newer
from audit.verify import Report
from governance.actor import open_to
from governance.web.context import current

_ON_A_PAGE: Final = 50
_SHOWN_FINDINGS: Final = 50


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
    record_look(1)
    return Response(found.body, mimetype="application/json")


@blueprint.get("/<int:index>/proof")
@open_to(*READERS)
def proof(index: int) -> ResponseReturnValue:
    """Hand out the proof that an entry stands in the log of the last checkpoint, with the entry: a look at it."""
    session = current().session
    note = latest_note(session)
    if note is None:
        raise NothingSignedError
    found = prove(session, note, index)
    record_look(1)
    response = Response(found, mimetype="text/plain")
    response.headers["Content-Disposition"] = f'attachment; filename="entry-{index}.tlog-proof"'
    return response


@blueprint.get("/checkpoint")
@open_to(*READERS)
def checkpoint() -> ResponseReturnValue:
    """Hand out the last checkpoint, to be kept and compared the next time."""
    note = latest_note(current().session)
    if note is None:
        raise NothingSignedError
    response = Response(note, mimetype="text/plain")
    response.headers["Content-Disposition"] = f'attachment; filename="checkpoint-{signed_size(note)}.txt"'
    return response


def _page(report: Report | None) -> ResponseReturnValue:
    # A transaction that only reads, even under a POST: the look itself is recorded beside it.
    with current().database.read() as session:
        purposes = current().get(PurposeNames).look_up(session)
        form = entries_form(request.args, current().get(ActorNames).everybody(session), purposes)
        valid = form.validate()
        found = _search(session, form) if valid else _Found(entries=[])
        note = latest_note(session)
        names = names_of(session, found.entries)
    signed = signed_size(note)
    if valid:
        record_look(len(found.entries), form.filters)
    page = render_template(
        "log/entries.html",
        rows=[row_of(entry, names, purposes, signed) for entry in found.entries],
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
