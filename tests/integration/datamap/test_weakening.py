"""What a map protects less than the one in force, the controller alone puts in force; where a database is, the host."""

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import text

from governance.actor import Actor, ActorKind, Role
from governance.datamap.drafting.looking import look_at
from governance.datamap.drafting.service import LoadProposal, load_proposal, put_on_file
from governance.datamap.enrolment import Enroller
from governance.datamap.errors import DecisionNeededError, MapAddressError, MapWeakensError
from governance.datamap.models import MapDocument
from governance.datamap.service import SettleReturned, accept_registry, settle_returned
from governance.gate.who_reads import who_reads_by
from tests.builders.datamap import people_map
from tests.builders.ground import an_actor
from tests.builders.music_shop import SHOP_YAML
from tests.integration.datamap.conftest import Wing

CONTROLLER = an_actor(Role.CONTROLLER)
ADMIN = an_actor(Role.ADMIN)
OTHERS = [
    ADMIN,
    an_actor(Role.DPO),
    an_actor(Role.CONTROLLER, kind=ActorKind.PROGRAM),
    replace(CONTROLLER, token=uuid.UUID(int=9)),
    Actor(kind=ActorKind.HOST, id=None, roles=frozenset(), host_user="root"),
]
NAMES = ["administrator", "dpo", "program", "token of the controller's own", "host alone"]
HEALTH = "allergies: {category: special, link: person, kind: text, origin: provided, special: true}"
GUARDED = SHOP_YAML.replace(
    "      birth_date:",
    f"      {HEALTH}\n"
    "      id_card: {column: iban, category: economic, link: person, kind: iban, origin: provided, nir: true}\n"
    "      birth_date:",
)


def changed(before: str, after: str) -> str:
    assert GUARDED.count(before) >= 1
    return GUARDED.replace(before, after)


WEAKER = {
    "a category": (
        changed("allergies: {category: special,", "allergies: {category: contact,"),
        "shop_customers.allergies: category was Special categories, would be Contact",
    ),
    "a special category": (
        changed("kind: text, origin: provided, special: true}", "kind: text, origin: provided}").replace(
            "allergies: {category: special", "allergies: {category: identity"
        ),
        "shop_customers.allergies is no longer marked as: special category",
    ),
    "a mark": (
        changed(", nir: true}", "}"),
        "shop_customers.id_card is no longer marked as: national number",
    ),
    "a kind of value, which says how it is masked": (
        changed("kind: birth-date", "kind: date"),
        "shop_customers.birth_date: kind of value was date of birth, would be date",
    ),
    "what people are found by": (
        changed("kind: birth-date, origin: provided}", "kind: birth-date, origin: provided, search: [exact]}"),
        "shop_customers.birth_date: search was -, would be exact value",
    ),
    "whom a field speaks of": (
        changed("prenom, category: identity, link: person", "prenom, category: identity, link: nobody"),
        "shop_customers.given_name: whose was person, would be nobody",
    ),
    "what kind of person it is": (
        changed("      person: {kind: customer}", "      person: {kind: prospect}")
        .replace("owner: {kind: customer", "owner: {kind: prospect")
        .replace("buyer: {kind: customer", "buyer: {kind: prospect"),
        "shop_customers.person: whose was Customers, would be Prospects",
    ),
    "the way to a person": (
        changed("of: shop_customers, columns: [customer_id]", "of: shop_customers, columns: [billing_address]"),
        "invoices.buyer: columns was customer_id, would be billing_address",
    ),
    "a link": (
        changed("      seller: {kind: employee, of: staff, columns: [vendeur_id]}\n", ""),
        "shop_customers.seller goes out",
    ),
    "a field that goes": (
        changed("      points: {category: behaviour, link: owner, kind: integer, origin: observed}\n", "").replace(
            "columns: [id_client]}\n    fields:", "columns: [id_client]}\n    fields: {}"
        ),
        "cards.points goes out",
    ),
    "a table that goes": (
        GUARDED[: GUARDED.index("  invoice_lines:")],
        "the table invoice_lines goes out",
    ),
    "another table of the database": (
        changed("table: album", "table: records"),
        "albums: table was album, would be records",
    ),
    "a column described once more": (
        changed(
            "      birth_date:",
            "      taste: {column: ALLERGIES, category: contact, link: person, kind: text, origin: provided}\n"
            "      birth_date:",
        ),
        "shop_customers.taste is no longer marked as: special category (the column of shop_customers.allergies)",
    ),
    "a table described once more": (
        GUARDED + "  patrons:\n    table: client\n    schema: elsewhere\n    key: [id_client]\n    fields:\n"
        "      taste: {column: allergies, category: preferences, kind: text, origin: provided}\n",
        "patrons.taste is no longer marked as: special category (the column of shop_customers.allergies)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("weaker", WEAKER)
def test_a_map_that_protects_less_is_loaded_by_the_controller_alone(wing: Wing, weaker: str) -> None:
    wing.load(GUARDED, actor=CONTROLLER)
    map_text, said = WEAKER[weaker]

    with pytest.raises(MapWeakensError) as refused:
        wing.load(map_text, actor=ADMIN)
    assert said in str(refused.value)
    assert "the controller has to put it in force" in str(refused.value)

    assert wing.load(map_text, actor=CONTROLLER).version == 2


@pytest.mark.parametrize("other", OTHERS, ids=NAMES)
def test_nobody_else_loads_it_and_no_token_does(wing: Wing, other: Actor) -> None:
    wing.load(GUARDED, actor=other)

    with pytest.raises(MapWeakensError):
        wing.load(WEAKER["a category"][0], actor=other)
    assert wing.catalogue().table("shop_customers").field("allergies").special


def test_a_controller_who_comes_by_the_host_puts_it_in_force(wing: Wing) -> None:
    wing.load(GUARDED, actor=ADMIN)

    by_host = an_actor(Role.CONTROLLER, kind=ActorKind.HOST)
    assert wing.load(WEAKER["a category"][0], actor=by_host).version == 2


@pytest.mark.parametrize("other", OTHERS, ids=NAMES)
def test_what_is_new_or_stricter_needs_nobody_else(wing: Wing, other: Actor) -> None:
    wing.load(SHOP_YAML, actor=other)

    assert wing.load(GUARDED, actor=other).version == 2
    assert wing.load(changed("origin: observed}", "origin: observed, free_text: true}"), actor=other).version == 3


def test_a_clear_column_of_egides_own_is_not_described_once_more_as_something_else(wing: Wing) -> None:
    own = "version: 1\ntables:\n  mine:\n    table: visits\n    key: [id]\n    fields:\n      n: {column: pages, "
    again = own + "category: preferences, kind: integer, origin: provided}\n"

    with pytest.raises(MapWeakensError, match=r"mine\.n: category was .* \(the column of visits\.pages\)"):
        wing.load(again, actor=ADMIN)


def test_a_map_altered_by_sql_is_replaced_by_the_controller_alone(wing: Wing) -> None:
    wing.load(GUARDED, actor=ADMIN)
    with wing.database.write_connection() as connection:
        weaker = {"text": WEAKER["a category"][0]}
        connection.execute(text(f"UPDATE {MapDocument.__tablename__} SET text = :text"), weaker)

    with pytest.raises(MapWeakensError, match="was altered outside Égide"):
        wing.load(WEAKER["a category"][0] + "# again\n", actor=ADMIN)
    assert wing.load(GUARDED, actor=CONTROLLER).version == 2


def test_a_proposal_that_protects_less_waits_for_the_controller(wing: Wing) -> None:
    wing.load(GUARDED, actor=CONTROLLER)
    draft = look_at(wing.sources, "shop", wing.catalogue())
    kept = tuple(table for table in draft.tables if table.name != "invoice_lines")
    with wing.database.write() as session:
        put_on_file(session, wing.clock, ADMIN, replace(draft, tables=kept))
    command = LoadProposal(source="shop", revision=1, base=people_map(), who_reads=who_reads_by(wing.attestor))

    with pytest.raises(MapWeakensError, match="the table invoice_lines goes out"), wing.database.write() as session:
        load_proposal(session, wing.clock, wing.ids, wing.attestor, ADMIN, command)
    with wing.database.write() as session:
        assert load_proposal(session, wing.clock, wing.ids, wing.attestor, CONTROLLER, command).version == 2


@pytest.mark.parametrize("other", OTHERS, ids=NAMES)
def test_what_altered_or_returned_rows_are_the_controller_alone_says(wing: Wing, other: Actor) -> None:
    wing.load(SHOP_YAML)
    Enroller(wing).run(wing.catalogue())
    table = wing.catalogue().table("albums")

    with wing.database.read() as session:
        with pytest.raises(DecisionNeededError):
            accept_registry(session, wing.attestor, other, table)
        for same in (True, False):
            with pytest.raises(DecisionNeededError):
                settle_returned(session, wing.attestor, other, SettleReturned(table=table, same=same))


ADDRESSED = SHOP_YAML.replace("source: shop\n", "source: shop\naddress: {address}\n")
ELSEWHERE = "sqlite:////srv/other/other.sqlite"


@pytest.mark.parametrize("actor", [ADMIN, CONTROLLER], ids=["administrator", "controller"])
def test_nobody_on_the_web_says_where_a_database_is(wing: Wing, actor: Actor) -> None:
    with pytest.raises(MapAddressError, match="EGIDE_SOURCE_SHOP"):
        wing.load(ADDRESSED.replace("{address}", ELSEWHERE), actor=actor)


def test_the_address_that_the_host_set_up_may_stand_in_a_map(wing: Wing) -> None:
    address = "postgresql://reader@shop.example/shop"
    house = replace(wing, sources=type(wing.sources)(wing.database, {"shop": address}))

    assert house.load(ADDRESSED.replace("{address}", address), actor=ADMIN).version == 1


def test_the_host_names_an_address_and_a_map_corrected_on_the_web_keeps_it(wing: Wing) -> None:
    host = Actor(kind=ActorKind.HOST, id=None, roles=frozenset(), host_user="root")
    wing.load(ADDRESSED.replace("{address}", ELSEWHERE), actor=host)

    assert wing.load(ADDRESSED.replace("{address}", ELSEWHERE) + "# corrected\n", actor=ADMIN).version == 2
    moved = ADDRESSED.replace("{address}", "sqlite:////srv/third.sqlite")
    with pytest.raises(MapAddressError):
        wing.load(moved, actor=CONTROLLER)
    with pytest.raises(MapWeakensError, match="another address"):
        wing.load(moved, actor=host)
    assert wing.load(moved, actor=an_actor(Role.CONTROLLER, kind=ActorKind.HOST)).version == 3
