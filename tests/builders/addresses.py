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
        after: The page from which one comes to it.
    """

    endpoint: str
    role: Role | None
    path: str
    status: int = 200
    after: str | None = None

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
        answering__start="/answer/{answering}",
        answering__questions=(
            "/answer/{answering}/data",
            "/answer/{answering}/people",
            "/answer/{answering}/access",
            "/answer/{answering}/tools",
        ),
        answering__check="/answer/{answering}/check",
        preferences__show=("/preferences/{preferences}", "/preferences/{unsubscribing}"),
        joining__show="/join/{form}",
        joining__ask="/join/confirm/{joining}",
        api_docs__show="/api/docs",
        problems__show="/problems/read-refused",
        notices__newest=("/notices/politique-de-confidentialite", "/notices/salon-de-la-lumiere"),
        notices__version="/notices/politique-de-confidentialite/1",
    ),
    *_of(
        Role.ACCOUNTING,
        identity__account="/account",
        identity__change_password="/account/password",
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
        customers__record=(
            "/customers/{customer}?purpose=after-sales",
            "/customers/{customer}?purpose=after-sales&task=ticket&of={exchange}",
        ),
        customers__related="/customers/{customer}/orders?purpose=after-sales",
        customers__new_line="/customers/{customer}/exchanges/new?purpose=customer-relationship",
        access__mine="/access/",
        access__ask="/access/ask",
        access__ask_data="/access/ask/support/after-sales",
    ),
    Address(
        "customers.why",
        Role.SUPPORT,
        "/customers/{customer}/purpose",
        after="/customers/{customer}?purpose=after-sales",
    ),
    *_of(
        Role.SALES,
        customers__new="/customers/new?kind=customers&purpose=customer-relationship",
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
        Role.MARKETING,
        sending__listed="/campaigns/",
        sending__new="/campaigns/new",
        sending__shown="/campaigns/{campaign}",
        sign_up_forms__listed="/sign-up-forms/",
        sign_up_forms__new="/sign-up-forms/new",
        sign_up_forms__shown="/sign-up-forms/{form}",
        sign_up_forms__write="/sign-up-forms/{form}/write",
        first_messages__show="/imports/runs/{import}/message",
    ),
    *_of(
        Role.ANALYST,
        customers__search="/customers/?purpose=statistics",
    ),
    *_of(
        Role.CONTROLLER,
        oversight__decisions="/decisions",
        oversight__policies="/decisions/policies",
        campaigns__rules="/rules/prospecting",
        campaigns__changing="/rules/prospecting/change",
        campaigns__defaulting="/rules/prospecting/default",
        oversight__role="/decisions/roles/{assignment}",
        access__requests="/access/requests",
        access__request="/access/requests/{request}",
        access__reviews="/access/reviews",
        policies__grant="/policies/grants/{grant}",
        register__step=("/activities/partner-offers/steps/activate", "/activities/satisfaction-surveys/steps/suspend"),
        register__older_decision="/activities/loyalty/purposes/loyalty-points/older-data/decision",
        identity__reset_factor="/accounts/{accounting}/second-factor",
    ),
    *_of(
        Role.DPO,
        altered_imports__listed="/imports/altered/",
        oversight__today="/today",
        oversight__drift=("/drift", "/drift?kind=contract", "/drift?aside=y"),
        oversight__ask_to_set_aside="/drift/{finding}/aside",
        oversight__plan=("/plan/", "/plan/?state=all&about=activity&reference=loyalty"),
        oversight__new_action="/plan/new?about=activity&reference=loyalty",
        oversight__action="/plan/{action}",
        oversight__edit_action="/plan/{action}/edit",
        oversight__library="/evidence/",
        oversight__new_document="/evidence/new?about=action&reference={action}",
        oversight__document="/evidence/{document}",
        oversight__edit_document="/evidence/{document}/edit",
        oversight__confirm_removal="/evidence/{document}/remove",
        oversight__inspection="/inspection/",
        oversight__inspection_file="/inspection/{inspection}",
        oversight__trainings="/training/",
        oversight__new_training="/training/new",
        oversight__training_session="/training/{training}",
        oversight__edit_training="/training/{training}/edit",
        oversight__officer="/officer/",
        oversight__new_officer="/officer/new",
        oversight__edit_officer="/officer/{officer}/edit",
        oversight__letters="/letters/",
        oversight__new_letter=("/letters/new", "/letters/new?answers={letter}"),
        oversight__letter="/letters/{letter}",
        oversight__edit_letter="/letters/{letter}/edit",
        oversight__maturity="/maturity/",
        oversight__new_review="/maturity/new",
        customers__delete_record="/customers/{customer}/delete?purpose=rights-requests",
        customers__delete_line="/customers/{customer}/orders/{order}/delete?purpose=rights-requests",
        register__activities=("/activities/", "/activities/?view=map", "/activities/?to_review=y"),
        register__house_review_period="/activities/-/review",
        register__activity=("/activities/customer-management", "/activities/partner-offers"),
        register__step="/activities/call-quality/steps/advise",
        register__older_opinion="/activities/loyalty/purposes/loyalty-points/older-data/opinion",
        register__exchange="/activities/-/exchange",
        register__look_over_file="/activities/-/exchange/file",
        register__new_measure="/activities/-/measures/new",
        register__measure="/activities/-/measures/{measure}",
        register__new_adequacy="/activities/-/adequacy/new",
        register__decided="/activities/-/adequacy/{adequacy}",
        register__notices="/activities/-/notices",
        register__new_point="/activities/-/notices/-/new",
        register__notice=(
            "/activities/-/notices/politique-de-confidentialite",
            "/activities/-/notices/salon-de-la-lumiere",
        ),
        register__edit_point="/activities/-/notices/salon-de-la-lumiere/edit",
        register__notice_version="/activities/-/notices/politique-de-confidentialite/versions/1",
        register__notice_on_the_way="/activities/-/notices/politique-de-confidentialite/activities/loyalty",
        register__informing="/activities/-/information",
        register__information="/activities/-/information/{task}",
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
        register__file_columns="/activities/-/exchange/file/columns",
        register__start="/activities/-/start",
        register__draft=("/activities/-/draft", "/activities/-/draft?from=video-surveillance"),
        register__parties="/activities/-/parties",
        register__party="/activities/-/parties/{party}",
        register__pictures=("/activities/customer-management/pictures", "/activities/loyalty/pictures"),
        register__documents="/activities/-/documents",
        register__versions="/activities/customer-management/versions",
        register__version="/activities/customer-management/versions/{version}",
        register__new_party="/activities/-/parties/new",
        register__activity="/activities/loyalty",
        register__describe="/activities/loyalty/description",
        register__guide_step=(
            "/activities/loyalty/guide/what",
            "/activities/loyalty/guide/why",
            "/activities/loyalty/guide/people",
            "/activities/loyalty/guide/data",
            "/activities/loyalty/guide/helpers",
            "/activities/loyalty/guide/transfers",
            "/activities/loyalty/guide/measures",
            "/activities/loyalty/guide/decisions",
            "/activities/loyalty/guide/rights",
            "/activities/loyalty/guide/assets",
            "/activities/loyalty/guide/answers",
        ),
        register__guide_purpose=(
            "/activities/loyalty/guide/why/loyalty-points",
            "/activities/loyalty/guide/data/loyalty-points",
            "/activities/loyalty/guide/data/loyalty-points?kind=customer&category=identity",
            "/activities/loyalty/guide/recipients/loyalty-points",
        ),
        register__guide_review="/activities/loyalty/guide/review",
        register__new_questionnaire=(
            "/activities/loyalty/questionnaires/new/processor",
            "/activities/loyalty/questionnaires/new/practice",
        ),
        register__questionnaire="/activities/loyalty/questionnaires/{questionnaire}",
        register__review_period="/activities/loyalty/review",
        register__new_purpose="/activities/loyalty/purposes/-/new",
        register__purpose_words="/activities/loyalty/purposes/loyalty-points",
        register__data="/activities/loyalty/purposes/loyalty-points/data",
        register__terms="/activities/loyalty/purposes/loyalty-points/data/terms",
        register__recipients="/activities/loyalty/purposes/loyalty-points/recipients",
        register__contracts="/activities/-/contracts",
        register__new_contract="/activities/-/parties/{party}/contracts/new",
        register__contract="/activities/-/parties/{party}/contracts/{contract}",
        register__measures="/activities/-/measures",
        register__adequacy="/activities/-/adequacy",
        register__whole=(
            "/activities/loyalty/measures",
            "/activities/loyalty/people",
            "/activities/loyalty/rights",
            "/activities/loyalty/assets",
        ),
        register__new_line=(
            "/activities/loyalty/parties/new",
            "/activities/loyalty/transfers/new",
            "/activities/loyalty/decisions/new",
        ),
        register__line="/activities/loyalty/parties/{party_line}",
        register__ending="/activities/loyalty/purposes/loyalty-points/end",
        register__older_data="/activities/loyalty/purposes/loyalty-points/older-data",
        register__older_test="/activities/loyalty/purposes/loyalty-points/older-data/test",
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
    "customers.task": "leads to the record, for the purpose of the task",
    "imports.refused": "a file",
    "register.guide": "leads to the question at which one stopped",
    "notices.newest_in": "the page of notices.newest, in the language that its address names whatever the reader asks",
    "notices.version_in": "the page of notices.version, likewise",
    "campaigns.file": "a file",
    "preferences.lead_on": "leads to the page of one's choices",
    "preferences.receipt": "a file",
    "log.checkpoint": "a file",
    "oversight.document_file": "a file",
    "oversight.inspection_archive": "a file",
    "register.document_volume": "a file",
    "register.export": "a file",
    "register.record_linked": "a file",
    "register.record_pdf": "a file",
    "log.export": "a file",
    "log.proof": "a file",
    "log.sample_proofs": "a file",
    "log.whole_entry": "a file",
    "health.live": "for programs",
    "health.metrics": "for programs",
    "health.ready": "for programs",
    "identity.home": "leads to the first page of whoever looks",
    "identity.openid_leave": "leads to the company's provider",
    "identity.second_factor": "for whoever is half signed in; looked at in test_second_factor.py",
    "identity.openid_return": "sends itself on; walked with a provider in test_administration_pages.py",
}
