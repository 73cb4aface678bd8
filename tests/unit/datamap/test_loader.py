"""Map files: what is read, and what is refused, on which line and in which words."""

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from governance.datamap.errors import MapError
from governance.datamap.loader import parse_map
from governance.datamap.values import FieldKind, Origin, Storage
from governance.datamap.yaml_tree import MAX_BYTES
from governance.vocabulary import DataCategory, SubjectKind
from tests.builders.datamap import PEOPLE_YAML, people_map
from tests.builders.music_shop import SHOP_YAML

ADOPTED = """\
version: 1
source: shop
tables:
  clients:
    table: Client
    key: [Id]
    links:
      person: {kind: customer}
    fields:
      email: {column: Mail, category: contact, link: person, kind: email, origin: provided}
  orders:
    key: [id]
    links:
      buyer: {kind: customer, of: clients, columns: [client_id]}
    fields:
      total: {category: purchases, link: buyer, kind: number, origin: observed}
"""
OWN = """\
version: 1
tables:
  people:
    links:
      person: {kind: customer}
    fields:
      email: {category: contact, link: person, kind: email, origin: provided}
  gifts:
    links:
      giver: {kind: customer, of: people}
    fields:
      for_whom: {category: purchases, link: giver, kind: reference, of: people, storage: clear, origin: observed}
"""


def refusal(text: str) -> tuple[int, str]:
    with pytest.raises(MapError) as caught:
        parse_map(text, "a.yaml")
    assert str(caught.value) == f"a.yaml:{caught.value.line}: {caught.value.reason}"
    return caught.value.line, caught.value.reason


def refused_line(text: str) -> int | None:
    try:
        parse_map(text, "a.yaml")
    except MapError as error:
        return error.line
    return None


def test_a_map_is_read() -> None:
    table = parse_map(ADOPTED, "a.yaml").tables["clients"]

    assert (table.physical, table.source, table.key, table.adopted) == ("Client", "shop", ("Id",), True)
    assert table.links["person"].kind is SubjectKind.CUSTOMER
    field = table.fields["email"]
    assert (field.column, field.category, field.link) == ("Mail", DataCategory.CONTACT, "person")
    assert (field.kind, field.origin, field.line) == (FieldKind.EMAIL, Origin.PROVIDED, 10)


def test_a_map_in_json_is_a_map_in_yaml() -> None:
    text = '{"version": "1", "tables": {"t": {"key": ["id"], "fields": {}}}}'

    assert parse_map(text, "a.json").tables["t"].key == ("id",)


def test_fields_of_own_tables_are_sealed_and_those_of_adopted_ones_clear_unless_said() -> None:
    assert people_map().tables["people"].fields["email"].storage is Storage.SEALED
    assert parse_map(ADOPTED, "a.yaml").tables["clients"].fields["email"].storage is Storage.CLEAR


def test_a_box_holds_the_sealed_fields_of_a_link_and_category_in_the_order_of_the_map() -> None:
    boxes = people_map().tables["people"].boxes

    assert boxes["person", DataCategory.CONTACT] == ("email", "phone", "address", "postcode", "city")
    assert len(boxes) == 3


def test_a_link_to_another_table_means_its_person_or_its_only_link() -> None:
    tables = parse_map(SHOP_YAML, "shop.yaml").tables

    assert tables["shop_customers"].links["seller"].of_link == "person"
    assert tables["invoice_lines"].links["buyer"].of_link == "buyer"


def test_a_reference_knows_the_physical_table() -> None:
    text = OWN.replace("  people:\n", "  people:\n    table: crm_people\n")

    assert parse_map(text, "a.yaml").tables["gifts"].fields["for_whom"].refers_to == "crm_people"


def test_nothing_is_guessed_about_words() -> None:
    text = ADOPTED.replace("kind: email", "kind: choice, choices: [no, yes, on, 1e3, null, 0x10]")

    assert parse_map(text, "a.yaml").tables["clients"].fields["email"].choices == (
        "no", "yes", "on", "1e3", "null", "0x10",
    )  # fmt: skip


def test_free_text_and_special_categories_are_flagged_by_their_kind_and_category() -> None:
    text = ADOPTED.replace("category: contact", "category: special").replace("kind: email", "kind: free-text")
    field = parse_map(text, "a.yaml").tables["clients"].fields["email"]

    assert (field.special, field.free_text) == (True, True)


FIELD = "category: contact, link: person, kind: email, origin: provided"
REFUSALS = [
    (ADOPTED, "version: 1", "version: 2", 1, "reads maps of version 1"),
    (ADOPTED, "version: 1", "versoin: 1", 1, "“versoin” is not a key of a map"),
    (ADOPTED, "version: 1\n", "", 1, "a map needs version"),
    (ADOPTED, "source: shop", "source: Shop", 2, "is not a name for a source"),
    (ADOPTED, "source: shop", "source: egide", 2, "Égide's own database"),
    (ADOPTED, "source: shop", "address: sqlite:///a.db", 2, "add source: NAME"),
    (ADOPTED, "source: shop", "source: shop\naddress: mysql://h/n", 3, "“mysql” is not supported"),
    (ADOPTED, "source: shop", "source: shop\naddress: nonsense", 3, "EGIDE_SOURCE_SHOP"),
    (ADOPTED, "source: shop", "source: shop\naddress: sqlite:///shop.sqlite", 3, "the whole path"),
    (ADOPTED, "source: shop", "source: shop\naddress: postgresql://u:pw@h/n", 3, "set EGIDE_SOURCE_SHOP"),
    (ADOPTED, "source: shop", "source: shop\naddress: postgresql://u@h/n?password=pw", 3, "must not stand in a map"),
    (ADOPTED, "  clients:", "  Clients:", 4, "is not a name for a table"),
    (ADOPTED, "table: Client", "tabel: Client", 5, "“tabel” is not a key of table “clients”"),
    (ADOPTED, "table: Client", "table: sqlite_master", 4, "the database's own catalogue"),
    (ADOPTED, "table: Client", "schema: pg_catalog", 4, "the database's own catalogue"),
    (ADOPTED, "table: Client", "table: orders", 11, "orders describes the same table as clients"),
    (ADOPTED, "    key: [Id]\n", "", 4, "needs the columns of its primary key"),
    (ADOPTED, "key: [Id]", "key: Id", 6, "key must be a list"),
    (ADOPTED, "key: [Id]", "key: [Id, Id]", 6, "names the same twice"),
    (ADOPTED, "{kind: customer}", "{kind: martian}", 8, "“martian” is not a kind; it is one of customer"),
    (ADOPTED, "{kind: customer}", "{}", 8, "needs kind"),
    (ADOPTED, "{kind: customer}", "customer", 8, "must be a mapping"),
    (ADOPTED, "person: {kind", "nobody: {kind", 8, "choose another name"),
    (ADOPTED, "{kind: customer}", "{kind: customer, columns: [x]}", 8, "add of: TABLE"),
    (ADOPTED, "of: clients", "of: cleints", 14, "“cleints” is not a table of this map; it has clients, orders"),
    (ADOPTED, "of: clients", "of: orders", 14, "leads back to itself"),
    (ADOPTED, "of: clients", "of: clients, link: x", 14, "clients has no link “x”; it has person"),
    (ADOPTED, "kind: customer, of", "kind: employee, of", 14, "this person is a customer in clients"),
    (ADOPTED, "columns: [client_id]", "columns: [a, b]", 14, "has a key of 1 columns, and columns names 2"),
    (ADOPTED, ", columns: [client_id]", "", 14, "say which columns hold the key"),
    (ADOPTED, FIELD, FIELD + ", colour: red", 10, "“colour” is not a key of field “email”"),
    (ADOPTED, "email: {", "revision: {", 10, "every row has its own revision"),
    (ADOPTED, "link: person, ", "", 10, "needs link, for its table speaks of persons"),
    (ADOPTED, "link: person", "link: persno", 10, "“persno” is not a link of clients; it is one of person, nobody"),
    (ADOPTED, FIELD, FIELD + ", storage: sealed", 10, "adopted tables stay clear in this version"),
    (ADOPTED, FIELD, FIELD + ", search: [phonetic]", 10, "of kind email, clear, cannot be found by phonetic"),
    (ADOPTED, FIELD, FIELD + ", special: yes", 10, "special must be true or false"),
    (ADOPTED, FIELD, FIELD + ", choices: [a]", 10, "only a choice has choices"),
    (ADOPTED, "kind: email", "kind: choice", 10, "a choice needs its values"),
    (ADOPTED, "kind: email", "kind: reference, of: orders", 10, "references are for tables that Égide keeps"),
    (ADOPTED, FIELD, FIELD + ", of: orders", 10, "only a reference has of"),
    (ADOPTED, FIELD + "}", FIELD + f"}}\n      mail: {{column: Mail, {FIELD}}}", 11, "has the column of field email"),
    (OWN, FIELD, FIELD + ", column: x", 7, "names its columns by its fields"),
    (OWN, "link: person, kind: email", "link: nobody, kind: email", 7, "a box is sealed under a person's key"),
    (OWN, FIELD, FIELD + ", search: [prefix]", 7, "cannot be found by prefix; by: exact"),
    (OWN, "kind: email", "kind: number, storage: clear", 7, "sealed in a table that Égide keeps"),
    (OWN, "      email:", "      person_subject_id:", 7, "a column that Égide adds by itself"),
    (OWN, "person: {kind: customer}", f"{'p' * 60}: {{kind: customer}}", 7, "is not a link of people"),
    (OWN, "of: people}", "of: people, columns: [x]}", 10, "holds its persons itself"),
    (OWN, "of: people, storage", "of: cats, storage", 12, "of names no table that Égide keeps"),
    (OWN, "of: people, storage", "storage", 12, "a reference needs the table it refers to"),
    (OWN, "storage: clear, origin: observed", "origin: observed", 12, "a reference is an identifier"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("base", "old", "new", "line", "reason"),
    REFUSALS,
    ids=[f"{number}: {case[4]}" for number, case in enumerate(REFUSALS)],
)
def test_a_refusal_says_the_line_and_how_to_mend_it(base: str, old: str, new: str, line: int, reason: str) -> None:
    assert old in base

    found_line, found = refusal(base.replace(old, new, 1))

    assert reason in found
    assert found_line == line


def test_a_key_written_twice_is_refused() -> None:
    line, reason = refusal(ADOPTED + "  clients: {key: [x], fields: {}}\n")

    assert (line, reason) == (17, "this key stands here twice (first on line 4); keep one")


def test_two_links_of_a_table_must_be_told_apart() -> None:
    text = ADOPTED.replace("person: {kind: customer}", "person: {kind: customer}\n      other: {kind: customer}")

    assert "say which link of clients is meant (person, other)" in refusal(text)[1]


def test_links_that_lead_in_a_circle_are_refused() -> None:
    text = ADOPTED.replace("{kind: customer}", "{kind: customer, of: orders, columns: [order_id]}")

    assert "leads back to itself" in refusal(text)[1]


def test_a_link_name_too_long_for_its_columns_is_refused() -> None:
    text = OWN.replace("person", "p" * 50)

    assert "choose a shorter link name" in refusal(text)[1]


def test_a_few_lines_that_unfold_to_gigabytes_are_refused() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{c}: &{c} [*{chr(ord(c) - 1)}, *{chr(ord(c) - 1)}]\n" for c in "bcdefghij")

    assert refusal(bomb) == (1, "anchors and aliases (& and *) are not read here; write the value out")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("!!python/object/apply:os.system [ls]", "tags (!) are not read here"),
        ("[" * 100_000, "nested too deep"),
        ("a: " * 50, "not YAML"),
        ("[{a: " * 10, "nested too deep"),
        ("", "the file is empty"),
        ("# only a comment\n", "the file is empty"),
        ("- a\n- b\n", "this is not a map"),
        ("? [a]\n: b\n", "a key must be a word"),
        ("version: 1\n---\nversion: 1\n", "second document"),
        ("version: 1\ntables: [a]\n", "tables must be a mapping"),
        ("version: 1\ntables:\n", "a map needs tables"),
        ("a: \x07", "character that YAML does not allow"),
        ("\ud800", "character that YAML does not allow"),
        ("x" * (MAX_BYTES + 1), "longer than 1024 KiB"),
    ],
    ids=lambda value: value[:20],
)
def test_what_is_not_plain_yaml_is_refused(text: str, reason: str) -> None:
    assert reason in refusal(text)[1]


def test_a_file_of_customers_given_by_mistake_is_not_quoted() -> None:
    _, reason = refusal("ada.lovelace@example.org: Ada Lovelace\n")

    assert "ada" not in reason.lower()


def test_the_largest_file_that_is_read_does_not_take_long() -> None:
    field = "      f{}: {{category: purchases, link: person, kind: text, origin: observed}}\n"
    text = ADOPTED[: ADOPTED.index("  orders:")] + "".join(field.format(number) for number in range(13_000))
    assert len(text) < MAX_BYTES

    assert len(parse_map(text, "a.yaml").tables["clients"].fields) == 13_001


@example("{a: [}")
@example("\x00")
@example("version: 1\ntables: {t: {fields: {f: {}}}}")
@given(st.text(max_size=300))
def test_no_text_makes_the_loader_fail_otherwise(text: str) -> None:
    line = refused_line(text)

    assert line is None or line >= 1


WORDS = st.sampled_from(
    ["version", "1", "source", "tables", "fields", "links", "key", "of", "kind", "customer", "email", "t", "person",
     "category", "contact", "origin", "provided", "link", "columns", "search", "exact", "", "nobody", "reference"]
)  # fmt: skip
TREES = st.recursive(
    WORDS | st.none() | st.booleans() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(WORDS, TREES, max_size=4))
def test_no_tree_makes_the_loader_fail_otherwise(tree: object) -> None:
    line = refused_line(yaml.safe_dump(tree))

    assert line is None or line >= 1


@given(st.integers(0, len(PEOPLE_YAML) - 1), st.text(max_size=3), st.integers(0, 12))
def test_no_slip_of_the_pen_makes_the_loader_fail_otherwise(place: int, slip: str, cut: int) -> None:
    text = PEOPLE_YAML[:place] + slip + PEOPLE_YAML[place + cut :]

    line = refused_line(text)

    assert line is None or 1 <= line <= text.count("\n") + 2
