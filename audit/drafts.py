"""An entry on its way into the log: salted first, placed later."""

import os
from dataclasses import dataclass
from typing import NamedTuple

from audit.entries import Entry
from audit.leaves import SALT_BYTES, commitment


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry with its salt and commitment, waiting for a place."""

    entry: Entry
    salt: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class Placed:
    """A draft in its place, attested."""

    index: int
    draft: Draft
    mac: bytes


class Head(NamedTuple):
    """How far the log has come: its size, the peaks of its tree, and their attestation."""

    size: int
    frontier: bytes
    mac: bytes


def to_draft(entry: Entry) -> Draft:
    """Salt an entry and commit to it. Needs no lock, so it is done before one is asked for."""
    salt = os.urandom(SALT_BYTES)
    return Draft(entry, salt, commitment(salt, entry.body))
