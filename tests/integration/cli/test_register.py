"""The life of an activity from a terminal."""

import pytest

from tests.builders.terminal import Terminal

CONTROLLER = ("--as", "controller@demo.example")
DPO = ("--as", "dpo@demo.example")


def test_an_activity_is_advised_on_and_put_in_force(terminal: Terminal) -> None:
    step = ("register", "step", "call-quality")
    advised = terminal.done(*step, "advise", "--opinion", "favourable", "--text", "Nothing beyond names.", *DPO)
    assert advised.out == "call-quality: advised\n"

    assert "controller" in terminal.refused(*step, "activate", *DPO)
    assert terminal.done(*step, "activate", *CONTROLLER).out == "call-quality: active\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("call-quality", "activate", *CONTROLLER), "advise"),
        (("call-quality", "advise", *DPO), "opinion"),
        (("no-such-activity", "activate", *CONTROLLER), "no-such-activity"),
    ],
)
def test_a_step_that_is_not_possible_is_one_line(
    sqlite_terminal: Terminal, arguments: tuple[str, ...], said: str
) -> None:
    assert said in sqlite_terminal.refused("register", "step", *arguments)
