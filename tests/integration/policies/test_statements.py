"""How many statements the lists of access take: as many for many as for few."""

from itertools import pairwise

import pytest

from audit.transaction import unrecorded
from governance.actor import Role
from governance.database import Database
from governance.policies.matrix import MatrixQuery, draw_matrix
from governance.policies.mine import what_is_held
from governance.policies.request_records import RequestQuery, list_requests
from governance.policies.reviews import reviews_for
from governance.policies.service import AskRole, Desk, ask_role
from governance.policies.waiting import waiting_requests
from tests.builders.policies import a_grant, a_person
from tests.builders.register import the_controller
from tests.integration.register.test_statements import counted


@pytest.mark.parametrize("length", [1, 8])
def test_lists_of_access_take_a_fixed_number_of_statements(database: Database, desk: Desk, length: int) -> None:
    asked = [
        Role.SALES,
        Role.MARKETING,
        Role.ANALYST,
        Role.ACCOUNTING,
        Role.SECURITY,
        Role.OWNER,
        Role.DPO,
        Role.AUDITOR,
    ]
    support = a_person(database, desk, Role.SUPPORT, number=21)
    with database.write() as session:
        for role in asked[:length]:
            a_grant(session)
            ask_role(session, desk, support, AskRole(role=role, reason="A test."))
        unrecorded(session, "a test's grants")

    now = desk.clock.now()
    taken = [0]
    with database.read() as session, counted(database) as statements:
        what_is_held(session, desk.attestor, support, now)
        taken.append(len(statements))
        list_requests(session, support, RequestQuery())
        taken.append(len(statements))
        waiting_requests(session, desk.clock)
        taken.append(len(statements))
        draw_matrix(session, desk.attestor, MatrixQuery(at=now))
        taken.append(len(statements))
        reviews_for(session, the_controller(), now)
        taken.append(len(statements))

    # What is held, requests, what waits, the matrix, reviews.
    assert [after - before for before, after in pairwise(taken)] == [14, 1, 1, 1, 7]
