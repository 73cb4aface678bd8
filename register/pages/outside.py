"""`/answer/…`: the pages of a questionnaire, for whoever holds its link and has no account here.

They show the name of the organisation, that of the activity, the questions and what was answered: nothing else of the
house, and no way into it.
"""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from governance.actor import open_to_anyone
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.limits import limited
from governance.web.problems import sentence
from governance.web.strangers import keep_for_strangers
from register import service as register
from register.catalogue.countries import EEA
from register.lines.labels import SAFEGUARD_LABELS
from register.lines.values import Safeguard
from register.pages.answer_words import names_in, said_of
from register.pages.forms.answers import Choices, TopicForm, form_of
from register.pages.lines import countries
from register.questionnaires import service
from register.questionnaires.errors import AnswersTooLongError, NothingAnsweredError, QuestionnaireLinkError
from register.questionnaires.items import items_of
from register.questionnaires.labels import PART_LABELS, TOPIC_LABELS
from register.questionnaires.sealing import AnswerSeal
from register.questionnaires.service import AnswerDesk, Opened
from register.questionnaires.values import TOPICS, Topic

blueprint: Final = Blueprint("answering", __name__, url_prefix="/answer")
keep_for_strangers(blueprint)

_TOPICS: Final = ",".join(Topic)
# Enough for somebody who goes back and forth; nobody guesses 256 bits so.
_RATE: Final = "60 per minute"


@blueprint.get("/<secret>")
@open_to_anyone
@limited(_RATE, reading=True)
def start(secret: str) -> ResponseReturnValue:
    """Say who asks, about what, and until when."""
    opened = _opened(secret)
    return _page("start", secret, opened, onward=_onward(secret, opened))


@blueprint.get(f"/<secret>/<any({_TOPICS}):topic>")
@open_to_anyone
@limited(_RATE, reading=True)
def questions(secret: str, topic: str) -> ResponseReturnValue:
    """Show the questions of a topic, with what was answered so far."""
    opened = _opened(secret)
    return _questions(secret, opened, _topic(opened, topic))


@blueprint.post(f"/<secret>/<any({_TOPICS}):topic>")
@open_to_anyone
@limited(_RATE)
def save(secret: str, topic: str) -> ResponseReturnValue:
    """Keep the answers to a topic, and go on to the next."""
    opened = _opened(secret)
    here = _topic(opened, topic)
    form = _form(opened, here)
    if not form.validate():
        return _questions(secret, opened, here, form), 422
    try:
        service.save_answers(current().session, _desk(), secret, form.answers())
    except AnswersTooLongError as error:
        current().roll_back()
        return _questions(secret, opened, here, form, sentence(error)), 422
    following = _after(opened, here)
    if following is None:
        return redirect(url_for("answering.check", secret=secret), code=303)
    return redirect(url_for("answering.questions", secret=secret, topic=following.value), code=303)


@blueprint.get("/<secret>/check")
@open_to_anyone
@limited(_RATE, reading=True)
def check(secret: str) -> ResponseReturnValue:
    """Show all that was answered, before it is sent."""
    opened = _opened(secret)
    return _page("check", secret, opened, answered=_answered(opened))


@blueprint.post("/<secret>/send")
@open_to_anyone
@limited(_RATE)
def send(secret: str) -> ResponseReturnValue:
    """Send the answers, say thanks, and show a copy. Not a redirect: from now on the link opens nothing."""
    try:
        opened = service.send_answers(current().session, _desk(), secret)
    except NothingAnsweredError as error:
        current().roll_back()
        return _page("check", secret, _opened(secret), answered=[], refusal=sentence(error)), 422
    return _page("thanks", secret, opened, answered=_answered(opened))


def _desk() -> AnswerDesk:
    context = current()
    return AnswerDesk(clock=context.clock, attestor=context.get(Attestor), seal=context.get(AnswerSeal))


def _opened(secret: str) -> Opened:
    return service.open_link(current().session, _desk(), secret)


def _topic(opened: Opened, topic: str) -> Topic:
    """Return a topic of this questionnaire; a topic of another kind is no page of it."""
    here = Topic(topic)
    if here not in TOPICS[opened.questionnaire.kind]:
        raise QuestionnaireLinkError
    return here


def _after(opened: Opened, topic: Topic) -> Topic | None:
    topics = TOPICS[opened.questionnaire.kind]
    following = topics.index(topic) + 1
    return topics[following] if following < len(topics) else None


def _onward(secret: str, opened: Opened) -> str:
    """Return the page on which somebody goes on: the first that was not saved yet, then what was answered."""
    for topic in TOPICS[opened.questionnaire.kind]:
        if not _form(opened, topic).answers().keys() <= opened.answers.keys():
            return url_for("answering.questions", secret=secret, topic=topic.value)
    return url_for("answering.check", secret=secret)


def _form(opened: Opened, topic: Topic) -> TopicForm:
    offer = _OFFERS.get(topic)
    return form_of(topic, opened.answers, {} if offer is None else offer())


def _measures() -> dict[str, Choices]:
    rows = register.offered_outside(current().session)
    english = get_locale().language == "en"
    return {"measures": [(each.id.hex, each.label_en if english else each.label_fr) for each in rows]}


def _abroad() -> dict[str, Choices]:
    return {
        "countries": [(code, name) for code, name in countries() if code not in EEA],
        "safeguards": [
            (each.value, gettext(SAFEGUARD_LABELS[each])) for each in Safeguard if each is not Safeguard.DEROGATION
        ],
    }


_OFFERS: Final[dict[Topic, Callable[[], dict[str, Choices]]]] = {
    Topic.SECURITY: _measures,
    Topic.COUNTRIES: _abroad,
}


def _answered(opened: Opened) -> list[tuple[str, str]]:
    items = items_of(opened.questionnaire.kind, opened.answers)
    names = names_in(current().session, items)
    return [(gettext(PART_LABELS[each.part]), said_of(each, names)) for each in items]


def _questions(
    secret: str, opened: Opened, topic: Topic, form: TopicForm | None = None, refusal: str | None = None
) -> str:
    topics = TOPICS[opened.questionnaire.kind]
    place = topics.index(topic)
    return _page(
        "questions",
        secret,
        opened,
        form=form or _form(opened, topic),
        topic=topic,
        refusal=refusal,
        number=place + 1,
        before=topics[place - 1] if place else None,
    )


def _page(name: str, secret: str, opened: Opened, **more: Any) -> str:
    asked = opened.questionnaire
    return render_template(
        f"answering/{name}.html",
        secret=secret,
        organisation=opened.organisation,
        activity=opened.names[1 if get_locale().language == "en" else 0],
        expires_at=asked.expires_at,
        begun=asked.answers is not None,
        topics=TOPICS[asked.kind],
        topic_labels=TOPIC_LABELS,
        **more,
    )
