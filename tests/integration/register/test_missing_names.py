"""What a record lacks is told of its purposes by the names that people gave them."""

from governance.catalogues import catalogue
from governance.database import Database
from governance.days import day_of
from governance.errors import in_words
from governance.vocabulary import LawfulBasis
from register.completeness import shortcomings
from register.service import Desk, NewPurpose, add_purpose
from tests.builders.register import a_complete_draft, the_owner


def test_a_shortcoming_names_its_purpose_in_the_language_of_the_reader(database: Database, desk: Desk) -> None:
    with database.write() as session:
        draft = a_complete_draft(session, desk)
        command = NewPurpose(
            activity=draft.slug, slug="gestion-de-la-paie-1", label_fr="Paie {x}", label_en="Payroll %s",
            basis=LawfulBasis.CONTRACT,
        )  # fmt: skip
        add_purpose(session, desk.clock, desk.attestor, the_owner(), command)
        found = next(iter(shortcomings(session, draft, day_of(desk.clock.now()))))

    assert found.purpose == "gestion-de-la-paie-1"
    lack = found.lack
    assert str(lack).endswith("for “Payroll %s”")
    french = in_words(lack.template, lack.facts, catalogue("fr").gettext)
    assert "Paie {x}" in french
    assert "Payroll" not in french
    assert "gestion-de-la-paie-1" not in french + lack
