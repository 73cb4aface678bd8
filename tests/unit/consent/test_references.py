"""How a consent is named in addresses and in the log."""

import pytest

from consent.errors import ConsentNotFoundError
from consent.values import ConsentRef
from governance.vocabulary import Channel


def test_a_consent_is_named_by_person_purpose_and_channel() -> None:
    ref = ConsentRef(subject_id=4711, purpose="email-marketing", channel=Channel.EMAIL)

    assert str(ref) == "4711.email-marketing.email"
    assert ConsentRef.parse(str(ref)) == ref


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4711",
        "4711.a",
        "x.a.email",
        "-1.a.email",
        "4711.a.pigeon",
        "4711.a.email.x",
        "٤.a.email",
        "+1.a.sms",
        "0.a.sms",
        "4294967296.a.sms",
        f"{'9' * 5000}.a.sms",
        f"1.{'a' * 3000}.sms",
        "1.Un nom.sms",
        "1..sms",
    ],
)
def test_another_text_names_nothing(text: str) -> None:
    with pytest.raises(ConsentNotFoundError):
        ConsentRef.parse(text)
