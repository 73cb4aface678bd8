"""What the log says: facts, and the canonical bytes of the entries they become.

An entry tells who did what, when, why, on which object and about which data subjects, and with what result (CNIL
recommendation 2021-122). It names fields, forms and counts, and never a personal value. Its body is canonical JSON:
keys sorted, no white space, UTF-8, integers within 53 bits, no fractions; so the same fact is always the same bytes.
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import orjson
from pyroaring import BitMap

from audit.errors import EntryTooLargeError, InvalidFactError
from audit.subjects import EncodedSubjects, encode_subjects
from governance.actor import Actor
from governance.clock import to_rfc3339
from governance.vocabulary import Coded

ENTRY_FORMAT: Final = 1
# A body travels in one row, one export line and one proof; what is longer than this is not a fact but a document.
MAX_BODY_BYTES: Final = 64 * 1024
JsonValue = str | int | bool | None | list["JsonValue"] | dict[str, "JsonValue"]


class Action(Coded):
    """What was done. The slug stands in the entry, the code in the index; new ones are added at the end."""

    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    READ = "read"
    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"
    EXPORT = "export"
    IMPORT = "import"
    POLICY = "policy"
    REFUSAL = "refusal"
    CONSENT = "consent"
    KEY = "key"
    CHECK = "check"
    JOB = "job"
    PURGE = "purge"
    ACCOUNT = "account"
    NOTIFY = "notify"
    START = "start"
    SETTING = "setting"
    DECIDE = "decide"
    SWITCH = "switch"


class Outcome(Coded):
    """How it ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class Retention(Coded):
    """The class of an entry: each has a retention period of its own. The periods are rules in `audit.retention`."""

    ACCESS = "access"
    EVIDENCE = "evidence"
    WRITE = "write"
    SECURITY = "security"


_CODES: Final[Mapping[Coded, int]] = {member: member.code for words in (Action, Outcome, Retention) for member in words}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened, before it has a place in the log.

    Attributes:
        retention: The class that decides how long the entry is kept.
        action: What was done.
        actor: Who did it, in which roles and from which address.
        object_type: What it was done to: a table, `grant`, `session`...
        object_id: Which one, where there is one.
        purpose: The slug of the purpose it was done for.
        subjects: The data subjects it concerns, by their dense number.
        outcome: How it ended.
        details: Names of fields, forms and counts; never a personal value.
        at: When; the log's clock says so where None.
    """

    retention: Retention
    action: Action
    actor: Actor
    object_type: str
    object_id: str | None = None
    purpose: str | None = None
    subjects: Collection[int] | BitMap = ()
    outcome: Outcome = Outcome.DONE
    details: Mapping[str, JsonValue] = field(default_factory=dict)
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRef:
    """Where a recorded fact stands."""

    index: int
    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact with its identity, its time and its canonical body: ready to become a leaf."""

    id: uuid.UUID
    at: datetime
    retention: int
    action: int
    outcome: int
    actor_id: uuid.UUID | None
    object_type: str
    object_id: str | None
    purpose: str | None
    subjects: EncodedSubjects
    body: bytes


def to_entry(fact: Fact, entry_id: uuid.UUID, at: datetime) -> Entry:
    """Give a fact its identity, its time and its canonical bytes.

    Raises:
        InvalidFactError: If a part of it has no canonical form.
        EntryTooLargeError: If the body is longer than the log takes.
    """
    actor = fact.actor
    subjects = encode_subjects(fact.subjects)
    if fact.details:
        _check_json(fact.details)
    try:
        body = orjson.dumps(
            {
                "action": fact.action,
                "actor": _actor(actor),
                "at": to_rfc3339(at),
                "details": fact.details,
                "id": str(entry_id),
                "object": {"id": fact.object_id, "type": fact.object_type},
                "outcome": fact.outcome,
                "purpose": fact.purpose,
                "retention": fact.retention,
                "subjects": subjects,
                "v": ENTRY_FORMAT,
            },
            option=orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER,
        )
    except TypeError as error:
        raise InvalidFactError(reason=str(error)) from None
    if len(body) > MAX_BODY_BYTES:
        raise EntryTooLargeError(got=len(body), limit=MAX_BODY_BYTES)
    return Entry(
        entry_id, at, _CODES[fact.retention], _CODES[fact.action], _CODES[fact.outcome],
        actor.id, fact.object_type, fact.object_id, fact.purpose, subjects, body,
    )  # fmt: skip


def _actor(actor: Actor) -> dict[str, object]:
    told: dict[str, object] = {"kind": actor.kind, "id": None if actor.id is None else str(actor.id)}
    if actor.roles:
        told["roles"] = sorted(actor.roles)
    if actor.address is not None:
        told["address"] = actor.address
    if actor.host_user is not None:
        told["host_user"] = actor.host_user
    if actor.token is not None:
        told["token"] = str(actor.token)
    return told


def _check_json(value: object) -> None:
    # orjson would also write times, identifiers and fractions, which have more than one spelling.
    if value is None or isinstance(value, str | bool | int):
        return
    if isinstance(value, list):
        for item in value:
            _check_json(item)
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            if type(key) is not str:
                raise InvalidFactError(reason="a key of the details is not text")
            _check_json(item)
        return
    raise InvalidFactError(reason=f"the details hold a {type(value).__name__}")
