"""Second factors, one's own sessions and password over REST. They belong to a session: a token has none of them."""

import uuid
from typing import Any, Final

from flask.views import MethodView
from werkzeug.exceptions import NotFound, UnprocessableEntity

from governance.actor import Role, confirmed_anew, open_to, open_to_half_signed_in, open_to_signed_in
from governance.identity import service
from governance.identity.bearer import Secret
from governance.identity.devices import device_name
from governance.identity.factors.models import ChallengePurpose
from governance.identity.letters import Letter, tell
from governance.identity.second_door import CodeShown, Enrolled, PasskeyShown, RecoveryCodeShown, SecondDoor, Visit
from governance.identity.service import SetRule
from governance.identity.service.second_factor_rules import holders_of_roles
from governance.identity.service.totp import AddTotp, DraftTotp
from governance.identity.views.known_device import remember_device
from governance.identity.views.own_schemas import (
    CeremonySchema,
    ClosedSchema,
    ConfirmAppSchema,
    DraftAppSchema,
    FactorsSchema,
    NewPasskeySchema,
    PasswordSchema,
    ProofSchema,
    RecoveryCodesSchema,
    RulesSchema,
    SessionsSchema,
)
from governance.identity.views.visiting import admission_here, fresh_visit, own_transaction, visit_here
from governance.vault.attest import Attestor
from governance.web import signed_in
from governance.web.context import current
from governance.web.limits import limited
from governance.web.rest import Blueprint

blueprint: Final = Blueprint(
    "own-account", __name__, url_prefix="/api/v1", description="Second factors, and one's own sessions and password."
)
_READERS: Final = (Role.ADMIN, Role.CONTROLLER, Role.DPO, Role.SECURITY, Role.AUDITOR)
_LIMIT: Final = "30 per minute"


@blueprint.route("/me/second-factor", methods=["POST"])
@blueprint.arguments(ProofSchema)
@blueprint.response(204)
@open_to_half_signed_in
@limited(_LIMIT)
def show(given: dict[str, Any]) -> None:
    """Show a second factor; the cookie of the answer is that of a session that has."""
    if len(given) != 1:
        raise UnprocessableEntity
    secret = _shown(visit_here(), given)
    signed_in.carry_on(secret)
    remember_device(secret)


def _shown(visit: Visit, given: dict[str, Any]) -> Secret:
    if "password" in given:
        return _door().confirm_password(visit, given["password"])
    if "code" in given:
        return _door().show(visit, CodeShown(code=given["code"]))
    if "recovery_code" in given:
        return _door().show(visit, RecoveryCodeShown(code=given["recovery_code"]))
    return _door().show(visit, PasskeyShown(credential=given["credential"]))


@blueprint.route("/me/second-factor/options", methods=["POST"])
@blueprint.response(200, CeremonySchema)
@open_to_half_signed_in
@limited(_LIMIT)
def ask_to_show() -> dict[str, Any]:
    """Return what the browser is asked, to show a passkey; good once, for five minutes, in this session."""
    return {"options": _door().ask(visit_here(), ChallengePurpose.SHOW)}


@blueprint.route("/me/second-factors")
class Factors(MethodView):
    """One's own second factors."""

    @blueprint.response(200, FactorsSchema)
    @open_to_half_signed_in
    def get(self) -> dict[str, Any]:
        """List them."""
        context, visit = current(), visit_here()
        attestor = context.get(Attestor)
        return {
            "factors": service.factors_of(context.session, attestor, visit.account_id),
            "recovery_codes_left": service.recovery_codes_left(context.session, attestor, visit.account_id),
            "pending": admission_here().pending,
        }


@blueprint.route("/me/second-factors/totp", methods=["POST"])
@blueprint.response(200, DraftAppSchema)
@open_to_half_signed_in
@confirmed_anew
@limited(_LIMIT)
def draft_app() -> DraftTotp:
    """Draw a secret for an authenticator app. It is kept nowhere until its first code was right."""
    return _door().draft_totp(visit_here())


@blueprint.route("/me/second-factors/totp/confirm", methods=["POST"])
@blueprint.arguments(ConfirmAppSchema)
@blueprint.response(201, RecoveryCodesSchema)
@open_to_half_signed_in
@confirmed_anew
@limited(_LIMIT)
def confirm_app(given: dict[str, Any]) -> dict[str, Any]:
    """Take an authenticator app into use with its first code."""
    visit = visit_here()
    return _enrolled(_door().add_totp(visit, AddTotp(account_id=visit.account_id, **given)))


@blueprint.route("/me/second-factors/passkeys/options", methods=["POST"])
@blueprint.response(200, CeremonySchema)
@open_to_half_signed_in
@confirmed_anew
@limited(_LIMIT)
def ask_to_make() -> dict[str, Any]:
    """Return what the browser is asked, to make a passkey; good once, for five minutes, in this session."""
    return {"options": _door().ask(visit_here(), ChallengePurpose.ADD)}


@blueprint.route("/me/second-factors/passkeys", methods=["POST"])
@blueprint.arguments(NewPasskeySchema)
@blueprint.response(201, RecoveryCodesSchema)
@open_to_half_signed_in
@confirmed_anew
@limited(_LIMIT)
def add_passkey(given: dict[str, Any]) -> dict[str, Any]:
    """Take a passkey into use that the browser has made."""
    return _enrolled(_door().add_passkey(visit_here(), given["name"], given["credential"]))


@blueprint.route("/me/second-factors/<uuid:factor_id>", methods=["DELETE"])
@blueprint.response(204)
@open_to_signed_in
@confirmed_anew
def remove(factor_id: uuid.UUID) -> None:
    """Remove a second factor of one's own."""
    context = current()
    service.remove_factor(own_transaction(), context.clock, context.get(Attestor), context.actor, factor_id)


@blueprint.route("/me/recovery-codes", methods=["POST"])
@blueprint.response(201, RecoveryCodesSchema)
@open_to_signed_in
@confirmed_anew
def make_recovery_codes() -> dict[str, Any]:
    """Make ten recovery codes; those from before open nothing any more."""
    visit, context = visit_here(), current()
    codes = service.make_recovery_codes(
        own_transaction(), context.clock, context.ids, context.get(Attestor), context.actor, visit.account_id
    )
    return {"recovery_codes": codes}


@blueprint.route("/me/password", methods=["POST"])
@blueprint.arguments(PasswordSchema)
@blueprint.response(204)
@open_to_signed_in
@limited("20 per minute")
def change_password(given: dict[str, str]) -> None:
    """Change one's own password; every other session is closed."""
    visit = fresh_visit() if admission_here().enrolled else visit_here()
    signed_in.carry_on(_door().change_password(visit, given["current"], given["new"]))


@blueprint.route("/me/sessions")
class Sessions(MethodView):
    """One's own sessions."""

    @blueprint.response(200, SessionsSchema)
    @open_to_signed_in
    def get(self) -> dict[str, Any]:
        """List those that still open something."""
        context, visit = current(), visit_here()
        found = service.open_sessions(context.session, context.clock, visit.account_id)
        used = service.last_uses(context.session, [each.id for each in found])
        return {
            "sessions": [
                {
                    "id": each.id,
                    "device": device_name(each.agent),
                    "address": each.address,
                    "opened_at": each.opened_at,
                    "last_used_at": used.get(each.id),
                    "second_factor_at": each.second_factor_at,
                    "here": each.id == visit.session_id,
                }
                for each in found
            ]
        }


@blueprint.route("/me/sessions/<uuid:session_id>/close", methods=["POST"])
@blueprint.response(204)
@open_to_signed_in
def close_session(session_id: uuid.UUID) -> None:
    """Close a session of one's own."""
    visit_here()
    context = current()
    service.close_session(context.session, context.clock, context.get(Attestor), context.actor, session_id)


@blueprint.route("/me/sessions/close-others", methods=["POST"])
@blueprint.response(200, ClosedSchema)
@open_to_signed_in
def close_other_sessions() -> dict[str, Any]:
    """Close every session of one's own but this one."""
    context, here = current(), visit_here().session_id
    closed = service.close_other_sessions(context.session, context.clock, context.get(Attestor), context.actor, here)
    return {"closed": closed}


@blueprint.route("/users/<uuid:user_id>/reset-second-factor", methods=["POST"])
@blueprint.response(204)
@open_to(Role.ADMIN, Role.CONTROLLER)
@confirmed_anew
def reset_second_factor(user_id: uuid.UUID) -> None:
    """Take a person's second factors away, because they lost them; their sessions are closed."""
    context = current()
    service.reset_second_factor(
        context.session, context.clock, context.ids, context.get(Attestor), context.actor, user_id
    )
    tell(context.session, context.ids, context.clock, user_id, Letter.SECOND_FACTOR_RESET)


@blueprint.route("/second-factor-rules")
class Rules(MethodView):
    """Which roles require a second factor."""

    @blueprint.response(200, RulesSchema)
    @open_to(*_READERS)
    def get(self) -> dict[str, Any]:
        """List the rule of every role."""
        context = current()
        rules = service.second_factor_rules(context.session, context.get(Attestor))
        holders = holders_of_roles(context.session, context.clock)
        return {
            "rules": [
                {"role": role, "required": required, "people": holders[role].people, "enrolled": holders[role].enrolled}
                for role, required in rules.items()
            ]
        }


@blueprint.route("/second-factor-rules/<role>/require", methods=["POST"])
@blueprint.response(204)
@open_to(Role.ADMIN, Role.CONTROLLER)
def require(role: str) -> None:
    """Let a role require a second factor."""
    _set(role, required=True)


@blueprint.route("/second-factor-rules/<role>/relax", methods=["POST"])
@blueprint.response(204)
@open_to(Role.ADMIN, Role.CONTROLLER)
@confirmed_anew
def relax(role: str) -> None:
    """Let a role require a second factor no longer: for the controller, in a session."""
    _set(role, required=False)


def _set(role: str, *, required: bool) -> None:
    if role not in set(Role):
        raise NotFound
    context = current()
    command = SetRule(role=Role(role), required=required)
    service.set_second_factor_rule(context.session, context.clock, context.get(Attestor), context.actor, command)


def _enrolled(enrolled: Enrolled) -> dict[str, Any]:
    signed_in.carry_on(enrolled.secret)
    return {"recovery_codes": enrolled.recovery_codes}


def _door() -> SecondDoor:
    return current().get(SecondDoor)
