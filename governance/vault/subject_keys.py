"""One key per data subject, wrapped under the key of an epoch, with the person's marks as associated data.

A subject key is 32 random bytes (AES-256), wrapped by AES-256-GCM (NIST SP 800-38D) under a random nonce of 96 bits; an
epoch key wraps far fewer than the 2^32 keys that section 8.3 allows for random nonces. The associated data is

    b"egide/subject-key/1" + installation (16) + id u64 + kind u8 + state u8 + key version u32 + epoch u32 + objections

all big-endian, objections last, so that no two rows share it. Whoever changes a mark by SQL closes the person.

A hot loop inlines `unwrap`: take `keys = keyring.epoch_keys()` before the statement and `prefix = aad_prefix(keyring)`
once; then for each row

    subject_key = AESGCM(keys[epoch].decrypt(
        wrapped[:12], wrapped[12:], prefix + AAD_MARKS.pack(id, kind, state, key_version, epoch) + objections))

and treat InvalidTag, ValueError, TypeError and struct.error as `SubjectKeyError`, for SQL may have left anything there.
The state must still be obeyed: the key of a restricted person opens. Keys are never kept between requests.
"""

import os
import struct
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from governance.clock import Clock
from governance.vault.errors import (
    SubjectErasedError,
    SubjectKeyError,
    SubjectTransitionError,
    SubjectUnknownError,
)
from governance.vault.keyring import EpochKeys, Keyring
from governance.vault.models import SUBJECT_TRANSITIONS, DataSubject, SubjectState, SubjectVerb
from governance.vocabulary import SubjectKind

AAD_LABEL: Final = b"egide/subject-key/1"
AAD_MARKS: Final = struct.Struct(">QBBII")  # id, kind, state, key version, epoch
NONCE_BYTES: Final = 12
KEY_BYTES: Final = 32
# Where erased subjects stand: no key is left that an epoch could wrap.
NO_EPOCH: Final = 0
# Among the objections: to everything that solicits, for numbers of purposes begin at 1. GDPR Art. 21(2).
EVERY_SOLICITATION: Final = 0
_FIRST_VERSION: Final = 1
_NONE: Final[Mapping[int, frozenset[int]]] = MappingProxyType({})
_ACTIVE: Final = SubjectState.ACTIVE.code
_KIND_CODES: Final = {kind: kind.code for kind in SubjectKind}
# Two 32-bit numbers of a PostgreSQL advisory lock: "EGID", and the epochs.
_EPOCHS_LOCK: Final = (0x45474944, 1)


class Marks(NamedTuple):
    """What a wrapped key is bound to: the columns of its row."""

    id: int
    kind: int
    state: int
    objections: bytes
    key_version: int
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NewSubject:
    """A data subject just put on file, with the key to seal their first boxes."""

    id: int
    kind: SubjectKind
    key: AESGCM
    key_version: int


def aad_prefix(keyring: Keyring) -> bytes:
    """Return the part of the associated data that is the same for every subject of the installation."""
    return AAD_LABEL + keyring.installation


def _associated_data(keyring: Keyring, marks: Marks) -> bytes:
    fixed = AAD_MARKS.pack(marks.id, marks.kind, marks.state, marks.key_version, marks.epoch)
    return aad_prefix(keyring) + fixed + marks.objections


def wrap(keyring: Keyring, marks: Marks, key: bytes, keys: EpochKeys | None = None) -> bytes:
    """Return the key wrapped under the epoch and the marks: nonce (12), ciphertext (32), tag (16).

    Args:
        keyring: Names the installation, and has the epoch's key.
        marks: What it is bound to.
        key: 32 bytes.
        keys: The epochs' keys, where many are wrapped.

    Raises:
        KeyMissingError: If the ring does not have the epoch.
    """
    nonce = os.urandom(NONCE_BYTES)
    epoch_key = keyring.epoch_key(marks.epoch) if keys is None else keys[marks.epoch]
    return nonce + epoch_key.encrypt(nonce, key, _associated_data(keyring, marks))


def _unwrap_bytes(keyring: Keyring, marks: Marks, wrapped: bytes | None, keys: EpochKeys | None = None) -> bytes:
    if wrapped is None:
        raise SubjectErasedError(subject_id=marks.id)
    epoch_key = keyring.epoch_key(marks.epoch) if keys is None else keys[marks.epoch]
    try:
        return epoch_key.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _associated_data(keyring, marks))
    except (InvalidTag, ValueError, TypeError, struct.error):
        # A nonce cut short, text in the place of bytes, a mark out of its range: only SQL writes these.
        raise SubjectKeyError(subject_id=marks.id) from None


def unwrap(keyring: Keyring, marks: Marks, wrapped: bytes | None, keys: EpochKeys | None = None) -> AESGCM:
    """Return the subject's key, to be forgotten with the request.

    Args:
        keyring: Names the installation, and has the epoch's key.
        marks: The row's.
        wrapped: The row's.
        keys: The epochs' keys as they stood before the row was read, so that a rotation which ends between the two
            takes none away.

    Raises:
        SubjectErasedError: If the key was destroyed.
        SubjectKeyError: If it does not open under these marks.
        KeyMissingError: If the ring does not have the epoch.
    """
    return AESGCM(_unwrap_bytes(keyring, marks, wrapped, keys))


def rewrap(keyring: Keyring, marks: Marks, wrapped: bytes | None, epoch: int, keys: EpochKeys | None = None) -> bytes:
    """Return the key wrapped under another epoch, all other marks unchanged.

    Args:
        keyring: Names the installation, and has the epochs' keys.
        marks: The row's.
        wrapped: The row's.
        epoch: The other epoch.
        keys: The epochs' keys, where many are wrapped.

    Raises:
        SubjectErasedError: If the key was destroyed.
        SubjectKeyError: If it does not open under these marks.
        KeyMissingError: If the ring does not have one of the epochs.
    """
    return wrap(keyring, marks._replace(epoch=epoch), _unwrap_bytes(keyring, marks, wrapped, keys), keys)


def marks_of(subject: DataSubject) -> Marks:
    """Return the marks of a row."""
    return Marks(subject.id, subject.kind, subject.state, subject.objections, subject.key_version, subject.epoch)


def open_subject(
    session: Session, keyring: Keyring, subject_id: int, keys: EpochKeys | None = None
) -> tuple[DataSubject, AESGCM]:
    """Return one data subject's row and key. The caller obeys the row's state and objections.

    Args:
        session: Where the row is read.
        keyring: The installation's keys.
        subject_id: The person's number.
        keys: `keyring.epoch_keys()`, taken before the session's transaction began, for a transaction that reads for
            long: on SQLite it goes on seeing rows of an epoch that ends meanwhile.

    Raises:
        SubjectUnknownError: If nobody has the number.
        SubjectErasedError: If the key was destroyed.
        SubjectKeyError: If the row was altered.
    """
    keys = keyring.epoch_keys() if keys is None else keys
    subject = session.get(DataSubject, subject_id, populate_existing=True)
    if subject is None:
        raise SubjectUnknownError(subject_id=subject_id)
    return subject, unwrap(keyring, marks_of(subject), subject.wrapped_key, keys)


def wrapping_epoch(session: Session, keyring: Keyring) -> int:
    """Return the epoch to wrap new keys under, which will not be retired before this transaction ends.

    On PostgreSQL a shared advisory lock holds the end of a rotation off; on SQLite the write lock, which the
    transaction has, does. The ring is asked after the lock is held, so its answer cannot be overtaken.
    """
    lock_epochs(session, exclusive=False)
    return keyring.current_epoch


def lock_epochs(session: Session, *, exclusive: bool) -> None:
    """Hold the set of epochs until the transaction ends: shared to wrap, exclusive to begin or end an epoch."""
    if session.get_bind().dialect.name == "postgresql":
        take = func.pg_advisory_xact_lock if exclusive else func.pg_advisory_xact_lock_shared
        session.execute(select(take(*_EPOCHS_LOCK)))
    else:
        # Takes the write lock where a caller began without it; changes nothing, for nobody has number 0.
        session.execute(text("UPDATE data_subject SET epoch = epoch WHERE id = 0"))


def create_subjects(
    session: Session,
    keyring: Keyring,
    clock: Clock,
    kinds: Sequence[SubjectKind],
    objections: Mapping[int, frozenset[int]] = _NONE,
) -> list[NewSubject]:
    """Put data subjects on file, one per kind given, each with a fresh key.

    The caller records the fact: who was put on file, and why, is known there. It needs a writing transaction.

    Args:
        session: A writing transaction.
        keyring: Wraps their keys.
        clock: Dates them.
        kinds: In what capacity each is known.
        objections: What some of them are known to object to, by their place among the kinds.

    Raises:
        KeyringError: If the keyring cannot be read.
    """
    if not kinds:
        return []
    epoch = wrapping_epoch(session, keyring)
    keys = keyring.epoch_keys()
    created_at = clock.now()
    rows = []
    subjects = []
    for place, (subject_id, kind) in enumerate(zip(_allocate(session, len(kinds)), kinds, strict=True)):
        key = os.urandom(KEY_BYTES)
        objected = _packed(objections[place]) if place in objections else b""
        marks = Marks(subject_id, _KIND_CODES[kind], _ACTIVE, objected, _FIRST_VERSION, epoch)
        wrapped = wrap(keyring, marks, key, keys)
        rows.append({**marks._asdict(), "wrapped_key": wrapped, "created_at": created_at})
        subjects.append(NewSubject(id=subject_id, kind=kind, key=AESGCM(key), key_version=_FIRST_VERSION))
    session.execute(insert(DataSubject), rows)
    return subjects


def _allocate(session: Session, count: int) -> list[int]:
    if session.get_bind().dialect.name == "postgresql":
        drawn = text("SELECT nextval(pg_get_serial_sequence('data_subject', 'id')) FROM generate_series(1, :count)")
        return list(session.scalars(drawn, {"count": count}))
    # AUTOINCREMENT's own counter: it never goes back, even where the last row was deleted.
    last = session.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'data_subject'")) or 0
    return list(range(last + 1, last + 1 + count))


def objections_of(objections: bytes) -> frozenset[int]:
    """Return the numbers of the purposes objected to; `EVERY_SOLICITATION` may be among them."""
    return frozenset(struct.unpack(f">{len(objections) // 2}H", objections))


def _packed(numbers: Iterable[int]) -> bytes:
    ordered = sorted(numbers)
    return struct.pack(f">{len(ordered)}H", *ordered)


def set_objection(session: Session, keyring: Keyring, subject_id: int, purpose_id: int, *, objected: bool) -> None:
    """Mark or unmark an objection to a purpose. GDPR Art. 21. The caller records the fact.

    Raises:
        SubjectUnknownError: If nobody has the number.
        SubjectErasedError: If the person was erased.
        SubjectKeyError: If the row was altered.
    """
    change = {purpose_id}
    move_objections(session, keyring, subject_id, *((change, ()) if objected else ((), change)))


def move_objections(
    session: Session, keyring: Keyring, subject_id: int, added: Collection[int], taken: Collection[int]
) -> None:
    """Mark objections to some purposes, and unmark those to others; see `set_objection`.

    Raises:
        SubjectUnknownError: If nobody has the number.
        SubjectErasedError: If the person was erased.
        SubjectKeyError: If the row was altered.
    """
    subject = _locked(session, subject_id)
    numbers = objections_of(subject.objections) - {*taken} | {*added}
    _rewrap(session, keyring, subject, {"objections": _packed(numbers)})


def restrict(session: Session, keyring: Keyring, subject_id: int) -> None:
    """Restrict the use of a person's data. GDPR Art. 18. The caller records the fact.

    Raises:
        SubjectTransitionError: If the person is restricted already, or erased.
        SubjectUnknownError: If nobody has the number.
        SubjectKeyError: If the row was altered.
    """
    _move(session, keyring, subject_id, SubjectVerb.RESTRICT)


def lift(session: Session, keyring: Keyring, subject_id: int) -> None:
    """Lift a restriction. GDPR Art. 18(3). The caller records the fact.

    Raises:
        SubjectTransitionError: If the person is not restricted.
        SubjectUnknownError: If nobody has the number.
        SubjectKeyError: If the row was altered.
    """
    _move(session, keyring, subject_id, SubjectVerb.LIFT)


def erase(session: Session, subject_id: int) -> None:
    """Destroy a person's key in the live database. GDPR Art. 17. The caller deletes the rows and records the fact.

    Copies of the wrapped key in backups and replicas become unreadable with the end of its epoch. An altered row can be
    erased too: what does not open need not open to be destroyed.

    Raises:
        SubjectTransitionError: If the person was erased before.
        SubjectUnknownError: If nobody has the number.
    """
    subject = _locked(session, subject_id)
    subject.state = _next_state(subject, SubjectVerb.ERASE).code
    subject.wrapped_key, subject.epoch = None, NO_EPOCH
    session.flush()


def _move(session: Session, keyring: Keyring, subject_id: int, verb: SubjectVerb) -> None:
    subject = _locked(session, subject_id)
    _rewrap(session, keyring, subject, {"state": _next_state(subject, verb).code})


def _next_state(subject: DataSubject, verb: SubjectVerb) -> SubjectState:
    state = SubjectState.from_code(subject.state)
    try:
        return SUBJECT_TRANSITIONS[state, verb]
    except KeyError:
        raise SubjectTransitionError(subject_id=subject.id, state=state, verb=verb) from None


def _locked(session: Session, subject_id: int) -> DataSubject:
    found = session.scalar(
        select(DataSubject)
        .where(DataSubject.id == subject_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise SubjectUnknownError(subject_id=subject_id)
    return found


def _rewrap(session: Session, keyring: Keyring, subject: DataSubject, changes: dict[str, int | bytes]) -> None:
    before = marks_of(subject)
    key = _unwrap_bytes(keyring, before, subject.wrapped_key)
    after = before._replace(epoch=wrapping_epoch(session, keyring), **changes)  # type: ignore[arg-type]
    subject.state, subject.objections, subject.epoch = after.state, after.objections, after.epoch
    subject.wrapped_key = wrap(keyring, after, key)
    session.flush()
