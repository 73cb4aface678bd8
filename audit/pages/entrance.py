"""The blueprint of the log's pages, how a row is told, and the record of each look."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from flask import Blueprint
from flask_babel import gettext
from sqlalchemy.orm import Session

from audit import looks
from audit.entries import Action, Outcome, Retention
from audit.findings import finding_in_words, in_words_of
from audit.forms import label_of
from audit.labels import ACTION_LABELS, CLASS_LABELS, KIND_LABELS, OBJECT_LABELS, OUTCOME_LABELS
from audit.log import Log
from audit.names import ActorNames
from audit.notes import TreeHead, split_note
from audit.pages.details import readable
from audit.search import Filters, FoundEntry
from audit.verify import Finding
from governance.actor import ActorKind, Role
from governance.web.context import current
from governance.web.navigation import PLACES

blueprint: Final = Blueprint("log", __name__, url_prefix="/log")

READERS: Final = (Role.AUDITOR, Role.DPO, Role.SECURITY)
_PLACE_LABELS: Final[Mapping[str, str]] = {place.endpoint: place.label for place in PLACES}


@blueprint.app_template_filter("in_reader_words")
def in_reader_words(said: str) -> str:
    """Return a phrase, or a sentence of the check, in the reader's language."""
    return in_words_of(said, gettext)


@blueprint.app_template_filter("finding_in_words")
def finding_told(finding: Finding) -> str:
    """Return what a check found in the reader's language."""
    return finding_in_words(finding, gettext)


def signed_size(note: str | None) -> int:
    """Return how many leaves a checkpoint covers."""
    return 0 if note is None else TreeHead.parse(split_note(note)[0]).size


def names_of(session: Session, entries: Iterable[FoundEntry]) -> Mapping[uuid.UUID, str]:
    """Return what the accounts and tokens that acted are called."""
    ids = {uuid.UUID(each.said["actor"]["id"]) for each in entries if each.said["actor"].get("id")}
    return current().get(ActorNames).look_up(session, ids)


def row_of(
    entry: FoundEntry, names: Mapping[uuid.UUID, str], purposes: Mapping[str, tuple[str, str]], signed: int
) -> dict[str, Any]:
    """Return an entry as a page tells it."""
    said = entry.said
    actor, thing = said["actor"], said["object"]
    place = _PLACE_LABELS.get(thing["id"])
    return {
        "index": entry.index,
        "id": said["id"],
        "at": datetime.fromisoformat(said["at"]),
        "action": ACTION_LABELS[Action(said["action"])],
        "outcome": OUTCOME_LABELS[Outcome(said["outcome"])],
        "done": said["outcome"] == Outcome.DONE.value,
        "retention": CLASS_LABELS[Retention(said["retention"])],
        "actor_id": actor.get("id"),
        "who": who(actor, names),
        "roles": actor.get("roles", []),
        "address": actor.get("address"),
        "object": OBJECT_LABELS.get(thing["type"], thing["type"]),
        "object_type": thing["type"],
        "object_id": thing["id"] if place is None else gettext(place),
        "object_key": thing["id"],
        "purpose": label_of(said["purpose"], purposes) if said["purpose"] else None,
        "purpose_slug": said["purpose"],
        "subjects": len(entry.subjects),
        "details": readable(said["details"]),
        "proved": entry.index < signed,
    }


def who(actor: Mapping[str, Any], names: Mapping[uuid.UUID, str]) -> str:
    """Return what somebody who acted is called."""
    if actor.get("id"):
        return names.get(uuid.UUID(actor["id"]), actor["id"])
    unnamed: str = gettext(KIND_LABELS[ActorKind(actor["kind"])])
    return actor.get("host_user") or unnamed


def record_look(count: int, filters: Filters | None = None, action: Action = Action.READ) -> None:
    """Record that somebody looked: whoever reads the log is a fact of the log."""
    subject = None if filters is None else filters.subject
    looks.record_look(current().get(Log), current().actor, count, subject, action)
