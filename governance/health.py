"""Whether the service lives and is ready, and figures for monitoring. None of them says anything of anybody."""

from http import HTTPStatus
from typing import Final

import orjson
from flask import Blueprint, Response
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from audit.checkpoints import latest_note
from audit.models import LogHead
from audit.notes import TreeHead, split_note
from governance.actor import open_to_anyone
from governance.jobs.models import Job
from governance.web.context import current

blueprint: Final = Blueprint("health", __name__)

_TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"


@blueprint.get("/health/live")
@open_to_anyone
def live() -> Response:
    """Say that the process answers."""
    return _answer({"status": "live"}, HTTPStatus.OK)


@blueprint.get("/health/ready")
@open_to_anyone
def ready() -> Response:
    """Say whether the database answers and the log can be read."""
    try:
        current().session.scalar(select(LogHead.size))
    except DBAPIError:
        return _answer({"status": "unavailable"}, HTTPStatus.SERVICE_UNAVAILABLE)
    return _answer({"status": "ready"}, HTTPStatus.OK)


@blueprint.get("/metrics")
@open_to_anyone
def metrics() -> Response:
    """Give figures in the text format of Prometheus: sizes and states, no names."""
    session = current().session
    note = latest_note(session)
    figures: dict[str, int] = {
        "egide_log_entries": session.scalar(select(LogHead.size)) or 0,
        "egide_log_signed": 0 if note is None else TreeHead.parse(split_note(note)[0]).size,
    }
    jobs = [(state, count) for state, count in session.execute(select(Job.state, func.count()).group_by(Job.state))]
    lines = [f"{name} {value}" for name, value in figures.items()]
    lines += [f'egide_jobs{{state="{state.value}"}} {count}' for state, count in sorted(jobs)]
    return Response("\n".join([*lines, ""]), mimetype="text/plain", headers={"Content-Type": _TEXT})


def _answer(body: dict[str, str], status: HTTPStatus) -> Response:
    return Response(orjson.dumps(body), status, mimetype="application/json")
