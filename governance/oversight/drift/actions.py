"""What settles a finding: the page where it is done, and the route by which a program does it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from governance.actor import Role
from governance.errors import mark
from governance.oversight.accountability.officer import Parting
from governance.oversight.drift.kinds.altered import GONE
from governance.oversight.drift.values import Finding, Kind
from governance.oversight.models import MaturityLevel
from governance.oversight.permissions import KEEPERS
from governance.oversight.values import About
from register.notices.models import NoticeText

_CONTRACT_NEW: Final = frozenset({"missing", "over"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """One action.

    Attributes:
        do: What its button says, a verb; marked for translation.
        endpoint: Of its page.
        values: What the page's address takes.
        route: The method and path of the REST interface; None where only people on the host can.
        sends: Whether the page is sent to rather than opened.
        roles: Who may, where that is fewer than the page is open to.
    """

    do: str
    endpoint: str
    values: Mapping[str, str] = field(default_factory=dict)
    route: str | None = None
    sends: bool = False
    roles: Collection[Role] = ()


# What a person may write anew, whole, once it was altered (docs/adr/0089).
_WRITTEN_ANEW: Final[Mapping[str, tuple[str, str]]] = {
    "authority_letter": ("oversight.letters", "PUT /api/v1/letters/{letter_id}"),
    "adequacy": ("register.adequacy", "PUT /api/v1/adequacy-decisions/{adequacy_id}"),
    "contract": ("register.contracts", "PUT /api/v1/contracts/{contract_id}"),
    "document": ("oversight.library", "PUT /api/v1/documents/{document_id}"),
    "document_link": ("oversight.library", "PUT /api/v1/documents/{document_id}"),
    "import_run": ("altered_imports.listed", "POST /api/v1/imports/runs/{import_id}/anew"),
    "information_task": ("register.informing", "POST /api/v1/information-tasks/{task_id}/ask-anew"),
    "measure": ("register.measures", "PUT /api/v1/measures/{measure_id}"),
    "officer": ("oversight.officer", "PUT /api/v1/officers/{officer_id}"),
    "party": ("register.parties", "PATCH /api/v1/parties/{party_id}"),
    "plan_action": ("oversight.plan", "PUT /api/v1/actions/{action_id}"),
    "training_part": ("oversight.trainings", "PUT /api/v1/trainings/{training_id}"),
    "training_session": ("oversight.trainings", "PUT /api/v1/trainings/{training_id}"),
}


def settling(finding: Finding) -> Settling:
    """Return what settles a finding."""
    return _ACTIONS[finding.kind](finding)


def _record(finding: Finding, do: str, route: str) -> Settling:
    """Lead to the record of the first activity that it is about."""
    if not finding.activities:
        return Settling(do=do, endpoint="register.activities", route=route.format(slug="{slug}"))
    slug = finding.activities[0].slug
    return Settling(do=do, endpoint="register.activity", values={"slug": slug}, route=route.format(slug=slug))


def _altered(finding: Finding) -> Settling:
    if finding.code == GONE and finding.name == NoticeText.__tablename__:
        route = "POST /api/v1/notices/{slug}/publish"
        return Settling(do=mark("See the notices"), endpoint="register.notices", route=route)
    if finding.code == GONE and finding.name == MaturityLevel.__tablename__:
        return Settling(do=mark("Assess anew"), endpoint="oversight.maturity", route="POST /api/v1/maturity")
    if finding.code == GONE and finding.parts:
        slug = finding.parts[0]
        route = f"GET /api/v1/activities/{slug}/versions"
        return Settling(do=mark("See what is left"), endpoint="register.versions", values={"slug": slug}, route=route)
    if finding.name in _WRITTEN_ANEW:
        endpoint, route = _WRITTEN_ANEW[finding.name]
        return Settling(do=mark("Write anew what was altered"), endpoint=endpoint, route=route)
    return Settling(do=mark("See what differs"), endpoint="oversight.policies")


def _overdue(finding: Finding) -> Settling:
    return _record(finding, mark("See the period"), "PUT /api/v1/purposes/{{slug}}/data")


def _contract(finding: Finding) -> Settling:
    if finding.code in _CONTRACT_NEW:
        values = {"party_id": finding.place}
        return Settling(
            do=mark("Put a contract on file"),
            endpoint="register.new_contract",
            values=values,
            route="POST /api/v1/contracts",
        )
    return Settling(
        do=mark("See the contract"),
        endpoint="register.contract",
        values={"party_id": finding.place, "contract_id": finding.reference},
        route=f"PUT /api/v1/contracts/{finding.reference}",
    )


def _transfer(finding: Finding) -> Settling:
    if finding.code == "no-adequacy-decision":
        return _record(finding, mark("Choose a safeguard"), "PUT /api/v1/activities/{slug}/transfers")
    return _record(finding, mark("Complete the transfer"), "PUT /api/v1/activities/{slug}/transfers")


def _assessment(finding: Finding) -> Settling:
    slug = finding.activities[0].slug
    return Settling(
        do=mark("Put it on file"),
        endpoint="oversight.new_document",
        values={"about": About.ASSESSMENT.value, "reference": slug},
        route="POST /api/v1/documents",
        # Whether one is needed, the controller decides, and the officer advises. GDPR Art. 35(1), 35(2).
        roles=KEEPERS,
    )


def _review(finding: Finding) -> Settling:
    return _record(finding, mark("Look at the record again"), "POST /api/v1/activities/{slug}/review")


def _officer(finding: Finding) -> Settling:
    do = mark("Put a designation on file") if finding.code == Parting.UNDESIGNATED else mark("See the designation")
    return Settling(do=do, endpoint="oversight.officer", route="POST /api/v1/officers")


def _undeclared(_finding: Finding) -> Settling:
    return Settling(
        do=mark("Put them in the data map"), endpoint="datamap.sources", route="POST /api/v1/datamap/proposals"
    )


def _uncovered(_finding: Finding) -> Settling:
    return Settling(do=mark("Declare what they are for"), endpoint="register.start", route="POST /api/v1/activities")


def _refused(finding: Finding) -> Settling:
    if finding.code == "undeclared":
        return Settling(
            do=mark("Draft the activity"),
            endpoint="oversight.draft_refused_reads",
            values={"finding": finding.id},
            route=f"POST /api/v1/drift/{finding.id}/draft",
            sends=True,
        )
    return _record(finding, mark("See the activity"), "POST /api/v1/activities/{slug}/review")


def _unused(finding: Finding) -> Settling:
    return Settling(
        do=mark("See the grants"),
        endpoint="policies.grants",
        values={"purpose": finding.purpose or ""},
        route="POST /api/v1/grants/{grant_id}/revoke",
    )


def _defaults(finding: Finding) -> Settling:
    return _record(finding, mark("Look at what is to confirm"), "POST /api/v1/purposes/{{slug}}/confirm")


def _asset(finding: Finding) -> Settling:
    return _record(finding, mark("Correct the record"), "PUT /api/v1/activities/{slug}/assets")


def _unheld(finding: Finding) -> Settling:
    return _record(finding, mark("Correct the record"), "PUT /api/v1/purposes/{{slug}}/data")


_ACTIONS: Final[Mapping[Kind, Callable[[Finding], Settling]]] = {
    Kind.ALTERED: _altered,
    Kind.OVERDUE: _overdue,
    Kind.CONTRACT: _contract,
    Kind.TRANSFER: _transfer,
    Kind.ASSESSMENT: _assessment,
    Kind.OFFICER: _officer,
    Kind.UNDECLARED: _undeclared,
    Kind.UNCOVERED: _uncovered,
    Kind.REFUSED: _refused,
    Kind.UNUSED: _unused,
    Kind.DEFAULTS: _defaults,
    Kind.REVIEW: _review,
    Kind.ASSET: _asset,
    Kind.UNHELD: _unheld,
}
