"""What a map opens by grants that stand already, the controller alone puts in force; what nobody reads is free."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from governance.actor import Actor, ActorKind, Role
from governance.datamap.desk import MapDesk
from governance.datamap.drafting.looking import look_at
from governance.datamap.drafting.service import LoadProposal, load_proposal, put_on_file
from governance.datamap.drafting.waiting import maps_for_controller
from governance.datamap.errors import MapOpensError
from governance.datamap.loader import parse_map
from governance.datamap.opening import Opening, new_columns
from governance.datamap.service import new_to_force
from governance.gate.who_reads import who_reads_by
from governance.policies.models import Grant
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind
from register.lifecycle import ActivityState, Mode
from tests.builders.datamap import people_map
from tests.builders.ground import an_actor
from tests.builders.music_shop import SHOP_YAML
from tests.builders.policies import REQUESTED, a_grant
from tests.builders.register import a_purpose
from tests.integration.datamap.conftest import Wing

# Nothing here is said in SQL.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CONTROLLER = an_actor(Role.CONTROLLER)
ADMIN = an_actor(Role.ADMIN)
OTHERS = [
    ADMIN,
    an_actor(Role.CONTROLLER, kind=ActorKind.PROGRAM),
    replace(CONTROLLER, token=uuid.UUID(int=9)),
    Actor(kind=ActorKind.HOST, id=None, roles=frozenset(), host_user="root"),
]
NAMES = ["administrator", "program", "token of the controller's own", "host alone"]
CUSTOMER, CONTACT, IDENTITY = SubjectKind.CUSTOMER, DataCategory.CONTACT, DataCategory.IDENTITY
MOBILE = "mobile: {column: telephone, category: contact, link: person, kind: phone, origin: provided}"


def with_field(written: str) -> str:
    return SHOP_YAML.replace("      birth_date:", f"      {written}\n      birth_date:")


EXTENDED = with_field(MOBILE)


def declare(wing: Wing, *categories: DataCategory, grant: dict[str, Any] | None = None, **parts: Any) -> None:
    """Declare a purpose over these categories of customers, and grant them unless told not to."""
    with wing.database.write() as session:
        wing.unrecorded(session)
        purpose = a_purpose(session, data=[(CUSTOMER, each) for each in categories], **parts)
        for category in categories if grant is not None else ():
            a_grant(session, category=category, purpose_id=purpose.id, **grant or {})


def openings(wing: Wing, map_text: str) -> Sequence[Opening]:
    described = parse_map(map_text, "shop.yaml")
    with wing.database.read() as session:
        found = who_reads_by(wing.attestor)(session, wing.clock.now(), new_to_force(session, described))
    return found.found


def opened(wing: Wing, map_text: str) -> set[tuple[Role, str, str, Form]]:
    return {
        (each.role, each.action.value, column.field.name, each.form)
        for each in openings(wing, map_text)
        for column in each.columns
    }


@pytest.mark.parametrize("other", OTHERS, ids=NAMES)
def test_a_column_never_mapped_enters_a_granted_category_by_the_controller_alone(wing: Wing, other: Actor) -> None:
    wing.load(SHOP_YAML, actor=other)
    declare(wing, CONTACT, grant={})

    with pytest.raises(MapOpensError) as refused:
        wing.load(EXTENDED, actor=other)
    said = "support, for customer-relationship, would read: shop_customers.mobile of customers"
    assert said in str(refused.value)
    assert "mobile" not in wing.catalogue().table("shop_customers").fields

    assert wing.load(EXTENDED, actor=CONTROLLER).version == 2


def test_the_first_map_of_a_database_is_free_until_something_is_granted(wing: Wing) -> None:
    assert wing.load(SHOP_YAML, actor=ADMIN).version == 1


def test_a_whole_database_that_grants_wait_for_is_the_controllers(wing: Wing) -> None:
    declare(wing, CONTACT, grant={})

    with pytest.raises(MapOpensError, match=r"would read: shop_customers\.email.* of customers"):
        wing.load(SHOP_YAML, actor=ADMIN)
    assert wing.load(SHOP_YAML, actor=CONTROLLER).version == 1


def test_what_speaks_of_nobody_opens_by_a_grant_for_any_kind_of_person(wing: Wing) -> None:
    declare(wing, DataCategory.PURCHASES, grant={})

    found = [each for each in openings(wing, SHOP_YAML) if each.kind is None]
    assert {column.table.name for each in found for column in each.columns} == {"albums"}


@pytest.mark.parametrize(
    "written",
    [
        MOBILE.replace("contact", "economic"),
        MOBILE.replace("link: person", "link: seller"),
        MOBILE.replace("origin: provided", "origin: provided, nir: true"),
    ],
    ids=["another category", "another kind of person", "what special grants alone give"],
)
def test_what_no_grant_reaches_is_free_to_load(wing: Wing, written: str) -> None:
    wing.load(SHOP_YAML, actor=ADMIN)
    declare(wing, CONTACT, grant={})

    assert wing.load(with_field(written), actor=ADMIN).version == 2


@pytest.mark.parametrize(
    "grant",
    [
        {"revoked": True},
        {"approved": False},
        {"valid_to": REQUESTED + timedelta(days=1)},
        {"role": Role.SALES},
        {"action": GrantedAction.CHANGE},
    ],
    ids=["revoked", "waiting", "over", "of no recipient", "to change, where nothing is written"],
)
def test_a_grant_that_opens_nothing_stops_nobody(wing: Wing, grant: dict[str, Any]) -> None:
    wing.load(SHOP_YAML, actor=ADMIN)
    declare(wing, CONTACT, grant=grant)

    assert wing.load(EXTENDED, actor=ADMIN).version == 2


@pytest.mark.parametrize(
    ("grant", "parts", "found"),
    [
        ({"valid_from": REQUESTED + timedelta(days=90)}, {}, (Role.SUPPORT, "read", "mobile", Form.CLEAR)),
        ({}, {"state": ActivityState.SUSPENDED}, (Role.SUPPORT, "read", "mobile", Form.CLEAR)),
        ({"form": Form.MASKED}, {}, (Role.SUPPORT, "read", "mobile", Form.MASKED)),
        ({"action": GrantedAction.EXPORT}, {}, (Role.SUPPORT, "export", "mobile", Form.CLEAR)),
        (None, {"mode": Mode.OBSERVE}, (Role.SUPPORT, "read", "mobile", Form.CLEAR)),
    ],
    ids=["from later", "suspended", "masked", "to export", "by observing, without any grant"],
)
def test_whatever_would_open_it_counts(
    wing: Wing, grant: dict[str, Any] | None, parts: dict[str, Any], found: tuple[Role, str, str, Form]
) -> None:
    wing.load(SHOP_YAML, actor=ADMIN)
    declare(wing, CONTACT, grant=grant, **parts)

    assert opened(wing, EXTENDED) == {found}
    with pytest.raises(MapOpensError):
        wing.load(EXTENDED, actor=ADMIN)


@pytest.mark.parametrize(
    "written",
    [
        SHOP_YAML.replace("column: courriel", "column: telephone"),
        SHOP_YAML.replace("column: courriel", "column: Courriel"),
        SHOP_YAML.replace("link: person, kind: email", "link: person, special: true, kind: email"),
        SHOP_YAML.replace("table: client\n", "table: client\n    schema: elsewhere\n"),
    ],
    ids=["another column by the same name", "other capitals", "a mark put on", "another schema"],
)
def test_a_column_is_new_whatever_its_field_is_called(wing: Wing, written: str) -> None:
    wing.load(SHOP_YAML, actor=CONTROLLER)
    declare(wing, CONTACT, DataCategory.SPECIAL, grant={})

    assert new_columns(parse_map(SHOP_YAML, "shop.yaml"), parse_map(written, "shop.yaml"))


def test_a_column_that_is_only_called_otherwise_opens_nothing(wing: Wing) -> None:
    wing.load(SHOP_YAML, actor=ADMIN)
    declare(wing, CONTACT, grant={})
    assert opened(wing, SHOP_YAML.replace("email: {column: courriel", "mail: {column: courriel")) == set()


def test_grants_altered_outside_leave_the_map_to_the_controller(wing: Wing) -> None:
    wing.load(SHOP_YAML, actor=ADMIN)
    declare(wing, CONTACT, grant={})
    with wing.database.write_connection() as connection:
        connection.execute(text(f"UPDATE {Grant.__tablename__} SET category = 'family'"))

    with pytest.raises(MapOpensError, match="was altered outside Égide"):
        wing.load(EXTENDED, actor=ADMIN)
    assert wing.load(EXTENDED, actor=CONTROLLER).version == 2


def test_a_proposal_that_opens_waits_for_the_controller(wing: Wing) -> None:
    declare(wing, CONTACT, IDENTITY, grant={})
    draft = look_at(wing.sources, "shop", wing.catalogue())
    with wing.database.write() as session:
        put_on_file(session, wing.clock, ADMIN, draft)
    command = LoadProposal(source="shop", revision=1, base=people_map(), who_reads=who_reads_by(wing.attestor))

    with pytest.raises(MapOpensError, match="would read"), wing.database.write() as session:
        load_proposal(session, wing.clock, wing.ids, wing.attestor, ADMIN, command)
    with wing.database.write() as session:
        assert load_proposal(session, wing.clock, wing.ids, wing.attestor, CONTROLLER, command).version == 1


def test_the_controller_is_told_of_a_map_that_waits_for_them(wing: Wing) -> None:
    desk = MapDesk(base=people_map(), sources=wing.sources, who_reads=who_reads_by(wing.attestor))

    def waiting() -> list[str]:
        with wing.database.read() as session:
            return [each.source for each in maps_for_controller(session, wing.attestor, desk, wing.clock.now())]

    draft = look_at(wing.sources, "shop", wing.catalogue())
    with wing.database.write() as session:
        put_on_file(session, wing.clock, ADMIN, draft)
    assert waiting() == [], "the administrator may load what opens nothing"

    declare(wing, CONTACT, IDENTITY, grant={})
    assert waiting() == ["shop"]

    with wing.database.write() as session:
        wing.unrecorded(session)
        session.execute(text("UPDATE map_proposal SET revision = revision + 1"))
    assert waiting() == [], "what was altered outside nobody can load"


def test_a_long_list_is_cut_short_in_the_refusal(wing: Wing) -> None:
    wing.load(SHOP_YAML, actor=ADMIN)
    declare(wing, CONTACT, grant={})
    many = "\n      ".join(MOBILE.replace("mobile", f"mobile_{n}").replace("telephone", f"tel{n}") for n in range(40))

    with pytest.raises(MapOpensError, match=r"mobile_9, and 30 more of customers") as refused:
        wing.load(with_field(many), actor=ADMIN)
    assert "mobile_10" not in str(refused.value)


def test_the_grants_are_looked_at_under_the_lock_of_what_decides(wing: Wing) -> None:
    held: list[bool] = []

    def who_reads(session: Any, now: datetime, columns: Any) -> Any:
        held.append("egide.policy-guarded" in session.info)
        return who_reads_by(wing.attestor)(session, now, columns)

    draft = look_at(wing.sources, "shop", wing.catalogue())
    with wing.database.write() as session:
        put_on_file(session, wing.clock, ADMIN, draft)
    command = LoadProposal(source="shop", revision=1, base=people_map(), who_reads=who_reads)
    with wing.database.write() as session:
        load_proposal(session, wing.clock, wing.ids, wing.attestor, ADMIN, command)

    assert held == [True]
