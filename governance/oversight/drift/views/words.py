"""Findings in the reader's language: what each is, and what is to be known about it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from flask_babel import force_locale, get_locale, gettext, ngettext

from audit.labels import OBJECT_LABELS
from governance.actor import ROLE_LABELS
from governance.datamap.labels import CATEGORY_LABELS, KINDS_LABELS
from governance.errors import mark
from governance.oversight.accountability.officer import Parting
from governance.oversight.drift.drafting import DraftWords
from governance.oversight.drift.kinds.altered import GONE, SET
from governance.oversight.drift.values import ActivityRef, Finding, Kind, Pair
from governance.oversight.models import MaturityLevel
from governance.oversight.values import Label
from governance.vocabulary import SubjectKind
from governance.web.clockface import day, moment
from governance.web.problems import spoken
from register.catalogue.labels import CLAUSE_LABELS, LACK_LABELS
from register.catalogue.values import Clause, Lack
from register.models import ActivityVersion
from register.screening.criteria import Criterion
from register.screening.labels import CRITERION_LABELS
from register.shortcomings import Shortcoming
from register.starting_points.values import Words

# More than this are counted, not named.
_NAMED: Final = 4
# Of the columns that are to be declared; the data map has the others.
_COLUMNS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A finding in words."""

    title: str
    note: str


def told(finding: Finding) -> Told:
    """Return a finding in the reader's language."""
    title, note = _TELLERS[finding.kind](finding)
    return Told(title=title, note=note)


def named(label: Label | None) -> str:
    """Return a name of the register in the reader's language."""
    if label is None:
        return ""
    return label.en if get_locale().language == "en" else label.fr


def draft_words(finding: Finding) -> DraftWords:
    """Return what a draft made of refused reads is called and says, in both languages."""
    role = ROLE_LABELS[finding.role] if finding.role is not None else ""

    def who() -> dict[str, str]:
        return {"role": gettext(role), "table": _thing(finding.name)}

    return DraftWords(
        name=_both(lambda: gettext("%(role)s: use of %(table)s", **who())),
        purpose=_both(lambda: gettext("To be said: why %(role)s reads %(table)s", **who())),
        description=_both(lambda: gettext("Drafted from reads that were refused because no activity declares them.")),
        period=_both(lambda: gettext("to be decided: nobody has said yet for how long")),
    )


def _both(say: Callable[[], str]) -> Words:
    with force_locale("fr"):
        french = str(say())
    with force_locale("en"):
        english = str(say())
    return Words(fr=french, en=english)


def _thing(table: str) -> str:
    label = OBJECT_LABELS.get(table) or _TABLE_LABELS.get(table)
    return table if label is None else str(gettext(label))


def _pairs(pairs: Iterable[Pair]) -> str:
    found: dict[SubjectKind, list[str]] = {}
    for kind, category in pairs:
        found.setdefault(kind, []).append(str(gettext(CATEGORY_LABELS[category])).lower())
    # All of them: they are what has to be settled, and the vocabulary has few.
    return "; ".join(f"{gettext(KINDS_LABELS[kind])} ({', '.join(said)})" for kind, said in found.items())


def _some(names: list[str], most: int = _NAMED) -> str:
    shown = ", ".join(names[:most])
    more = len(names) - most
    return shown if more <= 0 else f"{shown} {ngettext('and %(num)d more', 'and %(num)d more', more)}"


def _activities(refs: Iterable[ActivityRef]) -> str:
    return _some([named(ref.label) for ref in refs])


def _gone(finding: Finding) -> str:
    note: str = ngettext(
        "%(num)d text that was published was taken away outside Égide: have it put back from a backup. Where it "
        "was the newest, nothing is shown in its place until the notice is published anew.",
        "%(num)d texts that were published were taken away outside Égide: have them put back from a backup. Where "
        "one was the newest, nothing is shown in its place until the notice is published anew.",
        finding.count,
    )
    if finding.name == ActivityVersion.__tablename__:
        note = ngettext(
            "%(num)d version that was kept was taken away outside Égide, of %(which)s: have it put back from a backup. "
            "Nothing is stated of an activity whose version in force is gone.",
            "%(num)d versions that were kept were taken away outside Égide, of %(which)s: have them put back from a "
            "backup. Nothing is stated of an activity whose version in force is gone.",
            finding.count,
            which=_some(list(finding.parts)),
        )
    elif finding.name == MaturityLevel.__tablename__:
        note = ngettext(
            "%(num)d level of a self-assessment of maturity was taken away outside Égide: have it put back from a "
            "backup.",
            "%(num)d levels of self-assessments of maturity were taken away outside Égide: have them put back from a "
            "backup.",
            finding.count,
        )
    return note


def _altered(finding: Finding) -> tuple[str, str]:
    if finding.name == SET:
        note = gettext("Until somebody has looked, nothing else can be told here.")
        return gettext("The set of what decides was altered"), note
    if finding.code == GONE:
        return _thing(finding.name), _gone(finding)
    note = ngettext(
        "%(num)d row is not as Égide wrote it: this report is worked out without it.",
        "%(num)d rows are not as Égide wrote them: this report is worked out without them.",
        finding.count,
    )
    if finding.at is not None:
        seen = gettext(
            "So the worker saw it on %(moment)s; it looks again within six hours.", moment=moment(finding.at)
        )
        note = f"{note} {seen}"
    return _thing(finding.name), note


def _overdue(finding: Finding) -> tuple[str, str]:
    oldest = "" if finding.day is None else day(finding.day)
    if finding.code == "certain":
        note = ngettext(
            "%(num)d row is older than every period that covers it; the oldest was collected on %(day)s.",
            "%(num)d rows are older than every period that covers them; the oldest was collected on %(day)s.",
            finding.count,
            day=oldest,
        )
    else:
        note = ngettext(
            "%(num)d row is older than its period, which begins later than collection (the oldest: %(day)s).",
            "%(num)d rows are older than their period, which begins later than collection (the oldest: %(day)s).",
            finding.count,
            day=oldest,
        )
    return gettext("%(data)s, in %(table)s", data=_pairs(finding.pairs), table=_thing(finding.name)), note


_CONTRACTS: Final[Mapping[str, str]] = {
    "over": mark("Its contract “%(contract)s” ended on %(day)s."),
    "ending": mark("Its contract “%(contract)s” ends on %(day)s."),
    "incomplete": mark("Its contract “%(contract)s” lacks: %(lacking)s."),
}


def _contract(finding: Finding) -> tuple[str, str]:
    named_by = gettext("Named by: %(activities)s.", activities=_activities(finding.activities))
    return finding.name, f"{_standing(finding)} {named_by}"


def _standing(finding: Finding) -> str:
    if finding.code not in _CONTRACTS:
        return str(gettext("No contract is on file."))
    said = {
        "contract": named(finding.label),
        "day": "" if finding.day is None else day(finding.day),
        "lacking": "; ".join(_lack(each) for each in finding.parts),
    }
    return str(gettext(_CONTRACTS[finding.code], **said))


def _lack(part: str) -> str:
    found = CLAUSE_LABELS[Clause(part)] if part in set(Clause) else LACK_LABELS[Lack(part)]
    return str(gettext(found))


def _transfer(finding: Finding) -> tuple[str, str]:
    title = gettext(
        "%(activity)s: to %(recipient)s, %(country)s",
        activity=_activities(finding.activities),
        recipient=finding.name,
        country=str(get_locale().territories.get(finding.place, finding.place)),
    )
    lack = spoken(Shortcoming(code=finding.code, article="").lack)
    return title, f"{lack[:1].upper()}{lack[1:]}."


def _assessment(finding: Finding) -> tuple[str, str]:
    met = ", ".join(str(gettext(CRITERION_LABELS[Criterion(each)])) for each in finding.parts)
    said = mark("Impact assessment required: %(criteria)s.")
    if finding.code == "likely":
        said = mark("Impact assessment likely to be required: %(criteria)s.")
    return _activities(finding.activities), gettext(said, criteria=met)


def _officer(finding: Finding) -> tuple[str, str]:
    named_as, designated = finding.parts
    return finding.name, parting_words(Parting(finding.code), named_as, designated)


def parting_words(code: Parting, named_as: str, designated: str) -> str:
    """Return how the register and the designation in force part, in the reader's language."""
    return str(gettext(_PARTINGS[code], named=named_as, designated=designated))


_PARTINGS: Final[Mapping[Parting, str]] = {
    Parting.UNDESIGNATED: mark("The register names %(named)s, and no designation in force is on file."),
    Parting.UNNAMED: mark("The designation in force is of %(designated)s, and the register names nobody."),
    Parting.ANOTHER: mark("The register names %(named)s, the designation in force %(designated)s."),
    Parting.FIRM: mark("The register and the designation in force say two things about %(named)s’s firm."),
}


def _review(finding: Finding) -> tuple[str, str]:
    due = "" if finding.day is None else day(finding.day)
    note = ngettext(
        "It was to be looked at again by %(day)s: %(num)d day late.",
        "It was to be looked at again by %(day)s: %(num)d days late.",
        finding.count,
        day=due,
    )
    return _activities(finding.activities), note


def _undeclared(finding: Finding) -> tuple[str, str]:
    title = gettext("%(table)s, in the database %(source)s", table=finding.name, source=finding.place)
    note = ngettext(
        "%(num)d column looks like data of people: %(columns)s.",
        "%(num)d columns look like data of people: %(columns)s.",
        finding.count,
        columns=_some(list(finding.columns), _COLUMNS),
    )
    return title, note


def _uncovered(finding: Finding) -> tuple[str, str]:
    note = ngettext(
        "%(num)d column holds such data: %(columns)s.",
        "%(num)d columns hold such data: %(columns)s.",
        finding.count,
        columns=_some(list(finding.columns), _COLUMNS),
    )
    return _pairs(finding.pairs), note


def _refused(finding: Finding) -> tuple[str, str]:
    role = "" if finding.role is None else gettext(ROLE_LABELS[finding.role])
    title = gettext("%(role)s, at %(table)s", role=role, table=_thing(finding.name))
    last = "" if finding.at is None else moment(finding.at)
    if finding.code == "undeclared":
        note = ngettext(
            "%(num)d read refused within thirty days, for a purpose that nobody declared; the last: %(moment)s.",
            "%(num)d reads refused within thirty days, for a purpose that nobody declared; the last: %(moment)s.",
            finding.count,
            moment=last,
        )
    else:
        note = ngettext(
            "%(num)d read refused within thirty days: “%(purpose)s” does not give it; the last: %(moment)s.",
            "%(num)d reads refused within thirty days: “%(purpose)s” does not give them; the last: %(moment)s.",
            finding.count,
            purpose=named(finding.label),
            moment=last,
        )
    return title, note


def _unused(finding: Finding) -> tuple[str, str]:
    since = "" if finding.at is None else day(finding.at)
    return named(finding.label), gettext("Granted since %(day)s, and nothing was read for it within a year.", day=since)


def _defaults(finding: Finding) -> tuple[str, str]:
    note = ngettext(
        "%(num)d part is in force as it was filled in beforehand.",
        "%(num)d parts are in force as they were filled in beforehand.",
        finding.count,
    )
    return _activities(finding.activities), note


def _asset(finding: Finding) -> tuple[str, str]:
    return finding.name, gettext("Named by: %(activities)s.", activities=_activities(finding.activities))


def _unheld(finding: Finding) -> tuple[str, str]:
    if finding.code == "declared-only":
        note = gettext("The map holds none of its data: %(data)s.", data=_pairs(finding.pairs))
    else:
        note = gettext("No column of the map holds: %(data)s.", data=_pairs(finding.pairs))
    return _activities(finding.activities), note


# What tables of evidence are called, of those that the log does not name.
_TABLE_LABELS: Final[Mapping[str, str]] = {
    "access_grant": mark("grants"),
    "activity_asset": mark("assets of activities"),
    "activity_decision": mark("automated decisions of activities"),
    "activity_measure": mark("measures of activities"),
    "activity_party": mark("parties of activities"),
    "activity_people": mark("people of activities"),
    "activity_rights": mark("rights told by activities"),
    "activity_transfer": mark("transfers of activities"),
    "activity_version": mark("versions of activities"),
    "adequacy": mark("adequacy decisions"),
    "answer_verdict": mark("verdicts on answers"),
    "authority_letter": mark("letters of authorities"),
    "campaign": mark("campaigns"),
    "campaign_message": mark("messages of campaigns"),
    "collection_point": mark("collection points"),
    "collection_point_activity": mark("activities of collection points"),
    "compatibility_test": mark("tests for older data"),
    "consent_wording": mark("words shown to people who consent"),
    "contract": mark("contracts"),
    "document_link": mark("what documents prove"),
    "document_version": mark("versions of documents"),
    "drift_aside": mark("findings set aside"),
    "drift_look": mark("what the worker saw"),
    "import_run": mark("imports"),
    "import_upload": mark("files brought in"),
    "information_task": mark("people to inform"),
    "inspection_file": mark("files for inspections"),
    "inspection_piece": mark("parts of files for inspections"),
    "map_document": mark("data maps"),
    "maturity_level": mark("levels of maturity"),
    "maturity_review": mark("reviews of maturity"),
    "measure": mark("measures of security"),
    "notice_purpose": mark("purposes that notices name"),
    "notice_text": mark("texts of notices"),
    "plan_action": mark("actions of the plan"),
    "plan_step": mark("steps of the plan"),
    "purpose": mark("purposes"),
    "purpose_data": mark("data of purposes"),
    "purpose_recipient": mark("recipients of purposes"),
    "register_print": mark("prints of the register"),
    "register_volume": mark("volumes of the register"),
    "prospecting_rules": mark("rules of prospecting"),
    "sign_up": mark("sign-ups that wait to be confirmed"),
    "sign_up_form": mark("sign-up forms"),
    "sign_up_sheet": mark("versions of sign-up forms"),
    "training_part": mark("people trained"),
    "training_session": mark("training sessions"),
}
_TELLERS: Final[Mapping[Kind, Callable[[Finding], tuple[str, str]]]] = {
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
