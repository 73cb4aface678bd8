"""The search for garbage rests while much is made, and goes on afterwards as it was found."""

import gc
from collections.abc import Iterator

import pytest

from governance.garbage import uncollected


@pytest.fixture(autouse=True)
def _collecting() -> Iterator[None]:
    yield
    gc.enable()


def test_nothing_is_searched_meanwhile_and_all_is_afterwards() -> None:
    with uncollected():
        assert not gc.isenabled()

    assert gc.isenabled()


def test_the_search_goes_on_after_a_failure() -> None:
    with pytest.raises(LookupError), uncollected():
        raise LookupError

    assert gc.isenabled()


def test_one_within_another_leaves_the_end_to_the_other() -> None:
    with uncollected():
        with uncollected():
            pass

        assert not gc.isenabled()

    assert gc.isenabled()


def test_who_never_searches_is_not_made_to() -> None:
    gc.disable()

    with uncollected():
        pass

    assert not gc.isenabled()
