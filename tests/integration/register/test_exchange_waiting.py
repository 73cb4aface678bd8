"""Files of a register that wait for a decision: sealed, for a day, each for whoever brought it in."""

import io
import uuid

import pytest
from sqlalchemy import func, select

from audit.transaction import unrecorded
from governance.actor import Role
from governance.database import Database
from governance.jobs.worker import Worker
from governance.vault.errors import AttestationError
from register.errors import DraftingNotAllowedError
from register.exchange import waiting
from register.exchange.cnil.writing import write_simplified
from register.exchange.desk import ExchangeDesk
from register.exchange.drafting import ImportRegister, import_register, portions
from register.exchange.errors import (
    MalformedRegisterError,
    NoFileWaitsError,
    OtherFileWaitsError,
    UnknownFormatError,
)
from register.exchange.json_file import write_json
from register.exchange.models import RegisterImport, RegisterUpload
from register.exchange.sweeping import ExchangeSweep
from register.exchange.tables.asked import as_text
from register.exchange.written import WrittenActivity
from tests.builders.ground import CountingIds, StandingClock, an_actor
from tests.builders.register import the_dpo, the_owner
from tests.builders.tables import ASKED, OURS, a_csv
from tests.builders.written import a_written_activity, as_read


def a_file() -> io.BytesIO:
    file = io.BytesIO()
    write_simplified(file, [a_written_activity()])
    return io.BytesIO(file.getvalue())


def another() -> io.BytesIO:
    file = io.BytesIO()
    write_json(file, [a_written_activity("second")])
    return io.BytesIO(file.getvalue())


def swept(database: Database, clock: StandingClock) -> None:
    """Let a worker do what comes back every hour."""
    worker = Worker(database, clock, CountingIds(), [ExchangeSweep(database, clock).handler()])
    worker.enqueue_periodic()
    assert worker.run_once()


def waiting_rows(database: Database) -> int:
    with database.read() as session:
        tables = (RegisterUpload, RegisterImport)
        return sum(session.scalar(select(func.count()).select_from(each)) or 0 for each in tables)


def test_a_file_waits_for_a_day_and_another_takes_its_place(exchanging: ExchangeDesk, clock: StandingClock) -> None:
    waiting.bring(exchanging, the_dpo(), "register.ods", a_file())
    waiting.bring(exchanging, the_dpo(), "register.json", another())
    waiting.bring(exchanging, the_owner(), "register.ods", a_file())

    assert waiting.waiting(exchanging, the_dpo()).name == "register.json"
    clock.advance(hours=24)
    with pytest.raises(NoFileWaitsError):
        waiting.waiting(exchanging, the_dpo())


def test_what_nobody_came_back_to_is_deleted_within_the_hour(
    database: Database, exchanging: ExchangeDesk, clock: StandingClock
) -> None:
    waiting.bring(exchanging, the_owner(), "register.ods", a_file())
    next(portions(exchanging, the_dpo(), ImportRegister(register=as_read(*two())), most=1))
    clock.advance(hours=23)
    waiting.bring(exchanging, the_dpo(), "register.ods", a_file())
    swept(database, clock)
    assert waiting_rows(database) == 3

    clock.advance(hours=1)
    swept(database, clock)

    assert waiting_rows(database) == 1
    assert waiting.waiting(exchanging, the_dpo()).register is not None


def test_whoever_reads_the_row_learns_neither_the_file_nor_its_name_nor_its_columns(
    database: Database, exchanging: ExchangeDesk
) -> None:
    table = a_csv(OURS)
    shown = waiting.bring(exchanging, the_dpo(), "secret-name.csv", io.BytesIO(table)).shown
    waiting.say_columns(exchanging, the_dpo(), shown, ASKED)

    with database.read() as session:
        upload = session.scalars(select(RegisterUpload)).one()
        stored = upload.content + upload.note
    for told in (b"secret-name", table[:20], as_text(ASKED).encode(), b"name", b"columns"):
        assert told not in stored
    found = waiting.waiting(exchanging, the_dpo())
    assert (found.name, found.asked) == ("secret-name.csv", ASKED)


@pytest.mark.parametrize("change", ["account", "digest", "content", "note"])
def test_a_row_that_is_pointed_elsewhere_or_altered_does_not_open(
    database: Database, exchanging: ExchangeDesk, change: str
) -> None:
    waiting.bring(exchanging, the_owner(), "register.ods", a_file())
    with database.write() as session:
        unrecorded(session, "somebody writes round the house")
        upload = session.scalars(select(RegisterUpload)).one()
        if change == "account":
            upload.account_id = the_dpo().id or uuid.UUID(int=0)
        elif change == "digest":
            upload.digest = "0" * 64
        elif change == "content":
            upload.content = upload.content[:-1] + bytes([upload.content[-1] ^ 1])
        else:
            upload.note = upload.content

    with pytest.raises(AttestationError):
        waiting.waiting(exchanging, the_dpo() if change == "account" else the_owner())


def test_only_the_file_that_was_shown_is_decided_upon(exchanging: ExchangeDesk) -> None:
    shown = waiting.bring(exchanging, the_dpo(), "register.ods", a_file()).shown
    waiting.bring(exchanging, the_dpo(), "register.json", another())

    with pytest.raises(OtherFileWaitsError):
        waiting.decided(exchanging, the_dpo(), shown)


def test_what_is_said_of_the_columns_of_a_file_that_is_not_there_any_more_is_not_kept(
    exchanging: ExchangeDesk,
) -> None:
    shown = waiting.bring(exchanging, the_dpo(), "register.csv", io.BytesIO(a_csv(OURS))).shown
    waiting.bring(exchanging, the_dpo(), "register.json", another())

    with pytest.raises(OtherFileWaitsError):
        waiting.say_columns(exchanging, the_dpo(), shown, ASKED)


def test_a_file_waits_no_more_once_it_is_imported(database: Database, exchanging: ExchangeDesk) -> None:
    shown = waiting.bring(exchanging, the_dpo(), "register.ods", a_file()).shown
    waiting.bring(exchanging, the_owner(), "register.ods", a_file())
    register = waiting.decided(exchanging, the_dpo(), shown)
    import_register(exchanging, the_dpo(), ImportRegister(register=register))

    with pytest.raises(NoFileWaitsError):
        waiting.waiting(exchanging, the_dpo())
    assert waiting.waiting(exchanging, the_owner()).name == "register.ods"


def test_a_file_that_is_forgotten_leaves_nothing_to_go_on_with(database: Database, exchanging: ExchangeDesk) -> None:
    waiting.bring(exchanging, the_dpo(), "register.ods", a_file())
    next(portions(exchanging, the_dpo(), ImportRegister(register=as_read(*two())), most=1))
    waiting.discard(exchanging, the_dpo())
    waiting.discard(exchanging, the_dpo())

    assert waiting_rows(database) == 0


def test_a_file_that_cannot_be_read_does_not_wait(exchanging: ExchangeDesk) -> None:
    for content, error in ((b'{"format": 1}', MalformedRegisterError), (b"nothing", UnknownFormatError)):
        with pytest.raises(error):
            waiting.bring(exchanging, the_dpo(), "register.json", io.BytesIO(content))
    with pytest.raises(DraftingNotAllowedError):
        waiting.bring(exchanging, an_actor(Role.AUDITOR), "register.ods", a_file())
    with pytest.raises(NoFileWaitsError):
        waiting.waiting(exchanging, the_dpo())


def two() -> list[WrittenActivity]:
    return [a_written_activity(slug, name_fr=slug, name_en=slug) for slug in ("one", "two")]
