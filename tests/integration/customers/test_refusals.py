"""A refusal outlives the person it is about: erased, brought in again, entered by hand, they stay unsolicited."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text

from audit.models import LogEntry
from audit.transaction import unrecorded
from consent.identifiers import Identifier, IdentifierKind
from consent.service import Desk, Objection, RecordEvent, object_to, record_consent, record_many
from consent.states import EventKind, Method
from consent.suppression.checking import check_list
from consent.suppression.listing import SuppressionList
from consent.suppression.models import Suppression
from consent.suppression.service import keep_of_erased, refuse_everything, tell
from consent.suppression.values import Tell
from governance.actor import Actor, ActorKind, Role
from governance.customers.importing.job import ImportFile
from governance.customers.importing.report import ImportReport
from governance.customers.importing.run import run_import
from governance.customers.tables import TABLES
from governance.datamap.models import blind_tokens
from governance.gate.commands import ChangeRow, CreateRow
from governance.gate.errors import ReadRefusedError
from governance.gate.writer import Writer
from governance.gate.writing import WriterParts
from governance.vault.models import DataSubject
from governance.vault.subject_keys import EVERY_SOLICITATION, erase, objections_of
from governance.vocabulary import Channel, DataCategory, GrantedAction, LawfulBasis, SubjectKind
from tests.builders.consent import an_email, desk_of
from tests.builders.customers import CATEGORIES, PURPOSE, TestHouse, a_csv, a_person, allow_import
from tests.builders.ground import an_actor
from tests.builders.policies import a_grant
from tests.builders.register import a_purpose

SALES = an_actor(Role.SALES)
MARKETING = an_actor(Role.MARKETING, number=2)
PROGRAM = an_actor(Role.SERVICE, kind=ActorKind.PROGRAM, number=3)
CUSTOMERS = TABLES["customers"]
OFFERS, LETTER = "post-offers", "newsletter"
K, M = EventKind, Method


@dataclass(frozen=True)
class Shop:
    """A house with customers' files, a purpose that solicits without asking, and one that asks."""

    house: TestHouse
    folder: Path

    @property
    def desk(self) -> Desk:
        return desk_of(self.house)

    @property
    def writer(self) -> Writer:
        house = self.house
        parts = WriterParts(
            database=house.database,
            clock=house.clock,
            ids=house.ids,
            keyring=house.keyring,
            plan=house.gate.plan,
            snapshot=house.gate.snapshot,
        )
        return Writer(parts)

    def bring_in(self, *people: Sequence[str], dry_run: bool = False) -> ImportReport:
        path = a_csv(self.folder / f"{len(list(self.folder.iterdir()))}.csv", people)
        # The same people in another file: one that was imported already is not imported again.
        path.write_bytes(path.read_bytes() + b"\n" * len(list(self.folder.iterdir())))
        return run_import(self.house, SALES, ImportFile(path=path, table="customers", source="Salon", dry_run=dry_run))

    def person(self, number: int) -> int:
        with self.house.read() as session:
            mine = CUSTOMERS.c.number == a_person(number)[0]
            found: int = session.execute(select(CUSTOMERS.c.person_subject_id).where(mine)).scalar_one()
            return found

    def given(self, purpose: str) -> set[str]:
        """Return the numbers of those whom the gate gives to marketing."""
        try:
            return {row["number"] for row in self.house.gate.read(MARKETING, purpose, "customers", ["number"])}
        except ReadRefusedError:
            return set()

    def forget(self, number: int) -> None:
        """Do what an erasure will do: keep the refusal, then take the rows and the key away."""
        subject_id = self.person(number)
        with self.house.write() as session:
            keep_of_erased(session, self.desk, SALES, subject_id)
            mine = select(CUSTOMERS.c.id).where(CUSTOMERS.c.person_subject_id == subject_id)
            session.execute(delete(blind_tokens).where(blind_tokens.c.row_id.in_(mine)))
            session.execute(delete(CUSTOMERS).where(CUSTOMERS.c.person_subject_id == subject_id))
            erase(session, subject_id)

    def marks(self, number: int) -> frozenset[int]:
        with self.house.read() as session:
            return objections_of(session.get_one(DataSubject, self.person(number)).objections)

    def agree(self, number: int, method: Method, actor: Actor = SALES, **more: object) -> bool:
        event = RecordEvent(
            subject_id=self.person(number),
            purpose=LETTER,
            channel=Channel.EMAIL,
            kind=K.GIVEN,
            method=method,
            **more,  # type: ignore[arg-type] # for the test's ease
        )
        with self.house.write() as session:
            return record_consent(session, self.desk, actor, event).holds

    def tell(self, *emails: str, **more: object) -> tuple[int, int]:
        command = Tell(identifiers=[an_email(each) for each in emails], **more)  # type: ignore[arg-type] # the same
        with self.house.write() as session:
            done = tell(session, self.desk, SALES, command)
            return done.added, done.repeated


@pytest.fixture
def shop(house: TestHouse, tmp_path: Path) -> Shop:
    allow_import(house)
    kind = SubjectKind.CUSTOMER
    pairs = [(kind, category) for category in CATEGORIES]
    with house.write() as session:
        unrecorded(session, "a test sets the scene")
        sellers = (Role.MARKETING,)
        a_purpose(session, id=20, slug=OFFERS, basis=LawfulBasis.LEGITIMATE_INTERESTS, data=pairs, recipients=sellers)
        a_purpose(session, id=21, slug=LETTER, basis=LawfulBasis.CONSENT, data=pairs, recipients=sellers)
        for purpose_id in (20, 21):
            for category in (DataCategory.IDENTITY, DataCategory.CONTACT):
                a_grant(session, purpose_id=purpose_id, role=Role.MARKETING, kind=kind, category=category)
        for category in CATEGORIES:
            a_grant(session, role=Role.SALES, kind=kind, category=category, action=GrantedAction.CHANGE)
    folder = tmp_path / "files"
    folder.mkdir()
    return Shop(house, folder)


def code(number: int) -> str:
    return a_person(number)[0]


def test_whoever_objected_and_was_erased_comes_back_unsolicited(shop: Shop) -> None:
    shop.bring_in(a_person(1), a_person(2))
    with shop.house.write() as session:
        object_to(session, shop.desk, SALES, Objection(subject_id=shop.person(1), purpose=OFFERS))
    assert shop.given(OFFERS) == {code(2)}
    shop.forget(1)

    rehearsed = shop.bring_in(a_person(1), a_person(3), dry_run=True)
    done = shop.bring_in(a_person(1), a_person(3))

    assert (rehearsed.accepted, rehearsed.unsolicited) == (2, 1)
    assert (done.accepted, done.unsolicited) == (2, 1)
    assert shop.given(OFFERS) == {code(2), code(3)}


def test_an_objection_alone_follows_whoever_comes_back_under_one_of_their_addresses(shop: Shop) -> None:
    shop.bring_in(a_person(1))
    with shop.house.write() as session:
        object_to(session, shop.desk, SALES, Objection(subject_id=shop.person(1), purpose=OFFERS))
    again = list(a_person(2))
    again[5] = "+33 6 39 98 00 01"  # the number of the first

    shop.bring_in(again, a_person(3))

    assert shop.marks(2) == {20}
    assert shop.given(OFFERS) == {code(3)}


def test_a_file_of_consents_opens_nothing_for_them_and_their_own_later_yes_does(shop: Shop) -> None:
    shop.bring_in(a_person(1))
    shop.forget(1)
    shop.bring_in(a_person(1))
    shop.house.clock.advance(days=1)
    today = shop.house.clock.now()
    imported = RecordEvent(
        subject_id=shop.person(1),
        purpose=LETTER,
        channel=Channel.EMAIL,
        kind=K.GIVEN,
        method=M.IMPORT,
        occurred_at=today,
    )
    with shop.house.write() as session:
        report = record_many(session, shop.desk, PROGRAM, [imported])
    assert (report.recorded, report.set_aside, report.given) == (0, 1, 0)
    assert not shop.agree(1, M.IMPORT)
    assert not shop.agree(1, M.API)
    assert shop.given(LETTER) == set()

    assert shop.agree(1, M.CHECKBOX)

    assert shop.given(LETTER) == {code(1)}
    # They said yes to one thing: what solicits without asking stays closed.
    assert shop.given(OFFERS) == set()


def test_a_paper_signed_before_the_refusal_opens_nothing_and_one_signed_after_it_does(shop: Shop) -> None:
    shop.bring_in(a_person(1))
    before = shop.house.clock.now()
    shop.house.clock.advance(days=1)
    shop.forget(1)
    shop.bring_in(a_person(1))
    shop.house.clock.advance(days=2)

    assert not shop.agree(1, M.PAPER, occurred_at=before)
    later = shop.house.clock.now()
    shop.house.clock.advance(days=1)
    assert shop.agree(1, M.PAPER, occurred_at=later)


def test_a_yes_to_what_was_refused_ends_the_row_and_keeps_it(shop: Shop) -> None:
    shop.bring_in(a_person(1))
    with shop.house.write() as session:
        object_to(session, shop.desk, SALES, Objection(subject_id=shop.person(1), purpose=LETTER))
    shop.house.clock.advance(hours=1)

    assert shop.agree(1, M.DOUBLE_OPT_IN)

    assert shop.marks(1) == frozenset()
    with shop.house.read() as session:
        rows = session.scalars(select(Suppression)).all()
        assert len(rows) == 2  # an address and a number
        assert {row.ended_at for row in rows} == {shop.house.clock.now()}
        assert check_list(session, shop.house.keyring).whole


def test_who_refused_everything_and_takes_one_purpose_up_again_has_refused_the_others(shop: Shop) -> None:
    with shop.house.write() as session:
        unrecorded(session, "a test sets the scene")
        a_purpose(session, id=22, slug="fairs", basis=LawfulBasis.LEGITIMATE_INTERESTS, recipients=(Role.MARKETING,))
    shop.bring_in(a_person(1))
    with shop.house.write() as session:
        refuse_everything(session, shop.desk, SALES, shop.person(1))
    assert shop.marks(1) == {EVERY_SOLICITATION}
    assert shop.given(OFFERS) == set()

    with shop.house.write() as session:
        object_to(session, shop.desk, SALES, Objection(subject_id=shop.person(1), purpose=OFFERS, objected=False))

    assert shop.marks(1) == {22}
    assert shop.given(OFFERS) == {code(1)}
    with shop.house.read() as session:
        found = SuppressionList(shop.house.keyring).find(session, [an_email("person-1@demo.example")])
        assert [each.purpose_id for each in found[an_email("person-1@demo.example")]] == [22]


def test_what_solicits_from_tomorrow_on_is_refused_today(shop: Shop) -> None:
    shop.tell("person-1@demo.example")
    shop.bring_in(a_person(1), a_person(2))
    with shop.house.write() as session:
        unrecorded(session, "a test sets the scene")
        pairs = [(SubjectKind.CUSTOMER, category) for category in CATEGORIES]
        a_purpose(
            session,
            id=22,
            slug="fairs",
            basis=LawfulBasis.LEGITIMATE_INTERESTS,
            recipients=(Role.MARKETING,),
            data=pairs,
        )
        a_grant(session, purpose_id=22, role=Role.MARKETING, kind=SubjectKind.CUSTOMER, category=DataCategory.IDENTITY)

    assert shop.given("fairs") == {code(2)}


def test_a_list_of_somebody_else_closes_who_is_on_file_and_who_is_not_yet(shop: Shop) -> None:
    shop.bring_in(a_person(1), a_person(2))
    shop.agree(1, M.CHECKBOX)
    assert shop.given(LETTER) == {code(1)}

    assert shop.tell("PERSON-1@demo.example", "person-3@demo.example", source="Liste Robinson") == (2, 0)
    assert shop.tell("person-1@demo.example") == (0, 1)

    shop.bring_in(a_person(3))
    assert shop.given(OFFERS) == {code(2)}
    assert shop.given(LETTER) == set()


def test_a_refused_channel_closes_what_asks_on_it_and_what_solicits_and_names_none(shop: Shop) -> None:
    shop.tell("person-1@demo.example", channel=Channel.TELEPHONE)
    shop.tell("person-2@demo.example", channel=Channel.EMAIL)
    shop.tell("person-3@demo.example", purpose=LETTER)
    shop.bring_in(a_person(1), a_person(2), a_person(3))

    assert [shop.marks(number) for number in (1, 2, 3)] == [{20}, {20, 21}, {21}]


def test_a_new_person_and_a_new_address_are_looked_up_by_the_writer(shop: Shop) -> None:
    shop.tell("listed@demo.example")
    shop.bring_in(a_person(2))
    values = {"number": code(1), "family_name": "Martin", "email": "Listed@Demo.example"}

    shop.writer.create(SALES, CreateRow(purpose=PURPOSE, table="customers", values=values))
    with shop.house.read() as session:
        row_id = session.execute(select(CUSTOMERS.c.id).where(CUSTOMERS.c.number == code(2))).scalar_one()
    assert shop.given(OFFERS) == {code(2)}
    change = {"email": "listed@demo.example"}
    shop.writer.change(
        SALES, ChangeRow(purpose=PURPOSE, table="customers", id=row_id, revision=1, values=change, twice=True)
    )

    assert shop.marks(1) == shop.marks(2) == {EVERY_SOLICITATION}
    assert shop.given(OFFERS) == set()


def test_an_address_written_anew_as_it_was_takes_no_yes_back(shop: Shop) -> None:
    shop.bring_in(a_person(1))
    shop.tell("person-1@demo.example", channel=Channel.EMAIL)
    shop.house.clock.advance(hours=1)
    shop.agree(1, M.CHECKBOX)
    with shop.house.read() as session:
        row_id = session.execute(select(CUSTOMERS.c.id)).scalar_one()

    same = {"email": "Person-1@demo.example"}
    shop.writer.change(
        SALES, ChangeRow(purpose=PURPOSE, table="customers", id=row_id, revision=1, values=same, twice=True)
    )

    assert shop.marks(1) == {20}
    assert shop.given(LETTER) == {code(1)}


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM suppression",
        "UPDATE suppression SET ended_at = since",
        "UPDATE suppression SET purpose_id = 1",
        "UPDATE suppression SET channel = 6",
        "DELETE FROM suppression_tally",
        "UPDATE suppression_tally SET count = 0",
    ],
)
def test_what_sql_does_to_the_list_opens_nothing_for_who_is_on_file_and_is_told(shop: Shop, statement: str) -> None:
    shop.bring_in(a_person(1), a_person(2))
    shop.tell("person-1@demo.example")
    with shop.house.read() as session:
        assert check_list(session, shop.house.keyring).whole

    with shop.house.write() as session:
        unrecorded(session, "somebody with the database's password")
        session.execute(text(statement))

    assert shop.given(OFFERS) == {code(2)}
    with shop.house.read() as session:
        assert not check_list(session, shop.house.keyring).whole


def test_an_altered_row_refuses_everything_of_whoever_comes_in(shop: Shop) -> None:
    shop.tell("person-1@demo.example", purpose=LETTER)
    with shop.house.write() as session:
        unrecorded(session, "somebody with the database's password")
        session.execute(text("UPDATE suppression SET ended_at = since"))

    shop.bring_in(a_person(1))

    assert shop.marks(1) == {EVERY_SOLICITATION}


def test_a_list_of_an_older_day_put_back_with_its_tally_is_told_by_the_log(shop: Shop) -> None:
    shop.tell("person-1@demo.example")
    with shop.house.read() as session:
        tally = session.execute(text("SELECT count, digest, mac FROM suppression_tally")).one()
    shop.house.clock.advance(hours=1)
    shop.tell("person-2@demo.example")

    with shop.house.write() as session:
        unrecorded(session, "somebody with the database's password")
        newest = select(func.max(Suppression.since)).scalar_subquery()
        session.execute(delete(Suppression).where(Suppression.since == newest))
        session.execute(
            text("UPDATE suppression_tally SET count = :count, digest = :digest, mac = :mac"), tally._asdict()
        )

    with shop.house.read() as session:
        found = check_list(session, shop.house.keyring)
        assert (found.complete, found.logged) == (True, False)


def test_an_altered_row_of_a_person_hinders_no_objection_and_is_told(shop: Shop) -> None:
    shop.bring_in(a_person(1))
    with shop.house.write() as session:
        unrecorded(session, "somebody with the database's password")
        session.execute(text("UPDATE crm_customers SET revision = 7, person_contact_revision = 7"))

    with shop.house.write() as session:
        object_to(session, shop.desk, SALES, Objection(subject_id=shop.person(1), purpose=OFFERS))

    assert shop.marks(1) == {20}
    with shop.house.read() as session:
        said = session.scalars(
            select(LogEntry.body).where(LogEntry.object_type == "suppression").order_by(LogEntry.leaf_index)
        ).all()
        assert b'"unread":1' in bytes(said[-1])


def test_nothing_personal_is_on_the_list_or_in_the_log(shop: Shop) -> None:
    shop.tell("person-1@demo.example")
    shop.bring_in(a_person(1))
    with shop.house.write() as session:
        object_to(session, shop.desk, SALES, Objection(subject_id=shop.person(1), purpose=OFFERS))
    with shop.house.read() as session:
        kept = b"".join(bytes(body) for body in session.scalars(select(LogEntry.body)))
        rows = repr([row.__dict__ for row in session.scalars(select(Suppression))]).encode()

    for secret in ("person-1", "demo.example", "0639980001", "639980001", "Lefèvre"):
        assert secret.encode() not in kept + rows
    assert "person-1" not in repr(an_email("person-1@demo.example"))
    assert "person-1" not in repr(Tell(identifiers=[an_email("person-1@demo.example")]))


def test_the_list_cannot_be_joined_with_the_blind_indexes(shop: Shop) -> None:
    shop.bring_in(a_person(1))
    shop.tell("person-1@demo.example")
    number = Identifier.of(IdentifierKind.PHONE, "06 39 98 00 01")

    with shop.house.read() as session:
        tokens = {token & (1 << 48) - 1 for token in session.scalars(select(blind_tokens.c.token))}
        listed = SuppressionList(shop.house.keyring)
        for each in (an_email("person-1@demo.example"), number):
            hashed = listed.hash(each)
            parts = {int.from_bytes(hashed[at : at + 6]) for at in range(11)}
            assert tokens.isdisjoint(parts)


def test_bought_addresses_are_asked_before_they_come_in(shop: Shop) -> None:
    shop.tell("person-1@demo.example")
    asked = [an_email("person-1@demo.example"), an_email("person-9@demo.example")]

    with shop.house.read() as session:
        assert SuppressionList(shop.house.keyring).on_list(session, asked) == {asked[0]}


def test_a_refusal_told_while_somebody_is_brought_in_misses_nobody(shop: Shop) -> None:
    report: list[ImportReport] = []
    bringing = threading.Thread(target=lambda: report.append(shop.bring_in(a_person(1))))

    with shop.house.write() as session:
        tell(session, shop.desk, SALES, Tell(identifiers=[an_email("person-1@demo.example")]))
        bringing.start()
        # Long enough to reach the list, if nothing held it.
        bringing.join(timeout=2)
        assert not report
    bringing.join(timeout=20)

    assert report[0].unsolicited == 1
    assert shop.marks(1) == {EVERY_SOLICITATION}
