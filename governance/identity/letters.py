"""What people are written about their account, and the asking for it.

A letter is asked for in the transaction of what it tells of, and sent by a job, whose payload names the account and the
letter, never an address or a secret: a one-time link is made when its letter is sent (`postman.py`).
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from governance.clock import Clock
from governance.ids import IdSource
from governance.jobs.queue import NewJob, enqueue

LETTER_JOB: Final = "letter"
ACCOUNT_OF: Final = "account"
LETTER_OF: Final = "letter"
TOLD: Final = "told"


class Letter(StrEnum):
    """What a letter says. Each has a template of its name in `templates/mail/`."""

    PASSWORD_RESET = "password_reset"  # noqa: S105 -- the name of a letter
    FIRST_LINK = "first_link"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 -- the same
    ACCOUNT_DISABLED = "account_disabled"
    SECOND_FACTOR_RESET = "second_factor_reset"
    SIGN_IN_LINKED = "sign_in_linked"
    FACTOR_ADDED = "factor_added"
    PASSKEY_ADDED = "passkey_added"
    OWN_TOKEN_ADDED = "own_token_added"  # noqa: S105 -- the same
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    CONTROLLER_NAMED = "controller_named"
    CONTROLLER_GONE = "controller_gone"
    CONTROLLER_HANDLED = "controller_handled"
    ACTIONS_DUE = "actions_due"
    TEST = "test"


# Those that hold a one-time link.
WITH_LINK: Final = frozenset({Letter.PASSWORD_RESET, Letter.FIRST_LINK})


def tell(session: Session, ids: IdSource, clock: Clock, account_id: uuid.UUID, letter: Letter) -> None:
    """Have a letter sent to somebody, once this transaction is committed. Without a mail server none is.

    Asked for twice before it was sent, it is sent once.
    """
    put_in_the_post(session, ids, clock.now(), account_id, letter)


def put_in_the_post(
    session: Session,
    ids: IdSource,
    now: datetime,
    account_id: uuid.UUID,
    letter: Letter,
    told: Mapping[str, int] | None = None,
) -> None:
    """Put the job in. An account that does not exist costs the same work, and gets nothing.

    `told` are numbers that its template speaks of, by name; never anything of a person.
    """
    job = NewJob(
        kind=LETTER_JOB,
        key=f"{letter.value}:{account_id}",
        due_at=now,
        payload={ACCOUNT_OF: str(account_id), LETTER_OF: letter.value, **({TOLD: dict(told)} if told else {})},
    )
    enqueue(session, ids, job)
