"""Entering, correcting and deleting one row by a form: what the gate allows, said beside the field where it does not.

A correction is made against what the form showed. Where somebody else wrote meanwhile, what only they changed is taken
over, and what both changed is put before the reader, who chooses.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from governance.customers.entry import can_delete, gives_clear, shown_text, typed_values, writable_fields
from governance.customers.notices import names_purpose, offered_notices
from governance.customers.pages.about import left_out
from governance.customers.pages.inputs import (
    PREFIX,
    Texts,
    blocks_of_inputs,
    can_name,
    number_of,
    reader_place,
    row_of_number,
)
from governance.customers.pages.notice_choices import NoticeChoice, notice_choices
from governance.customers.pages.opening import openings
from governance.customers.pages.purposes import label_of
from governance.datamap.values import FieldKind, MappedField
from governance.days import day_of
from governance.gate.commands import ChangeRow, CreateRow, DeleteRow, WrittenRow
from governance.gate.errors import (
    AlreadyOnFileError,
    GateError,
    RevisionConflictError,
    RowReferredToError,
    ValuesInvalidError,
)
from governance.gate.gate import Gate
from governance.gate.likely import unlikely
from governance.gate.query import Condition, Query
from governance.gate.retries.service import Retry, retry_of
from governance.gate.values import FieldInvalidError, FieldProblem
from governance.gate.writer import Writer
from governance.ids import parse_id
from governance.vault.keyring import Keyring
from governance.vocabulary import GrantedAction
from governance.web.context import current
from governance.web.problems import sentence
from register.values import NoticeRef

_RETRY_SECRET: Final = "retry"  # noqa: S105 -- the name of a derived secret
_SOURCE_LENGTH: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A form for one row.

    Attributes:
        table: The table.
        purpose: For which purpose.
        title: What the page is called, in the reader's language.
        back: Where to go instead.
        row: The row; None for a new one.
        links: By link, the row of the person that a new row speaks of.
        fixed: Values that the page knows already, by field.
        done: From what was written to where to go.
        about: Says whom the row is about, as far as the purpose gives it in clear; asked once the form is drawn.
    """

    table: str
    purpose: str
    title: str
    back: str
    row: str | None = None
    links: Mapping[str, uuid.UUID] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    done: Callable[[WrittenRow], str]
    about: Callable[[], str] = field(repr=False, default=str)

    def fields(self, action: GrantedAction) -> dict[str, MappedField]:
        """Return the fields that the reader may write, by name."""
        context = current()
        explanation = context.get(Gate).explain(context.actor, self.purpose, self.table, action=action)
        return {
            mapped.name: mapped
            for mapped in writable_fields(explanation)
            if mapped.name not in self.fixed and can_name(mapped, self.purpose)
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class OnFile:
    """A row as it is on file.

    Attributes:
        texts: Its values as they stand in inputs; of those that are given in clear.
        given: Its values as the gate gave them; of those that are given in clear.
        revision: Its revision; None where the reader may change nothing.
        restricted: Whether the use of the person's data is restricted.
    """

    texts: Mapping[str, str] = field(repr=False)
    given: Mapping[str, Any] = field(repr=False)
    revision: int | None
    restricted: bool


def enter(sheet: Sheet) -> ResponseReturnValue:
    """Show an empty form, or add the row that was sent."""
    fields = sheet.fields(GrantedAction.CREATE)
    if request.method != "POST":
        return _draw(sheet, fields, Texts()), _status(fields)
    texts = _sent(fields)
    values, problems = _values(sheet, fields, {name: text for name, text in texts.items() if text.strip()})
    missing = {name for name, mapped in fields.items() if mapped.required and not texts.get(name, "").strip()}
    problems |= dict.fromkeys(missing, FieldProblem.REQUIRED.value)
    if problems:
        return _draw(sheet, fields, Texts(now=texts, problems=problems)), HTTPStatus.UNPROCESSABLE_ENTITY
    command = CreateRow(
        purpose=sheet.purpose,
        table=sheet.table,
        values={**values, **sheet.fixed},
        links=sheet.links,
        source=_source(),
        notice=_notice(),
        retry=_retry(sheet, values),
        twice="twice" in request.form,
    )
    return _written(sheet, fields, Texts(now=texts), lambda writer, actor: writer.create(actor, command))


def correct(sheet: Sheet) -> ResponseReturnValue:
    """Show a row's values, or change those that were sent otherwise.

    Raises:
        RowNotFoundError: If there is no such row for this purpose.
        ReadRefusedError: If the purpose gives nothing of it.
    """
    fields = sheet.fields(GrantedAction.CHANGE)
    found = _on_file(sheet, fields)
    if found.restricted or not fields or found.revision is None:
        return _draw(sheet, {}, Texts(), restricted=found.restricted), HTTPStatus.FORBIDDEN
    if request.method != "POST":
        return _draw(sheet, fields, Texts(now=found.texts, before=found.texts), revision=found.revision)
    return _corrected(sheet, fields, found, _sent(fields))


def delete(sheet: Sheet, text: str, consequences: Sequence[str]) -> ResponseReturnValue:
    """Ask whether a row is to be deleted, or delete it.

    Args:
        sheet: Which one.
        text: What is asked, in the reader's language.
        consequences: What happens then.

    Raises:
        RowNotFoundError: If there is no such row for this purpose.
        WriteRefusedError: If the reader may not.
    """
    context = current()
    refusal = None
    status = HTTPStatus.OK
    if request.method == "POST":
        try:
            command = DeleteRow(
                purpose=sheet.purpose, table=sheet.table, id=_own_id(sheet), revision=_number(request.form, "revision")
            )
            written = context.get(Writer).delete(context.actor, command)
        except (RowReferredToError, RevisionConflictError) as error:
            refusal, status = sentence(error), HTTPStatus.CONFLICT
        else:
            flash(gettext("Deleted."), "given")
            return redirect(sheet.done(written), code=303)
    found = _on_file(sheet, {})
    allowed = can_delete(
        context.get(Gate).explain(context.actor, sheet.purpose, sheet.table, action=GrantedAction.DELETE)
    )
    if not allowed or found.revision is None:
        return _draw(sheet, {}, Texts(), restricted=found.restricted), HTTPStatus.FORBIDDEN
    page = render_template(
        "components/confirm.html",
        title=sheet.title,
        text=text,
        consequences=consequences,
        action=request.full_path,
        verb=gettext("Delete"),
        back=sheet.back,
        hidden={"revision": found.revision},
        grave=True,
        refusal=refusal,
    )
    return page, status


def _corrected(
    sheet: Sheet, fields: Mapping[str, MappedField], found: OnFile, texts: dict[str, str]
) -> ResponseReturnValue:
    before = {name: request.form.get(f"before-{name}", "") for name in fields}
    chosen = {name for name in fields if request.form.get(f"choice-{name}") == "theirs"}
    texts |= {name: found.texts.get(name, "") for name in chosen}
    if found.revision is None or _number(request.form, "revision") != found.revision:
        return _clash(sheet, fields, found, (texts, before))
    changed = {name: text for name, text in texts.items() if text.strip() != found.texts.get(name, "").strip()}
    values, problems = _values(sheet, fields, changed, found.given)
    shown = Texts(now=texts, before=before, problems=problems)
    if problems:
        return _draw(sheet, fields, shown, revision=found.revision), HTTPStatus.UNPROCESSABLE_ENTITY
    if not values:
        flash(gettext("Nothing was changed."), "info")
        return redirect(sheet.back, code=303)
    command = ChangeRow(
        purpose=sheet.purpose,
        table=sheet.table,
        id=_own_id(sheet),
        revision=found.revision,
        values=values,
        source=_source(),
        notice=_notice(),
        twice="twice" in request.form,
    )
    try:
        return _written(
            sheet, fields, shown, lambda writer, actor: writer.change(actor, command), revision=found.revision
        )
    except RevisionConflictError:
        # Somebody came between our look and our write.
        return _clash(sheet, fields, _on_file(sheet, fields), (texts, before))


def _clash(
    sheet: Sheet, fields: Mapping[str, MappedField], found: OnFile, sent: tuple[dict[str, str], dict[str, str]]
) -> ResponseReturnValue:
    """Take over what only somebody else changed, and show what both changed."""
    texts, before = sent
    theirs = {name: found.texts.get(name, "") for name in fields}
    moved = {name for name in fields if theirs[name] != before[name]}
    clashes = frozenset(name for name in moved if texts[name] not in {before[name], theirs[name]})
    shown = Texts(
        now={name: theirs[name] if name in moved - clashes else texts[name] for name in fields},
        before=theirs,
        theirs={name: theirs[name] for name in moved},
        clashes=clashes,
    )
    return _draw(sheet, fields, shown, revision=found.revision, conflict=True), HTTPStatus.CONFLICT


def _written(
    sheet: Sheet,
    fields: Mapping[str, MappedField],
    texts: Texts,
    write: Callable[[Writer, Any], WrittenRow],
    *,
    revision: int | None = None,
) -> ResponseReturnValue:
    context = current()
    try:
        written = write(context.get(Writer), context.actor)
    except ValuesInvalidError as error:
        shown = replace(texts, problems=dict(error.problems))
        return _draw(sheet, fields, shown, revision=revision), HTTPStatus.UNPROCESSABLE_ENTITY
    except AlreadyOnFileError as error:
        twins = _twins(sheet, error.field, texts.now.get(error.field, ""))
        page = _draw(sheet, fields, texts, revision=revision, twin=error.field, twins=twins)
        return page, HTTPStatus.CONFLICT
    flash(gettext("Saved."), "given")
    return redirect(sheet.done(written), code=303)


def _twins(sheet: Sheet, name: str, text: str) -> list[str]:
    """Return the records of those who have the same address, where the reader may look for them by it."""
    context = current()
    where = (Condition(field=name, value=text.strip()),)
    try:
        found = context.get(Gate).read(
            context.actor, Query(purpose=sheet.purpose, table=sheet.table, where=where, limit=5)
        )
    except GateError:
        return []
    return [each["id"] for each in found if each["id"] != sheet.row]


def _on_file(sheet: Sheet, fields: Mapping[str, MappedField]) -> OnFile:
    context = current()
    gate = context.get(Gate)
    query = Query(purpose=sheet.purpose, table=sheet.table)
    # The address may name a row of somebody else than the record it stands under.
    found = gate.one(context.actor, query, sheet.row or "", openings()).decoded()[0]
    explanation = gate.explain(context.actor, sheet.purpose, sheet.table)
    given = {name: value for name, value in found.items() if gives_clear(explanation, name)}
    place = reader_place()
    texts = {}
    for name, mapped in fields.items():
        value = given.get(name)
        if mapped.kind is FieldKind.REFERENCE and value is not None:
            texts[name] = number_of(mapped, sheet.purpose, value)
        else:
            texts[name] = shown_text(mapped, value, place)
    return OnFile(texts=texts, given=given, revision=found.get("revision"), restricted="state" in found)


def _values(
    sheet: Sheet,
    fields: Mapping[str, MappedField],
    texts: Mapping[str, str],
    given: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Any], dict[str, str]]:
    named = {name: text for name, text in texts.items() if fields[name].kind is FieldKind.REFERENCE and text.strip()}
    values, problems = typed_values(fields, {n: t for n, t in texts.items() if n not in named}, reader_place())
    found: dict[str, Any] = dict(values)
    for name, text in named.items():
        try:
            found[name] = row_of_number(fields[name], sheet.purpose, text)
        except FieldInvalidError:
            problems[name] = FieldProblem.REFERENCE.value
    # The writer looks at this too; here it is told together with the rest, and held to what the reader was shown.
    mapped = current().get(Gate).snapshot().catalogue.table(sheet.table).fields
    hardly = unlikely(mapped, found, day_of(current().clock.now()), given)
    return found, {**hardly, **problems}


def _draw(sheet: Sheet, fields: Mapping[str, MappedField], texts: Texts, **more: Any) -> str:
    action = GrantedAction.CREATE if sheet.row is None else GrantedAction.CHANGE
    return render_template(
        "customers/sheet.html",
        sheet=sheet,
        about=sheet.about(),
        blocks=blocks_of_inputs(fields.values(), texts),
        left_out=left_out(sheet.table, sheet.purpose, action, {*fields, *sheet.fixed}) if fields else (),
        purpose_label=label_of(sheet.purpose),
        source=_source(),
        notices=_notices(sheet),
        once=request.form.get("once") or current().ids.new(),
        prefix=PREFIX,
        action=request.full_path,
        record=lambda row: url_for("customers.record", row=row, purpose=sheet.purpose),
        **more,
    )


def _sent(fields: Mapping[str, MappedField]) -> dict[str, str]:
    return {name: request.form.get(f"{PREFIX}{name}", "") for name in fields}


def _status(fields: Mapping[str, MappedField]) -> int:
    return HTTPStatus.OK if fields else HTTPStatus.FORBIDDEN


def _source() -> str:
    return request.form.get("source", "").strip()[:_SOURCE_LENGTH]


def _notice() -> NoticeRef | None:
    return NoticeRef.read(request.form.get("notice", ""))


def _notices(sheet: Sheet) -> list[NoticeChoice]:
    """Return the notices to choose from.

    A new row was collected under the notice of today, unless somebody says otherwise. Correcting one usually goes
    without: what the person was told before holds (GDPR Art. 13(4)).
    """
    snapshot = current().get(Gate).snapshot()
    offered = offered_notices(snapshot, sheet.purpose, get_locale().language)
    chosen = "" if sheet.row is not None or not offered else str(offered[0])
    if chosen and not names_purpose(snapshot, offered[0], sheet.purpose):
        chosen = ""
    if request.method == "POST":
        chosen = request.form.get("notice", "")
    none = gettext("No notice was given") if sheet.row is None else gettext("None this time: what they were told holds")
    return notice_choices(offered, none, chosen)


def _own_id(sheet: Sheet) -> uuid.UUID:
    # The row was just read under this identifier, or nothing of it is written.
    return parse_id(sheet.row or "") or uuid.UUID(int=0)


def _number(form: Mapping[str, str], name: str) -> int:
    text = form.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(2**31)) else 0


def _retry(sheet: Sheet, values: Mapping[str, Any]) -> Retry | None:
    """Make a form that is sent twice write once."""
    key, actor = request.form.get("once"), current().actor
    if not key or actor.id is None:
        return None
    secret = current().get(Keyring).secret(_RETRY_SECRET)
    links = {name: str(value) for name, value in sheet.links.items()}
    return retry_of(secret, actor.id, key[:100], {"table": sheet.table, "values": dict(values), "links": links})
