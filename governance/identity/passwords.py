"""Passwords: Argon2id (RFC 9106) and the few rules for choosing one.

The rules are those of NIST SP 800-63B, section 3.1.1.2: length, and no rule of composition. The stored string is in the
PHC format, which begins with the algorithm, its version and its parameters.
"""

import hmac
import secrets
import threading
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import argon2
from argon2.low_level import Type

from governance.errors import phrase
from governance.identity.errors import WeakPasswordError
from governance.text import without_unseen

MINIMUM_CHARACTERS: Final = 12
# Argon2 takes 4 GiB; whoever sends a longer one than this wants to make the server work.
MAXIMUM_BYTES: Final = 128
# Each hash takes 64 MiB: a flood of sign-ins waits in line instead of taking the host's memory.
_AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class HashCost:
    """What one hash costs.

    Attributes:
        passes: Over the whole memory.
        memory_kib: In KiB.
        lanes: Computed in parallel.
    """

    passes: int
    memory_kib: int
    lanes: int


# RFC 9106, section 4: the SECOND RECOMMENDED option, for hosts with little memory. 64 MiB, 3 passes, 4 lanes.
RFC_9106_LOW_MEMORY: Final = HashCost(passes=3, memory_kib=65_536, lanes=4)


class PasswordHasher:
    """Hashes and checks passwords at one cost."""

    def __init__(self, cost: HashCost = RFC_9106_LOW_MEMORY) -> None:
        """Hash nothing yet.

        Args:
            cost: Cheap in tests, never in service.
        """
        self._argon2 = argon2.PasswordHasher(
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=32,
            salt_len=16,
            type=Type.ID,
        )
        self._places = threading.BoundedSemaphore(_AT_ONCE)

    @cached_property
    def _nobody(self) -> str:
        """The hash that stands in for an account that does not exist."""
        return self._argon2.hash(secrets.token_urlsafe())

    def hash(self, password: str) -> str:
        """Return the PHC string of a password that the rules have passed."""
        with self._places:
            return self._argon2.hash(_octets(password))

    def matches(self, password_hash: str | None, password: str) -> bool:
        """Say whether the password is the one that was hashed.

        Without a hash (no such account, or none set) the same work is done on the hash of nobody's password, so that
        the answer takes as long.
        """
        given = _octets(password)
        within = len(given) <= MAXIMUM_BYTES
        try:
            with self._places:
                # Made with the first sign-in, whoever it is: made for nobody only, its making would tell by the time.
                nobody = self._nobody
                self._argon2.verify(password_hash or nobody, given if within else b"")
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False
        return within and password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        """Say whether the hash was made at another cost, so that the next sign-in should make it again."""
        return self._argon2.check_needs_rehash(password_hash)


def check_password(password: str, email: str) -> None:
    """Refuse a password that cannot be used.

    Raises:
        WeakPasswordError: If it is too short, too long, or the person's e-mail address.
    """
    if len(without_unseen(password)) < MINIMUM_CHARACTERS:
        raise WeakPasswordError(rule=phrase("it has fewer than 12 characters"))
    if len(_octets(password)) > MAXIMUM_BYTES:
        raise WeakPasswordError(rule=phrase("it is longer than 128 bytes"))
    # Compared without telling, by the time taken, how far the two agree.
    if hmac.compare_digest(_octets(password.strip().casefold()), _octets(email.strip().casefold())):
        raise WeakPasswordError(rule=phrase("it is the e-mail address"))


def _octets(password: str) -> bytes:
    # NIST SP 800-63B, section 3.1.1.2: normalised, since the same accent may be typed in two ways. What is unseen goes,
    # as forms leave it out: a password is the same wherever it is given.
    return unicodedata.normalize("NFKC", without_unseen(password)).encode("utf-8", "surrogatepass")
