"""Second factors in a terminal: the rules, and what to do for whoever lost theirs."""

from governance.actor import Role
from tests.builders.terminal import Terminal
from tests.demonstration import Home, email_of

CONTROLLER, ADMIN = email_of(Role.CONTROLLER), email_of(Role.ADMIN)


def required(terminal: Terminal) -> set[str]:
    rows = terminal.done("second-factor", "list", "--json").json
    return {row["role"] for row in rows if row["required"]}


def test_the_demonstration_requires_none_so_that_a_password_opens_it(home: Home) -> None:
    assert required(Terminal(home)) == set()


def test_a_real_home_requires_one_of_whoever_decides_confirms_or_looks_into_everything(empty_home: Home) -> None:
    terminal = Terminal(empty_home)
    terminal.done("init")

    assert required(terminal) == {"controller", "dpo", "owner", "security", "auditor", "admin"}


def test_the_host_and_an_administrator_tighten_and_the_controller_relaxes(sqlite_home: Home) -> None:
    terminal = Terminal(sqlite_home)

    terminal.done("second-factor", "require", "support")
    terminal.done("second-factor", "require", "sales", "--as", ADMIN)
    assert required(terminal) == {"support", "sales"}

    assert "controller" in terminal.refused("second-factor", "relax", "sales", "--as", ADMIN)
    terminal.done("second-factor", "relax", "sales", "--as", CONTROLLER)
    assert required(terminal) == {"support"}


def test_the_host_takes_a_lost_factor_away_and_an_administrator_only_where_they_could_not_become_anybody(
    sqlite_home: Home,
) -> None:
    terminal = Terminal(sqlite_home)
    support = email_of(Role.SUPPORT)

    assert "controller" in terminal.refused("user", "reset-second-factor", support, "--as", ADMIN)
    assert terminal.refused("user", "reset-second-factor", CONTROLLER, "--as", CONTROLLER)
    assert support in terminal.done("user", "reset-second-factor", support, "--as", CONTROLLER).out
    terminal.done("user", "reset-second-factor", CONTROLLER)
    assert terminal.refused("user", "reset-second-factor", "nobody@demo.example")
