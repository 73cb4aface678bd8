"""Text that is none, written by SQL into a sealed column: told as an alteration, not as a database that is away."""

from sqlalchemy import text

from governance.actor import Role
from tests.builders.service import Service, problem

# What begins like a name, and is no UTF-8.
UNREADABLE = "CAST(x'5a6f65ff' AS TEXT)"


def test_a_sealed_value_that_cannot_be_decoded_is_told_as_an_alteration(sqlite_service: Service) -> None:
    program = sqlite_service.program(Role.SUPPORT)
    with sqlite_service.wired.database.write_connection() as connection:
        connection.execute(text(f"UPDATE crm_customers SET person_contact_box = {UNREADABLE}"))

    # Twice, for the gate tries again where a connection that lay idle fails.
    for _ in range(2):
        answer = program.post("/data/customers/query", {"purpose": "after-sales", "fields": ["email"]})
        told = problem(answer, 500)
        assert told["type"].endswith("/unreadable-value")
        assert "altered" in told["detail"]
        assert "Zoe" not in answer.get_data(as_text=True)


def test_an_attested_row_that_cannot_be_decoded_is_found_by_the_check(sqlite_service: Service) -> None:
    wired = sqlite_service.wired
    with wired.database.write_connection() as connection:
        connection.execute(text(f"UPDATE installation SET identifier = {UNREADABLE}"))
    with wired.read() as session:
        (found,) = wired.attestor.find_alterations(session)
    assert "installation" in str(found)
