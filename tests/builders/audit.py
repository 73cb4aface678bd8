"""A log with a fictional key, and facts to put in it."""

from audit.entries import Action, Fact, JsonValue, Retention
from audit.log import Log
from governance.actor import Role
from governance.clock import Clock
from governance.database import Database
from governance.ids import IdSource
from tests.builders.ground import an_actor

LEAF_KEY = bytes(range(32))


def a_log(database: Database, clock: Clock, ids: IdSource) -> Log:
    """Return a log on the database, attached to its sessions. The caller closes it."""
    log = Log(database, clock, ids, LEAF_KEY)
    log.attach(database.sessions)
    return log


def a_fact(number: int = 0, **details: JsonValue) -> Fact:
    """Return the fact that somebody of the support read a customer."""
    return Fact(
        retention=Retention.ACCESS,
        action=Action.READ,
        actor=an_actor(Role.SUPPORT),
        object_type="customers",
        object_id=f"row-{number}",
        purpose="after-sales",
        subjects=(number,),
        details={"fields": ["email"], "number": number, **details},
    )
