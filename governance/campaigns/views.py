"""`/prospecting-rules`: the rules by which people may be solicited, over REST."""

from typing import Any, Final

from flask.views import MethodView

from governance.actor import Role, confirmed_anew, open_to
from governance.campaigns.comparing import differences
from governance.campaigns.errors import RulesClosedError
from governance.campaigns.reading import PACKAGED, read_rules
from governance.campaigns.rules import Rules
from governance.campaigns.schemas import (
    RulesDifferencesSchema,
    RulesFileSchema,
    RulesInForceSchema,
    RulesReasonSchema,
    RulesToPutSchema,
    told,
)
from governance.campaigns.service import PutInForce, put_in_force, rules_in_force
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.rest import Blueprint
from register.service import Desk

blueprint: Final = Blueprint(
    "prospecting-rules", __name__, url_prefix="/api/v1", description="By which rules people may be solicited."
)

# Whoever prepares a campaign reads by which rules it goes.
READERS: Final = (Role.DPO, Role.CONTROLLER, Role.MARKETING)
# GDPR Art. 39(1)(a): the officer advises, and tries a file; Art. 24(1): the controller answers, and decides.
CHECKERS: Final = (Role.DPO, Role.CONTROLLER)
DECIDERS: Final = (Role.CONTROLLER,)


@blueprint.route("/prospecting-rules")
class ProspectingRules(MethodView):
    """The file of rules in force."""

    @blueprint.response(200, RulesInForceSchema)
    @open_to(*READERS)
    def get(self) -> dict[str, Any]:
        """Return it."""
        return told(rules_in_force(current().session, current().get(Attestor)))

    @blueprint.arguments(RulesToPutSchema)
    @blueprint.response(200, RulesInForceSchema)
    @open_to(*DECIDERS)
    @confirmed_anew
    def put(self, given: dict[str, str]) -> dict[str, Any]:
        """Put another file in force, from now on."""
        command = PutInForce(file=given["file"], text=given["text"], why=given["why"])
        return told(put_in_force(current().session, desk(), current().actor, command))


@blueprint.route("/prospecting-rules/default", methods=["POST"])
@blueprint.arguments(RulesReasonSchema)
@blueprint.response(200, RulesInForceSchema)
@open_to(*DECIDERS)
@confirmed_anew
def go_back(given: dict[str, str]) -> dict[str, Any]:
    """Put the file that comes with the program in force again."""
    command = PutInForce(file=PACKAGED.name, text=None, why=given["why"])
    return told(put_in_force(current().session, desk(), current().actor, command))


@blueprint.route("/prospecting-rules/check", methods=["POST"])
@blueprint.arguments(RulesFileSchema)
@blueprint.response(200, RulesDifferencesSchema)
@open_to(*CHECKERS)
def check(given: dict[str, str]) -> dict[str, Any]:
    """Read a file, and say what it would change; nothing is kept."""
    rules = read_rules(given["text"], given["file"])
    found = differences(rules_now(), rules)
    return {
        "rules": len(rules.each),
        "added": found.added,
        "removed": found.removed,
        "changed": found.changed,
    }


def rules_now() -> Rules | None:
    """Return the rules in force; None where nobody may be solicited."""
    context = current()
    try:
        return rules_in_force(context.session, context.get(Attestor)).rules
    except RulesClosedError:
        return None


def desk() -> Desk:
    """Return what putting rules in force takes."""
    context = current()
    return Desk(context.clock, context.ids, context.get(Attestor))
