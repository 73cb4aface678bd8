"""What a record counts and says, without any row of a database."""

import pytest

from governance.customers.record import Block, Value, tally_of
from governance.gate.reasons import Code, Reason


def test_a_field_that_holds_nothing_is_not_counted_as_masked() -> None:
    values = (
        Value(label="IBAN", text=None, form="masked"),
        Value(label="Telephone", text="", form="masked"),
        Value(label="E-mail", text="c•••@d•••.example", form="masked"),
    )

    tally = tally_of([Block(label="Contact", values=values)])

    assert (tally.masked, tally.reduced, tally.withheld) == (1, 0, 0)


def test_pseudonyms_and_bands_are_less_precise_and_seals_are_not_given() -> None:
    values = (
        Value(label="Family name", text="plmg2sfyflaxl25c", form="pseudonym"),
        Value(label="Postcode", text="31", form="generalised"),
        Value(label="Town", reason=Reason(code=Code.NO_GRANT)),
        Value(label="Segment", text="occasional"),
    )

    tally = tally_of([Block(label="Contact", values=values)])

    assert (tally.masked, tally.reduced, tally.withheld) == (0, 2, 1)


@pytest.mark.parametrize(
    ("kind", "figure"), [("cents", True), ("date", True), ("phone", True), ("paper-number", True), ("name", False)]
)
def test_no_line_breaks_a_figure(kind: str, figure: bool) -> None:
    assert Value(label="", text="1", kind=kind).figure is figure
