"""What the log is told of accounts: who did what to whose."""

import uuid
from typing import Final

from audit.entries import Action, Fact, JsonValue, Retention
from governance.actor import Actor

ACCOUNT: Final = "account"


def account_fact(
    actor: Actor, account_id: uuid.UUID | None, verb: str, retention: Retention = Retention.EVIDENCE, **more: JsonValue
) -> Fact:
    """Return the fact that somebody did something to an account.

    Args:
        actor: Who.
        account_id: Whose; None where there is no such account.
        verb: What.
        retention: How long the log keeps it.
        more: What else there is to say; no address and no name.
    """
    return Fact(
        retention=retention,
        action=Action.ACCOUNT,
        actor=actor,
        object_type=ACCOUNT,
        object_id=None if account_id is None else str(account_id),
        details={"verb": verb, **more},
    )
