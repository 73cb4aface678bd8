"""Each kind of drift: what creates it, that it is told, and that what settles it makes it go."""

import uuid
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from audit.entries import Action, Fact, Retention
from audit.transaction import unrecorded
from governance.actor import ActorKind, Role
from governance.datamap.adopt.service import Adopt, adopt
from governance.datamap.service import LoadMap, load_map
from governance.days import day_of
from governance.gate.who_reads import who_reads_by
from governance.oversight.drift.actions import settling
from governance.oversight.drift.aside import SetAside, set_aside
from governance.oversight.drift.drafting import DraftWords, draft_refused
from governance.oversight.drift.errors import NothingToDraftError
from governance.oversight.drift.values import Kind, Severity
from governance.periods import Period
from governance.policies.service import RevokeGrant, revoke_grant
from governance.vocabulary import DataCategory, LawfulBasis, SubjectKind
from register.catalogue.models import Contract
from register.catalogue.values import Clause, SubProcessing
from register.lifecycle import Mode, Verb
from register.lines.contents import AssetLine, TransferLine
from register.lines.values import AssetKind, Relation, Safeguard, Subject
from register.models import Party
from register.service import (
    ActivityChange,
    AdequacyTerms,
    NewActivity,
    NewParty,
    PurposeChange,
    SetMode,
    StartActivity,
    Step,
    add_contract,
    add_party,
    change_activity,
    change_contract,
    change_purpose,
    confirm_defaults,
    draft_activity,
    keep_adequacy,
    list_adequacy,
    list_purposes,
    set_mode,
    start_activity,
    unconfirmed_defaults,
)
from register.starting_points.schemas.loader import starting_point
from register.starting_points.values import Language, Words
from register.values import Origin
from tests.builders.drift import CUSTOMER, House, another, collected, days_ago, later
from tests.builders.gate import own_map
from tests.builders.ground import an_actor
from tests.builders.lines import contract_terms, on_file, taking_part
from tests.builders.policies import a_grant
from tests.builders.register import activate, step, terms, the_controller, the_dpo, the_owner

IDENTITY, CONTACT, FAMILY = DataCategory.IDENTITY, DataCategory.CONTACT, DataCategory.FAMILY


def test_columns_that_no_activity_covers_are_told_until_one_declares_them(house: House) -> None:
    before = {each.key: each for each in house.found(Kind.UNCOVERED)}

    assert before["customer", "identity"].columns == ("people.birth_date", "people.family_name", "people.given_name")
    assert before["customer", "identity"].severity is Severity.SETTLE
    # What the law guards most, kept for nothing.
    assert before["customer", "special"].severity is Severity.SERIOUS
    assert settling(before["customer", "identity"]).endpoint == "register.start"

    house.active("loyalty", terms(IDENTITY))

    assert ("customer", "identity") not in house.told(Kind.UNCOVERED)
    assert ("customer", "contact") in house.told(Kind.UNCOVERED)


def test_a_suspended_activity_covers_nothing(house: House) -> None:
    house.active("loyalty", terms(IDENTITY))
    with house.write() as session:
        step(session, house.desk, the_controller(), Step(activity="loyalty", verb=Verb.SUSPEND, text="For now."))

    assert ("customer", "identity") in house.told(Kind.UNCOVERED)


def test_data_that_no_column_holds_are_told_until_the_record_says_otherwise(house: House) -> None:
    house.active("loyalty", terms(IDENTITY), terms(FAMILY))

    [found] = house.found(Kind.UNHELD)
    assert (found.key, found.code, found.severity) == (("loyalty",), "partly", Severity.SETTLE)
    assert found.pairs == ((CUSTOMER, FAMILY),)
    assert settling(found).values == {"slug": "loyalty"}

    with house.revision() as session:
        house.uses(session, terms(IDENTITY))

    assert house.found(Kind.UNHELD) == []


def test_an_activity_outside_the_base_is_to_be_known_and_not_to_be_mended(house: House) -> None:
    house.active("payroll", terms(IDENTITY, SubjectKind.EMPLOYEE))

    [found] = house.found(Kind.UNHELD)

    assert (found.code, found.severity) == ("declared-only", Severity.KNOW)


def granted(house: House, days: int) -> uuid.UUID:
    """Grant the purpose of the activity since so many days, by a grant that was renewed."""
    house.active()
    now = house.clock.now()
    with house.write() as session:
        unrecorded(session, "a test sets the scene")
        begun = now - timedelta(days=days)
        a_grant(session, valid_from=begun, valid_to=now - timedelta(days=1))
        return a_grant(session, valid_from=now - timedelta(days=1), valid_to=now + timedelta(days=200)).id


def test_a_purpose_granted_for_a_year_and_never_read_for_is_told_until_the_grant_is_taken_back(house: House) -> None:
    grant = granted(house, 366)

    [found] = house.found(Kind.UNUSED)
    assert found.key == ("loyalty-points",)
    assert settling(found).endpoint == "policies.grants"

    with house.write() as session:
        revoke_grant(
            session, house.clock, house.desk.attestor, the_controller(), RevokeGrant(grant_id=grant, because="Unused.")
        )

    assert house.found(Kind.UNUSED) == []


def test_a_purpose_granted_for_less_than_a_year_may_still_be_read_for(house: House) -> None:
    granted(house, 364)

    assert house.found(Kind.UNUSED) == []


@pytest.mark.parametrize(("days", "told"), [(1, False), (364, False), (366, True)])
def test_a_read_within_the_year_is_use(house: House, days: int, told: bool) -> None:
    granted(house, 370)
    read = Fact(
        retention=Retention.ACCESS,
        action=Action.READ,
        actor=an_actor(Role.SUPPORT),
        object_type="people",
        purpose="loyalty-points",
        at=house.clock.now() - timedelta(days=days),
        details={"rows": 1, "fields": {}},
    )
    house.log.append(read)

    assert bool(house.found(Kind.UNUSED)) is told


def words() -> DraftWords:
    both = Words(fr="À dire", en="To be said")
    return DraftWords(name=both, purpose=both, description=both, period=both)


def test_reads_for_an_undeclared_purpose_are_told_until_the_activity_drafted_from_them_is_in_force(
    house: House,
) -> None:
    house.active()
    house.refused("newsletter", Role.MARKETING, "email", "phone")
    house.refused("newsletter", Role.MARKETING, "email")
    house.refused("newsletter", Role.SALES)

    found = {each.role: each for each in house.found(Kind.REFUSED)}
    assert set(found) == {Role.MARKETING, Role.SALES}
    marketing = found[Role.MARKETING]
    assert (marketing.name, marketing.count, marketing.code) == ("people", 2, "undeclared")
    assert marketing.pairs == ((CUSTOMER, CONTACT),)
    assert settling(marketing).sends

    with house.write() as session:
        activity, new = draft_refused(session, house.desk, the_dpo(), (marketing, words(), Language.ENGLISH))
        slug = activity.slug
        assert (slug, new) == ("marketing-people", True)
        # All of it is marked as to be looked at, and it cannot be submitted before somebody said why.
        unconfirmed = unconfirmed_defaults(session, activity.id)
        assert (unconfirmed.starting_point, unconfirmed.count) == (Origin.REFUSED_READS, 3)
    with house.write() as session:
        unrecorded(session, "asked twice")
        again, new = draft_refused(session, house.desk, the_dpo(), (marketing, words(), Language.ENGLISH))
        assert (again.slug, new) == (slug, False)
    assert {each.role for each in house.found(Kind.REFUSED)} == {Role.MARKETING, Role.SALES}

    house.clock.advance(hours=1)
    with house.write() as session:
        party = add_party(session, house.desk.ids, the_dpo(), NewParty(name="Boutique Exemple"))
        target = (slug, ActivityChange(controller_id=party.id, owner_id=the_owner().id))
        change_activity(session, house.clock, house.desk.attestor, the_dpo(), target)
        [purpose] = list_purposes(session, activity_id=activity.id, after=None, limit=9).rows
        basis = LawfulBasis.LEGITIMATE_INTERESTS
        change = PurposeChange(basis=basis, interest="News.", necessity="Nothing milder.", balance="Expected.")
        change_purpose(session, house.clock, house.desk.attestor, the_owner(), (purpose.slug, change))
        activate(session, house.desk, slug)

    # What it gives is settled; what the sales tried is not.
    assert {each.role for each in house.found(Kind.REFUSED)} == {Role.SALES}

    house.refused("postcards", Role.MARKETING, "email")

    assert {each.role for each in house.found(Kind.REFUSED)} == {Role.SALES, Role.MARKETING}


def test_reads_that_a_purpose_does_not_give_are_told_until_it_does(house: House) -> None:
    house.active()
    house.refused("loyalty-points", Role.SALES, "family_name")

    [found] = house.found(Kind.REFUSED)
    assert (found.code, found.role, settling(found).values) == ("declared", Role.SALES, {"slug": "loyalty"})
    with pytest.raises(NothingToDraftError), house.write() as session:
        draft_refused(session, house.desk, the_dpo(), (found, words(), Language.ENGLISH))

    with house.revision() as session:
        house.gives(session, Role.SUPPORT, Role.SALES)

    assert house.found(Kind.REFUSED) == []


def test_a_read_of_everything_that_is_answered_by_now_is_settled(house: House) -> None:
    house.active()
    house.refused("loyalty-points", Role.SALES)
    assert house.found(Kind.REFUSED)

    with house.revision() as session:
        house.gives(session, Role.SUPPORT, Role.SALES)

    assert house.found(Kind.REFUSED) == [], "what the purpose does not use is left out of the answer"


def test_a_draft_of_another_name_that_begins_alike_is_not_gone_on_with(house: House) -> None:
    house.refused("postcards", Role.SUPPORT, "email")
    [found] = house.found(Kind.REFUSED)
    with house.write() as session:
        other = NewActivity(slug=f"support-{found.name}-history", name_fr="Autre", name_en="Other")
        draft_activity(session, house.clock, house.desk.ids, the_dpo(), other)
        drafted, new = draft_refused(session, house.desk, the_dpo(), (found, words(), Language.ENGLISH))
        again, newer = draft_refused(session, house.desk, the_dpo(), (found, words(), Language.ENGLISH))

    assert new
    assert drafted.slug != other.slug
    assert (again.id, newer) == (drafted.id, False)


def test_a_refusal_for_want_of_a_grant_is_no_drift_of_the_register(house: House) -> None:
    house.active()
    with house.write() as session:
        command = SetMode(activity="loyalty", mode=Mode.ENFORCE)
        set_mode(session, house.clock, house.desk.attestor, the_controller(), command)
    house.refused("loyalty-points", Role.SUPPORT, "family_name")

    assert house.found(Kind.REFUSED) == []


def test_refusals_are_forgotten_after_thirty_days(house: House) -> None:
    house.refused()
    assert house.found(Kind.REFUSED)

    house.clock.advance(days=31)

    assert house.found(Kind.REFUSED) == []


class TestShop:
    """A database that the host set up, and that nobody has adopted yet."""

    @pytest.fixture
    def addresses(self, shop_url: str) -> dict[str, str]:
        return {"shop": shop_url}

    def test_columns_found_by_content_are_told_until_the_map_describes_them(self, house: House, shop_url: str) -> None:
        assert house.found(Kind.UNDECLARED) == []
        assert house.report().looked.unaged == ()
        house.look()

        found = {each.name: each for each in house.found(Kind.UNDECLARED)}
        assert "courriel" in found["client"].columns
        # Allergies are health.
        assert found["client"].severity is Severity.SERIOUS
        assert "album" not in found
        assert settling(found["client"]).endpoint == "datamap.sources"

        adoption = adopt(Adopt(url=shop_url, source="shop", taken=tuple(own_map().tables)))
        command = LoadMap(
            file="shop.yaml",
            text=adoption.text,
            base=own_map(),
            who_reads=who_reads_by(house.desk.attestor),
            address_of=house.sources.address,
        )
        loader = an_actor(Role.CONTROLLER, kind=ActorKind.HOST)
        with house.write() as session:
            load_map(session, house.clock, house.desk.ids, house.desk.attestor, loader, command)

        assert house.found(Kind.UNDECLARED) == []
        # No finding will ever say that these data are kept too long, so the report says that.
        assert "client" in house.report().looked.unaged
        assert "people" not in house.report().looked.unaged

    def test_no_value_of_the_database_is_kept(self, house: House) -> None:
        house.look()

        with house.database.read() as session:
            kept = "".join(each.found for each in house.ground(session).looks.values())
        assert "courriel" in kept
        assert "@" not in kept


class TestShopThatIsGone:
    """A database that does not answer."""

    @pytest.fixture
    def addresses(self, tmp_path: Path) -> dict[str, str]:
        return {"shop": f"sqlite:///{tmp_path}/gone/shop.db"}

    def test_it_is_told_as_not_looked_at(self, house: House) -> None:
        house.look()

        assert house.report().looked.unreachable == ("shop",)


def test_data_older_than_every_period_are_counted_until_a_period_covers_them(house: House) -> None:
    house.active("loyalty", collected(IDENTITY, "P300D", archive="P65D"), collected(CONTACT, "P30Y"))
    house.active("sales", collected(IDENTITY, "P3M"), later(DataCategory.ECONOMIC, "P3M"))
    house.people(3, days_ago(house.clock, 366))
    house.people(1, days_ago(house.clock, 365))
    house.look()

    found = {each.key: each for each in house.found(Kind.OVERDUE)}
    assert set(found) == {("people", "customer", "identity"), ("people", "customer", "economic")}
    certain = found["people", "customer", "identity"]
    assert (certain.count, certain.severity, certain.day) == (3, Severity.SERIOUS, days_ago(house.clock, 366))
    assert settling(certain).values == {"slug": "loyalty"}
    # Nobody knows when that relationship ended: it may be overdue.
    assert found["people", "customer", "economic"].severity is Severity.KNOW
    assert found["people", "customer", "economic"].count == 4

    with house.revision() as session:
        house.uses(session, collected(IDENTITY, "P400D"), collected(CONTACT, "P30Y"))

    assert house.told(Kind.OVERDUE) == {("people", "customer", "economic")}


def test_years_are_those_of_the_calendar_forwards_and_in_the_database(house: House) -> None:
    today = day_of(house.clock.now())
    last = Period("P5Y").latest_event(today)
    house.active("loyalty", collected(IDENTITY, "P2Y", archive="P3Y"), collected(CONTACT, "P30Y"))
    house.people(2, last)
    # Five times 365 days end sooner, by the leap years between.
    house.people(1, last - timedelta(days=1))
    house.look()

    [found] = house.found(Kind.OVERDUE)

    assert (found.key, found.count) == (("people", "customer", "identity"), 1)
    assert today - last > timedelta(days=5 * 365)


def test_data_that_were_deleted_are_told_no_more_once_the_worker_looked_again(house: House) -> None:
    house.active("loyalty", collected(IDENTITY, "P1M"))
    house.people(2, days_ago(house.clock, 60))
    house.look()
    assert house.found(Kind.OVERDUE)

    house.execute("DELETE FROM gate_people")
    house.look()

    assert house.found(Kind.OVERDUE) == []


def with_processor(house: House, **contract: object) -> uuid.UUID:
    """Take an activity into force that names a processor, under a contract."""
    house.active()
    with house.revision() as session:
        party = on_file(session, house.desk)
        add_contract(session, house.desk, the_owner(), contract_terms(party, **contract))
        house.lines(session, Subject.PARTIES, taking_part(party, Relation.PROCESSOR))
        return party.id


def test_a_processor_whose_contract_ends_is_told_until_another_is_on_file(house: House) -> None:
    today = day_of(house.clock.now())
    party_id = with_processor(house, ends_on=today + timedelta(days=100))
    assert house.found(Kind.CONTRACT) == []

    house.clock.advance(days=10)
    [ending] = house.found(Kind.CONTRACT)
    assert (ending.code, ending.severity) == ("ending", Severity.KNOW)
    assert ending.day == today + timedelta(days=100)

    house.clock.advance(days=91)
    [over] = house.found(Kind.CONTRACT)
    assert (over.code, over.severity, over.id) == ("over", Severity.SERIOUS, ending.id)
    assert settling(over).values == {"party_id": str(party_id)}

    with house.write() as session:
        party = session.get_one(Party, party_id)
        add_contract(session, house.desk, the_owner(), contract_terms(party))

    assert house.found(Kind.CONTRACT) == []


def test_what_was_set_aside_comes_back_when_it_becomes_graver(house: House) -> None:
    with_processor(house, ends_on=day_of(house.clock.now()) + timedelta(days=60))
    [ending] = house.found(Kind.CONTRACT)
    waiting = SetAside(until=day_of(house.clock.now()) + timedelta(days=365), reason="The next one is negotiated.")
    with house.write() as session:
        set_aside(session, house.desk, the_dpo(), (ending, waiting))
    assert house.found(Kind.CONTRACT) == []

    house.clock.advance(days=61)

    [over] = house.found(Kind.CONTRACT)
    assert (over.code, over.severity, over.aside) == ("over", Severity.SERIOUS, None)


def test_a_contract_that_lacks_something_is_to_settle(house: House) -> None:
    party_id = with_processor(house)
    with house.write() as session:
        [contract] = session.scalars(select(Contract)).all()
        party = session.get_one(Party, party_id)
        incomplete = contract_terms(party, document="")
        change_contract(session, house.desk, the_owner(), (contract.id, incomplete))

    [found] = house.found(Kind.CONTRACT)
    assert (found.code, found.severity, found.activities[0].slug) == ("incomplete", Severity.SETTLE, "loyalty")
    assert found.parts == ("document",)
    assert settling(found).values == {"party_id": str(party_id), "contract_id": str(contract.id)}


@pytest.mark.parametrize(
    ("written", "lacking"),
    [
        ({"clauses": frozenset(Clause) - {Clause.AUDIT, Clause.RETURN}}, ("g", "h")),
        ({"signed_on": None}, ("signature",)),
        ({"signed_on": date(2099, 1, 1)}, ("beginning",)),
        ({"sub_processing": SubProcessing.SPECIFIC}, ("sub-processors",)),
    ],
)
def test_a_contract_that_lacks_something_is_told_with_what_it_lacks(
    house: House, written: dict[str, object], lacking: tuple[str, ...]
) -> None:
    party_id = with_processor(house)
    with house.write() as session:
        [contract] = session.scalars(select(Contract)).all()
        told = contract_terms(session.get_one(Party, party_id), **written)
        change_contract(session, house.desk, the_owner(), (contract.id, told))

    assert [each.parts for each in house.found(Kind.CONTRACT)] == [lacking]


def test_a_transfer_whose_decision_ends_is_told_until_a_safeguard_protects_it(house: House) -> None:
    house.active()
    there = TransferLine(country="NZ", recipient="Support desk", safeguard=Safeguard.ADEQUACY)
    with house.revision() as session:
        house.lines(session, Subject.TRANSFERS, there)
    assert house.found(Kind.TRANSFER) == []

    with house.write() as session:
        decision = next(each for each in list_adequacy(session, after=None, limit=200).rows if each.country == "NZ")
        ended = AdequacyTerms(
            country="NZ",
            decided_on=decision.decided_on,
            until=day_of(house.clock.now()) - timedelta(days=1),
            source=decision.source,
            checked_on=day_of(house.clock.now()),
        )
        keep_adequacy(session, house.desk, the_dpo(), (decision.id, ended))

    [found] = house.found(Kind.TRANSFER)
    assert (found.code, found.severity, found.place) == ("no-adequacy-decision", Severity.SERIOUS, "NZ")
    assert settling(found).values == {"slug": "loyalty"}

    with house.revision() as session:
        house.lines(
            session,
            Subject.TRANSFERS,
            TransferLine(
                country="NZ",
                recipient="Support desk",
                safeguard=Safeguard.STANDARD_CLAUSES,
                assessment="Encrypted, keys here.",
                assessed_on=date(2026, 11, 1),
            ),
        )

    assert house.found(Kind.TRANSFER) == []


def test_a_table_that_the_map_does_not_hold_is_told_until_the_record_names_another(house: House) -> None:
    house.active()
    till = AssetLine(kind=AssetKind.APPLICATION, name="Till")
    with house.revision() as session:
        house.lines(session, Subject.ASSETS, AssetLine(kind=AssetKind.TABLE, name="clients"), till)

    [found] = house.found(Kind.ASSET)
    assert (found.name, found.activities[0].slug) == ("clients", "loyalty")

    with house.revision() as session:
        house.lines(session, Subject.ASSETS, AssetLine(kind=AssetKind.TABLE, name="people"), till)

    assert house.found(Kind.ASSET) == []


def test_what_was_copied_and_is_in_force_is_told_until_somebody_confirms_it(house: House) -> None:
    point = starting_point("after-sales")
    with house.write() as session:
        party = add_party(session, house.desk.ids, the_owner(), NewParty(name="Boutique Exemple"))
        new = NewActivity(slug="after-sales", name_fr="SAV", name_en="After-sales", controller_id=party.id)
        start_activity(session, house.desk, the_owner(), StartActivity(point=point, activity=new))
        activate(session, house.desk, "after-sales")

    [found] = house.found(Kind.DEFAULTS)
    assert (found.key, found.count) == (("after-sales",), 3 * len(point.purposes))

    with house.revision("after-sales") as session:
        for purpose in point.purposes:
            confirm_defaults(session, house.desk.attestor, the_owner(), purpose.slug)

    assert house.found(Kind.DEFAULTS) == []


@pytest.mark.parametrize(
    ("statement", "back", "table"),
    [
        ("UPDATE contract SET ends_on = '2099-01-01'", "UPDATE contract SET ends_on = NULL", "contract"),
        (
            "UPDATE activity_party SET part = 'Nothing.'",
            "UPDATE activity_party SET part = 'Delivers the parcels.'",
            "activity_party",
        ),
        ("UPDATE purpose SET label_en = 'Other'", "UPDATE purpose SET label_en = 'Count points'", "purpose"),
    ],
)
def test_what_was_altered_does_not_count_and_is_told_until_it_is_as_it_was(
    house: House, statement: str, back: str, table: str
) -> None:
    with_processor(house)
    assert house.found(Kind.ALTERED) == []

    house.execute(statement)

    with another(house) as again:
        [found] = again.found(Kind.ALTERED)
        assert (found.name, found.severity, found.count) == (table, Severity.SERIOUS, 1)
        # A contract that was altered is none.
        expected = ["missing"] if table == "contract" else []
        assert [each.code for each in again.found(Kind.CONTRACT)] == expected

    house.execute(back)

    with another(house) as again:
        assert again.found(Kind.ALTERED) == []


def test_there_is_a_test_for_each_kind() -> None:
    text = "".join(each.read_text(encoding="utf-8") for each in Path(__file__).parent.glob("test_kinds*.py"))

    assert [each for each in Kind if f"Kind.{each.name}" not in text] == []
