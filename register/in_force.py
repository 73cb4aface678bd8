"""What of a running record is written in place, and not proposed beside what is in force: its words, and arguments.

Nobody lets others run than those that the data protection officer read (GDPR Art. 38(1), 39(1)(a)): the activity keeps
a digest of those that came into force. Until the next ones do, whoever is handed a document reads them as that version
keeps them.
"""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import orjson
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from register.lifecycle import OPENING, ActivityState
from register.models import Activity, ActivityVersion, Purpose
from register.values import FORCE

# What may be written better while a purpose is in force; the rest is what people were told (GDPR Art. 5(1)(b)).
ARGUMENTS: Final = ("number_ground", "offences_ground", "legal_reference", "interest", "necessity", "balance")
_WORDS: Final = ("name_fr", "name_en", "description", "capacity", "controller_id")


def digest_of_words(session: Session, activity: Activity) -> str:
    """Return the SHA-256, in hexadecimal, of a record's own words and of the arguments of its purposes in force."""
    purposes = session.scalars(select(Purpose).where(Purpose.activity_id == activity.id, Purpose.standing.in_(FORCE)))
    told = {
        "activity": [getattr(activity, name) for name in _WORDS],
        "purposes": {each.slug: [getattr(each, name) for name in ARGUMENTS] for each in purposes},
    }
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def reworded(session: Session, activity: Activity) -> bool:
    """Say whether something was written in place since the record came into force."""
    return activity.words_in_force is not None and activity.words_in_force != digest_of_words(session, activity)


def versions_in_force(ids: Iterable[uuid.UUID]) -> Select[ActivityVersion]:
    """Return the statement of the version of each activity by which it was last let run."""
    newest = (
        select(ActivityVersion.activity_id, func.max(ActivityVersion.revision).label("revision"))
        .where(ActivityVersion.verb.in_(OPENING), ActivityVersion.activity_id.in_(list(ids)))
        .group_by(ActivityVersion.activity_id)
        .subquery()
    )
    same = (ActivityVersion.activity_id == newest.c.activity_id) & (ActivityVersion.revision == newest.c.revision)
    return select(ActivityVersion).join(newest, same).order_by(ActivityVersion.activity_id)


def being_rewritten(activity: Activity) -> bool:
    """Say whether the words of a record can be others than those in force: it came into force, and is not active."""
    return activity.words_in_force is not None and activity.state is not ActivityState.ACTIVE


def activity_in_force(activity: Activity, told: Mapping[str, Any]) -> Activity:
    """Return a copy of an activity with the words that came into force, by what its version keeps."""
    controller = told["controller"]
    return replace(
        activity,
        name_fr=told["name_fr"],
        name_en=told["name_en"],
        description=told["description"],
        controller_id=None if controller is None else uuid.UUID(controller["id"]),
    )


def purpose_in_force(purpose: Purpose, told: Mapping[str, Any]) -> Purpose:
    """Return a copy of a purpose with the arguments that came into force, by what its version keeps."""
    kept = next((each for each in told["purposes"] if each["slug"] == purpose.slug), None)
    if kept is None:
        return purpose
    return replace(purpose, **{name: {**kept, **kept["balancing"]}[name] for name in ARGUMENTS})
