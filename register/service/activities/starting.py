"""A complete draft made of a starting point: through the same use cases as by hand, each part marked as to confirm."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from governance.actor import Actor
from register.models import Activity, Purpose, UnconfirmedDefault
from register.service.activities.drafting import NewActivity, draft_activity
from register.service.desk import Desk
from register.service.naming import free_slug
from register.service.purposes.contents import (
    DataTerms,
    SetPurposeData,
    SetPurposeRecipients,
    set_purpose_data,
    set_purpose_recipients,
)
from register.service.purposes.declaring import NewPurpose, add_purpose
from register.service.recording import record_change
from register.starting_points.values import Language, StartingPoint, StartingPurpose, StartingTerms, Words
from register.values import PurposePart


@dataclass(frozen=True, slots=True, kw_only=True)
class StartActivity:
    """An activity to draft from a starting point.

    Attributes:
        activity: What is the firm's own: names, description, who heads the line, who answers for it.
        language: In which language the texts are written that a record holds once.
    """

    point: StartingPoint
    activity: NewActivity
    language: Language = Language.FRENCH


def start_activity(session: Session, desk: Desk, actor: Actor, command: StartActivity) -> Activity:
    """Draft an activity with all the purposes of a starting point. A purpose's name that is taken gets a number.

    Raises:
        PersonRequiredError, DraftingNotAllowedError, NotYourActivityError: If it is for somebody else.
        SlugInvalidError, SlugTakenError: If the activity's slug is none, or taken.
        PartyNotFoundError: If its controller is not on file.
        NumbersExhaustedError: If every number of purposes was given.
    """
    activity = draft_activity(session, desk.clock, desk.ids, actor, command.activity)
    record_change(session, actor, activity, "start-from", starting_point=command.point.slug)
    for proposed in command.point.purposes:
        purpose = _add(session, desk, actor, (activity, proposed, command.language))
        for part in PurposePart:
            session.add(
                UnconfirmedDefault(purpose_id=purpose.id, part=part, starting_point=command.point.slug),
            )
    session.flush()
    return activity


def data_terms(proposed: Collection[StartingTerms], language: Language) -> list[DataTerms]:
    """Return terms as a purpose declares them: one for each category of each kind of people."""
    return [
        DataTerms(
            subject_kind=kind,
            category=category,
            obligatory=terms.obligatory,
            provenance=terms.provenance,
            active_for=terms.active_for,
            archived_for=terms.archived_for,
            starting_event=terms.starting_event,
            final_fate=terms.final_fate,
            retention_source=terms.source.written(language),
            which_fr="" if terms.which is None else terms.which.fr,
            which_en="" if terms.which is None else terms.which.en,
            whom_fr="" if terms.whom is None else terms.whom.fr,
            whom_en="" if terms.whom is None else terms.whom.en,
        )
        for terms in proposed
        for kind in terms.kinds
        for category in terms.categories
    ]


def _add(session: Session, desk: Desk, actor: Actor, given: tuple[Activity, StartingPurpose, Language]) -> Purpose:
    activity, proposed, language = given

    def written(words: Words | None) -> str:
        return "" if words is None else words.written(language)

    arguments: dict[str, str] = {}
    if proposed.balancing is not None:
        arguments = {name: written(getattr(proposed.balancing, name)) for name in ("interest", "necessity", "balance")}
    command = NewPurpose(
        activity=activity.id,
        slug=free_slug(session, Purpose.slug, proposed.slug),
        label_fr=proposed.label.fr,
        label_en=proposed.label.en,
        basis=proposed.basis,
        consent_channel=proposed.consent_channel,
        special_condition=proposed.special_condition,
        number_ground=written(proposed.number_ground),
        legal_reference=written(proposed.legal_reference),
        **arguments,
    )
    purpose = add_purpose(session, desk.clock, desk.attestor, actor, command)
    data = SetPurposeData(purpose=purpose.id, data=data_terms(proposed.data, language))
    set_purpose_data(session, desk, actor, data)
    recipients = SetPurposeRecipients(purpose=purpose.id, roles=proposed.recipients)
    set_purpose_recipients(session, desk, actor, recipients)
    return purpose
