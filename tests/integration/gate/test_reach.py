"""How far a grant would reach: what is counted and told before it is given is what a reader gets once it is."""

from datetime import timedelta

import pytest

from consent.states import ConsentState
from governance.actor import Role
from governance.gate.reach import measure_by
from governance.policies.errors import BeyondDeclarationError, NotRecipientError
from governance.policies.observed import observed_report
from governance.policies.reach import Laboratory, Reach, SimulateGrant, Simulation, simulate_grant
from governance.vocabulary import DataCategory, Form, GrantedAction, LawfulBasis, SubjectKind
from register.lifecycle import Mode
from register.service import get_activity
from tests.builders.gate import Shop
from tests.builders.gate_rows import Rows, numbers

IDENTITY, CONTACT = DataCategory.IDENTITY, DataCategory.CONTACT


def simulated(shop: Shop, *categories: DataCategory, **parts: object) -> Simulation:
    laboratory = Laboratory(attestor=shop.attestor, reach=Reach(measure_by(shop.gate.snapshot)))
    told: dict[str, object] = {"role": Role.SUPPORT, "purpose": "customer-relationship", **parts}
    command = SimulateGrant(categories=frozenset(categories), **told)  # type: ignore[arg-type] # a test's own parts
    with shop.database.read() as session:
        return simulate_grant(session, laboratory, shop.clock.now(), command)


def forms(simulation: Simulation, table: str = "people") -> dict[str, tuple[Form, Form]]:
    return {each.field: (each.before, each.after) for each in simulation.reached.fields if each.table == table}


def test_what_is_simulated_is_what_a_reader_gets(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(12))
    shop.purpose()
    shop.grant(CONTACT, form=Form.MASKED)

    told = simulated(shop, IDENTITY, CONTACT)
    shop.grant(IDENTITY, CONTACT)
    page = shop.read()

    assert told.customers == page.count == 12
    given = {name for name, (_, after) in forms(told).items() if after is not Form.WITHHELD}
    assert given <= set(page.decoded()[0]) - {"id"}
    assert forms(told)["email"] == (Form.MASKED, Form.CLEAR)
    assert forms(told)["family_name"] == (Form.WITHHELD, Form.CLEAR)


def test_a_weaker_form_than_the_one_held_opens_nothing(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(1))
    shop.purpose()
    shop.grant(CONTACT)

    told = simulated(shop, CONTACT, form=Form.MASKED)

    assert not [each for each in told.reached.fields if each.opens]


def test_fewer_than_ten_are_not_told(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(9))
    shop.purpose()

    assert simulated(shop, IDENTITY).customers is None
    rows.add_people(range(10, 12))
    assert simulated(shop, IDENTITY).customers == 11


def test_whoever_is_restricted_erased_or_objects_does_not_count(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(14))
    purpose = shop.purpose(basis=LawfulBasis.LEGITIMATE_INTERESTS)
    shop.restrict(1)
    shop.erase(2)
    shop.object(3, purpose)
    shop.object(4, purpose + 256)

    assert simulated(shop, IDENTITY).customers == 11


def test_for_consent_only_those_count_who_have_given_it_now(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(14))
    purpose = shop.purpose(basis=LawfulBasis.CONSENT)
    shop.consents(*range(1, 13), purpose_id=purpose)
    shop.consents(13, purpose_id=purpose, state=ConsentState.WITHDRAWN)

    told = simulated(shop, IDENTITY)

    assert (told.customers, told.reached.consent) == (12, True)


def test_a_simulation_never_exceeds_the_register(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(1))
    shop.purpose(data=[(SubjectKind.CUSTOMER, IDENTITY)])

    with pytest.raises(NotRecipientError):
        simulated(shop, IDENTITY, role=Role.ACCOUNTING)
    with pytest.raises(BeyondDeclarationError):
        simulated(shop, IDENTITY, CONTACT)


def test_writing_is_simulated_too(own_shop: Shop) -> None:
    own_shop.purpose()

    told = simulated(own_shop, CONTACT, action=GrantedAction.CHANGE)

    assert forms(told)["email"] == (Form.WITHHELD, Form.CLEAR)


def test_observing_and_a_closed_activity_do_not_hide_what_a_grant_gives(own_shop: Shop) -> None:
    own_shop.purpose(mode=Mode.OBSERVE)

    assert forms(simulated(own_shop, CONTACT))["email"] == (Form.WITHHELD, Form.CLEAR)


def test_what_observing_let_through_is_what_enforcing_would_change(shop: Shop, rows: Rows) -> None:
    rows.add_people(numbers(3))
    shop.purpose(mode=Mode.OBSERVE)
    shop.grant(CONTACT, form=Form.MASKED)
    shop.read("email", "family_name")
    shop.clock.advance(days=2)
    shop.read("email")
    shop.clock.advance(days=3)

    with shop.database.read() as session:
        slug = shop.gate.snapshot().purposes["customer-relationship"].activity_slug
        activity = get_activity(session, slug)
        report = observed_report(session, activity, shop.clock.now(), 30)
        short = observed_report(session, activity, shop.clock.now(), 4)

    assert (report.reads, report.touched, report.rows, report.people) == (2, 2, 6, 3)
    assert {rule.code: rule.reads for rule in report.rules} == {"weaker-form": 2, "no-grant": 1}
    assert (dict(report.roles), dict(report.purposes)) == ({"support": 2}, {"customer-relationship": 2})
    assert [reads for _, reads in report.days if reads] == [1, 1]
    assert (short.touched, short.days[0][0] + timedelta(days=3)) == (1, short.days[-1][0])
