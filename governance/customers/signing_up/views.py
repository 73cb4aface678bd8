"""`/sign-up-forms`: forms on which people sign up, over REST."""

from typing import Any, Final

from flask.views import MethodView

from governance.actor import open_to
from governance.customers.signing_up.pages.joining import desk
from governance.customers.signing_up.schemas import SignUpFormSchema, SignUpFormsSchema, SignUpTermsSchema
from governance.customers.signing_up.service.forms import (
    OPENERS,
    READERS,
    WRITERS,
    ShownForm,
    close_form,
    list_forms,
    open_form,
    show_form,
    write_form,
)
from governance.customers.signing_up.values import FormTerms
from governance.web.context import current
from governance.web.rest import Blueprint

blueprint: Final = Blueprint(
    "sign-up-forms", __name__, url_prefix="/api/v1", description="Forms on which people say what they agree to."
)


@blueprint.route("/sign-up-forms", methods=["GET"])
@blueprint.response(200, SignUpFormsSchema)
@open_to(*READERS)
def list_all() -> dict[str, Any]:
    """List the forms, each with its newest version and what stands in the way of opening it."""
    return {"forms": list_forms(current().session, desk())}


@blueprint.route("/sign-up-forms/<slug>")
class OneForm(MethodView):
    """One form."""

    @blueprint.response(200, SignUpFormSchema)
    @open_to(*READERS)
    def get(self, slug: str) -> ShownForm:
        """Return a form with its newest version."""
        return show_form(current().session, desk(), slug)

    @blueprint.arguments(SignUpTermsSchema)
    @blueprint.response(200, SignUpFormSchema)
    @open_to(*WRITERS)
    def put(self, terms: FormTerms, slug: str) -> ShownForm:
        """Write a form, or its next version, which people are shown once it was opened."""
        return write_form(current().session, desk(), current().actor, slug, terms)


@blueprint.route("/sign-up-forms/<slug>/open", methods=["POST"])
@blueprint.response(200, SignUpFormSchema)
@open_to(*OPENERS)
def open_it(slug: str) -> ShownForm:
    """Show the newest version of a form to people from now on."""
    return open_form(current().session, desk(), current().actor, slug)


@blueprint.route("/sign-up-forms/<slug>/close", methods=["POST"])
@blueprint.response(204)
@open_to(*WRITERS, *OPENERS)
def close_it(slug: str) -> None:
    """Show a form to nobody any more; what was sent goes on."""
    close_form(current().session, desk(), current().actor, slug)
