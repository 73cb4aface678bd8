"""What of a running record is written in place, and not proposed beside what is in force: words, arguments, places.

Nobody lets others run than those that the data protection officer read (GDPR Art. 38(1), 39(1)(a)): the activity keeps
a digest of those that came into force. Until the next ones do, whoever is handed a document reads them as that version
keeps them.
"""

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any, Final

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from register.lifecycle import ActivityState
from register.models import Activity, ActivityVersion, Purpose
from register.values import FORCE

# What may be written better while a purpose is in force: its arguments, and beneath which other it stands; the rest is
# what people were told (GDPR Art. 5(1)(b)).
IN_PLACE: Final = (
    "number_ground", "offences_ground", "legal_reference", "interest", "necessity", "balance", "parent_id",
)  # fmt: skip
_STOPPED: Final = frozenset({ActivityState.SUSPENDED, ActivityState.RETIRED})
_WORDS: Final = ("name_fr", "name_en", "description", "capacity", "controller_id")


def digest_of_words(session: Session, activity: Activity) -> str:
    """Return the SHA-256, in hexadecimal, of a record's own words, and of what its purposes in force say in place."""
    purposes = session.scalars(select(Purpose).where(Purpose.activity_id == activity.id, Purpose.standing.in_(FORCE)))
    told = {
        "activity": [getattr(activity, name) for name in _WORDS],
        "purposes": {each.slug: [getattr(each, name) for name in IN_PLACE] for each in purposes},
    }
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def reworded(session: Session, activity: Activity) -> bool:
    """Say whether something was written in place since the record came into force."""
    return activity.words_in_force is not None and activity.words_in_force != digest_of_words(session, activity)


def versions_in_force(
    session: Session, attestor: Attestor, revisions: Mapping[uuid.UUID, int | None]
) -> Mapping[uuid.UUID, ActivityVersion]:
    """Return the version of each activity by which it was last let run, in one statement.

    Args:
        session: A transaction.
        attestor: Who vouches for the versions.
        revisions: By activity, its `version_in_force`, of rows that were verified; None where it never ran.

    Raises:
        AttestationError: If a version was altered outside Égide, or is gone: nothing else says what is in force.
    """
    wanted = {key: revision for key, revision in revisions.items() if revision is not None}
    if not wanted:
        return {}
    same = (Activity.id == ActivityVersion.activity_id) & (Activity.version_in_force == ActivityVersion.revision)
    statement = select(ActivityVersion).join(Activity, same).where(Activity.id.in_(wanted)).order_by(Activity.id)
    found = {row.activity_id: row for row in session.scalars(statement) if wanted[row.activity_id] == row.revision}
    for version in found.values():
        attestor.verify(version)
    for gone in wanted.keys() - found.keys():
        raise AttestationError(kind="activity_version", reference=str(gone))
    return found


def versions_gone(session: Session, *activities: uuid.UUID) -> Mapping[str, int]:
    """Return how many versions were taken away outside Égide, by the slug of the activity, in one statement.

    Each activity keeps under its MAC how many there are. It is of the policy set, so that it cannot be put back to an
    older count; and a row put in the place of another does not fit its own MAC.

    Args:
        session: A transaction that reads.
        activities: Of which ones; of all where none is given.
    """
    there = func.count(ActivityVersion.revision)
    statement = (
        select(Activity.slug, Activity.versions - there)
        .outerjoin(ActivityVersion, ActivityVersion.activity_id == Activity.id)
        .group_by(Activity.id, Activity.slug, Activity.versions)
        .having(Activity.versions > there)
        .order_by(Activity.slug)
    )
    if activities:
        statement = statement.where(Activity.id.in_(activities))
    return dict(iter(session.execute(statement)))


def is_settled(state: ActivityState, *, running: bool) -> bool:
    """Say whether a record is stated as it is or was in force, whatever is proposed for it: it runs, or was stopped."""
    return running or state in _STOPPED


def being_rewritten(words_in_force: str | None, state: ActivityState) -> bool:
    """Say whether the words of a record can be others than those in force: it came into force, and is not active."""
    return words_in_force is not None and state is not ActivityState.ACTIVE


def told_in_force(
    session: Session, attestor: Attestor, rewritten: Mapping[uuid.UUID, int | None]
) -> Mapping[uuid.UUID, Mapping[str, Any]]:
    """Return what the version in force keeps of each activity that is being rewritten, by its `version_in_force`.

    Raises:
        AttestationError: If a version was altered outside Égide, or is gone: nothing else says the words in force.
    """
    versions = versions_in_force(session, attestor, rewritten)
    return {key: orjson.loads(version.snapshot) for key, version in versions.items()}


def words_told(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the words of an activity that came into force, by what its version keeps."""
    controller = told["controller"]
    return {
        "name_fr": told["name_fr"],
        "name_en": told["name_en"],
        "description": told["description"],
        "controller_id": None if controller is None else uuid.UUID(controller["id"]),
    }


def told_in_place(told: Mapping[str, Any], slug: str) -> dict[str, Any]:
    """Return what came into force of what a purpose says in place; nothing where the version does not know it."""
    kept = next((each for each in told["purposes"] if each["slug"] == slug), None)
    return {} if kept is None else {name: {**kept, **kept["balancing"]}[name] for name in IN_PLACE}
