"""What can go wrong with keys, boxes and attestations. No error carries a key, a plaintext or a looked-up value."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import DomainError, mark


@dataclass(kw_only=True, eq=False)
class VaultError(DomainError):
    """Base of the vault's errors. Never raised itself."""


@dataclass(kw_only=True, eq=False)
class KeyringError(VaultError):
    """The keyring cannot be used. Never raised itself."""


@dataclass(kw_only=True, eq=False)
class KeyringMissingError(KeyringError):
    """No keyring lies where the settings say."""

    message: ClassVar[str] = mark("There is no keyring at {path}. Run `egide init`, or restore the keyring's backup.")
    path: str


@dataclass(kw_only=True, eq=False)
class KeyringCorruptError(KeyringError):
    """A keyring that cannot be read."""

    message: ClassVar[str] = mark("The keyring at {path} is damaged ({reason}). Restore the keyring's backup.")
    path: str
    reason: str


@dataclass(kw_only=True, eq=False)
class KeyringPermissionsError(KeyringError):
    """A keyring that others of the host may read."""

    message: ClassVar[str] = mark("{path} is open to other users (mode {found}): expected at most {expected}.")
    path: str
    found: str
    expected: str


@dataclass(kw_only=True, eq=False)
class KeyringUnwritableError(KeyringError):
    """A keyring that the host does not let us write."""

    message: ClassVar[str] = mark("The keyring at {path} cannot be written: {reason}.")
    path: str
    reason: str


@dataclass(kw_only=True, eq=False)
class KeyLocationError(KeyringError):
    """An EGIDE_KEYS that is neither a directory nor a usable pkcs11: URI. Its value may hold a PIN and is not shown."""

    message: ClassVar[str] = mark("EGIDE_KEYS cannot be used: {reason}.")
    reason: str


@dataclass(kw_only=True, eq=False)
class HardwareModuleMissingError(KeyringError):
    """A pkcs11: URI without the optional dependency."""

    message: ClassVar[str] = mark("EGIDE_KEYS names a PKCS#11 token: install the extra `egide[hsm]` (python-pkcs11).")


@dataclass(kw_only=True, eq=False)
class HardwareModuleError(KeyringError):
    """A PKCS#11 token that does not do what the keyring asks of it."""

    message: ClassVar[str] = mark("The PKCS#11 token {token} failed to {action}: {reason}.")
    token: str
    action: str
    reason: str


@dataclass(kw_only=True, eq=False)
class KeyMissingError(VaultError):
    """An epoch whose key is not in the ring: destroyed, or the ring is older than the database."""

    message: ClassVar[str] = mark("The key of epoch {epoch} is not in the keyring.")
    epoch: int


@dataclass(kw_only=True, eq=False)
class SubjectKeyError(VaultError):
    """A wrapped subject key that does not open under the marks of its row: the row was altered outside Égide."""

    message: ClassVar[str] = mark("The key of data subject {subject_id} does not open: its row was altered.")
    subject_id: int


@dataclass(kw_only=True, eq=False)
class SubjectErasedError(VaultError):
    """A data subject whose key was destroyed."""

    message: ClassVar[str] = mark("Data subject {subject_id} was erased.")
    subject_id: int


@dataclass(kw_only=True, eq=False)
class SubjectUnknownError(VaultError):
    """A data subject who is not on file."""

    message: ClassVar[str] = mark("There is no data subject {subject_id}.")
    subject_id: int


@dataclass(kw_only=True, eq=False)
class SubjectTransitionError(VaultError):
    """A restriction, a lift or an erasure that the subject's state does not allow."""

    message: ClassVar[str] = mark("Data subject {subject_id} is {state}: cannot {verb}.")
    subject_id: int
    state: str
    verb: str


@dataclass(kw_only=True, eq=False)
class BoxError(VaultError):
    """A sealed box that does not open where it stands: moved, swapped, replayed, cut or altered."""

    message: ClassVar[str] = mark("The box {category} of row {row} in table {table} does not open: it was altered.")
    table: int
    row: str
    category: str


@dataclass(kw_only=True, eq=False)
class AttestationError(VaultError):
    """A row whose attestation does not fit: it was written outside Égide."""

    message: ClassVar[str] = mark(
        "{kind} {reference} was altered outside Égide: its attestation does not fit. "
        "The drift report says what settles it."
    )
    kind: str
    reference: str


@dataclass(kw_only=True, eq=False)
class AttestedConflictError(VaultError):
    """A row that somebody changed between being read and being written."""

    message: ClassVar[str] = mark("{kind} {reference} was changed by somebody else meanwhile. Read it again.")
    kind: str
    reference: str


@dataclass(kw_only=True, eq=False)
class UnattestedWriteError(VaultError):
    """A write that would bypass attestation. A mistake of the program, never of a user."""

    message: ClassVar[str] = mark("{table} is attested: {reason}.")
    table: str
    reason: str


@dataclass(kw_only=True, eq=False)
class PolicySetError(VaultError):
    """The policy set is not the one that was last attested: rows were deleted, restored or inserted outside Égide."""

    message: ClassVar[str] = mark("The policy set is not the one attested: {reason} ({table}).")
    table: str
    reason: str


@dataclass(kw_only=True, eq=False)
class LookupValueError(VaultError):
    """A value that cannot be looked up as this kind. The value itself is personal and is not shown."""

    message: ClassVar[str] = mark("This is not a {kind}: expected {expected}.")
    kind: str
    expected: str


@dataclass(kw_only=True, eq=False)
class SealedFileError(VaultError):
    """A sealed file that was altered, cut short, or put in another's place."""

    message: ClassVar[str] = mark("A sealed file was altered: nothing of it is used.")
