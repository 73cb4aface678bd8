"""What a questionnaire holds, sealed: an address or an answer can neither be read in the database nor be moved."""

import uuid
from typing import Final

import orjson

from governance.vault.keyring import Keyring
from governance.vault.sealed_values import SealedValues
from register.questionnaires.errors import AnswersTooLongError
from register.questionnaires.models import Questionnaire
from register.questionnaires.values import MOST_BYTES, Answers

# What each is sealed as.
_EMAIL: Final = "questionnaire-email"
_ANSWERS: Final = "questionnaire-answers"


class AnswerSeal:
    """Seals and opens addresses and answers."""

    def __init__(self, keyring: Keyring) -> None:
        """Derive the key."""
        self._values: Final = SealedValues(keyring)

    def seal_email(self, email: str, questionnaire_id: uuid.UUID) -> bytes:
        """Return an address, sealed to its questionnaire."""
        return self._values.seal(email.encode(), _EMAIL, questionnaire_id)

    def email_of(self, asked: Questionnaire) -> str | None:
        """Return the address that a questionnaire is sent to; None where there is none any more.

        Raises:
            AttestationError: If it was sealed to another questionnaire, or altered.
        """
        return None if asked.email is None else self._values.open(asked.email, _EMAIL, asked.id).decode()

    def seal_answers(self, answers: Answers, questionnaire_id: uuid.UUID) -> bytes:
        """Return answers, sealed to their questionnaire.

        Raises:
            AnswersTooLongError: If they are more than one holds.
        """
        written = orjson.dumps(dict(answers))
        if len(written) > MOST_BYTES:
            raise AnswersTooLongError
        return self._values.seal(written, _ANSWERS, questionnaire_id)

    def answers_of(self, asked: Questionnaire) -> Answers:
        """Return what was answered so far.

        Raises:
            AttestationError: If it was sealed to another questionnaire, or altered.
        """
        if asked.answers is None:
            return {}
        answers: Answers = orjson.loads(self._values.open(asked.answers, _ANSWERS, asked.id))
        return answers
