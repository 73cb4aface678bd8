"""Who agrees to their data being handed on knows to whom: the record names one partner. GDPR Art. 4(11), 13(1)(e)."""

from sqlalchemy import select

from governance.database import Database
from governance.days import day_of
from governance.vocabulary import Channel, LawfulBasis
from register.completeness import shortcomings
from register.lines.values import Relation, Subject
from register.models import Activity
from register.service import Desk, NewPurpose, add_purpose
from tests.builders.lines import given, on_file, taking_part
from tests.builders.register import a_complete_draft, the_owner

LACK = "shared-with-nobody-named"


def lacks(database: Database, desk: Desk) -> list[str]:
    with database.read() as session:
        activity = session.scalars(select(Activity).where(Activity.slug == "loyalty")).one()
        return [each.code for each in shortcomings(session, activity, day_of(desk.clock.now()))]


def test_sharing_is_agreed_to_with_one_partner_named_in_the_record(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        command = NewPurpose(
            activity="loyalty",
            slug="partner-offers",
            label_fr="Offres du partenaire",
            label_en="The partner's offers",
            basis=LawfulBasis.CONSENT,
            consent_channel=Channel.SHARING,
        )
        add_purpose(session, desk.clock, desk.attestor, the_owner(), command)
    assert LACK in lacks(database, desk)

    with database.write() as session:
        helper, partner, other = (on_file(session, desk, name) for name in ("Hébergeur", "Partenaire", "Autre"))
        given(session, desk, Subject.PARTIES, taking_part(helper, Relation.PROCESSOR))
    assert LACK in lacks(database, desk)

    with database.write() as session:
        given(session, desk, Subject.PARTIES, taking_part(partner, Relation.RECIPIENT))
    assert LACK not in lacks(database, desk)

    with database.write() as session:
        both = (taking_part(partner, Relation.RECIPIENT), taking_part(other, Relation.RECIPIENT))
        given(session, desk, Subject.PARTIES, *both)
    assert LACK in lacks(database, desk)
