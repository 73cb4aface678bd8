"""A link to one's choices opens what it was made for, for as long as it lasts, and tells nothing."""

import base64
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consent.errors import PreferenceLinkError
from consent.preferences.links import LIFETIME, PreferenceLink, open_link, seal_link
from governance.vault.sealed_values import SealedValues
from tests.builders.ground import StandingClock
from tests.builders.vault import a_keyring

LINK = PreferenceLink(subject_id=4711, purpose_id=3, channel=1, message_id=uuid.UUID(int=9))


@pytest.fixture
def seal(tmp_path: Path) -> SealedValues:
    return SealedValues(a_keyring(tmp_path))


@pytest.mark.parametrize("link", [LINK, PreferenceLink(subject_id=2**32 - 1), PreferenceLink(subject_id=1, channel=6)])
def test_a_link_opens_what_it_was_made_for(seal: SealedValues, clock: StandingClock, link: PreferenceLink) -> None:
    assert open_link(seal, clock, seal_link(seal, clock, link)) == link


def test_two_links_to_the_same_choices_look_different(seal: SealedValues, clock: StandingClock) -> None:
    assert seal_link(seal, clock, LINK) != seal_link(seal, clock, LINK)


def test_a_link_ends_when_nobody_would_be_written_to_any_more(seal: SealedValues, clock: StandingClock) -> None:
    token = seal_link(seal, clock, LINK)

    clock.advance(seconds=int(LIFETIME.total_seconds()))
    assert open_link(seal, clock, token) == LINK
    clock.advance(seconds=1)
    with pytest.raises(PreferenceLinkError):
        open_link(seal, clock, token)


def test_the_link_of_another_house_opens_nothing(seal: SealedValues, clock: StandingClock, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()

    with pytest.raises(PreferenceLinkError):
        open_link(seal, clock, seal_link(SealedValues(a_keyring(other)), clock, LINK))


def test_what_else_is_sealed_here_is_no_link(seal: SealedValues, clock: StandingClock) -> None:
    foreign = base64.urlsafe_b64encode(seal.seal(bytes(35), "mail-address")).decode()

    with pytest.raises(PreferenceLinkError):
        open_link(seal, clock, foreign)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
def test_whatever_else_is_typed_opens_nothing(seal: SealedValues, clock: StandingClock, text: str) -> None:
    with pytest.raises(PreferenceLinkError):
        open_link(seal, clock, text)


@given(st.integers(min_value=0), st.integers(min_value=0, max_value=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_changed_sign_opens_nothing(seal: SealedValues, clock: StandingClock, place: int, step: int) -> None:
    token = seal_link(seal, clock, LINK)
    # The last sign carries bits that no byte needs.
    at = place % (len(token) - 1)
    other = "ABCDEFGH"[(step + 1) % 8]
    changed = token[:at] + (other if token[at] != other else "Z") + token[at + 1 :]

    with pytest.raises(PreferenceLinkError):
        open_link(seal, clock, changed)


def test_the_clock_set_back_opens_links_all_the_same(seal: SealedValues, clock: StandingClock) -> None:
    token = seal_link(seal, clock, LINK)

    assert open_link(seal, StandingClock(clock.now() - timedelta(days=1)), token) == LINK
