"""Matters in words, each with the page where something can be done about it."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import get_locale, gettext, ngettext

from audit.labels import OBJECT_LABELS
from governance.actor import ROLE_LABELS
from governance.days import last_moment_of
from governance.errors import mark
from governance.oversight.pages.entrance import address_of
from governance.oversight.plan.labels import STATE_LABELS as PLAN_LABELS
from governance.oversight.values import Item, Label, Matter
from governance.oversight.values.plan import ActionState
from governance.policies.labels import ADVICE_LABELS
from governance.policies.values import Advice
from governance.web.clockface import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A matter as a page shows it.

    Attributes:
        title: What it is.
        note: What is to be known about it.
        do: What the link says, a verb.
        url: Where to do it; None where it is not for whoever looks.
        by_day: Whether the day is all that counts of when it is due.
    """

    title: str
    note: str = ""
    do: str = ""
    url: str | None = None
    at: datetime | None = None
    due: datetime | None = None
    grave: bool = False
    by_day: bool = False


Names = Mapping[uuid.UUID, str]
_Telling = tuple[str, str, str, str | None]


def lines_of(items: list[Item], names: Names) -> list[Line]:
    """Return matters in words.

    Args:
        items: The matters.
        names: What the accounts among them are called.
    """
    return [_line(item, names) for item in items]


def named(label: Label | None) -> str:
    """Return a name of the register in the reader's language."""
    if label is None:
        return ""
    return label.en if get_locale().language == "en" else label.fr


def role_named(role: str | None) -> str:
    """Return what a role is called."""
    labels: Mapping[str, str] = {each.value: label for each, label in ROLE_LABELS.items()}
    return "" if role is None else str(gettext(labels.get(role, role)))


def thing_named(table: str | None) -> str:
    """Return what a kind of thing is called."""
    return "" if table is None else str(gettext(OBJECT_LABELS.get(table, table)))


def _line(item: Item, names: Names) -> Line:
    title, note, do, url = _TELLERS[item.matter](item, names)
    return Line(
        title=title,
        note=note,
        do=do,
        url=url,
        at=item.at,
        due=item.due if item.last_day is None else last_moment_of(item.last_day),
        grave=item.grave,
        by_day=item.last_day is not None or item.matter in _BY_DAY,
    )


def _activity(note: str, do: str) -> Callable[[Item, Names], _Telling]:
    def tell(item: Item, names: Names) -> _Telling:
        owner = names.get(item.person, "") if item.person else ""
        told = f"{gettext(note)} · {owner}" if owner else str(gettext(note))
        return named(item.label), told, gettext(do), address_of("register.activity", slug=item.reference)

    return tell


def _grants(sentence: Callable[[int], str], do: str) -> Callable[[Item, Names], _Telling]:
    def tell(item: Item, _names: Names) -> _Telling:
        title = gettext("%(role)s, for %(purpose)s", role=role_named(item.role), purpose=named(item.label))
        url = address_of("policies.grants", role=item.role, purpose=item.reference)
        return title, sentence(item.count), gettext(do), url

    return tell


def _observation_ends(item: Item, names: Names) -> _Telling:
    owner = names.get(item.person, "") if item.person else ""
    note = gettext(
        "Observed. From that day on its rules refuse by themselves: whoever holds no grant reads nothing more."
    )
    title = gettext("Observation of %(activity)s", activity=named(item.label))
    url = address_of("policies.activity", slug=item.reference)
    return title, f"{note} · {owner}" if owner else note, gettext("See what will change"), url


def _inform(item: Item, _names: Names) -> _Telling:
    note = gettext("Nobody told these people yet that you have their data: by then, or sooner with a first message.")
    # Two imports from one place are told apart by when they were made: a file's name may be somebody's.
    made = "" if item.at is None else moment(item.at)
    title = gettext("Tell people: %(source)s, import of %(moment)s", source=named(item.label), moment=made)
    return title, note, gettext("See what to tell them"), address_of("register.information", task_id=item.reference)


def _role_ends(item: Item, names: Names) -> _Telling:
    person = names.get(item.person, "") if item.person else ""
    title = gettext("Role %(role)s of %(person)s", role=role_named(item.role), person=person)
    note = gettext("From then on it opens nothing; the person asks for it again, and the controller confirms it.")
    return title, note, gettext("See the accounts"), address_of("identity.accounts")


def _token_ends(item: Item, _names: Names) -> _Telling:
    title = gettext("Token %(name)s (%(role)s)", name=item.name, role=role_named(item.role))
    note = gettext("The program that uses it is refused from then on.")
    return title, note, gettext("See the tokens"), address_of("identity.tokens")


def _log_purge(_item: Item, _names: Names) -> _Telling:
    note = gettext("The worker deletes the entries whose retention has ended; their proofs stay.")
    return gettext("Purge of the log"), note, gettext("See what was purged"), address_of("log.entries", action="purge")


def _observed(item: Item, _names: Names) -> _Telling:
    note = ngettext(
        "%(num)d recent read would have been refused or cut if its activity were enforced.",
        "%(num)d recent reads would have been refused or cut if their activity were enforced.",
        item.count,
    )
    return named(item.label), note, gettext("See the activity"), address_of("register.activity", slug=item.reference)


def _unread(item: Item, _names: Names) -> _Telling:
    note = gettext("In force, and nothing was read for it within 90 days: is it still needed?")
    return named(item.label), note, gettext("See its reads"), address_of("log.entries", purpose=item.reference)


def _unenrolled(item: Item, _names: Names) -> _Telling:
    note = ngettext(
        "%(num)d row names nobody yet, and stays withheld until it is enrolled.",
        "%(num)d rows name nobody yet, and stay withheld until they are enrolled.",
        item.count,
    )
    return thing_named(item.name), note, gettext("See the data map"), address_of("datamap.show")


def _action_due(item: Item, names: Names) -> _Telling:
    url = address_of("oversight.action", action_id=item.reference)
    if item.grave:
        note = gettext("This action was altered outside Égide: it counts as not done.")
        return named(item.label), note, gettext("See the action"), url
    owner = names.get(item.person, "") if item.person else ""
    state = gettext(PLAN_LABELS[ActionState(item.name)]) if item.name else ""
    note = gettext("Action of the plan, %(state)s", state=state)
    return named(item.label), f"{note} · {owner}" if owner else note, gettext("See the action"), url


def _document_ends(item: Item, _names: Names) -> _Telling:
    note = gettext("A document that proves something ends: put its renewal on file.")
    if item.grave:
        note = gettext("This document was altered outside Égide: it counts as ended.")
    url = address_of("oversight.document", document_id=item.reference)
    return named(item.label), note, gettext("See the document"), url


def _answer_due(item: Item, _names: Names) -> _Telling:
    note = gettext("%(authority)s waits for an answer.", authority=item.name)
    return named(item.label), note, gettext("See the letter"), address_of("oversight.letter", letter_id=item.reference)


def _answered(item: Item, _names: Names) -> _Telling:
    title = gettext("%(activity)s: %(who)s answered", activity=named(item.label), who=item.text)
    note = gettext("Answers to a questionnaire wait to be taken over or left.")
    url = address_of("register.questionnaire", slug=item.reference, questionnaire_id=item.name)
    return title, note, gettext("Look at the answers"), url


def _map_waits(item: Item, _names: Names) -> _Telling:
    title = gettext("A data map waits for you: %(source)s", source=item.name)
    note = gettext("It protects less than the one in force, or opens new columns at once: nobody else may load it.")
    return title, note, gettext("See what loading changes"), address_of("datamap.review", source=item.reference)


def _left_out(item: Item, _names: Names) -> _Telling:
    note = ngettext(
        "%(num)d row that decides was altered outside Égide: what it would open stays closed.",
        "%(num)d rows that decide were altered outside Égide: what they would open stays closed.",
        item.count,
    )
    return thing_named(item.name), note, gettext("See what differs"), address_of("oversight.policies")


def _policy_set(_item: Item, _names: Names) -> _Telling:
    note = gettext("Rows were deleted, put back or exchanged outside Égide. Nothing is read until somebody has looked.")
    url = address_of("oversight.policies")
    return gettext("The set of what decides was altered"), note, gettext("See what differs"), url


def _altered(item: Item, _names: Names) -> _Telling:
    note = ngettext(
        "%(num)d alteration found within thirty days; what was altered is not given.",
        "%(num)d alterations found within thirty days; what was altered is not given.",
        item.count,
    )
    url = address_of("log.entries", action="check", outcome="failed", object=item.name)
    return thing_named(item.name), note, gettext("See in the log"), url


def _given_up(item: Item, _names: Names) -> _Telling:
    note = ngettext(
        "%(num)d piece of work was given up after several attempts.",
        "%(num)d pieces of work were given up after several attempts.",
        item.count,
    )
    return (
        str(gettext(WORK_LABELS.get(item.name or "", item.name or ""))),
        note,
        gettext("See the health"),
        address_of("administration.health"),
    )


def _access_asked(item: Item, names: Names) -> _Telling:
    person = names.get(item.person, "") if item.person else ""
    if item.label is None:
        title = gettext("%(person)s asks for the role %(role)s", person=person, role=role_named(item.role))
        note = ""
    else:
        title = gettext("%(person)s asks for more data", person=person)
        note = gettext("%(role)s, for %(purpose)s", role=role_named(item.role), purpose=named(item.label))
    opinion = gettext("Opinion of the data protection officer: %(opinion)s", opinion=_advice(item.name))
    note = f"{note} · {opinion}" if note else opinion
    return title, note, gettext("See the request"), address_of("access.request", request_id=item.reference)


def _advice(given: str | None) -> str:
    return str(gettext("missing") if given is None else gettext(ADVICE_LABELS[Advice(given)])).lower()


def _grants_asked(count: int) -> str:
    return str(ngettext("%(num)d grant waits for its approval", "%(num)d grants wait for their approval", count))


def _grants_end(count: int) -> str:
    return str(ngettext("%(num)d grant ends", "%(num)d grants end", count))


# What the worker does, by kind.
WORK_LABELS: Final[Mapping[str, str]] = {
    "log-checkpoint": mark("Signing the log"),
    "log-purge": mark("Purging the log"),
    "enrolment": mark("Enrolling adopted rows"),
    "drift": mark("Comparing the register with practice"),
    "questionnaire-letter": mark("Sending questionnaires"),
    "questionnaire-reminders": mark("Reminding of questionnaires"),
    "review-reminders": mark("Reminding of reviews"),
}
_TELLERS: Final[Mapping[Matter, Callable[[Item, Names], _Telling]]] = {
    Matter.OPINION: _activity(mark("Waits for your opinion."), mark("Give the opinion")),
    Matter.ACTIVATION: _activity(mark("Advised; waits for the controller."), mark("See the activity")),
    Matter.DRAFT: _activity(mark("A draft: nothing is read for it yet."), mark("Go on writing")),
    Matter.RETURNED: _activity(mark("Came back to be written again."), mark("Take it up again")),
    Matter.GRANTS_ASKED: _grants(_grants_asked, mark("See what it would open")),
    Matter.GRANTS_END: _grants(_grants_end, mark("See the grants")),
    Matter.OBSERVATION_ENDS: _observation_ends,
    Matter.INFORM: _inform,
    Matter.REVIEW: _activity(
        mark("To be looked at again: open a review, or have it confirmed."), mark("See the record")
    ),
    Matter.ROLE_ENDS: _role_ends,
    Matter.TOKEN_ENDS: _token_ends,
    Matter.LOG_PURGE: _log_purge,
    Matter.OBSERVED: _observed,
    Matter.UNREAD: _unread,
    Matter.UNENROLLED: _unenrolled,
    Matter.LEFT_OUT: _left_out,
    Matter.POLICY_SET: _policy_set,
    Matter.ALTERED: _altered,
    Matter.GIVEN_UP: _given_up,
    Matter.ACCESS_ASKED: _access_asked,
    Matter.MAP_WAITS: _map_waits,
    Matter.ACTION_DUE: _action_due,
    Matter.ANSWER_DUE: _answer_due,
    Matter.ANSWERED: _answered,
    Matter.DOCUMENT_ENDS: _document_ends,
}


_BY_DAY: Final = frozenset({Matter.REVIEW})
