"""The record of one customer, what other tables say about them, and the question why another purpose."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from http import HTTPStatus
from typing import Any, Final

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug import Response

from audit.checkpoints import latest_note
from audit.errors import NothingSignedError
from audit.notes import TreeHead, split_note
from audit.proofs import EntryProof
from audit.proving import prove
from audit.search import entry_at, entry_by_id
from governance.actor import open_to
from governance.customers.entry import can_delete, can_enter, writable_fields
from governance.customers.errors import NotOpenError, SwitchReasonError
from governance.customers.labels import TABLE_LABELS
from governance.customers.opened import SWITCH_LABELS, SwitchPurpose, switch_purpose
from governance.customers.pages.blueprint import READERS, TABLE, blueprint
from governance.customers.pages.opening import opened_now, openings, people_of, question_first, signed_in_since
from governance.customers.pages.purposes import label_of, open_purposes
from governance.customers.pages.tasking import task_told
from governance.customers.pages.wording import ask_for_record, said_once
from governance.customers.record import blocks_of, heading_of, tally_of
from governance.customers.related import RELATED_TABLES, Listing, related_of, related_page
from governance.customers.thread import ThreadFact, ThreadView, entries_about, is_told, thread_of
from governance.gate.errors import ReadRefusedError, RowIdInvalidError, RowNotFoundError
from governance.gate.explain import Explanation
from governance.gate.gate import Gate
from governance.gate.query import Page, Query
from governance.gate.reasons import Reason
from governance.vocabulary import GrantedAction
from governance.web.context import current
from governance.web.problems import sentence
from register.service import NoticeShown, notices_shown

# Days of the thread: what lies further back stands in the tables, and in the log.
_MOST_FACTS: Final = 30


@blueprint.get("/<row>")
@open_to(*READERS)
def record(row: str) -> ResponseReturnValue:
    """Show one customer, for a purpose."""
    asked = request.args.get("purpose", "")
    if not asked:
        return _as_it_is_open(row)
    question = question_first(row, asked)
    if question is not None:
        return question
    context = current()
    gate = context.get(Gate)
    try:
        page = gate.one(context.actor, Query(purpose=asked, table=TABLE), row)
    except (RowNotFoundError, RowIdInvalidError):
        return missing_page(asked)
    except ReadRefusedError as refused:
        return _purpose_page(row, asked, refused.reasons), HTTPStatus.FORBIDDEN
    explanation = gate.explain(context.actor, asked, TABLE)
    return render_template("customers/record.html", row=row, purpose=asked, **_drawn(page, explanation, row))


@blueprint.get("/<row>/<table>")
@open_to(*READERS)
def related(row: str, table: str) -> ResponseReturnValue:
    """Show all of what one other table says about a customer, a page at a time."""
    if table not in RELATED_TABLES:
        abort(HTTPStatus.NOT_FOUND)
    asked = request.args.get("purpose", "")
    if not asked:
        return _as_it_is_open(row)
    question = question_first(row, asked)
    if question is not None:
        return question
    context = current()
    gate = context.get(Gate)
    explanation = gate.explain(context.actor, asked, table)
    try:
        listing = related_page(gate, context.actor, explanation, row, request.args.get("after"), openings())
    except RowIdInvalidError:
        return missing_page(asked)
    # Whoever bought nothing is told from whoever is not there.
    if not listing.rows and _is_missing(row, asked):
        return missing_page(asked)
    return render_template(
        "customers/related.html",
        row=row,
        purpose=asked,
        purpose_label=label_of(asked),
        listing=listing,
        may=_may(asked, (table,)),
        begun=bool(request.args.get("after")),
    )


@blueprint.get("/<row>/purpose")
@open_to(*READERS)
def why(row: str) -> ResponseReturnValue:
    """Ask why a record that is open for one purpose is opened for another."""
    return _why_page(row)


@blueprint.post("/<row>/purpose")
@open_to(*READERS)
def switch(row: str) -> ResponseReturnValue:
    """Record why, and open the record for the other purpose."""
    context = current()
    to = request.form.get("to", "")
    if to not in {slug for slug, _ in _others(None)}:
        return _why_page(row, {"to": gettext("Choose the purpose to open the record for.")})
    command = SwitchPurpose(
        row=row,
        people=people_of(row),
        since=signed_in_since(),
        after=to,
        reason=request.form.get("reason", ""),
    )
    try:
        switch_purpose(context.session, context.actor, command)
    except NotOpenError:
        context.roll_back()
        return _why_page(row)
    except SwitchReasonError as error:
        context.roll_back()
        return _why_page(row, {"reason": sentence(error)})
    return redirect(url_for("customers.record", row=row, purpose=to), code=303)


@blueprint.get("/<row>/proof/<int:index>")
@open_to(*READERS)
def proof(row: str, index: int) -> ResponseReturnValue:
    """Hand out the proof that a fact of a customer's thread stands in the log; of who did it, it says nothing."""
    opened = opened_now(row)
    session = current().session
    if opened is None or not is_told(entry_at(session, index), opened.entry.subjects, _view(opened.purpose)):
        abort(HTTPStatus.NOT_FOUND)
    note = latest_note(session)
    if note is None:
        raise NothingSignedError
    bare = replace(EntryProof.parse(prove(session, note, index)), salt=None, body=None)
    answer = Response(bare.text(), mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="entry-{index}.tlog-proof"'
    return answer


def missing_page(purpose: str) -> tuple[str, int]:
    """Say that there is no such customer, and why that may be."""
    return render_template("customers/missing.html", purpose=purpose), HTTPStatus.NOT_FOUND


def _is_missing(row: str, purpose: str) -> bool:
    context = current()
    try:
        context.get(Gate).one(context.actor, Query(purpose=purpose, table=TABLE), row)
    except (RowNotFoundError, RowIdInvalidError):
        return True
    except ReadRefusedError:
        # The purpose gives nothing of the customers themselves, so it does not say whether this is one.
        return False
    return False


def _drawn(page: Page, explanation: Explanation, row: str) -> dict[str, Any]:
    context = current()
    asked = explanation.purpose
    found = page.decoded()[0]
    blocks = blocks_of(page, explanation)
    restricted = found.get("state")
    listings = [] if restricted else related_of(context.get(Gate), context.actor, asked, row)
    return {
        "purpose_label": label_of(asked),
        "task": task_told(asked),
        "state": restricted,
        "heading": heading_of(found, explanation),
        "blocks": blocks,
        "related": listings,
        "facts": _facts(page, explanation, listings),
        "tally": tally_of(blocks),
        "may": {} if restricted else _may(asked, (TABLE, *RELATED_TABLES)),
    }


def _may(purpose: str, tables: tuple[str, ...]) -> dict[str, set[str]]:
    """Return what the reader may do to rows of each table, for a purpose."""
    context = current()
    plans = context.get(Gate).explanations()

    def plan(table: str, action: GrantedAction) -> Explanation:
        return plans.explain(context.actor, purpose, table, action=action)

    return {
        table: {
            verb
            for verb, allowed in (
                ("add", can_enter(plan(table, GrantedAction.CREATE))),
                ("correct", bool(writable_fields(plan(table, GrantedAction.CHANGE)))),
                ("delete", can_delete(plan(table, GrantedAction.DELETE))),
            )
            if allowed
        }
        for table in tables
    }


def _facts(page: Page, explanation: Explanation, listings: list[Listing]) -> list[dict[str, Any]] | None:
    """Return the facts about whom a row was just read of; None where their dates could undo a pseudonym."""
    if explanation.plan is None or explanation.plan.opaque:
        return None
    session = current().session
    note = latest_note(session)
    signed = 0 if note is None else TreeHead.parse(split_note(note)[0]).size
    # The entry just recorded says whose row this is; the governed table need not be asked.
    subjects = entry_by_id(session, page.entry.id).subjects
    entries = [entry for subject in subjects for entry in entries_about(session, subject)]
    row = str(page.decoded()[0]["id"])
    facts = thread_of(entries, _view(explanation.purpose))
    notices = notices_shown(session, {number for fact in facts for number in fact.notices})
    told = [_told(fact, row, signed, notices) for fact in facts]
    told += [fact for listing in listings for fact in _happened(listing)]
    return sorted(told, key=lambda fact: fact["order"], reverse=True)[:_MOST_FACTS]


def _view(purpose: str) -> ThreadView:
    """Return what of a person's thread is told for a purpose: of the tables of which it gives the reader anything."""
    context = current()
    plans = context.get(Gate).explanations()
    known = plans.snapshot.catalogue.tables
    given = (table for table in TABLE_LABELS if table in known)
    declared = plans.snapshot.purposes.get(purpose)
    return ThreadView(
        purpose=purpose,
        notices=plans.snapshot.purposes.notices,
        named_by=() if declared is None else declared.named_by,
        tables=frozenset(table for table in given if plans.explain(context.actor, purpose, table).plan is not None),
    )


def _told(fact: ThreadFact, row: str, signed: int, notices: Mapping[int, NoticeShown]) -> dict[str, Any]:
    text = gettext(fact.text)
    if fact.tables:
        text = gettext("%(what)s: %(tables)s", what=text, tables=", ".join(gettext(table) for table in fact.tables))
    times = f" × {fact.times}" if fact.times > 1 else ""
    return {
        "at": fact.at,
        "order": fact.at,
        "text": text + times,
        "note": None if fact.purpose is None else label_of(fact.purpose),
        "links": [_link(notices[number]) for number in fact.notices if number in notices and notices[number].kept],
        "proof_url": url_for("customers.proof", row=row, index=fact.index) if fact.index < signed else None,
    }


def _link(shown: NoticeShown) -> tuple[str, str]:
    """Return where the text stands that the person was shown, and what the link says."""
    said = gettext("text shown: %(notice)s, version %(version)s", notice=shown.slug, version=shown.version)
    address = url_for("notices.version_in", slug=shown.slug, version=shown.version, language=shown.language)
    return said, address


def _happened(listing: Listing) -> list[dict[str, Any]]:
    """Return rows of a table as facts of the thread: what is dated in clear."""
    facts = []
    for each in listing.rows:
        if each.at is None or not each.cells:
            continue
        whole_day = "T" not in each.at
        at = date.fromisoformat(each.at) if whole_day else datetime.fromisoformat(each.at)
        order = at if isinstance(at, datetime) else datetime.combine(at, time.max, tzinfo=UTC)
        shown = [cell for cell in each.cells if not cell.sealed and not cell.empty and cell.text != each.at]
        facts.append(
            {"at": at, "order": order, "label": listing.one, "values": shown[:2], "whole_day": whole_day, "tone": "row"}
        )
    return facts


def _as_it_is_open(row: str) -> ResponseReturnValue:
    """Lead to the record as the reader has it open; ask why, where they have not opened it yet."""
    opened = opened_now(row)
    if opened is not None:
        return redirect(url_for("customers.record", row=row, purpose=opened.purpose), code=303)
    return _purpose_page(row)


def _purpose_page(row: str, asked: str = "", reasons: tuple[Reason, ...] = ()) -> str:
    known = current().get(Gate).snapshot().purposes.get(asked)
    # What holds for the purpose as a whole comes before what it lacks in single categories.
    found = sorted(reasons, key=lambda reason: reason.category is not None)
    return render_template(
        "customers/purpose.html",
        row=row,
        purposes=list(open_purposes()),
        asked=None if known is None else label_of(asked),
        reasons=found,
        said=said_once(found),
        ask=ask_for_record(asked, found),
    )


def _others(purpose: str | None) -> list[tuple[str, str]]:
    """Return the purposes that a record could be opened for instead: slug and name."""
    return [
        (each.slug, each.label)
        for each in open_purposes()
        if each.slug != purpose and each.explanation.plan is not None and not each.explanation.plan.opaque
    ]


def _why_page(row: str, wrongs: Mapping[str, str] | None = None) -> ResponseReturnValue:
    """Ask why; what is wrong with the answer stands beside its control, in the reader's language."""
    opened = opened_now(row)
    if opened is None:
        return redirect(url_for("customers.record", row=row, purpose=request.values.get("to") or None), code=303)
    page = render_template(
        "customers/why.html",
        row=row,
        opened=opened.purpose,
        opened_label=label_of(opened.purpose),
        purposes=_others(opened.purpose),
        to=request.values.get("to", ""),
        reasons=SWITCH_LABELS,
        reason=request.form.get("reason", ""),
        wrongs=wrongs or {},
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if wrongs else HTTPStatus.OK
