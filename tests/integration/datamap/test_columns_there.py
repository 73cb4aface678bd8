"""A table or column that the database does not have is named, in the reader's words, on either database."""

import pytest

from governance.datamap.columns_there import check_columns
from governance.datamap.errors import SourceUnreachableError
from governance.datamap.loader import parse_map
from tests.builders.music_shop import SHOP_YAML
from tests.integration.datamap.conftest import Wing


def check(wing: Wing, map_text: str, table: str = "shop_customers") -> None:
    mapped = parse_map(map_text, "shop.yaml").tables[table]
    with wing.sources.database("shop").read() as session:
        check_columns(session.connection(), mapped)


def test_what_is_there_is_read(wing: Wing) -> None:
    for table in parse_map(SHOP_YAML, "shop.yaml").tables:
        check(wing, SHOP_YAML, table)


@pytest.mark.parametrize(
    ("written", "missing"),
    [
        (("column: courriel", "column: quote_literal"), "its table client has no column quote_literal"),
        (("columns: [vendeur_id]", "columns: [seller]"), "its table client has no column seller"),
        (("key: [id_client]", "key: [number]"), "its table client has no column number"),
        (("table: client\n", "table: clients\n"), "it has no table clients"),
    ],
    ids=["a function of the database", "of a link", "of the key", "a table"],
)
def test_what_is_not_there_is_named(wing: Wing, written: tuple[str, str], missing: str) -> None:
    with pytest.raises(SourceUnreachableError, match=missing):
        check(wing, SHOP_YAML.replace(*written))


def test_capitals_count_where_the_database_counts_them(wing: Wing) -> None:
    capitals = SHOP_YAML.replace("column: courriel", "column: Courriel")

    if wing.database.dialect == "sqlite":
        check(wing, capitals)
        # A table without a primary key of its own has this one, which no list names.
        check(wing, SHOP_YAML.replace("key: [id_client]", "key: [rowid]"))
    else:
        with pytest.raises(SourceUnreachableError, match="its table client has no column Courriel"):
            check(wing, capitals)
