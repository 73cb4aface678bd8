"""The blueprint of the register's pages, and what all of them use."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint
from flask_wtf import FlaskForm

from governance.actor import Role
from governance.errors import DomainError
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.problems import sentence
from register.errors import (
    ConsentChannelError,
    ControllerRequiredError,
    OpinionRequiredError,
    PartyNotFoundError,
    ReasonRequiredError,
    RegisterError,
    RoleCannotReceiveError,
    SlugInvalidError,
    SlugTakenError,
)
from register.pages.wording import add_filters
from register.service import Desk

blueprint: Final = Blueprint("register", __name__, url_prefix="/activities")
add_filters(blueprint)

READERS: Final = (Role.DPO, Role.CONTROLLER, Role.OWNER, Role.AUDITOR)
DRAFTERS: Final = (Role.DPO, Role.OWNER)
MOVERS: Final = (Role.DPO, Role.OWNER, Role.CONTROLLER)
# Beside which field an error is told; any other stands on top of its form.
_FIELDS: Final[Mapping[type[DomainError], str]] = {
    ConsentChannelError: "consent_channel",
    ControllerRequiredError: "controller_id",
    OpinionRequiredError: "opinion",
    PartyNotFoundError: "controller_id",
    ReasonRequiredError: "text",
    RoleCannotReceiveError: "roles",
    SlugInvalidError: "slug",
    SlugTakenError: "slug",
}


def desk() -> Desk:
    """Return what writing proposals takes."""
    context = current()
    return Desk(context.clock, context.ids, context.get(Attestor))


def refuse(form: FlaskForm, error: RegisterError) -> str | None:
    """Tell an error beside its field, or return it as a sentence for the top of the form; nothing is kept."""
    current().roll_back()
    field: Any = form._fields.get(_FIELDS.get(type(error), ""))
    if field is None:
        return sentence(error)
    field.errors = [*field.errors, sentence(error)]
    return None
