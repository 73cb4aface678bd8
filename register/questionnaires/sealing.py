"""What a questionnaire holds, sealed: AES-256-GCM (NIST SP 800-38D) under a key derived from the keyring.

    sealed          = 0x01 + nonce (12) + ciphertext + tag (16)
    associated data = "egide/questionnaire/1", installation, part, questionnaire, in the encoding of `vault.canonical`

So an address or an answer can neither be read in the database nor be moved to another questionnaire.
"""

import os
import uuid
from typing import Final, NoReturn

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from governance.vault.canonical import encode
from governance.vault.errors import AttestationError
from governance.vault.keyring import Keyring
from register.questionnaires.errors import AnswersTooLongError
from register.questionnaires.models import Questionnaire
from register.questionnaires.values import MOST_BYTES, Answers

_FORMAT: Final = b"\x01"
_NONCE_BYTES: Final = 12
_BOUND: Final = "egide/questionnaire/1"
# The name of the derived secret.
_USE: Final = "questionnaire"


class AnswerSeal:
    """Seals and opens addresses and answers. Holds the key inside the cipher object only."""

    def __init__(self, keyring: Keyring) -> None:
        """Derive the key."""
        self._cipher: Final = AESGCM(keyring.secret(_USE))
        self._installation: Final = keyring.installation

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled")

    def seal_email(self, email: str, questionnaire_id: uuid.UUID) -> bytes:
        """Return an address, sealed to its questionnaire."""
        return self._seal(email.encode(), "email", questionnaire_id)

    def email_of(self, asked: Questionnaire) -> str | None:
        """Return the address that a questionnaire is sent to; None where there is none any more.

        Raises:
            AttestationError: If it was sealed to another questionnaire, or altered.
        """
        return None if asked.email is None else self._open(asked.email, "email", asked.id).decode()

    def seal_answers(self, answers: Answers, questionnaire_id: uuid.UUID) -> bytes:
        """Return answers, sealed to their questionnaire.

        Raises:
            AnswersTooLongError: If they are more than one holds.
        """
        written = orjson.dumps(dict(answers))
        if len(written) > MOST_BYTES:
            raise AnswersTooLongError
        return self._seal(written, "answers", questionnaire_id)

    def answers_of(self, asked: Questionnaire) -> Answers:
        """Return what was answered so far.

        Raises:
            AttestationError: If it was sealed to another questionnaire, or altered.
        """
        if asked.answers is None:
            return {}
        answers: Answers = orjson.loads(self._open(asked.answers, "answers", asked.id))
        return answers

    def _seal(self, content: bytes, part: str, questionnaire_id: uuid.UUID) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return _FORMAT + nonce + self._cipher.encrypt(nonce, content, self._bound(part, questionnaire_id))

    def _open(self, sealed: bytes, part: str, questionnaire_id: uuid.UUID) -> bytes:
        start = len(_FORMAT)
        nonce, content = sealed[start : start + _NONCE_BYTES], sealed[start + _NONCE_BYTES :]
        altered = AttestationError(kind=Questionnaire.__tablename__, reference=str(questionnaire_id))
        if sealed[:start] != _FORMAT:
            raise altered
        try:
            return self._cipher.decrypt(nonce, content, self._bound(part, questionnaire_id))
        except (InvalidTag, ValueError):
            raise altered from None

    def _bound(self, part: str, questionnaire_id: uuid.UUID) -> bytes:
        return encode(_BOUND, self._installation, part, questionnaire_id)
