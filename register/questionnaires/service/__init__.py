"""The use cases of questionnaires: asked by who looks after the record, answered by whoever holds the link."""

from register.questionnaires.service.answering import AnswerDesk, Opened, open_link, save_answers, send_answers
from register.questionnaires.service.asking import (
    Ask,
    Asked,
    ask,
    find_questionnaire,
    processors_of,
    questionnaires_of,
    revoke,
)
from register.questionnaires.service.reviewing import Decide, Looked, LookedAt, leave, look_at, settle, take

__all__ = [
    "AnswerDesk",
    "Ask",
    "Asked",
    "Decide",
    "Looked",
    "LookedAt",
    "Opened",
    "ask",
    "find_questionnaire",
    "leave",
    "look_at",
    "open_link",
    "processors_of",
    "questionnaires_of",
    "revoke",
    "save_answers",
    "send_answers",
    "settle",
    "take",
]
