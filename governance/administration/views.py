"""Administration over REST: the same looks and the same steps as the pages."""

from typing import Any, Final
from uuid import UUID

from governance.actor import Role, confirmed_anew, open_to
from governance.administration import service
from governance.administration.looking import look
from governance.administration.pages import WATCHERS, looker
from governance.administration.rotating import ask_for_rotation, rotation_under_way
from governance.administration.schemas import HealthSchema, KeysSchema
from governance.settings import Settings
from governance.vault.key_status import status as key_status
from governance.vault.keyring import Keyring
from governance.web.context import current
from governance.web.problems import spoken
from governance.web.rest import Blueprint

blueprint: Final = Blueprint(
    "keeping", __name__, url_prefix="/api/v1/administration", description="Health and keys of the installation."
)


@blueprint.route("/health")
@blueprint.response(200, HealthSchema)
@open_to(*WATCHERS)
def health() -> dict[str, Any]:
    """Return how the installation stands."""
    context = current()
    found = look(context.session, looker(context))
    lines = [
        {
            "name": line.name,
            "state": line.state,
            "found": spoken(line.found),
            "mend": None if line.mend is None else spoken(line.mend),
            "at": line.at,
        }
        for line in found.lines
    ]
    return {"state": found.state, "lines": lines, "dead_jobs": found.dead_jobs}


@blueprint.route("/jobs/<uuid:job_id>/retry", methods=["POST"])
@blueprint.response(204)
@open_to(Role.ADMIN)
def retry_job(job_id: UUID) -> None:
    """Let a job that was given up be tried again."""
    context = current()
    service.retry_job(context.session, context.clock, context.actor, job_id)


@blueprint.route("/keys")
@blueprint.response(200, KeysSchema)
@open_to(Role.ADMIN)
def keys() -> dict[str, Any]:
    """Return the state of the keys."""
    return _keys()


@blueprint.route("/keys/rotate", methods=["POST"])
@blueprint.response(202, KeysSchema)
@open_to(Role.ADMIN)
@confirmed_anew
def rotate() -> dict[str, Any]:
    """Have the keys rotated by the worker."""
    context = current()
    ask_for_rotation(context.session, context.clock, context.ids, context.actor)
    return _keys()


def _keys() -> dict[str, Any]:
    context = current()
    found = key_status(context.session, context.get(Keyring), context.clock, context.get(Settings))
    return {
        "epochs": found.epochs,
        "rotation_days": found.rotation_days,
        "rotate_by": found.rotate_by,
        "overdue": found.overdue,
        "lost": found.lost,
        "colocated": found.colocated,
        "rotating": rotation_under_way(context.session) is not None,
    }
