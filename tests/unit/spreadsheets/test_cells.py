"""Cells that leave for a spreadsheet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.spreadsheets.cells import as_it_was, neutralise


@pytest.mark.parametrize(
    "cell",
    [
        '=HYPERLINK("https://attacker.example")',
        "+33639981234",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1+1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "  =1+1",
        "＝1+1",
        "'=1",
    ],
)
def test_a_cell_that_begins_like_a_formula_leaves_as_text(cell: str) -> None:
    assert neutralise(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Lefèvre", "12 rue du Bac", "a=b", "'t Hoen", "3-4"])
def test_any_other_cell_leaves_as_it_is(cell: str) -> None:
    assert neutralise(cell) == cell


@given(st.text())
def test_no_cell_that_left_begins_like_a_formula(cell: str) -> None:
    assert neutralise(cell).lstrip()[:1] not in {"=", "+", "-", "@"}


@given(st.text("'=+@ \tab"))
def test_every_cell_that_left_comes_back_as_it_was(cell: str) -> None:
    assert as_it_was(neutralise(cell)) == cell


@pytest.mark.parametrize("cell", ["", "'", "'t Hoen", "=1", "' a", "''a"])
def test_nothing_is_taken_from_a_cell_but_what_was_put_in_front_of_a_formula(cell: str) -> None:
    assert as_it_was(cell) == cell
