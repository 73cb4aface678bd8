"""That somebody looked at the log: who reads it is a fact of it, whatever the way, before anything is shown.

An employee's reading of customers is itself personal data, so pages, REST and the command line record here alike.
"""

from audit.entries import Action, Fact, Retention
from audit.log import Log
from governance.actor import Actor


def record_look(log: Log, actor: Actor, count: int, subject: int | None = None, action: Action = Action.READ) -> None:
    """Record that somebody looked at entries, durably.

    Args:
        log: Where.
        actor: Who; on the host, its user.
        count: How many entries are shown.
        subject: The data subject whom they were narrowed to, where they were.
        action: Whether they were read, or carried away in a file.

    Raises:
        LogUnavailableError: If it cannot be; then show nothing.
    """
    log.append(
        Fact(
            retention=Retention.SECURITY,
            action=action,
            actor=actor,
            object_type="log",
            subjects=() if subject is None else (subject,),
            details={"count": count},
        )
    )
