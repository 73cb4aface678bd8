"""The lines of a record beside its purposes: given whole, or one by one; what differs becomes a proposal.

As with what a purpose uses: what is added is proposed, what is left out is leaving, what is changed is both, and the
activation lets it come into force (docs/adr/0040, 0045).
"""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.actor import Actor
from register.errors import LineNotFoundError, LineTwiceError
from register.lines.contents import SPECS, Content, Spec
from register.lines.models import ActivityLine
from register.lines.told import read_lines, statement_of
from register.lines.values import Subject
from register.models import Activity
from register.permissions import check_drafts
from register.service.desk import Desk
from register.service.lines.rules import check_content
from register.service.loading import ActivityRef, locked_activity
from register.service.recording import changed, record_change
from register.values import FORCE, Standing

_MOVING: Final = frozenset({Standing.PROPOSED, Standing.LEAVING})
_Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLines:
    """Every line that an activity shall have of a subject."""

    activity: ActivityRef
    subject: Subject
    lines: Sequence[Content]


@dataclass(frozen=True, slots=True, kw_only=True)
class PutLine:
    """One line that an activity shall have.

    Attributes:
        instead_of: The line that it corrects; None where it is another.
    """

    activity: ActivityRef
    subject: Subject
    line: Content
    instead_of: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRef:
    """One line of an activity."""

    activity: ActivityRef
    subject: Subject
    line: uuid.UUID


@dataclass(frozen=True, slots=True)
class _Sides:
    """The lines of a subject on both sides: in force, and proposed beside that."""

    spec: Spec
    in_force: dict[_Key, ActivityLine]
    proposed: dict[_Key, ActivityLine]

    def wanted(self) -> dict[_Key, Content]:
        """Return what the activity shall have after the next activation, as proposed so far."""
        stays = {key: row for key, row in self.in_force.items() if row.standing is Standing.IN_FORCE}
        return {key: self.spec.content_of(row) for key, row in (stays | self.proposed).items()}

    def key_of(self, line_id: uuid.UUID) -> _Key:
        """Return the key of a line.

        Raises:
            LineNotFoundError: If the activity has none of this identifier.
        """
        for key, row in (*self.in_force.items(), *self.proposed.items()):
            if row.id == line_id:
                return key
        raise LineNotFoundError(reference=str(line_id))


def set_lines(session: Session, desk: Desk, actor: Actor, command: SetLines) -> list[ActivityLine]:
    """Say which lines of a subject an activity shall have, whole.

    Raises:
        ActivityNotFoundError: If there is no such activity.
        AttestationError: If something on the way was altered outside Égide.
        PersonRequiredError, DraftingNotAllowedError, NotYourActivityError: If it is for somebody else.
        ContentFrozenError: If the activity is neither a draft nor under review.
        LineTwiceError: If two lines speak of the same.
        RegisterError: If a line names what is not on file, or contradicts itself.
    """

    def replace(sides: _Sides, slug: str) -> dict[_Key, Content]:
        wanted: dict[_Key, Content] = {}
        for content in command.lines:
            _put(sides.spec, wanted, content, slug)
        return wanted

    return _settle_all(session, desk, actor, (command.activity, command.subject, command.lines), replace)


def propose_lines(session: Session, desk: Desk, activity: Activity, lines: tuple[Subject, Sequence[Content]]) -> None:
    """Propose the lines of a subject for an activity just drafted; whoever calls it flushes and records that.

    Raises:
        LineTwiceError: If two lines speak of the same.
        RegisterError: If a line names what is not on file, or contradicts itself.
    """
    subject, contents = lines
    sides = _Sides(SPECS[subject], {}, {})
    wanted: dict[_Key, Content] = {}
    for content in contents:
        check_content(session, content)
        _put(sides.spec, wanted, content, activity.slug)
    for key, content in wanted.items():
        _settle(session, desk, activity, (sides, key, content))


def put_line(session: Session, desk: Desk, actor: Actor, command: PutLine) -> list[ActivityLine]:
    """Add a line, or correct one; the others stay.

    Raises:
        LineNotFoundError: If the line to correct is not there.
        RegisterError: As `set_lines`.
    """

    def replace(sides: _Sides, slug: str) -> dict[_Key, Content]:
        wanted = sides.wanted()
        if command.instead_of is not None:
            wanted.pop(sides.key_of(command.instead_of), None)
        _put(sides.spec, wanted, command.line, slug)
        return wanted

    return _settle_all(session, desk, actor, (command.activity, command.subject, [command.line]), replace)


def drop_line(session: Session, desk: Desk, actor: Actor, command: LineRef) -> list[ActivityLine]:
    """Take a proposed line back, or propose that one in force goes with the next activation. Twice is once.

    Raises:
        LineNotFoundError: If it is not there.
        RegisterError: As `set_lines`.
    """

    def replace(sides: _Sides, _slug: str) -> dict[_Key, Content]:
        wanted = sides.wanted()
        wanted.pop(sides.key_of(command.line), None)
        return wanted

    return _settle_all(session, desk, actor, (command.activity, command.subject, ()), replace)


def keep_line(session: Session, desk: Desk, actor: Actor, command: LineRef) -> list[ActivityLine]:
    """Take back what is proposed about a line in force: it stays as it is. Twice is once.

    Raises:
        LineNotFoundError: If it is not there.
        RegisterError: As `set_lines`.
    """

    def replace(sides: _Sides, _slug: str) -> dict[_Key, Content]:
        wanted, key = sides.wanted(), sides.key_of(command.line)
        if key in sides.in_force:
            wanted[key] = sides.spec.content_of(sides.in_force[key])
        return wanted

    return _settle_all(session, desk, actor, (command.activity, command.subject, ()), replace)


def count_moving_lines(session: Session, activity_id: uuid.UUID) -> int:
    """Return how many lines the next activation would change."""
    return sum(
        session.scalars(
            select(func.count()).where(spec.model.activity_id == activity_id, spec.model.standing.in_(_MOVING))
        ).one()
        for spec in SPECS.values()
    )


def put_lines_in_force(session: Session, activity_id: uuid.UUID) -> None:
    """Let the lines that were proposed come into force, and those that were leaving go."""
    rows = [row for lines in read_lines(session, activity_id).values() for row in lines]
    for row in rows:
        if row.standing is Standing.LEAVING:
            session.delete(row)
    # What leaves goes before its replacement takes its place: a key is in force once.
    session.flush()
    for row in rows:
        if row.standing is Standing.PROPOSED:
            row.standing = Standing.IN_FORCE
    session.flush()


def _put(spec: Spec, wanted: dict[_Key, Content], content: Content, slug: str) -> None:
    key = spec.key_of(content)
    if key in wanted:
        raise LineTwiceError(slug=slug)
    wanted[key] = content


def _settle_all(
    session: Session,
    desk: Desk,
    actor: Actor,
    target: tuple[ActivityRef, Subject, Iterable[Content]],
    replace: Callable[[_Sides, str], Mapping[_Key, Content]],
) -> list[ActivityLine]:
    reference, subject, given = target
    activity = locked_activity(session, desk.attestor, reference)
    check_drafts(actor, activity)
    for content in given:
        check_content(session, content)
    sides = _Sides(SPECS[subject], {}, {})
    for row in session.scalars(statement_of(sides.spec, activity.id).execution_options(populate_existing=True)):
        desk.attestor.verify(row)
        (sides.in_force if row.standing in FORCE else sides.proposed)[sides.spec.key_of(row)] = row
    wanted = replace(sides, activity.slug)
    for key in [*dict.fromkeys((*sides.in_force, *sides.proposed, *wanted))]:
        _settle(session, desk, activity, (sides, key, wanted.get(key)))
    session.flush()
    changed(session, activity, desk.clock.now())
    record_change(session, actor, activity, f"set-{subject.value}")
    return list(session.scalars(statement_of(sides.spec, activity.id)))


def _settle(session: Session, desk: Desk, activity: Activity, line: tuple[_Sides, _Key, Content | None]) -> None:
    sides, key, wanted = line
    in_force, proposed = sides.in_force.get(key), sides.proposed.get(key)
    stays = in_force is not None and wanted is not None and sides.spec.content_of(in_force) == wanted
    if in_force is not None:
        in_force.standing = Standing.IN_FORCE if stays else Standing.LEAVING
    if wanted is None or stays:
        if proposed is not None:
            session.delete(proposed)
        return
    values = {name: getattr(wanted, name) for name in sides.spec.names}
    if proposed is None:
        session.add(sides.spec.model(id=desk.ids.new(), activity_id=activity.id, **values))
        return
    for name, value in values.items():
        setattr(proposed, name, value)
