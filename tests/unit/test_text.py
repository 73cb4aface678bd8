"""Text that says to whoever sees it what it says to a program."""

import pytest

from governance.text import is_plain, is_storable, without_unseen

UNSEEN = [
    *(chr(each) for each in range(0x202A, 0x202F)),
    *(chr(each) for each in range(0x2066, 0x206A)),
    *"\u061c\u200b\u200e\u200f\u2060\ufeff\U000e0041",
]


@pytest.mark.parametrize("unseen", UNSEEN, ids=ascii)
def test_what_turns_writing_round_or_is_unseen_is_not_plain_and_can_be_left_out(unseen: str) -> None:
    assert is_storable(f"a{unseen}b")
    assert not is_plain(f"a{unseen}b")
    assert without_unseen(f"a{unseen}b") == "ab"


@pytest.mark.parametrize(
    "text",
    [
        "à qui\u00a0?",
        "«\u202foui\u202f»",
        "\u0646\u0627\u0645\u0647\u200c\u0627\u06cc",
        "\U0001f469\u200d\U0001f4bb",
        "a\nb\tc",
    ],
    ids=ascii,
)
def test_joiners_and_every_kind_of_blank_are_plain(text: str) -> None:
    assert is_plain(text)
    assert without_unseen(text) == text
