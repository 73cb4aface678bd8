"""`egide policies`: what was altered outside Égide is named, and taken as it stands by the controller alone."""

from tests.builders.terminal import Terminal, alter

READ = ("read", "customers", "--purpose", "after-sales", "--as", "support@demo.example", "--limit", "1")


def test_a_house_that_nobody_touched_is_intact(terminal: Terminal) -> None:
    assert terminal.done("policies", "check", "--json").json == {"intact": True, "altered": []}


def test_an_altered_row_is_named_and_not_accepted(terminal: Terminal) -> None:
    alter(terminal.home, "UPDATE access_grant SET form = 'clear' WHERE form = 'masked'")

    said = terminal.run("policies", "check", "--json")
    refused = terminal.refused("policies", "accept", "--as", "controller@demo.example")

    assert said.status == 1
    assert {each["table"] for each in said.json["altered"]} >= {"access_grant"}
    assert "access_grant" in refused


def test_an_address_that_was_altered_keeps_nobody_from_accepting_what_decides(terminal: Terminal) -> None:
    alter(terminal.home, "UPDATE party SET email = 'thief@elsewhere.example'")
    alter(
        terminal.home,
        "DELETE FROM access_grant WHERE id IN (SELECT id FROM access_grant WHERE role = 'analyst' ORDER BY id LIMIT 1)",
    )

    terminal.done("policies", "accept", "--as", "controller@demo.example")

    terminal.done(*READ)
    assert {each["table"] for each in terminal.run("policies", "check", "--json").json["altered"]} == {"party"}


def test_a_deleted_grant_closes_the_house_until_the_controller_goes_on_without_it(terminal: Terminal) -> None:
    alter(
        terminal.home,
        "DELETE FROM access_grant WHERE id IN (SELECT id FROM access_grant WHERE role = 'analyst' ORDER BY id LIMIT 1)",
    )
    assert terminal.run("policies", "check").status == 1
    terminal.refused(*READ)

    terminal.refused("policies", "accept", "--as", "dpo@demo.example")
    terminal.done("policies", "accept", "--as", "controller@demo.example")

    assert terminal.done("policies", "check", "--json").json["intact"]
    terminal.done(*READ)
    entries = terminal.done("audit", "entries", "--action", "decide", "--json").json
    assert any(each["object"]["type"] == "policy-set" for each in entries)
