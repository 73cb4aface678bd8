"""Which purposes solicit people, and what closes them."""

import pytest

from consent.soliciting import closing_marks, solicits
from governance.actor import Role
from governance.vault.subject_keys import EVERY_SOLICITATION
from governance.vocabulary import Channel, LawfulBasis
from tests.builders.gate_policies import a_declared_purpose

B = LawfulBasis


@pytest.mark.parametrize(
    ("basis", "channel", "recipient", "expected"),
    [
        (B.LEGITIMATE_INTERESTS, None, Role.MARKETING, True),
        (B.LEGITIMATE_INTERESTS, None, Role.SALES, True),
        (B.LEGITIMATE_INTERESTS, None, Role.ACCOUNTING, False),
        (B.CONSENT, Channel.TELEPHONE, Role.SUPPORT, True),
        (B.CONSENT, Channel.USE, Role.SUPPORT, False),
        (B.CONTRACT, None, Role.SALES, False),
        (B.LEGAL_OBLIGATION, None, Role.MARKETING, False),
    ],
)
def test_what_sells_on_a_basis_open_to_objection_solicits(
    basis: LawfulBasis, channel: Channel | None, recipient: Role, expected: bool
) -> None:
    purpose = a_declared_purpose(basis=basis, consent_channel=channel, recipients=frozenset({recipient}))

    assert solicits(purpose) is expected


def test_a_no_to_everything_closes_what_needs_no_yes_and_leaves_consents_to_their_events() -> None:
    sellers = frozenset({Role.MARKETING})
    offers = a_declared_purpose(basis=B.LEGITIMATE_INTERESTS, consent_channel=None, recipients=sellers)
    letter = a_declared_purpose(basis=B.CONSENT, consent_channel=Channel.EMAIL, recipients=sellers)

    assert closing_marks(offers) == {offers.id, EVERY_SOLICITATION}
    assert closing_marks(letter) == {letter.id}
