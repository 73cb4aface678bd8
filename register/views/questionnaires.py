"""`/questionnaires`: what is asked of people without an account; made, listed, read, taken back, taken over."""

import uuid
from collections.abc import Callable
from typing import Any, Final

from flask import url_for
from flask.views import MethodView

from governance.actor import open_to
from governance.settings import Settings
from governance.web.context import current
from governance.web.rest import Blueprint
from register import service as register
from register.pages.answer_words import names_in, said_of, words_of, written_of
from register.permissions import ANSWER_READERS
from register.questionnaires import service
from register.questionnaires.models import Questionnaire
from register.questionnaires.sealing import AnswerSeal
from register.questionnaires.service import Ask, Decide, Looked
from register.schemas.questionnaires import (
    AskedSchema,
    AskSomebodySchema,
    ChosenSchema,
    LookedSchema,
    QuestionnaireSchema,
    QuestionnairesSchema,
)
from register.views.activities import DRAFTERS, READERS, read_reference
from register.views.contracts import desk

blueprint: Final = Blueprint(
    "questionnaires", __name__, url_prefix="/api/v1", description="What people without an account are asked."
)


@blueprint.route("/activities/<reference>/questionnaires")
class Questionnaires(MethodView):
    """The questionnaires about one activity."""

    @blueprint.response(200, QuestionnairesSchema)
    @open_to(*READERS)
    def get(self, reference: str) -> dict[str, Any]:
        """List the questionnaires about an activity, newest first."""
        session = current().session
        activity = register.get_activity(session, read_reference(reference))
        return {"questionnaires": [_plain(each) for each in service.questionnaires_of(session, activity.id)]}

    @blueprint.arguments(AskSomebodySchema)
    @blueprint.response(201, AskedSchema)
    @open_to(*DRAFTERS)
    def post(self, said: dict[str, Any], reference: str) -> dict[str, Any]:
        """Ask somebody: by mail where there is an address and a mail server, else by a link that is shown once."""
        context = current()
        mails = context.get(Settings).smtp is not None
        email = said["email"] if mails else None
        command = Ask(**{**said, "email": email}, activity=read_reference(reference))
        asked = service.ask(context.session, desk(), context.get(AnswerSeal), context.actor, command)
        url = None
        if asked.secret is not None:
            url = f"{context.get(Settings).base_url}{url_for('answering.start', secret=asked.secret)}"
        return {**_plain(asked.questionnaire), "url": url}


@blueprint.route("/questionnaires/<uuid:questionnaire_id>")
@blueprint.response(200, LookedSchema)
@open_to(*sorted(ANSWER_READERS))
def get_questionnaire(questionnaire_id: uuid.UUID) -> dict[str, Any]:
    """Return a questionnaire with its answers, each beside what the record says."""
    context = current()
    return _told(service.look_at(context.session, desk(), context.get(AnswerSeal), context.actor, questionnaire_id))


@blueprint.route("/questionnaires/<uuid:questionnaire_id>/revoke", methods=["POST"])
@blueprint.response(200, QuestionnaireSchema)
@open_to(*DRAFTERS)
def revoke(questionnaire_id: uuid.UUID) -> dict[str, Any]:
    """Take a questionnaire back: its link opens nothing from now on."""
    context = current()
    return _plain(service.revoke(context.session, desk(), context.actor, questionnaire_id))


@blueprint.route("/questionnaires/<uuid:questionnaire_id>/settle", methods=["POST"])
@blueprint.response(200, LookedSchema)
@open_to(*DRAFTERS)
def settle(questionnaire_id: uuid.UUID) -> dict[str, Any]:
    """Leave whatever still waits, and be done with the questionnaire."""
    context = current()
    return _told(service.settle(context.session, desk(), context.get(AnswerSeal), context.actor, questionnaire_id))


@blueprint.route("/questionnaires/<uuid:questionnaire_id>/<any(take,leave):verdict>", methods=["POST"])
@blueprint.arguments(ChosenSchema)
@blueprint.response(200, LookedSchema)
@open_to(*DRAFTERS)
def decide(said: dict[str, Any], questionnaire_id: uuid.UUID, verdict: str) -> dict[str, Any]:
    """Take an answer over into a proposal, or leave it."""
    context = current()
    seal = context.get(AnswerSeal)
    looked = service.look_at(context.session, desk(), seal, context.actor, questionnaire_id)
    names = names_in(context.session, [each.item for each in looked.answers])
    words = next((written_of(each.item, names) for each in looked.answers if each.item.key == said["answer"]), "")
    command = Decide(questionnaire_id=questionnaire_id, answer=said["answer"], words=words)
    act: Callable[..., Looked] = service.take if verdict == "take" else service.leave
    return _told(act(context.session, desk(), seal, context.actor, command))


def _plain(asked: Questionnaire) -> dict[str, Any]:
    names = (
        "id", "activity_id", "kind", "party_id", "whom", "locale", "asked_by", "asked_at", "expires_at", "answered_at",
        "settled_at",
    )  # fmt: skip
    told = {name: getattr(asked, name) for name in names}
    return {**told, "status": asked.status_at(current().clock.now())}


def _told(looked: Looked) -> dict[str, Any]:
    names = names_in(current().session, [each.item for each in looked.answers])
    answers = [
        {
            "answer": each.item.key,
            "part": each.item.part,
            "said": said_of(each.item, names),
            "record_says": words_of(each.beside.says, names),
            "agrees": each.beside.agrees,
            "replaces": each.replaces,
            "verdict": None if each.verdict is None else each.verdict.verdict,
            "decided_by": None if each.verdict is None else each.verdict.decided_by,
            "decided_at": None if each.verdict is None else each.verdict.decided_at,
        }
        for each in looked.answers
    ]
    return {**_plain(looked.questionnaire), "answers": answers}
