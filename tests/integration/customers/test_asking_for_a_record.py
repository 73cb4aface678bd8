"""A record that no grant opens leads to the page where its data is asked for."""

from sqlalchemy import select

from governance.actor import Role
from governance.policies.models import Grant
from governance.policies.service import RevokeGrant, revoke_grant
from register.models import Purpose
from tests.builders.oversight import acting
from tests.builders.pages import Enter, links
from tests.builders.service import serve_in_process
from tests.demonstration import Home, wire_cheaply

_EMAIL = "customer-12@demo.example"


def test_a_record_that_lost_its_grants_leads_to_asking_for_them(sqlite_home: Home) -> None:
    wired = wire_cheaply(sqlite_home)
    support = Enter(serve_in_process(wired), sqlite_home)(Role.SUPPORT)
    record = support.record_of(_EMAIL)
    boss = acting(wired, Role.CONTROLLER)
    with wired.write() as session:
        held = select(Grant.id).join(Purpose, Purpose.id == Grant.purpose_id)
        of_support = held.where(Purpose.slug == "after-sales", Grant.role == Role.SUPPORT, Grant.revoked_at.is_(None))
        for grant in session.scalars(of_support).all():
            revoke_grant(session, wired.clock, wired.attestor, boss, RevokeGrant(grant_id=grant))

    answer = support.get(record)

    assert answer.status_code == 403
    (asked,) = (link for link in links(answer) if link.startswith("/access/ask/support/after-sales?category="))
    assert support.get(asked).status_code == 200
    wired.close()
