"""What the register says of its own changes: one fact each, and one version for each decision."""

import hashlib
import uuid
from datetime import datetime
from typing import Final

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Retention
from audit.transaction import record
from governance.actor import Actor
from governance.clock import to_rfc3339
from governance.identity.permissions import person
from register.lifecycle import OPENING, Verb
from register.lines.told import tell_lines
from register.models import Activity, ActivityVersion, Party, Purpose, PurposeData, PurposeRecipient

ACTIVITY: Final = "activity"


def changed(session: Session, activity: Activity, at: datetime) -> None:
    """Count one more revision of the activity."""
    activity.revision += 1
    activity.changed_at = at
    session.flush()


def record_change(session: Session, actor: Actor, activity: Activity, verb: str, **details: JsonValue) -> None:
    """Record that the content of an activity changed: which, by whom, and what by name."""
    told: dict[str, JsonValue] = {"activity": activity.slug, "verb": verb, "revision": activity.revision, **details}
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.POLICY,
            actor=actor,
            object_type=ACTIVITY,
            object_id=str(activity.id),
            details=told,
        ),
    )


def keep_version(
    session: Session, actor: Actor, activity: Activity, verb: Verb | None = None, note: str = ""
) -> ActivityVersion:
    """Keep the whole record as it stands, and record its digest, so that the log vouches for the text."""
    snapshot = orjson.dumps(snapshot_of(session, activity), option=orjson.OPT_SORT_KEYS)
    version = ActivityVersion(
        activity_id=activity.id,
        revision=activity.revision,
        verb=verb,
        state=activity.state,
        mode=activity.mode,
        snapshot=snapshot.decode(),
        note=note,
        actor_id=person(actor),
        at=activity.changed_at,
    )
    session.add(version)
    activity.versions += 1
    if verb in OPENING:
        activity.version_in_force = activity.revision
    session.flush()
    alone: dict[str, JsonValue] = {"alone": True} if verb is Verb.ACTIVATE and activity.decided_alone else {}
    record_change(
        session,
        actor,
        activity,
        verb or "set-mode",
        state=activity.state.value,
        mode=activity.mode.value,
        observed_until=_moment(activity.observed_until),
        running=activity.running,
        snapshot=hashlib.sha256(snapshot).hexdigest(),
        **alone,
    )
    return version


def snapshot_of(session: Session, activity: Activity) -> dict[str, JsonValue]:
    """Return the record of an activity, whole, as JSON."""
    controller = None if activity.controller_id is None else session.get(Party, activity.controller_id)
    officer = None if controller is None else controller.dpo_id
    dpo = None if officer is None else session.get(Party, officer)
    purposes = session.scalars(select(Purpose).where(Purpose.activity_id == activity.id).order_by(Purpose.id))
    return {
        "id": str(activity.id),
        "slug": activity.slug,
        "name_fr": activity.name_fr,
        "name_en": activity.name_en,
        "description": activity.description,
        "capacity": activity.capacity.value,
        "owner_id": None if activity.owner_id is None else str(activity.owner_id),
        "controller": _named(session, activity.controller_id),
        "representative": None if controller is None else _named(session, controller.representative_id),
        "dpo": None if controller is None else _named(session, controller.dpo_id),
        "dpo_firm": None if dpo is None else _named(session, dpo.firm_id),
        "state": activity.state.value,
        "reference": activity.reference,
        "kept_since": None if activity.kept_since is None else activity.kept_since.isoformat(),
        "running": activity.running,
        "mode": activity.mode.value,
        "observed_until": _moment(activity.observed_until),
        "revision": activity.revision,
        "opinion": None if activity.opinion is None else activity.opinion.value,
        "opinion_text": activity.opinion_text,
        "overriding_reason": activity.overriding_reason,
        "collected_for": activity.collected_for,
        "changed_at": to_rfc3339(activity.changed_at),
        "purposes": [_purpose(session, purpose) for purpose in purposes],
        "lines": tell_lines(session, activity.id),
    }


def _named(session: Session, party_id: uuid.UUID | None) -> JsonValue:
    party = None if party_id is None else session.get(Party, party_id)
    return None if party is None else {"id": str(party.id), "name": party.name}


def _moment(at: datetime | None) -> str | None:
    return None if at is None else to_rfc3339(at)


def _purpose(session: Session, purpose: Purpose) -> JsonValue:
    data = session.scalars(select(PurposeData).where(PurposeData.purpose_id == purpose.id).order_by(PurposeData.id))
    recipients = session.scalars(
        select(PurposeRecipient).where(PurposeRecipient.purpose_id == purpose.id).order_by(PurposeRecipient.id)
    )
    return {
        "id": purpose.id,
        "slug": purpose.slug,
        "parent_id": purpose.parent_id,
        "standing": purpose.standing.value,
        "label_fr": purpose.label_fr,
        "label_en": purpose.label_en,
        "basis": purpose.basis,
        "consent_channel": purpose.consent_channel,
        "special_condition": purpose.special_condition,
        "number_ground": purpose.number_ground,
        "offences_ground": purpose.offences_ground,
        "legal_reference": purpose.legal_reference,
        "balancing": {"interest": purpose.interest, "necessity": purpose.necessity, "balance": purpose.balance},
        "collected_for": purpose.collected_for,
        "data": [_data(row) for row in data],
        "recipients": [{"role": row.role.value, "standing": row.standing.value} for row in recipients],
    }


def _data(row: PurposeData) -> JsonValue:
    return {
        "subject_kind": row.subject_kind.value,
        "category": row.category.value,
        "standing": row.standing.value,
        "obligatory": row.obligatory,
        "provenance": row.provenance.value,
        "active_for": row.active_for,
        "archived_for": row.archived_for,
        "starting_event": row.starting_event.value,
        "final_fate": row.final_fate.value,
        "retention_source": row.retention_source,
        "which_fr": row.which_fr,
        "which_en": row.which_en,
        "whom_fr": row.whom_fr,
        "whom_en": row.whom_en,
    }
