"""`/tasks`: the activities of the head of a business line, what came back to them, what their people ask."""

from flask import render_template
from flask.typing import ResponseReturnValue

from governance.actor import Role, open_to
from governance.identity.permissions import person
from governance.oversight.pages.entrance import address_of, blueprint, names_of
from governance.oversight.pages.wording import lines_of
from governance.oversight.tasks import Tasks, tasks_of
from governance.policies.reviews import reviews_for
from governance.web.context import current


@blueprint.get("/tasks")
@open_to(Role.OWNER)
def tasks() -> ResponseReturnValue:
    """Show the activities of a line, and what waits in it."""
    context = current()
    account = person(context.actor)
    now = context.clock.now()
    found = (
        Tasks(lines=[], asked=[], ending=[], observing=[], to_review=[], answered=[], actions=[])
        if account is None
        else tasks_of(context.session, account, context.clock)
    )
    return render_template(
        "oversight/tasks.html",
        now=now,
        tasks=found,
        # The number that the reviews of access say too.
        reviews_due=sum(each.due for each in reviews_for(context.session, context.actor, now)),
        asked=lines_of(found.asked, names_of(context.session, [each.person for each in found.asked])),
        ending=lines_of(found.ending, {}),
        observing=lines_of(found.observing, {}),
        to_review=lines_of(found.to_review, {}),
        answered=lines_of(found.answered, {}),
        actions=lines_of(found.actions, {}),
        plan=address_of("oversight.plan", mine="y"),
        record_of=lambda activity: address_of("register.activity", slug=activity.slug),
        draft=address_of("register.start"),
        reviews=address_of("access.reviews"),
        all_activities=address_of("register.activities"),
    )
