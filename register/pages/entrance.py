"""The blueprint of the register's pages, and what all of them use."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, request, url_for
from flask_wtf import FlaskForm

from governance.actor import Role
from governance.errors import DomainError
from governance.vault.attest import Attestor
from governance.vault.sealed_values import SealedValues
from governance.web.context import current
from governance.web.problems import sentence
from register.catalogue.errors import AdequacyDatesError, ContractDatesError, CountryUnknownError
from register.errors import (
    ConsentChannelError,
    ControllerRequiredError,
    DerogationError,
    OpinionRequiredError,
    PartyNotFoundError,
    ReasonRequiredError,
    RegisterError,
    RoleCannotReceiveError,
    SlugInvalidError,
    SlugTakenError,
    TransferRecipientError,
)
from register.exchange.desk import ExchangeDesk
from register.guide.values import GuideStep, Place
from register.notices.errors import InformationDateError, PointSourceError
from register.pages.wording import add_filters
from register.service import Desk
from register.slugs import is_slug

blueprint: Final = Blueprint("register", __name__, url_prefix="/activities")
add_filters(blueprint)

READERS: Final = (Role.DPO, Role.CONTROLLER, Role.OWNER, Role.AUDITOR)
DRAFTERS: Final = (Role.DPO, Role.OWNER)
MOVERS: Final = (Role.DPO, Role.OWNER, Role.CONTROLLER)
# Beside which field an error is told; any other stands on top of its form.
_FIELDS: Final[Mapping[type[DomainError], str]] = {
    AdequacyDatesError: "until",
    ConsentChannelError: "consent_channel",
    CountryUnknownError: "country",
    DerogationError: "derogation",
    InformationDateError: "told_on",
    TransferRecipientError: "recipient",
    ContractDatesError: "ends_on",
    ControllerRequiredError: "controller_id",
    OpinionRequiredError: "opinion",
    PartyNotFoundError: "controller_id",
    PointSourceError: "source_fr",
    ReasonRequiredError: "text",
    RoleCannotReceiveError: "roles",
    SlugInvalidError: "slug",
    SlugTakenError: "slug",
}


def desk() -> Desk:
    """Return what writing proposals takes."""
    context = current()
    return Desk(context.clock, context.ids, context.get(Attestor))


def exchange_desk() -> ExchangeDesk:
    """Return what files of the register are brought in with."""
    context = current()
    return ExchangeDesk(database=context.database, writing=desk(), sealed=context.get(SealedValues))


def refuse(form: FlaskForm, error: RegisterError) -> str | None:
    """Tell an error beside its field, or return it as a sentence for the top of the form; nothing is kept."""
    current().roll_back()
    field: Any = form._fields.get(_FIELDS.get(type(error), ""))
    if field is None:
        return sentence(error)
    field.errors = [*field.errors, sentence(error)]
    return None


def guide_url(slug: str, place: Place, **more: str) -> str:
    """Return the address of a question of the guide."""
    values: dict[str, Any] = {"slug": slug, **more}
    if place.step is GuideStep.REVIEW:
        return url_for("register.guide_review", **values)
    values["step"] = place.step.value
    if place.purpose is None:
        return url_for("register.guide_step", **values)
    return url_for("register.guide_purpose", purpose=place.purpose, **values)


def led_back(**more: str) -> str | None:
    """Return the question of the guide that led to the page under way; None where none did.

    Args:
        more: What the question is told of what was done.
    """
    slug, _, key = request.args.get("guide", "").partition("/")
    place = Place.read(key)
    if place is None or not is_slug(slug) or not (place.purpose is None or is_slug(place.purpose)):
        return None
    return guide_url(slug, place, **more)
