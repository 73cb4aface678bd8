"""Letters over real SMTP."""

import ssl
from dataclasses import replace
from pathlib import Path

import pytest

from governance.mail.address import parse_smtp_url
from governance.mail.errors import MailInClearError, MailRefusedError, MailUnavailableError
from governance.mail.message import Attachment, Message
from governance.mail.smtp import SmtpMailer
from tests.builders.ground import CountingIds, StandingClock
from tests.builders.mail import PASSWORD, USER, certified, smtp_server

TO = "camille@demo.example"
LETTER = Message(to=TO, subject="Choisir un mot de passe", text="Bonjour, é\n", html="<p>Bonjour, é</p>")
_CREDENTIALS = "egide:a%20fictional%20secret%3A%20with%2Fsigns%40"


def a_mailer(url: str, tls: ssl.SSLContext | None = None) -> SmtpMailer:
    return SmtpMailer(parse_smtp_url(url), "egide@demo.example", StandingClock(), CountingIds(), tls=tls)


def test_a_letter_arrives_in_both_forms() -> None:
    with smtp_server() as (port, received):
        a_mailer(f"smtp://127.0.0.1:{port}").send(LETTER)

    [(sender, to, letter)] = received.letters
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert (sender, to) == ("egide@demo.example", [TO])
    assert letter["Subject"] == "Choisir un mot de passe"
    assert letter["From"] == "Égide <egide@demo.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"].datetime.isoformat() == "2026-11-22T09:00:00+00:00"
    assert letter["Message-ID"].endswith("@demo.example>")
    assert text is not None
    assert html is not None
    assert text.get_content().strip() == "Bonjour, é"
    assert html.get_content().strip() == "<p>Bonjour, é</p>"
    assert letter.get_content_type() == "multipart/alternative"


def test_it_is_encrypted_where_the_server_offers_it(tmp_path: Path) -> None:
    shown, trusting = certified(tmp_path)
    with smtp_server(tls=shown, wants_password=True) as (port, received):
        a_mailer(f"smtp://{_CREDENTIALS}@localhost:{port}", trusting).send(LETTER)

    assert received.encrypted == [True]
    assert (USER, PASSWORD) == ("egide", "a fictional secret: with/signs@")


def test_it_is_encrypted_from_the_first_byte(tmp_path: Path) -> None:
    shown, trusting = certified(tmp_path)
    with smtp_server(tls=shown, from_the_first_byte=True) as (port, received):
        a_mailer(f"smtps://localhost:{port}", trusting).send(LETTER)

    assert received.encrypted == [True]


def test_nothing_is_sent_in_the_clear_where_encryption_is_required() -> None:
    with smtp_server() as (port, received), pytest.raises(MailInClearError):
        a_mailer(f"smtp://127.0.0.1:{port}/?starttls=required").send(LETTER)

    assert received.letters == []


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_of_somebody_else_is_refused(tmp_path: Path, scheme: str) -> None:
    shown, _ = certified(tmp_path)
    _, trusting = certified(tmp_path, "another.example")
    with smtp_server(tls=shown, from_the_first_byte=scheme == "smtps") as (port, received):
        for trusted in (trusting, None):
            with pytest.raises(MailUnavailableError):
                a_mailer(f"{scheme}://localhost:{port}", trusted).send(LETTER)

    assert received.letters == []


def test_a_certificate_of_another_name_is_refused(tmp_path: Path) -> None:
    shown, trusting = certified(tmp_path, "another.example")
    with smtp_server(tls=shown) as (port, received), pytest.raises(MailUnavailableError):
        a_mailer(f"smtp://localhost:{port}", trusting).send(LETTER)

    assert received.letters == []


def test_a_refusal_tells_its_code_and_nobodys_address() -> None:
    with smtp_server() as (port, received):
        received.refused.add(TO)
        with pytest.raises(MailRefusedError) as refused:
            a_mailer(f"smtp://127.0.0.1:{port}").send(LETTER)

    assert refused.value.code == 550
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
    assert TO not in f"{refused.value} {refused.value!r}"


def test_a_wrong_password_is_a_refusal(tmp_path: Path) -> None:
    shown, trusting = certified(tmp_path)
    with smtp_server(tls=shown, wants_password=True) as (port, _), pytest.raises(MailRefusedError) as refused:
        a_mailer(f"smtp://egide:wrong@localhost:{port}", trusting).send(LETTER)

    assert refused.value.code == 535


def test_a_server_that_is_not_there_is_told() -> None:
    with smtp_server() as (port, _):
        pass

    with pytest.raises(MailUnavailableError):
        a_mailer(f"smtp://127.0.0.1:{port}").send(LETTER)


def test_an_address_beyond_ascii_is_carried_where_the_server_can() -> None:
    with smtp_server() as (port, received):
        a_mailer(f"smtp://127.0.0.1:{port}").send(Message(to="é@demo.example", subject="x", text="x", html="x"))

    assert [to for _, to, _ in received.letters] == [["é@demo.example"]]


def test_a_letter_that_solicits_says_where_one_post_unsubscribes() -> None:
    address = f"https://egide.example/preferences/{'x' * 87}/unsubscribe"
    letter = replace(LETTER, unsubscribe=address, sender_name="Maison Lumière")

    with smtp_server() as (port, received):
        a_mailer(f"smtp://127.0.0.1:{port}").send(letter)

    [(_, _, sent)] = received.letters
    assert sent["From"] == "Maison Lumière <egide@demo.example>"
    # RFC 8058: as it is, for programs read it; never an encoded word.
    assert dict(sent.raw_items())["List-Unsubscribe"].strip() == f"<{address}>"
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_file_goes_with_a_letter() -> None:
    attached = Attachment(name="preuve.pdf", media_type="application/pdf", content=b"%PDF-1.7 fictional")

    with smtp_server() as (port, received):
        a_mailer(f"smtp://127.0.0.1:{port}").send(replace(LETTER, attachments=(attached,)))

    [(_, _, sent)] = received.letters
    [file] = sent.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("preuve.pdf", "application/pdf")
    assert file.get_content() == b"%PDF-1.7 fictional"
    assert sent.get_body(("plain",)) is not None
