"""What a file may be at most: bytes, depth, how many at once, and how much of what is wrong is told."""

import io
import json

import pytest

from governance.errors import phrase
from governance.spreadsheets.errors import SpreadsheetError
from register.errors import RegisterError
from register.exchange import opening
from register.exchange.errors import TOLD, MalformedRegisterError, NameClashError, ReadingBusyError, Wrong
from register.exchange.json_file import FORMAT, MOST_BYTES, read_json, write_json
from register.exchange.opening import open_register
from register.exchange.turns import Turns
from tests.builders.tables import OURS, a_csv
from tests.builders.written import a_written_activity


def a_json(more: int = 0) -> bytes:
    return json.dumps({"format": FORMAT, "activities": []}).encode() + b" " * more


def test_json_has_a_bound_of_its_own_below_that_of_a_workbook() -> None:
    assert MOST_BYTES < opening.MOST_BYTES
    assert read_json(a_json(more=MOST_BYTES - len(a_json()))).activities == []
    with pytest.raises(MalformedRegisterError, match="larger"):
        open_register(io.BytesIO(a_json(more=MOST_BYTES)))


@pytest.mark.parametrize("deep", [16, 200, 100_000])
def test_what_is_nested_deeper_than_any_register_is_refused(deep: int) -> None:
    content = b'{"format": "egide-register/1", "activities": ' + b"[" * deep + b"]" * deep + b"}"

    with pytest.raises(MalformedRegisterError, match=r"too deep|not JSON"):
        read_json(content)


def test_an_activity_that_says_everything_is_not_nested_too_deep() -> None:
    file = io.BytesIO()
    write_json(file, [a_written_activity()])

    assert len(read_json(file.getvalue()).activities) == 1


def test_twenty_things_that_are_wrong_are_told_and_how_many_more_there_are() -> None:
    wrongs = tuple(Wrong(f"$.activities[{place}]", phrase("expected a word")) for place in range(TOLD + 5))
    refused = str(MalformedRegisterError(wrongs=wrongs))
    clash = str(NameClashError(slugs=tuple(f"slug-{place}-" for place in range(TOLD + 3))))

    assert ("activities[19]" in refused, "activities[20]" in refused) == (True, False)
    assert refused.endswith("5.")
    assert ("slug-19-" in clash, "slug-20-" in clash, "3 more" in clash) == (True, False, True)


def test_so_many_files_are_taken_apart_at_once_and_another_waits_until_it_is_told_to_come_again() -> None:
    turns = Turns(at_once=2, seconds=0.01)
    with turns.take(), turns.take(), pytest.raises(ReadingBusyError), turns.take():
        pytest.fail("a third one came in")

    with turns.take(), turns.take():
        pass


def test_a_file_that_cannot_be_read_gives_its_turn_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_TURNS", Turns(at_once=1, seconds=0))
    for content in (b"PK\x03\x04", b"no;table", b"PK\x03\x04"):
        with pytest.raises((RegisterError, SpreadsheetError)) as refused:
            open_register(io.BytesIO(content))
        assert not isinstance(refused.value, ReadingBusyError)
    assert opening.propose_columns(io.BytesIO(a_csv(OURS))).columns


def test_what_takes_no_process_of_its_own_waits_for_no_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_TURNS", Turns(at_once=0, seconds=0))

    assert open_register(io.BytesIO(a_json())).activities == []
    with pytest.raises(ReadingBusyError):
        open_register(io.BytesIO(a_csv(OURS)))
