"""What does not stand in the way of a record and is still open, beside its steps. GDPR Art. 5(2)."""

from typing import Any

from governance.web.context import current
from register.guide.survey import place_of, survey
from register.lifecycle import EDITABLE
from register.pages.entrance import guide_url
from register.pages.wording import labelled
from register.record import ActivityRecord


def worth_adding(record: ActivityRecord, *, writes: bool) -> dict[str, Any]:
    """Return what `register/worth.html` draws: the hints of the guide, and where whoever writes answers each."""
    activity, context = record.activity, current()
    return {
        "worth": survey(context.session, activity, context.clock.now()).worth_adding,
        "answered_at": (lambda hint: guide_url(activity.slug, place_of(hint)))
        if writes and activity.state in EDITABLE
        else None,
        "purpose_names": {lines.purpose.slug: labelled(lines.purpose) for lines in record.purposes},
    }
