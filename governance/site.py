"""What stands at the root of the site: the pages, and the routes by which hosts watch the service."""

from flask import Flask

from audit.pages import blueprint as log_pages
from consent.preferences.pages import blueprint as preference_pages
from governance.administration.pages import blueprint as administration_pages
from governance.api_docs import blueprint as api_docs
from governance.campaigns.pages import blueprint as campaign_pages
from governance.campaigns.sending.pages import blueprint as sending_pages
from governance.customers.informing.pages import blueprint as first_message_pages
from governance.customers.mending.pages import blueprint as altered_import_pages
from governance.customers.pages import blueprint as customer_pages
from governance.customers.signing_up.pages.joining import blueprint as joining_pages
from governance.customers.signing_up.pages.keeping import blueprint as sign_up_form_pages
from governance.customers.uploads.pages import blueprint as import_pages
from governance.datamap.pages import blueprint as datamap_pages
from governance.health import blueprint as health
from governance.identity.views.pages import blueprint as identity_pages
from governance.oversight.pages import blueprint as oversight_pages
from governance.policies.pages import blueprints as policy_pages
from governance.web.icon import blueprint as icon
from governance.web.problem_pages import blueprint as problem_pages
from register.pages import answering_blueprint as answering_pages
from register.pages import blueprint as activity_pages
from register.pages.public_notices import blueprint as notice_pages


def register_pages(app: Flask) -> None:
    """Put the pages in place."""
    for blueprint in (
        identity_pages,
        administration_pages,
        customer_pages,
        import_pages,
        altered_import_pages,
        first_message_pages,
        campaign_pages,
        sending_pages,
        sign_up_form_pages,
        joining_pages,
        activity_pages,
        notice_pages,
        answering_pages,
        preference_pages,
        datamap_pages,
        *policy_pages,
        log_pages,
        oversight_pages,
        health,
        icon,
        api_docs,
        problem_pages,
    ):
        app.register_blueprint(blueprint)
