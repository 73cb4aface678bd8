"""Attestation: what decides carries a keyed MAC, so that a row written outside Égide closes instead of opening.

The hooks of `Attestor.attach` sign rows inside the flush, when foreign keys through relationships are known. A session
without them cannot write an attested model at all, and statements that would go round them are refused. Before a change
signs a row anew, the row is read back and its MAC checked, or the change would sign a tampering that came before it; so
two people who change one row at once are told apart too. For the set of all rows that decide, see `policy_set`.
"""

from collections.abc import Callable
from threading import Lock
from typing import Any, Final

from sqlalchemy import Connection, event, select
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapper,
    ORMExecuteState,
    Session,
    SessionTransaction,
    object_session,
    sessionmaker,
)

from governance.database import UnreadableValueError
from governance.errors import phrase
from governance.orm import Base
from governance.vault.attested import Attested, check_complete, content_of, reference_of, stored, table_of
from governance.vault.errors import AttestationError, AttestedConflictError, PolicySetError, UnattestedWriteError
from governance.vault.keyring import Keyring
from governance.vault.macs import MAC_VERSION, Macs, fits
from governance.vault.policy_set import PolicySet, PolicyState

__all__ = ["MAC_VERSION", "Attested", "Attestor", "PolicyState"]

_ATTESTOR: Final = "egide.attestor"
_GUARDED: Final = "egide.policy-guarded"
_TOUCHED: Final = "egide.policy-touched"
Announce = Callable[[Session, PolicyState], None]


class Attestor(Macs):
    """Signs and checks what decides. One per process, made in the wiring. Thread-safe."""

    def __init__(self, keyring: Keyring, base: type[DeclarativeBase] = Base) -> None:
        """Derive the key.

        Args:
            keyring: Where the key comes from.
            base: Whose attested models there are; those that decide form the policy set.
        """
        super().__init__(keyring)
        self._base: Final = base
        self._announce: Announce | None = None
        self._seen = 0
        self._seeing: Final = Lock()

    def attach(self, sessions: sessionmaker[Session], *, announce: Announce | None = None) -> None:
        """Install the hooks on every session of this maker.

        Args:
            sessions: Whose sessions may write attested rows.
            announce: Told each new policy epoch inside the transaction that makes it, to record it.
        """
        self._announce = announce
        event.listen(sessions, "after_begin", self._after_begin)
        event.listen(sessions, "before_flush", self._before_flush)
        event.listen(sessions, "do_orm_execute", self._before_statement)
        # First of all: the log's leaves are the last statements of a transaction.
        event.listen(sessions, "before_commit", self._before_commit, insert=True)
        event.listen(sessions, "after_soft_rollback", _rolled_back)

    @property
    def seen_epoch(self) -> int:
        """The highest policy epoch that this process has found in force."""
        return self._seen

    def hold_policy_set(self, session: Session) -> None:
        """Keep everybody else from changing what decides until this transaction ends.

        A check of who else decides holds at the commit only if it was made under this lock: READ COMMITTED lets two
        people take each other away at once.

        Raises:
            PolicySetError: If the rows do not fit as they stand.
        """
        self._guard(session)

    def verify(self, row: Attested) -> None:
        """Check a row against its MAC.

        Raises:
            AttestationError: If it does not fit; names the table and the primary key.
        """
        name = table_of(type(row)).name
        try:
            whole = fits(row.mac, self.mac_of_content(name, content_of(row)))
        except (TypeError, ValueError):
            # SQLite keeps any type in any column; one that we never write has no encoding.
            whole = False
        if not whole:
            raise AttestationError(kind=name, reference=reference_of(row))

    def is_whole(self, row: Attested) -> bool:
        """Say whether a row is as Égide wrote it."""
        try:
            self.verify(row)
        except AttestationError:
            return False
        return True

    def verify_policy_set(self, session: Session, *, at_least: int = 0) -> PolicyState:
        """Check the digest over all deciding rows' MACs; each row's own is for `verify`.

        Args:
            session: A reading or writing transaction.
            at_least: `seen_epoch`, taken before the transaction began: then a database put back to an older day is
                refused.

        Raises:
            AttestationError: If the set does not fit because of a row that Égide did not write.
            PolicySetError: If rows were deleted, restored or exchanged, or the policy epoch went back.
        """
        try:
            state = self._policy_set().verify(session)
        except PolicySetError as error:
            self._find_culprit(session, error)
            raise
        return self._saw(state, at_least)

    def find_alterations(self, session: Session) -> list[AttestationError | PolicySetError]:
        """Check every attested row and the policy set, and return what does not fit, for `egide policies check`."""
        found: list[AttestationError | PolicySetError] = []
        for model in self._models():
            found += self._altered_rows(session, model)
        try:
            self._policy_set().verify(session)
        except PolicySetError as error:
            found.append(error)
        return found

    def accept_policy_set(self, session: Session) -> PolicyState:
        """Take the rows as they stand for the policy set, after a person has looked at them. The caller records it.

        What decides nothing is in no set, and is put right from within, once there is a set again.

        Raises:
            AttestationError: If a row that decides is not Égide's; such rows are deleted first.
        """
        for model in self._deciding():
            for altered in self._altered_rows(session, model):
                raise altered
        return self._policy_set().accept(session)

    def sign(self, row: Attested, connection: Connection | None) -> bool:
        """Fill the row's MAC and return whether it changed. The flush calls it; nobody else need.

        Args:
            row: A row about to be written.
            connection: Where the row already is; None for a new one.

        Raises:
            UnattestedWriteError: If a value under the MAC would only be given by the database.
            AttestationError: If the row was altered outside Égide before this change.
            AttestedConflictError: If somebody changed it after it was read here.
        """
        check_complete(row)
        name = table_of(type(row)).name
        mac = self.mac_of_content(name, content_of(row))
        if connection is not None:
            if mac == row.mac:
                return False
            self._check_stored(row, connection)
        row.mac = mac
        return True

    def sign_anew(self, row: Attested) -> None:
        """Let a row that was altered outside Égide be written, every value of it given by whoever answers for it now.

        Only what decides nothing is mended so: what decides is deleted, and decided again. The caller holds the row,
        knows from a person that they gave every value, and records it (docs/adr/0089).

        Raises:
            TypeError: If it belongs to the policy set.
        """
        if row.__decides__:
            raise TypeError(f"{type(row).__name__} decides")
        row.mac = self.mac_of_content(table_of(type(row)).name, content_of(row))

    def _check_stored(self, row: Attested, connection: Connection) -> None:
        name = table_of(type(row)).name
        found = stored(row, connection)
        if found is None or found[0] != row.mac:
            raise AttestedConflictError(kind=name, reference=reference_of(row))
        if not fits(found[0], self.mac_of_content(name, found[1])):
            raise AttestationError(kind=name, reference=reference_of(row))

    def _models(self) -> list[type[Attested]]:
        models = [mapper.class_ for mapper in self._base.registry.mappers if issubclass(mapper.class_, Attested)]
        return sorted(models, key=lambda model: table_of(model).name)

    def _deciding(self) -> list[type[Attested]]:
        return [model for model in self._models() if model.__decides__]

    def _policy_set(self) -> PolicySet:
        return PolicySet(self, [table_of(model) for model in self._deciding()])

    def _altered_rows(self, session: Session, model: type[Attested]) -> list[AttestationError]:
        altered = []
        try:
            for row in session.scalars(select(model).execution_options(populate_existing=True, yield_per=1000)):
                try:
                    self.verify(row)
                except AttestationError as error:
                    altered.append(error)
        except (LookupError, TypeError, ValueError, UnreadableValueError):
            # What SQL wrote may not even be read as the column's type, and then the row cannot be named.
            altered.append(AttestationError(kind=table_of(model).name, reference=phrase("with an unreadable value")))
        return altered

    def _find_culprit(self, session: Session, found: PolicySetError) -> None:
        for model in self._models():
            if table_of(model).name == found.table:
                for altered in self._altered_rows(session, model):
                    raise altered from found

    def _saw(self, state: PolicyState, at_least: int) -> PolicyState:
        if state.epoch < at_least:
            raise PolicySetError(
                table="policy_epoch",
                reason=phrase("it went back from {seen} to {epoch}", seen=at_least, epoch=state.epoch),
            )
        with self._seeing:
            self._seen = max(self._seen, state.epoch)
        return state

    def _after_begin(self, session: Session, _transaction: object, _connection: object) -> None:
        session.info[_ATTESTOR] = self

    def _before_flush(self, session: Session, _context: object, _instances: object) -> None:
        pending = (*session.new, *session.dirty, *session.deleted)
        if any(isinstance(row, Attested) and row.__decides__ for row in pending):
            self._guard(session)

    def _before_statement(self, state: ORMExecuteState) -> None:
        if not (state.is_insert or state.is_update or state.is_delete) or state.bind_mapper is None:
            return
        model = state.bind_mapper.class_
        if not issubclass(model, Attested):
            return
        if not state.is_delete:
            raise UnattestedWriteError(table=table_of(model).name, reason="write its rows through the session")
        if model.__decides__:
            self._guard(state.session)
            state.session.info[_TOUCHED] = True

    def _before_commit(self, session: Session) -> None:
        if session.in_nested_transaction():
            return
        session.flush()
        if session.info.get(_TOUCHED, False):
            state = self._policy_set().advance(session)
            if self._announce is not None:
                self._announce(session, state)
        _forget(session)

    def _guard(self, session: Session) -> None:
        if _GUARDED not in session.info:
            # The lock shows the newest epoch there is, so whatever this process has seen must not lie above it.
            state = self._policy_set().lock(session)
            self._saw(state, self._seen)
            session.info[_GUARDED] = session.get_nested_transaction()


def attestor_of(session: Session) -> Attestor:
    """Return the attestor that listens to a session.

    Raises:
        UnattestedWriteError: If none does, so that nothing that decides can be written by it.
    """
    # It is met when the transaction begins, and a session that has asked nothing yet has not begun one.
    session.connection()
    attestor = session.info.get(_ATTESTOR)
    if not isinstance(attestor, Attestor):
        raise UnattestedWriteError(table="policy_epoch", reason="no attestor listens to this session")
    return attestor


def _forget(session: Session) -> None:
    session.info.pop(_GUARDED, None)
    session.info.pop(_TOUCHED, None)


def _rolled_back(session: Session, undone: SessionTransaction) -> None:
    # A savepoint takes back the lock that was taken inside it, and the changes with it; not those from before.
    holder: SessionTransaction | None = session.info.get(_GUARDED)
    while undone.nested and holder is not None and holder is not undone:
        holder = holder.parent
    if not undone.nested or holder is undone:
        _forget(session)


def _sign_new(_mapper: Mapper[Any], _connection: Connection, row: Attested) -> None:
    _sign(row, None)


def _sign_changed(_mapper: Mapper[Any], connection: Connection, row: Attested) -> None:
    _sign(row, connection)


def _sign(row: Attested, connection: Connection | None) -> None:
    session = object_session(row)
    attestor = None if session is None else session.info.get(_ATTESTOR)
    if session is None or attestor is None:
        raise UnattestedWriteError(table=table_of(type(row)).name, reason="no attestor listens to this session")
    if attestor.sign(row, connection):
        _touch(session, row)


def _count_deleted(_mapper: Mapper[Any], _connection: Connection, row: Attested) -> None:
    session = object_session(row)
    if session is not None:
        _touch(session, row)


def _touch(session: Session, row: Attested) -> None:
    if row.__decides__:
        session.info[_TOUCHED] = True


event.listen(Attested, "before_insert", _sign_new, propagate=True)
event.listen(Attested, "before_update", _sign_changed, propagate=True)
event.listen(Attested, "before_delete", _count_deleted, propagate=True)
