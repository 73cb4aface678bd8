"""The address of every page, and somebody who may open it. A page that stands here nowhere is a test that fails."""

from dataclasses import dataclass
from typing import Final

from governance.actor import Role


@dataclass(frozen=True)
class Address:
    """One page to look at.

    Attributes:
        endpoint: Of its route.
        role: Whoever opens it; None for somebody who has not signed in.
        path: With the names that `Stage` fills in.
        status: Of the answer.
    """

    endpoint: str
    role: Role | None
    path: str
    status: int = 200

    def __str__(self) -> str:
        return self.path


def _of(role: Role | None, **paths: str | tuple[str, ...]) -> list[Address]:
    """List pages of one person, by endpoint; a double underscore stands for the point."""
    return [
        Address(endpoint.replace("__", "."), role, path)
        for endpoint, several in paths.items()
        for path in ([several] if isinstance(several, str) else several)
    ]


PAGES: Final = (
    *_of(
        None,
        identity__sign_in="/sign-in",
        identity__forgotten="/forgotten",
        identity__forgotten_sent="/forgotten/sent",
        identity__link="/link/{link}",
        api_docs__show="/api/docs",
        problems__show="/problems/read-refused",
    ),
    *_of(
        Role.ACCOUNTING,
        identity__account="/account",
        identity__change_password="/account/password",
        identity__second_factor="/second-factor",
        identity__add_second_factor="/account/second-factors/add",
        identity__add_app="/account/second-factors/app",
        identity__add_passkey="/account/second-factors/passkey",
        identity__remove_second_factor="/account/second-factors/{factor}/remove",
        identity__recovery_codes="/account/recovery-codes",
    ),
    *_of(
        Role.SUPPORT,
        customers__search=("/customers/", "/customers/?purpose=after-sales"),
        customers__tickets="/customers/tickets",
        customers__task="/customers/task/order/{order}",
        customers__record=(
            "/customers/{customer}?purpose=after-sales",
            "/customers/{customer}?purpose=after-sales&task=ticket&of={exchange}",
        ),
        customers__related="/customers/{customer}/orders?purpose=after-sales",
        customers__why="/customers/{customer}/purpose",
        customers__new_line="/customers/{customer}/exchanges/new?purpose=customer-relationship",
        access__mine="/access/",
        access__ask="/access/ask",
        access__ask_data="/access/ask/support/after-sales",
    ),
    *_of(
        Role.SALES,
        customers__new=("/customers/new", "/customers/new?kind=customers&purpose=customer-relationship"),
        customers__correct_record="/customers/{customer}/correct?purpose=customer-relationship",
        customers__correct_line="/customers/{customer}/orders/{order}/correct?purpose=order-management",
        customers__companies="/customers/companies/",
        customers__company="/customers/companies/{company}?purpose=customer-relationship",
        customers__correct_company="/customers/companies/{company}/correct?purpose=customer-relationship",
        customers__new_contact="/customers/companies/{company}/contacts/new?purpose=customer-relationship",
        customers__correct_contact=(
            "/customers/companies/{company}/contacts/{contact}/correct?purpose=customer-relationship"
        ),
        imports__files="/imports/",
        imports__new="/imports/new",
        imports__columns="/imports/{waiting_file}/columns",
        imports__tried="/imports/{waiting_file}/preview",
        imports__discard="/imports/{waiting_file}/discard",
        imports__show="/imports/{stopped_file}",
        imports__undo="/imports/{stopped_file}/undo",
        imports__report="/imports/runs/{import}",
    ),
    *_of(
        Role.ANALYST,
        customers__search="/customers/?purpose=statistics",
    ),
    *_of(
        Role.CONTROLLER,
        oversight__decisions="/decisions",
        oversight__policies="/decisions/policies",
        oversight__role="/decisions/roles/{assignment}",
        access__requests="/access/requests",
        access__request="/access/requests/{request}",
        access__reviews="/access/reviews",
        policies__grant="/policies/grants/{grant}",
        register__step=("/activities/partner-offers/steps/activate", "/activities/satisfaction-surveys/steps/suspend"),
        identity__reset_factor="/accounts/{accounting}/second-factor",
    ),
    *_of(
        Role.DPO,
        oversight__today="/today",
        customers__delete_record="/customers/{customer}/delete?purpose=rights-requests",
        customers__delete_line="/customers/{customer}/orders/{order}/delete?purpose=rights-requests",
        register__activities="/activities/",
        register__activity=("/activities/customer-management", "/activities/partner-offers"),
        register__step="/activities/call-quality/steps/advise",
        policies__matrix=("/policies/", "/policies/?since=2020-01-01", "/policies/?view=words"),
        policies__activity="/policies/activities/satisfaction-surveys",
        policies__grants="/policies/grants",
        policies__simulate="/policies/simulate",
        datamap__show=("/datamap/", "/datamap/?category=contact"),
        datamap__findings="/datamap/findings",
        datamap__sources="/datamap/sources",
        datamap__proposal="/datamap/sources/shop",
        datamap__proposed_table="/datamap/sources/shop/tables/client",
        datamap__review="/datamap/sources/shop/review",
        datamap__table="/datamap/tables/customers",
    ),
    *_of(
        Role.OWNER,
        oversight__tasks="/tasks",
        register__draft="/activities/-/draft",
        register__parties="/activities/-/parties",
        register__party="/activities/-/parties/{party}",
        register__versions="/activities/customer-management/versions",
        register__version="/activities/customer-management/versions/14",
        register__new_party="/activities/-/parties/new",
        register__activity="/activities/loyalty",
        register__describe="/activities/loyalty/description",
        register__new_purpose="/activities/loyalty/purposes/-/new",
        register__purpose_words="/activities/loyalty/purposes/loyalty-points",
        register__data="/activities/loyalty/purposes/loyalty-points/data",
        register__terms="/activities/loyalty/purposes/loyalty-points/data/terms",
        register__recipients="/activities/loyalty/purposes/loyalty-points/recipients",
        register__ending="/activities/loyalty/purposes/loyalty-points/end",
    ),
    *_of(
        Role.SECURITY,
        oversight__watch="/watch",
        oversight__holder="/watch/{holder}",
        oversight__ask_to_contain="/watch/{holder}/contain",
    ),
    *_of(
        Role.AUDITOR,
        oversight__state="/log/state",
        log__entries=("/log/?retention=security", "/log/?action=purge"),
        log__entry="/log/entries/5",
        log__sample=("/log/sample", "/log/sample?seed=dice&size=5"),
    ),
    *_of(
        Role.ADMIN,
        administration__health="/administration/health",
        administration__keys="/administration/keys",
        administration__confirm_rotation="/administration/keys/rotate",
        identity__second_factor_rules="/administration/second-factor",
        identity__accounts="/accounts/",
        identity__account_page="/accounts/{account}",
        identity__new_account="/accounts/new",
        identity__disable="/accounts/{account}/disable",
        identity__tokens="/tokens/",
    ),
    # Pages that say why nothing opens here: the purpose is unknown; there is nothing to accept, nothing to settle.
    Address("customers.record", Role.ANALYST, "/customers/{customer}?purpose=no-such-purpose", 403),
    Address("datamap.accepting", Role.CONTROLLER, "/datamap/tables/customers/accept", 409),
    Address("datamap.settling", Role.CONTROLLER, "/datamap/tables/customers/settle", 409),
)

# What answers a GET and draws no page, or none that stays: files, other hosts, ways onward.
NO_PAGES: Final = {
    "bootstrap.static": "a file",
    "static": "a file",
    "icon.icon": "a file",
    "customers.proof": "a file",
    "imports.refused": "a file",
    "log.checkpoint": "a file",
    "log.export": "a file",
    "log.proof": "a file",
    "log.sample_proofs": "a file",
    "log.whole_entry": "a file",
    "health.live": "for programs",
    "health.metrics": "for programs",
    "health.ready": "for programs",
    "identity.home": "leads to the first page of whoever looks",
    "identity.openid_leave": "leads to the company's provider",
    "identity.openid_return": "sends itself on; walked with a provider in test_administration_pages.py",
}
