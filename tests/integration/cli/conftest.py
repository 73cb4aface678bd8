import pytest

from tests.builders.terminal import Terminal
from tests.demonstration import Home


@pytest.fixture
def terminal(home: Home) -> Terminal:
    return Terminal(home)


@pytest.fixture
def sqlite_terminal(sqlite_home: Home) -> Terminal:
    return Terminal(sqlite_home)
