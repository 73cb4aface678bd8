"""Grants, accounts and tokens from a terminal."""

from datetime import timedelta

import pytest

from governance.clock import SystemClock
from tests.builders.terminal import Terminal

READ = ("read", "customers", "--purpose", "after-sales", "--as", "support@demo.example", "--limit", "1", "--json")
ABSENT = "00000000-0000-7000-8000-000000000000"
OWNER = ("--as", "owner@demo.example")
CONTROLLER = ("--as", "controller@demo.example")


def grants(terminal: Terminal, **wanted: str) -> list[dict[str, str]]:
    listed = terminal.done("grant", "list", "--json").json
    return [each for each in listed if all(each[name] == value for name, value in wanted.items())]


def test_a_grant_asked_for_approved_and_revoked_opens_and_closes_the_next_read(terminal: Terminal) -> None:
    for grant in grants(terminal, role="support", purpose="after-sales", category="contact", action="read"):
        terminal.done("grant", "revoke", grant["id"], *CONTROLLER)
    assert "email" not in terminal.done(*READ).json[0]

    asked = terminal.done("grant", "request", "support", "after-sales", "--category", "contact", "--json", *OWNER).json
    assert {each["state"] for each in asked} == {"requested"}
    assert "email" not in terminal.done(*READ).json[0]

    for grant in asked:
        terminal.refused("grant", "approve", grant["id"], *OWNER)
        terminal.done("grant", "approve", grant["id"], *CONTROLLER)
    assert terminal.done(*READ).json[0]["email"] == "customer-1@demo.example"

    for grant in asked:
        terminal.done("grant", "revoke", grant["id"], "--because", "no longer needed", *CONTROLLER)
    assert "email" not in terminal.done(*READ).json[0]


def test_without_any_grant_the_read_is_refused(terminal: Terminal) -> None:
    for grant in grants(terminal, role="support", purpose="after-sales", action="read"):
        terminal.done("grant", "revoke", grant["id"], *CONTROLLER)
    assert "Refused" in terminal.refused(*READ)


def test_a_grant_may_be_asked_for_one_kind_and_form(sqlite_terminal: Terminal) -> None:
    (asked,) = sqlite_terminal.done(
        "grant", "request", "support", "after-sales", "--category", "contact", "--kind", "customer",
        "--form", "masked", "--reason", "a test", "--json", *OWNER,
    ).json  # fmt: skip
    assert (asked["kind"], asked["form"], asked["action"]) == ("customer", "masked", "read")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("request", "support", "nobody-declared-this", "--category", "contact", *OWNER),
            "There is no purpose nobody-declared-this.",
        ),
        (
            ("request", "support", "after-sales", "--category", "contact", "--as", "support@demo.example"),
            "To request a grant is for controller, owner.",
        ),
        (("approve", ABSENT, *CONTROLLER), f"There is no grant {ABSENT}."),
        (("revoke", ABSENT, *CONTROLLER), f"There is no grant {ABSENT}."),
    ],
)
def test_a_grant_that_cannot_be_is_one_line(sqlite_terminal: Terminal, arguments: tuple[str, ...], said: str) -> None:
    assert sqlite_terminal.refused("grant", *arguments) == said


def test_an_account_waits_for_the_controller(terminal: Terminal) -> None:
    said = terminal.done("user", "add", "new@demo.example", "--role", "support", "--as", "admin@demo.example")
    assert "countersign" in said.err
    terminal.refused("read", "customers", "--purpose", "after-sales", "--as", "new@demo.example")
    terminal.done("user", "countersign", "new@demo.example", *CONTROLLER)
    terminal.done("read", "customers", "--purpose", "after-sales", "--as", "new@demo.example", "--limit", "1")
    terminal.done("user", "disable", "new@demo.example", *CONTROLLER)
    terminal.refused("read", "customers", "--purpose", "after-sales", "--as", "new@demo.example")
    (found,) = [each for each in terminal.done("user", "list", "--json").json if each["email"] == "new@demo.example"]
    assert found["disabled"]


def test_a_password_is_read_from_standard_input_and_weak_ones_are_refused(sqlite_terminal: Terminal) -> None:
    add = ("user", "add", "new@demo.example", "--role", "support", "--password-stdin", *CONTROLLER)
    line = sqlite_terminal.refused(*add, stdin="short\n")
    assert "short" not in line.replace("shorter", "")
    said = sqlite_terminal.done(*add, stdin="a fictional long passphrase\n")
    assert "fictional" not in said.out + said.err
    sqlite_terminal.refused(*add, stdin="a fictional long passphrase\n")


def test_a_role_that_does_not_exist_is_wrong_usage(sqlite_terminal: Terminal) -> None:
    assert sqlite_terminal.run("user", "add", "new@demo.example", "--role", "king").status == 2


def test_a_token_is_printed_once_and_listed_without_its_secret(terminal: Terminal) -> None:
    secret = terminal.done("token", "add", "tour", "--role", "support", *CONTROLLER).out.strip()
    listed = terminal.done("token", "list", "--json")
    assert secret
    assert secret not in listed.out
    assert [each["in_force"] for each in listed.json if each["name"] == "tour"] == [True]
    terminal.refused("token", "add", "tour", "--role", "support", *CONTROLLER)
    terminal.done("token", "revoke", "tour", *CONTROLLER)
    listed = terminal.done("token", "list", "--json")
    assert not any(each["in_force"] for each in listed.json if each["name"] == "tour")


def test_a_token_of_the_administrator_waits_for_the_controller(sqlite_terminal: Terminal) -> None:
    until = (SystemClock().now() + timedelta(days=30)).date().isoformat()
    add = ("token", "add", "later", "--role", "support", "--expires", until, "--as", "admin@demo.example")
    assert "countersign" in sqlite_terminal.done(*add).err
    sqlite_terminal.done("token", "countersign", "later", *CONTROLLER)
    listed = sqlite_terminal.done("token", "list", "--json").json
    assert [each["in_force"] for each in listed if each["name"] == "later"] == [True]
    sqlite_terminal.done("token", "list")


@pytest.mark.parametrize("verb", ["countersign", "revoke"])
def test_a_token_that_is_not_there_is_one_line(sqlite_terminal: Terminal, verb: str) -> None:
    assert sqlite_terminal.refused("token", verb, "nobody-made-this", *CONTROLLER) == "There is no such token."


def test_before_a_role_is_confirmed_the_terminal_shows_all_that_would_then_be_held(sqlite_terminal: Terminal) -> None:
    said = sqlite_terminal.done("user", "add", "new@demo.example", "--role", "support", "--as", "admin@demo.example")
    assert "/link/" not in said.out, "a link of an administrator's ends with the confirmation"

    confirmed = sqlite_terminal.done("user", "countersign", "new@demo.example", *CONTROLLER)

    assert "after-sales" in confirmed.out
    assert "contact (" in confirmed.out
    assert "egide user link new@demo.example" in confirmed.err


def test_a_role_is_turned_down_with_a_reason(sqlite_terminal: Terminal) -> None:
    sqlite_terminal.done("user", "add", "new@demo.example", "--role", "support", "--as", "admin@demo.example")
    decline = ("user", "decline", "new@demo.example", "--role", "support")
    assert sqlite_terminal.run(*decline, *CONTROLLER).status == 2
    sqlite_terminal.refused(*decline, "--because", " ", *CONTROLLER)
    sqlite_terminal.refused(*decline, "--because", "Not yet", "--as", "admin@demo.example")

    sqlite_terminal.done(*decline, "--because", "Not before the training", *CONTROLLER)

    sqlite_terminal.refused(*decline, "--because", "Again", *CONTROLLER)
    (found,) = [
        each for each in sqlite_terminal.done("user", "list", "--json").json if each["email"] == "new@demo.example"
    ]
    assert (found["roles"], found["waiting"]) == ([], [])


def test_whom_a_refused_role_concerns_reads_why(sqlite_terminal: Terminal) -> None:
    about, new = ("new@demo.example", "--role", "analyst"), ("--as", "new@demo.example")
    sqlite_terminal.done("user", "add", *about, "--as", "admin@demo.example")
    sqlite_terminal.done("user", "decline", *about, "--because", "Not before the training", *CONTROLLER)

    (told,) = sqlite_terminal.done("access", "show", "--json", *new).json

    assert (told["role"], told["because"]) == ("analyst", "Not before the training")
    assert told["refused_by"] == "Claire Fontaine (fictive)"
    assert "Not before the training" in sqlite_terminal.done("access", "show", *new).out


def test_an_opinion_on_a_request_is_given_from_a_terminal(sqlite_terminal: Terminal) -> None:
    ask = ("access", "ask", "accounting", "--reason", "Standing in.", "--json", "--as", "support@demo.example")
    asked = sqlite_terminal.done(*ask).json[0]["id"]
    advise = ("access", "advise", asked, "favourable", "--reason", "One person is enough.")

    sqlite_terminal.refused(*advise, *OWNER)
    sqlite_terminal.done(*advise, "--as", "dpo@demo.example")

    listed = sqlite_terminal.done("access", "list", "--json", *CONTROLLER).json
    assert [each["opinion"] for each in listed if each["id"] == asked] == ["favourable"]
