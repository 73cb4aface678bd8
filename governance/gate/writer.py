"""Governed writes: one row created, changed or deleted, for a purpose, by somebody who holds a grant for it.

Values are validated, sealed, indexed and written in one transaction that also records the fact: names of fields and
short hashes of boxes, never values. A change names the revision it was made against; if somebody came first it is
refused, so that two writers of one box never lose a field. The policies are compared once more inside the transaction:
a grant revoked a moment ago writes nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import delete, inspect, select, update
from sqlalchemy.exc import IntegrityError

from audit.entries import Action, Fact, Outcome, Retention
from audit.transaction import record, recorded
from governance.actor import Actor
from governance.datamap.given_notices import given_anew, places_of
from governance.datamap.numbering import number_source
from governance.datamap.values import MappedField, MappedTable, box_column
from governance.days import day_of
from governance.gate.boxing import clear_fields, physical_table, to_column
from governance.gate.bulk import BulkContext, NewRow, box_hash, load
from governance.gate.commands import ChangeRow, CreateRow, DeleteRow, WrittenRow
from governance.gate.errors import (
    AdoptedTableError,
    AlreadyOnFileError,
    NotInDataMapError,
    PolicyUnsettledError,
    ReadRefusedError,
    RevisionConflictError,
    RowReferredToError,
    ValuesInvalidError,
    WriteRefusedError,
)
from governance.gate.likely import unlikely
from governance.gate.plan import PlanRequest, ReadPlan
from governance.gate.reasons import Code, Reason
from governance.gate.retries.service import answered, remember
from governance.gate.row_macs import given_of
from governance.gate.values import CleanValue, FieldInvalidError, FieldProblem, clean_value
from governance.gate.writing import Rewriting, WriterParts, Writing, places_of_fields
from governance.gate.wrongs import wrong_value
from governance.vault.models import PolicyEpoch
from governance.vocabulary import Form, GrantedAction, SubjectKind

_ATTEMPTS: Final = 3
# How the two databases say that a unique value is taken.
_UNIQUE: Final = frozenset({"23505", "SQLITE_CONSTRAINT_UNIQUE"})


class Writer:
    """Creates, changes and deletes rows of Égide's own tables."""

    def __init__(self, parts: WriterParts) -> None:
        """Hold the parts; nothing is opened."""
        self._parts: Final = parts

    def create(self, actor: Actor, command: CreateRow) -> WrittenRow:
        """Create a row, and the person it speaks of where that person is the row itself.

        Raises:
            WriteRefusedError: If a rule does not allow it.
            ValuesInvalidError: If values cannot be kept, or a link is named that leads to no other row.
            LinkMissingError: If the row must speak of somebody on file and does not say of whom.
            AlreadyOnFileError: If somebody on file has the same e-mail address, and nothing says that they are two.
            RetryMismatchError: If the Idempotency-Key was sent with another request.
            NoticeUnknownError: If the notice was never published.
        """
        names = tuple(command.values)
        return self._governed(actor, command, GrantedAction.CREATE, names, self._create)

    def change(self, actor: Actor, command: ChangeRow) -> WrittenRow:
        """Change fields of a row.

        Raises:
            WriteRefusedError: If a rule does not allow it.
            ValuesInvalidError: If values cannot be kept.
            RowNotFoundError: If there is no such row.
            RevisionConflictError: If somebody else changed it first.
            AlreadyOnFileError: If somebody else on file has the same e-mail address, and nothing says they are two.
            BoxTamperedError: If a box that holds one of the fields does not open.
            RowTamperedError: If the row was altered outside Égide.
            SubjectRestrictedError: If the use of the person's data is restricted.
            NoticeUnknownError: If the notice was never published.
        """
        names = tuple(command.values)
        return self._governed(actor, command, GrantedAction.CHANGE, names, self._change)

    def delete(self, actor: Actor, command: DeleteRow) -> WrittenRow:
        """Delete a row whole; the actor must be allowed to delete every category it holds.

        Raises:
            WriteRefusedError: If a rule does not allow it.
            RowNotFoundError: If there is no such row.
            RevisionConflictError: If somebody else changed it first.
            RowReferredToError: If other rows refer to it.
        """
        return self._governed(actor, command, GrantedAction.DELETE, None, self._delete)

    def _governed(
        self,
        actor: Actor,
        command: Any,
        action: GrantedAction,
        names: tuple[str, ...] | None,
        act: Callable[[Writing, Any], WrittenRow],
    ) -> WrittenRow:
        if names == ():
            raise ValuesInvalidError(problems=(("values", FieldProblem.EMPTY.value),))
        request = PlanRequest(actor=actor, purpose=command.purpose, table=command.table, action=action, fields=names)
        for _ in range(_ATTEMPTS):
            plan = self._plan(request)
            _check_own(plan.table)
            try:
                written = self._attempt(actor, plan, lambda work: act(work, command))
            except AlreadyOnFileError as refused:
                self._record_twice(actor, request, refused)
                raise
            if written is not None:
                return written
            # The plan was of policies that are no longer in force: the next one is of those that are.
            self._parts.snapshot()
        raise PolicyUnsettledError

    def _attempt(self, actor: Actor, plan: ReadPlan, act: Callable[[Writing], WrittenRow]) -> WrittenRow | None:
        """Write, and return what was written; None where the policies are no longer those of the plan."""
        with self._parts.database.write() as session:
            if session.scalar(select(PolicyEpoch.epoch)) != plan.epoch:
                return None
            try:
                written = act(Writing(session=session, actor=actor, plan=plan, parts=self._parts))
            except IntegrityError as error:
                raise _not_kept(self._parts, plan, error) from None
        entries = recorded(session)
        return WrittenRow(id=written.id, revision=written.revision, entry=entries[-1] if entries else None)

    def _record_twice(self, actor: Actor, request: PlanRequest, refused: AlreadyOnFileError) -> None:
        """Record that somebody learnt that an address is on file: asked often, it would be a way to look people up."""
        with self._parts.database.write() as session:
            record(
                session,
                Fact(
                    retention=Retention.ACCESS,
                    action=Action.REFUSAL,
                    actor=actor,
                    object_type=refused.table,
                    purpose=request.purpose,
                    outcome=Outcome.REFUSED,
                    details={"action": request.action.value, "reasons": ["already-on-file"], "fields": [refused.field]},
                ),
            )

    def _plan(self, request: PlanRequest) -> ReadPlan:
        try:
            return self._parts.plan(request)
        except NotInDataMapError:
            raise
        except ReadRefusedError as refused:
            raise WriteRefusedError(reasons=refused.reasons) from None

    def _create(self, work: Writing, command: CreateRow) -> WrittenRow:
        if command.retry is not None:
            before = answered(work.session, command.retry)
            if before is not None:
                return WrittenRow(id=before.row_id, revision=before.revision, entry=None)
        table = work.plan.table
        strange = [link for link in command.links if link not in table.links or table.links[link].of is None]
        if strange:
            problem = FieldProblem.REFERENCE.value
            raise ValuesInvalidError(problems=tuple((f"links.{link}", problem) for link in sorted(strange)))
        _check_clear(work.plan, {link: mapped.kind for link, mapped in table.links.items()})
        today = day_of(self._parts.clock.now())
        values = _clean(table, command.values, whole=True)
        _check_likely(table, values, today)
        if not command.twice:
            work.check_new(values)
        row = NewRow(
            values=values,
            subjects={link: work.subject_of(link, command.links) for link in table.links},
            source_id=number_source(work.session, command.source) if command.source else None,
            notice_id=work.notice_id(command.notice),
            collected_on=today,
            verified_on=today,
        )
        context = BulkContext(
            keyring=self._parts.keyring,
            clock=self._parts.clock,
            ids=self._parts.ids,
            catalogue=self._parts.snapshot().catalogue,
            actor=work.actor,
            purpose=command.purpose,
            action=Action.CREATE,
        )
        result = load(work.session, context, table, [row])
        if command.retry is not None:
            remember(work.session, command.retry, result.row_ids[0], 1, self._parts.clock.now())
        return WrittenRow(id=result.row_ids[0], revision=1, entry=None)

    def _change(self, work: Writing, command: ChangeRow) -> WrittenRow:
        table = work.plan.table
        today = day_of(self._parts.clock.now())
        values = _clean(table, command.values, whole=False)
        row = work.locked_row(command.id, command.revision)
        revision = command.revision + 1
        owners = work.owners(row)
        _check_clear(work.plan, {link: owner.kind for link, owner in owners.items()})
        notice_id = work.notice_id(command.notice)
        work.check_open(row, places_of_fields(table, values), notice_id)
        _check_likely(table, values, today)
        if not command.twice:
            work.check_new(values, command.id)
        source_id = number_source(work.session, command.source) if command.source else None
        rewriting = Rewriting(
            row_id=command.id,
            revision=revision,
            verified_on=today,
            source_id=source_id,
        )
        boxes = work.rewrite_boxes(row, owners, values, rewriting)
        columns = {
            "revision": revision,
            **{each.column: to_column(each, values[each.name]) for each in clear_fields(table) if each.name in values},
            **boxes,
        }
        given = given_of(row["row_mac"])
        if notice_id is not None:
            given = given_anew(table, given, work.rewritten(row, owners, values), notice_id)
        columns["row_mac"] = work.signer().mac({**row, **columns}, given)
        physical = physical_table(table)
        done = work.session.execute(
            update(physical)
            .where(physical.c.id == command.id, physical.c.revision == command.revision)
            .values(columns)
            .returning(physical.c.id)
        ).first()
        if done is None:
            raise RevisionConflictError(row=str(command.id), found=row["revision"])
        work.close_listed(row, owners, values)
        told = _told(table, values, columns, revision)
        work.record(Action.CHANGE, row, told if command.notice is None else told | {"notice": str(command.notice)})
        return WrittenRow(id=command.id, revision=revision, entry=None)

    def _delete(self, work: Writing, command: DeleteRow) -> WrittenRow:
        row = work.locked_row(command.id, command.revision)
        owners = work.owners(row)
        _check_clear(work.plan, {link: owner.kind for link, owner in owners.items()})
        work.check_open(row, frozenset(places_of(work.plan.table)))
        work.forget_tokens(row, owners)
        work.forget_places(command.id)
        physical = physical_table(work.plan.table)
        try:
            work.session.execute(delete(physical).where(physical.c.id == command.id))
        except IntegrityError:
            raise RowReferredToError(row=str(command.id)) from None
        work.record(Action.DELETE, row, {"revision": command.revision})
        return WrittenRow(id=command.id, revision=command.revision, entry=None)


def _told(
    table: MappedTable, values: Mapping[str, CleanValue], columns: Mapping[str, Any], revision: int
) -> dict[str, Any]:
    boxes = {
        f"{link}.{category.value}": box_hash(columns[box_column(link, category)]).hex()
        for link, category in table.boxes
        if box_column(link, category) in columns
    }
    return {"fields": sorted(values), "boxes": boxes, "revision": revision}


def _check_own(table: MappedTable) -> None:
    if table.adopted:
        raise AdoptedTableError(table=table.name)


def _check_clear(plan: ReadPlan, kinds: Mapping[str, SubjectKind]) -> None:
    """Refuse a write of anything that is not granted clear for the very kinds of person that the row speaks of.

    A grant on customers writes nothing about a prospect, though both stand in one table.
    """
    failed = [reason for name in plan.wanted for reason in _why_not(plan, plan.table.field(name), kinds)]
    if failed:
        raise WriteRefusedError(reasons=tuple(dict.fromkeys(failed)))


def _why_not(plan: ReadPlan, mapped: MappedField, kinds: Mapping[str, SubjectKind]) -> Iterator[Reason]:
    kind = None if mapped.link is None else kinds[mapped.link]
    decision = plan.decisions(mapped.name).get(kind)
    if decision is None:
        known = plan.withheld.get(mapped.name)
        missing = Reason(code=Code.NO_GRANT, kind=kind, category=mapped.category)
        yield known if known is not None and known.kind in {None, kind} else missing
    elif decision.form is not Form.CLEAR:
        yield decision.reason or Reason(code=Code.WEAKER_FORM, form=decision.form)


def _not_kept(parts: WriterParts, plan: ReadPlan, error: IntegrityError) -> ValuesInvalidError:
    # All other constraints were checked before the statement: only a reference or a unique number can still fail.
    fields = plan.table.fields
    if not _is_taken(error):
        names = [name for name in plan.wanted if fields[name].refers_to is not None]
        return _invalid(plan.table, [(name, FieldProblem.REFERENCE.value) for name in names])
    # The map does not say what is unique; the database does.
    indexes = inspect(parts.database.engine).get_indexes(plan.table.physical)
    unique = {column for index in indexes if index["unique"] for column in index["column_names"]}
    names = [name for name in plan.wanted if fields[name].column in unique]
    return _invalid(plan.table, [(name, FieldProblem.TAKEN.value) for name in names])


def _is_taken(error: IntegrityError) -> bool:
    origin = error.orig
    return not _UNIQUE.isdisjoint({getattr(origin, "sqlstate", None), getattr(origin, "sqlite_errorname", None)})


def _clean(table: MappedTable, raw: Mapping[str, object], *, whole: bool) -> dict[str, CleanValue]:
    problems: list[tuple[str, str]] = []
    values: dict[str, CleanValue] = {}
    for name, value in raw.items():
        try:
            values[name] = clean_value(table.field(name), value)
        except FieldInvalidError as error:
            problems.append((name, error.code))
    if whole:
        missing = [each.name for each in table.fields.values() if each.required and each.name not in raw]
        problems += [(name, FieldProblem.REQUIRED.value) for name in missing]
    if problems:
        raise _invalid(table, problems)
    return values


def _check_likely(table: MappedTable, values: Mapping[str, CleanValue], today: date) -> None:
    """Refuse what can hardly be, by what is written alone: the row may hold what its writer may not read."""
    problems = unlikely(table.fields, values, today)
    if problems:
        raise _invalid(table, [(name, problem.value) for name, problem in problems.items()])


def _invalid(table: MappedTable, problems: Sequence[tuple[str, str]]) -> ValuesInvalidError:
    fields = table.fields
    reasons = tuple(wrong_value(fields[name], code) for name, code in problems if name in fields)
    return ValuesInvalidError(problems=tuple(problems), reasons=reasons)
