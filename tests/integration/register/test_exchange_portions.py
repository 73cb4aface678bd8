"""Large files are drafted in portions: a kill between two of them loses nothing and doubles nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from audit.search import Filters, search
from audit.transaction import unrecorded
from governance.database import Database
from governance.vault.errors import AttestationError
from register.catalogue.models import Contract, Measure
from register.errors import NumbersExhaustedError
from register.exchange.desk import ExchangeDesk
from register.exchange.drafting import Fate, Imported, ImportRegister, import_register, portions
from register.exchange.errors import ImportElsewhereError, MalformedRegisterError
from register.exchange.models import RegisterImport
from register.exchange.placed import ReadRegister
from register.exchange.reading import written_activities
from register.exchange.written import WrittenActivity, WrittenParty
from register.models import Activity, Party, Purpose, UnconfirmedDefault
from register.service import NewActivity, draft_activity
from register.service.purposes import declaring
from register.values import PurposePart
from tests.builders.register import the_dpo, the_owner
from tests.builders.written import THE_FIRM, a_written_activity, as_read, without_dates

# Less is said of the organisation than the file says elsewhere: within one file that is another one.
BARE = WrittenParty(name=THE_FIRM.name)


def several() -> list[WrittenActivity]:
    """Return activities of which some are named alike, and that name the same organisations, and one that is not."""
    return [
        a_written_activity("one", name_fr="Une", name_en="One"),
        a_written_activity("two", name_fr="Une", name_en="One"),
        a_written_activity("three", name_fr="Trois", name_en="Three", controller=BARE),
        a_written_activity("four", name_fr="Quatre", name_en="Four", controller=BARE),
        a_written_activity("five", name_fr="Cinq", name_en="Five"),
    ]


def guessed(*activities: WrittenActivity) -> ReadRegister:
    read = as_read(*activities)
    return replace(read, activities=[replace(each, guessed=(PurposePart.WORDS,)) for each in read.activities])


def in_portions(exchanging: ExchangeDesk, command: ImportRegister, most: int = 2) -> list[Imported]:
    return list(portions(exchanging, the_dpo(), command, most=most))


def state_of(database: Database, exchanging: ExchangeDesk) -> list[Any]:
    """Return all that an import leaves behind, without identifiers and days."""
    with database.read() as session:
        written = [without_dates(each) for each in written_activities(session, exchanging.writing.attestor)]
        parties = session.execute(select(Party.name, Party.city).order_by(Party.id)).all()
        counts = [
            session.scalar(select(func.count()).select_from(each))
            for each in (Measure, Contract, Purpose, UnconfirmedDefault, RegisterImport)
        ]
    return [written, [tuple(row) for row in parties], counts]


def test_stopped_after_a_portion_and_gone_on_with_it_is_as_if_at_once(
    database: Database, exchanging: ExchangeDesk
) -> None:
    command = ImportRegister(register=guessed(*several()))
    first = next(portions(exchanging, the_dpo(), command, most=2))
    assert list(first.drafted) == ["one", "two"]

    done = in_portions(exchanging, command)[-1]
    stopped = state_of(database, exchanging)

    assert list(done.drafted) == ["one", "two", "three", "four", "five"]
    assert (done.parties, done.measures, done.contracts) == (len(stopped[1]), 2, 2)
    written, parties, [_, _, purposes_there, marked, unfinished] = stopped
    assert written == several(), "as if it had been drafted at once"
    assert sorted(parties).count((BARE.name, "")) == 1
    assert (purposes_there, marked, unfinished) == (15, 15, 0)


def test_whatever_the_size_of_its_portions_the_same_comes_of_a_file(
    database: Database, exchanging: ExchangeDesk
) -> None:
    found = in_portions(exchanging, ImportRegister(register=guessed(*several())), most=100)

    assert len(found) == 1
    assert state_of(database, exchanging)[0] == several()
    again = [replace(each, slug=f"{each.slug}-again", purposes=()) for each in several()]
    apart = in_portions(exchanging, ImportRegister(register=guessed(*again), clashing=Fate.DRAFT), most=1)

    assert [len(each.drafted) for each in apart] == [1, 2, 3, 4, 5]
    assert (apart[-1].parties, apart[-1].measures, apart[-1].contracts) == (0, 0, 0)


def test_what_was_chosen_at_the_beginning_holds_for_every_portion(database: Database, exchanging: ExchangeDesk) -> None:
    in_portions(exchanging, ImportRegister(register=as_read(a_written_activity("five"))))
    register = as_read(*several())
    chosen = ImportRegister(register=register, fates={1: Fate.LEAVE_OUT}, clashing=Fate.DRAFT)
    next(portions(exchanging, the_dpo(), chosen, most=2))

    done = import_register(exchanging, the_dpo(), ImportRegister(register=register, clashing=Fate.LEAVE_OUT))

    assert list(done.drafted) == ["one", "three", "four", "five-2"]
    assert done.left_out == 1


def test_a_name_that_somebody_takes_between_two_portions_is_not_written_over(
    database: Database, exchanging: ExchangeDesk
) -> None:
    command = ImportRegister(register=as_read(*several()))
    next(portions(exchanging, the_dpo(), command, most=2))
    writing = exchanging.writing
    with database.write() as session:
        new = NewActivity(slug="four", name_fr="Autre", name_en="Other")
        draft_activity(session, writing.clock, writing.ids, the_owner(), new)

    assert list(import_register(exchanging, the_dpo(), command).drafted) == ["one", "two", "three", "four-2", "five"]


def test_of_two_who_go_on_with_one_import_one_does(database: Database, exchanging: ExchangeDesk) -> None:
    command = ImportRegister(register=as_read(*several()))
    mine, yours = (portions(exchanging, the_dpo(), command, most=2) for _ in range(2))
    next(mine)
    next(yours)

    with pytest.raises(ImportElsewhereError):
        next(mine)
    assert list(list(yours)[-1].drafted) == ["one", "two", "three", "four", "five"]
    assert len(state_of(database, exchanging)[0]) == 5


def test_one_who_imports_the_same_file_as_another_begins_at_its_beginning(
    database: Database, exchanging: ExchangeDesk
) -> None:
    command = ImportRegister(register=as_read(*several()), clashing=Fate.DRAFT)
    next(portions(exchanging, the_dpo(), command, most=2))

    theirs = import_register(exchanging, the_owner(), command)

    assert list(theirs.drafted) == ["one-2", "two-2", "three", "four", "five"]


def test_how_far_an_import_has_come_opens_for_its_own_account_and_file_alone(
    database: Database, exchanging: ExchangeDesk
) -> None:
    command = ImportRegister(register=as_read(*several()))
    next(portions(exchanging, the_dpo(), command, most=2))
    with database.write() as session:
        unrecorded(session, "somebody writes round the house")
        row = session.scalars(select(RegisterImport)).one()
        assert b"three" not in row.state
        session.execute(update(RegisterImport).values(account_id=the_owner().id))

    with pytest.raises(AttestationError):
        import_register(exchanging, the_owner(), command)


def test_what_is_wrong_anywhere_in_a_file_is_told_before_anything_is_drafted(
    database: Database, exchanging: ExchangeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = [replace(each, measures=()) for each in several()[:4]]
    unknown = as_read(*bare, several()[4])
    with pytest.raises(MalformedRegisterError) as refused:
        next(portions(exchanging, the_owner(), ImportRegister(register=unknown), most=1))
    assert [each.place for each in refused.value.wrongs] == [f"$.activities[4].measures[{n}]" for n in range(2)]

    monkeypatch.setattr(declaring, "MAX_PURPOSES", 14)
    with pytest.raises(NumbersExhaustedError):
        next(portions(exchanging, the_dpo(), ImportRegister(register=as_read(*several())), most=1))

    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Activity)) == 0


def test_each_portion_is_in_the_log_with_how_far_it_came(database: Database, exchanging: ExchangeDesk) -> None:
    in_portions(exchanging, ImportRegister(register=as_read(*several())))

    with database.read() as session:
        facts = [each.said["details"] for each in search(session, Filters(object_type="register"), limit=10)]
    assert sorted((each["drafted"], each["so_far"], each["of"]) for each in facts) == [(1, 5, 5), (2, 2, 5), (2, 4, 5)]


class _Transactions:
    """What a database is asked, and whether a writing transaction is under way when a file is looked at."""

    def __init__(self, database: Database) -> None:
        self.open = 0
        event.listen(database.engine, "begin", self._begin)
        event.listen(database.engine, "commit", self._end)
        event.listen(database.engine, "rollback", self._end)

    def _begin(self, _connection: object) -> None:
        self.open += 1

    def _end(self, _connection: object) -> None:
        self.open -= 1


class _Watched(Sequence[Any]):
    """The activities of a file, which notes whether anybody goes through them while a transaction is open."""

    def __init__(self, activities: Sequence[Any], transactions: _Transactions) -> None:
        self._activities = activities
        self._transactions = transactions
        self.went_through: list[int] = []

    def __getitem__(self, place: Any) -> Any:
        return self._activities[place]

    def __len__(self) -> int:
        return len(self._activities)

    def __iter__(self) -> Iterator[Any]:
        self.went_through.append(self._transactions.open)
        return iter(self._activities)


def test_a_file_is_checked_before_anybody_is_kept_from_writing(database: Database, exchanging: ExchangeDesk) -> None:
    read = as_read(*several())
    watched = _Watched([*read.activities, read.activities[0]], _Transactions(database))

    with pytest.raises(MalformedRegisterError):
        import_register(exchanging, the_dpo(), ImportRegister(register=replace(read, activities=watched)))

    assert watched.went_through
    assert set(watched.went_through) == {0}
