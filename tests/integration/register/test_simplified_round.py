"""A sheet of the CNIL's template through the tables and out again: cell by cell it says what it said."""

import io
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from unidecode import unidecode

from governance.database import Database
from governance.spreadsheets.limits import DEFAULT_LIMITS
from governance.spreadsheets.workbooks import read_sheets
from register.exchange.cnil.card import Card, filled_rows, read_card
from register.exchange.cnil.labels import CHANGED, Section, plain
from register.exchange.cnil.writing import write_simplified
from register.exchange.desk import ExchangeDesk
from register.exchange.drafting import ImportRegister, import_register
from register.exchange.opening import open_register
from register.exchange.reading import written_activities
from register.service import Desk
from tests.builders.register import the_dpo
from tests.builders.simplified import FULL, an_ods_of

# The CNIL's own file, where somebody put it beside the checkout.
THEIRS = Path(__file__).parents[3].parent / "shared/data/register/cnil-registre-simplifie.ods"


def cards(content: bytes) -> list[Card]:
    with TemporaryFile() as file:
        file.write(content)
        found = [read_card(sheet) for sheet in read_sheets(file, len(content), DEFAULT_LIMITS)]
    return [card for card in found if card is not None and any(filled_rows(card, Section.PURPOSES))]


def told(card: Card) -> dict[Section, list[tuple[str, ...]]]:
    """Return what stands in the cells; accents, apostrophes and rows in which nothing stands apart.

    Of a label its beginning counts, by which it is found.
    """
    return {
        section: sorted(
            (
                plain(row.label)[:24] if section not in _NUMBERED else "",
                *(unidecode(text) for text in row.texts),
            )
            for row in filled_rows(card, section)
            # When the record was changed is the day of the import.
            if plain(row.label) != plain(CHANGED)
        )
        for section in Section
    }


_NUMBERED = {Section.PEOPLE, Section.RECIPIENTS, Section.MEASURES, Section.TRANSFERS}


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(lambda: an_ods_of({"Fiche": FULL}), id="a full sheet"),
        *([pytest.param(THEIRS.read_bytes, id="the example")] if THEIRS.exists() else []),
    ],
)
def test_every_cell_comes_back(
    database: Database, desk: Desk, exchanging: ExchangeDesk, file: Callable[[], bytes]
) -> None:
    content = file()
    with database.write() as session:
        register = open_register(io.BytesIO(content))
    import_register(exchanging, the_dpo(), ImportRegister(register=register, clashing=None))
    out = io.BytesIO()
    with database.read() as session:
        write_simplified(out, written_activities(session, desk.attestor))

    [ours], [theirs] = cards(out.getvalue()), cards(content)
    there = told(theirs)
    for section, rows in told(ours).items():
        assert rows == there[section], section
