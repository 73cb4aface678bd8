"""A house with the reference tables, on each kind of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.customers import TestHouse, close_house, open_house


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[TestHouse]:
    opened = open_house(database_url, tmp_path)
    yield opened
    close_house(opened)


@pytest.fixture
def sqlite_house(sqlite_url: str, tmp_path: Path) -> Iterator[TestHouse]:
    """A house whose database keeps any type in any column."""
    opened = open_house(sqlite_url, tmp_path)
    yield opened
    close_house(opened)
