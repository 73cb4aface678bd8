"""A file that was bought, in the house: its people are to be told, and somebody may write to them."""

import csv
import io
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from audit.transaction import unrecorded
from governance.actor import Role
from governance.customers.importing.job import ImportFile
from governance.customers.importing.run import run_import
from governance.customers.informing.following import JOB, Following
from governance.customers.informing.making import Headings, MakeMessage, make_message
from governance.gate.query import Query
from governance.jobs.queue import Lease
from governance.vocabulary import Channel, DataCategory, Form, GrantedAction
from register.lifecycle import Opinion, Verb
from register.models import Purpose
from register.service import Desk, Step, open_information
from tests.builders.customers import HEADER, PURPOSE, TestHouse, a_csv, a_person, allow_import
from tests.builders.ground import an_actor
from tests.builders.notices import FAIR, a_bought_file
from tests.builders.policies import a_grant
from tests.builders.register import a_complete_draft, step, the_controller, the_dpo, the_owner

SALES = an_actor(Role.SALES)
# What the notice names, and what nobody was told of when the file came.
LATER = "loyalty-points"
HEADINGS = Headings(
    of=lambda name: name,
    language="language",
    notice="notice",
    address="address",
    whole=lambda notice: f"https://egide.example/notices/{notice.slug}/{notice.version}/{notice.language}",
)


@dataclass(frozen=True, kw_only=True)
class Bought:
    """The import, and the task that it left."""

    house: TestHouse
    import_id: uuid.UUID
    task_id: uuid.UUID

    def message(self, channel: Channel = Channel.EMAIL, *, all_again: bool = False) -> list[dict[str, str]]:
        """Make the first message, whole, and return its rows."""
        command = MakeMessage(import_id=self.import_id, purpose=PURPOSE, channel=channel, all_again=all_again)
        return rows_of(make_message(self.house, SALES, command, HEADINGS))

    def follow(self) -> None:
        """Let the worker do what is left."""
        following = Following(self.house)
        while not following.step(a_lease(self.house.clock.now())).finished:
            pass

    def given(self) -> int:
        """Return how many rows the later purpose reads."""
        query = Query(purpose=LATER, table="customers", fields=("family_name",), limit=1000)
        return self.house.gate.read(an_actor(Role.SUPPORT), query).count


def register_desk(house: TestHouse) -> Desk:
    """Return what the register's use cases take."""
    return Desk(house.clock, house.ids, house.attestor)


def publish_notice(house: TestHouse) -> None:
    """Activate an activity that collects everywhere: the notice names its purpose, which is closed to older data."""
    desk = register_desk(house)
    with house.write() as session:
        a_complete_draft(session, desk)
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.SUBMIT))
        step(session, desk, the_dpo(), Step(activity="loyalty", verb=Verb.ADVISE, opinion=Opinion.FAVOURABLE))
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.ACTIVATE))
        purpose = session.scalars(select(Purpose).where(Purpose.slug == LATER)).one()
        a_grant(session, role=Role.SUPPORT, purpose_id=purpose.id)


def allow_writing(house: TestHouse, *categories: DataCategory, form: Form = Form.CLEAR) -> None:
    """Let sales write to the people of an import."""
    with house.write() as session:
        unrecorded(session, "the test's own preparation")
        for category in categories or (DataCategory.IDENTITY, DataCategory.CONTACT, DataCategory.PREFERENCES):
            a_grant(session, role=Role.SALES, category=category, action=GrantedAction.EXPORT, form=form)


def a_bought_import(
    house: TestHouse,
    folder: Path,
    rows: Iterable[tuple[str, ...]] | None = None,
    *,
    header: tuple[str, ...] = HEADER,
    published: bool = True,
) -> Bought:
    """Import a file that was bought, of three people unless told otherwise; nobody may write to them yet."""
    allow_import(house)
    with house.write() as session:
        a_bought_file(session, register_desk(house))
    if published:
        publish_notice(house)
    path = a_csv(folder / "bought.csv", map(a_person, range(3)) if rows is None else rows, header=header)
    run = run_import(house, SALES, ImportFile(path=path, table="customers", source="Bought", point=FAIR))
    assert run.id is not None
    with house.read() as session:
        (asked,) = open_information(session, house.attestor, 10)
        return Bought(house=house, import_id=run.id, task_id=asked.task.id)


def rows_of(parts: Iterable[bytes]) -> list[dict[str, str]]:
    """Return the rows of a file of the first message."""
    text = b"".join(parts).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), delimiter=";"))


def a_lease(now: datetime) -> Lease:
    """Return a job in hand, for a minute."""
    return Lease(
        id=uuid.UUID(int=1),
        kind=JOB,
        payload={},
        attempts=1,
        claims=1,
        progress=0,
        total=None,
        until=now + timedelta(minutes=1),
    )
