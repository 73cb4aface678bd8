"""The keys in use: the installation's secrets and the key-encryption key of each epoch.

A keyring follows its file: when another process rotates an epoch, the next question put here reads the file again, so a
new epoch is used and a destroyed one forgotten without a restart. Epoch keys are held as AES-GCM objects and master
secrets as keyed hashes; no Python value holds their bytes after the file is read.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, NoReturn

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from governance.clock import Clock, SystemClock
from governance.vault.derivation import Expander, extract
from governance.vault.errors import KeyMissingError, KeyringCorruptError
from governance.vault.ring import EpochState, Ring, new_ring
from governance.vault.ring_file import RingFile
from governance.vault.sealing import FilePermissions, Seal, is_token, open_token_seal

_HOST_CLOCK: Final = SystemClock()


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochAge:
    """One epoch, without its key."""

    number: int
    state: EpochState
    created_at: datetime
    destroyed_at: datetime | None


class EpochKeys(dict[int, AESGCM]):
    """The epoch keys as they stood before a read, for the hot loop: `keys[epoch]`.

    Take it before the statement that reads wrapped keys: an epoch is destroyed only after no row uses it, so whatever a
    later read shows is here, or newer; a newer one is looked up when it is met.
    """

    __slots__ = ("_look_up",)

    def __init__(self, known: Mapping[int, AESGCM], look_up: Callable[[int], AESGCM]) -> None:
        """Start from the known keys."""
        super().__init__(known)
        self._look_up: Final = look_up

    def __missing__(self, epoch: int) -> AESGCM:
        """Look a newer epoch up.

        Raises:
            KeyMissingError: If the ring does not have it.
        """
        key = self[epoch] = self._look_up(epoch)
        return key

    def __repr__(self) -> str:
        return f"<EpochKeys {sorted(self)}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled")


@dataclass(frozen=True, slots=True, repr=False)
class _Loaded:
    """One reading of the file, swapped in whole so that threads never see half of it."""

    version: tuple[int, int, int]
    installation: bytes
    current: int
    epoch_keys: Mapping[int, AESGCM]
    ages: tuple[EpochAge, ...]
    master: Expander


class Keyring:
    """The installation's keys. Thread-safe; never printed, pickled or copied."""

    def __init__(self, file: RingFile, seal: Seal) -> None:
        """Read the file.

        Raises:
            KeyringMissingError: If there is none.
            KeyringPermissionsError: If other users of the host may read it.
            KeyringCorruptError: If it cannot be read.
        """
        self._file: Final = file
        self._seal: Final = seal
        self._reading: Final = threading.Lock()
        self._loaded = self._read()

    def __repr__(self) -> str:
        return f"<Keyring of {len(self._loaded.epoch_keys)} epochs>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a keyring is not pickled")

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return self._file.path

    @property
    def installation(self) -> bytes:
        """16 public random bytes that name this installation; bound into every box and wrapped key."""
        return self._loaded.installation

    @property
    def current_epoch(self) -> int:
        """The epoch that wraps new keys, as the file says now.

        To wrap with it, take it from `subject_keys.wrapping_epoch`, which also keeps it from being retired meanwhile.
        """
        return self._fresh().current

    @property
    def retiring_epoch(self) -> int | None:
        """The epoch whose keys are being moved to the current one, if a rotation is under way."""
        return next((age.number for age in self.ages if age.state is EpochState.RETIRING), None)

    @property
    def ages(self) -> tuple[EpochAge, ...]:
        """Every epoch of the ring, oldest first, without its key."""
        return self._fresh().ages

    def epoch_key(self, epoch: int) -> AESGCM:
        """Return the key of one epoch.

        Raises:
            KeyMissingError: If the ring does not have it.
        """
        try:
            return self._fresh().epoch_keys[epoch]
        except KeyError:
            raise KeyMissingError(epoch=epoch) from None

    def epoch_keys(self) -> EpochKeys:
        """Return the keys as they stand, for a read that is about to begin."""
        return EpochKeys(self._fresh().epoch_keys, self.epoch_key)

    def secret(self, name: str) -> bytes:
        """Return 32 bytes derived for one use: "attestation", "leaf", "cursor", "index/<field>/<kind>"...

        HKDF-SHA256 with the installation as salt and the name as info (RFC 5869).
        """
        return self._loaded.master.expand(name.encode())

    def begin_epoch(self, clock: Clock) -> int:
        """Write a new current epoch into the file and return the number of the one that now retires.

        Where one retires already, the file stays as it is and that one is returned. Call it holding the epochs' lock of
        the database (see `rotation`).

        Raises:
            KeyringUnwritableError: If the host does not let us.
        """
        with self._file.lock(exclusive=True):
            content = self._file.read()
            ring = self._decode(content)
            # A token that failed after an earlier write may still hold the key of the content before it.
            self._seal.forget_others(content, ring.installation)
            if ring.retiring is None:
                ring = ring.with_new_epoch(clock.now())
                self._replace(ring)
        retiring = ring.retiring
        return ring.current.number if retiring is None else retiring.number

    def destroy_epoch(self, epoch: int, clock: Clock) -> None:
        """Take the key of a retiring epoch out of the file and out of this process.

        Call it holding the epochs' lock of the database, after no subject uses it (see `rotation`).

        Raises:
            KeyringUnwritableError: If the host does not let us; the key then stays.
        """
        with self._file.lock(exclusive=True):
            ring = self._decode(self._file.read())
            if ring.epochs[epoch].state is not EpochState.DESTROYED:
                self._replace(ring.without_key(epoch, clock.now()))
        self._fresh()

    def _fresh(self) -> _Loaded:
        if self._file.version() != self._loaded.version:
            with self._reading:
                if self._file.version() != self._loaded.version:
                    self._loaded = self._read()
        return self._loaded

    def _read(self) -> _Loaded:
        with self._file.lock(exclusive=False):
            version = self._file.version()
            ring = self._decode(self._file.read())
        return _Loaded(
            version=version,
            installation=ring.installation,
            current=ring.current.number,
            epoch_keys={number: AESGCM(epoch.key) for number, epoch in ring.epochs.items() if epoch.key is not None},
            ages=tuple(
                EpochAge(number=e.number, state=e.state, created_at=e.created_at, destroyed_at=e.destroyed_at)
                for _, e in sorted(ring.epochs.items())
            ),
            master=Expander(extract(ring.installation, ring.masters[max(ring.masters)])),
        )

    def _replace(self, ring: Ring) -> None:
        _write(self._file, self._seal, ring)

    def _decode(self, content: bytes) -> Ring:
        try:
            return Ring.decode(self._seal.unseal(content))
        except ValueError as error:
            raise KeyringCorruptError(path=str(self._file.path), reason=str(error)) from None


def create_keyring(location: str, home: Path, *, clock: Clock = _HOST_CLOCK) -> Keyring:
    """Make a keyring and open it. Where one lies already, or another process is faster, that one is opened.

    Args:
        location: The keyring's directory, or a `pkcs11:` URI (RFC 7512): then the file lies in `home/keys`, sealed.
        home: The data directory.
        clock: Dates the first epoch.

    Raises:
        KeyringError: If it cannot be made or opened.
    """
    file, seal = _place(location, home)
    file.prepare()
    with file.lock(exclusive=True):
        if not file.exists():
            _write(file, seal, new_ring(clock.now()))
    return Keyring(file, seal)


def open_keyring(location: str, home: Path) -> Keyring:
    """Open the keyring.

    Args:
        location: As for `create_keyring`.
        home: The data directory.

    Raises:
        KeyringMissingError: If there is none.
        KeyringPermissionsError: If other users of the host may read it.
        KeyringCorruptError: If it cannot be read.
    """
    return Keyring(*_place(location, home))


def _place(location: str, home: Path) -> tuple[RingFile, Seal]:
    if is_token(location):
        return RingFile(home / "keys"), open_token_seal(location)
    return RingFile(Path(location)), FilePermissions()


def _write(file: RingFile, seal: Seal, ring: Ring) -> None:
    content = seal.seal(ring.encode(), ring.installation)
    file.write(content)
    seal.forget_others(content, ring.installation)
