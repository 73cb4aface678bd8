"""What one holds and asks for, and what a grant would open, from a terminal."""

from tests.builders.terminal import Terminal

SALES = ("--as", "sales@demo.example")
CONTROLLER = ("--as", "controller@demo.example")


def test_data_is_asked_for_and_granted_for_less(terminal: Terminal) -> None:
    asked = ("access", "ask", "sales", "customer-relationship", "--category", "economic", "--category", "behaviour")
    (request,) = terminal.done(*asked, "--action", "export", "--reason", "a test", "--json", *SALES).json
    assert (request["state"], request["categories"]) == ("waiting", ["economic", "behaviour"])

    terminal.refused("access", "approve", request["id"], *SALES)
    terminal.done("access", "approve", request["id"], "--category", "economic", "--form", "masked", *CONTROLLER)

    held = terminal.done("access", "show", "--json", *SALES).json
    (line,) = [each for each in held if each.get("action") == "export"]
    assert (line["form"], line["categories"]) == ("masked", ["economic"])


def test_a_role_is_asked_for_refused_and_withdrawn(sqlite_terminal: Terminal) -> None:
    for verb, more, state in (
        ("refuse", ("--because", "no", *CONTROLLER), "refused"),
        ("withdraw", SALES, "withdrawn"),
    ):
        (asked,) = sqlite_terminal.done("access", "ask", "support", "--reason", "a test", "--json", *SALES).json
        sqlite_terminal.done("access", verb, asked["id"], *more)
        listed = sqlite_terminal.done("access", "list", "--state", state, "--json", *SALES).json
        assert [each["id"] for each in listed] == [asked["id"]]


def test_a_purpose_and_its_categories_go_together(sqlite_terminal: Terminal) -> None:
    said = sqlite_terminal.run("access", "ask", "sales", "invoicing", "--reason", "x", *SALES)

    assert (said.status, said.out) == (2, "")


def test_a_simulation_counts_and_is_for_those_who_oversee(sqlite_terminal: Terminal) -> None:
    asked = ("grant", "simulate", "support", "after-sales", "--category", "contact")

    told = sqlite_terminal.done(*asked, "--json", "--as", "dpo@demo.example").json

    assert told["people"] == 1
    assert {each["field"] for each in told["fields"]} >= {"email", "city"}
    assert "Holders of the role: 1" in sqlite_terminal.done(*asked, "--as", "dpo@demo.example").out
    sqlite_terminal.refused(*asked, *SALES)


def test_an_account_is_made_until_a_day(sqlite_terminal: Terminal) -> None:
    made = ("user", "add", "temp@demo.example", "--role", "sales", *CONTROLLER)

    assert "400 days" in sqlite_terminal.refused(*made, "--until", "2099-01-01")
    sqlite_terminal.done(*made)
    assert sqlite_terminal.done("access", "show", "--json", "--as", "temp@demo.example").json
