"""`/purposes`: what data is used for. Everybody may see them, for everybody who reads must choose one."""

from typing import Any, Final

from flask.views import MethodView
from marshmallow import RAISE

from governance.actor import open_to, open_to_signed_in
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.rest import Blueprint
from register import service
from register.schemas import (
    ConfirmSchema,
    NewPurposeSchema,
    PurposeChangeSchema,
    PurposeDataSchema,
    PurposePageSchema,
    PurposeQuerySchema,
    PurposeRecipientsSchema,
    PurposeSchema,
    TakeOverSchema,
)
from register.service import (
    Desk,
    NewPurpose,
    PurposeChange,
    PurposeRecord,
    SetPurposeData,
    SetPurposeRecipients,
    TakeOver,
    describe_purpose,
)
from register.values import Page
from register.views.activities import DRAFTERS

blueprint: Final = Blueprint("purposes", __name__, url_prefix="/api/v1", description="What data is used for.")


@blueprint.route("/purposes")
class Purposes(MethodView):
    """All purposes."""

    @blueprint.arguments(PurposeQuerySchema, location="query", unknown=RAISE)
    @blueprint.response(200, PurposePageSchema)
    @open_to_signed_in
    def get(self, query: dict[str, Any]) -> Page[PurposeRecord]:
        """List purposes by number."""
        return service.list_purpose_records(current().session, **query)

    @blueprint.arguments(NewPurposeSchema)
    @blueprint.response(201, PurposeSchema)
    @open_to(*DRAFTERS)
    def post(self, command: NewPurpose) -> PurposeRecord:
        """Declare a purpose of an activity, as a proposal."""
        context = current()
        attestor = context.get(Attestor)
        purpose = service.add_purpose(context.session, context.clock, attestor, context.actor, command)
        return describe_purpose(context.session, purpose)


@blueprint.route("/purposes/<slug>")
class OnePurpose(MethodView):
    """One purpose."""

    @blueprint.response(200, PurposeSchema)
    @open_to_signed_in
    def get(self, slug: str) -> PurposeRecord:
        """Return a purpose with what it uses and who receives it."""
        session = current().session
        return describe_purpose(session, service.get_purpose(session, slug))

    @blueprint.arguments(PurposeChangeSchema)
    @blueprint.response(200, PurposeSchema)
    @open_to(*DRAFTERS)
    def patch(self, change: PurposeChange, slug: str) -> PurposeRecord:
        """Change a purpose: all of it while it is proposed, its arguments and its parent once it is in force."""
        context = current()
        attestor = context.get(Attestor)
        purpose = service.change_purpose(context.session, context.clock, attestor, context.actor, (slug, change))
        return describe_purpose(context.session, purpose)


@blueprint.route("/purposes/<slug>/data", methods=["PUT"])
@blueprint.arguments(PurposeDataSchema)
@blueprint.response(200, PurposeSchema)
@open_to(*DRAFTERS)
def set_data(given: dict[str, Any], slug: str) -> PurposeRecord:
    """Say which data a purpose shall use, whole; what differs from what is in force is a proposal."""
    context = current()
    service.set_purpose_data(context.session, _desk(), context.actor, SetPurposeData(purpose=slug, **given))
    return describe_purpose(context.session, service.get_purpose(context.session, slug))


@blueprint.route("/purposes/<slug>/recipients", methods=["PUT"])
@blueprint.arguments(PurposeRecipientsSchema)
@blueprint.response(200, PurposeSchema)
@open_to(*DRAFTERS)
def set_recipients(given: dict[str, Any], slug: str) -> PurposeRecord:
    """Say which roles shall receive data for a purpose, whole."""
    context = current()
    command = SetPurposeRecipients(purpose=slug, roles=frozenset(given["roles"]))
    service.set_purpose_recipients(context.session, _desk(), context.actor, command)
    return describe_purpose(context.session, service.get_purpose(context.session, slug))


@blueprint.route("/purposes/<slug>/end", methods=["POST"])
@blueprint.response(200, PurposeSchema)
@open_to(*DRAFTERS)
def end(slug: str) -> PurposeRecord:
    """Take a proposed purpose back, or propose that one in force ends with the next activation."""
    context = current()
    attestor = context.get(Attestor)
    purpose = service.end_purpose(context.session, context.clock, attestor, context.actor, slug)
    return describe_purpose(context.session, purpose)


@blueprint.route("/purposes/<slug>/keep", methods=["POST"])
@blueprint.response(200, PurposeSchema)
@open_to(*DRAFTERS)
def keep(slug: str) -> PurposeRecord:
    """Take back the proposal that a purpose ends."""
    context = current()
    attestor = context.get(Attestor)
    purpose = service.keep_purpose(context.session, context.clock, attestor, context.actor, slug)
    return describe_purpose(context.session, purpose)


@blueprint.route("/purposes/<slug>/take-over", methods=["POST"])
@blueprint.arguments(TakeOverSchema)
@blueprint.response(200, PurposeSchema)
@open_to(*DRAFTERS)
def take_over(given: dict[str, Any], slug: str) -> PurposeRecord:
    """Put a proposed purpose beneath another, and take over from it what it leaves unsaid, to be confirmed."""
    context = current()
    purpose = service.take_over(context.session, _desk(), context.actor, TakeOver(purpose=slug, **given))
    return describe_purpose(context.session, purpose)


@blueprint.route("/purposes/<slug>/confirm", methods=["POST"])
@blueprint.arguments(ConfirmSchema, required=False)
@blueprint.response(200, PurposeSchema)
@open_to(*DRAFTERS)
def confirm(given: dict[str, Any], slug: str) -> PurposeRecord:
    """Say that what a starting point proposed for a purpose is right here: a part of it, or all."""
    context = current()
    purpose = service.confirm_defaults(context.session, context.get(Attestor), context.actor, slug, **given)
    return describe_purpose(context.session, purpose)


def _desk() -> Desk:
    context = current()
    return Desk(context.clock, context.ids, context.get(Attestor))
