"""`/activities/<reference>/<subject>`: the lines of a record beside its purposes, each subject whole."""

from typing import Any, Final

from flask.views import MethodView

from governance.actor import open_to
from governance.web.context import current
from governance.web.rest import Blueprint
from register import service
from register.lines.told import read_lines
from register.lines.values import Subject
from register.schemas.lines import given_schema, kept_schema
from register.service import SetLines
from register.views.activities import DRAFTERS, READERS, read_reference
from register.views.contracts import desk

blueprint: Final = Blueprint("lines", __name__, url_prefix="/api/v1", description="What else a record says.")


def _add(subject: Subject) -> None:
    given, kept = given_schema(subject), kept_schema(subject)

    @blueprint.route(f"/activities/<reference>/{subject.value}", endpoint=subject.value)
    class Lines(MethodView):
        """The lines of one subject."""

        @blueprint.response(200, kept)
        @open_to(*READERS)
        def get(self, reference: str) -> dict[str, Any]:
            """List the lines of the record, with what is proposed and what is leaving."""
            session = current().session
            activity = service.get_activity(session, read_reference(reference))
            return {"lines": read_lines(session, activity.id)[subject]}

        @blueprint.arguments(given)
        @blueprint.response(200, kept)
        @open_to(*DRAFTERS)
        def put(self, said: dict[str, Any], reference: str) -> dict[str, Any]:
            """Say which lines the record shall have, whole; what differs from what is in force is a proposal."""
            context = current()
            command = SetLines(activity=read_reference(reference), subject=subject, lines=said["lines"])
            return {"lines": service.set_lines(context.session, desk(), context.actor, command)}


for _subject in Subject:
    _add(_subject)
