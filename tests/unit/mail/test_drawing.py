"""Letters as they are drawn."""

from email.message import EmailMessage

import html5lib
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from governance.identity.letters import WITH_LINK, Letter
from governance.mail.drawing import Drawn, draw
from governance.mail.errors import UnsafeLetterError
from governance.mail.message import Message
from governance.text import is_plain, one_line

HOUSE = "https://egide.example"
URL = f"{HOUSE}/link/AbC-123"


def drawn(letter: Letter, locale: str, name: str = "Camille Durand") -> Drawn:
    # Numbers that some letters speak of.
    return draw(letter.value, locale, {"name": name, "house": HOUSE, "url": URL, "late": 1, "soon": 2})


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("letter", list(Letter))
def test_every_letter_says_the_same_as_text_and_as_html(letter: Letter, locale: str) -> None:
    letter_ = drawn(letter, locale)

    page = html5lib.HTMLParser(strict=True).parse(letter_.html)
    read = " ".join("".join(page.find("{*}body").itertext()).split())
    # The signature's dashes are for text alone, and the name of the house's product for HTML alone.
    said = " ".join(letter_.text.replace("\n-- \n", "\n").split())
    assert said in read
    assert letter_.subject
    assert (URL in letter_.text) == (letter in WITH_LINK)
    assert (f'href="{URL}"' in letter_.html) == (letter in WITH_LINK)
    assert ("Bonjour" in said) == (locale == "fr")


@pytest.mark.parametrize("letter", list(Letter))
def test_a_letter_loads_nothing_and_runs_nothing(letter: Letter) -> None:
    html = drawn(letter, "fr").html

    assert not any(tag in html for tag in ("<img", "<script", "<link", "url(", "src="))


def test_a_name_is_text_in_both() -> None:
    letter = drawn(Letter.TEST, "en", "<b>Camille</b> & Co")

    assert "<b>Camille</b> & Co" in letter.text
    assert "&lt;b&gt;Camille&lt;/b&gt; &amp; Co" in letter.html


@pytest.mark.parametrize("part", ["to", "subject"])
@pytest.mark.parametrize("smuggled", ["a\r\nBcc: b@c.example", "a\nb", "a\rb", "a\0b", "a\u2028b", "a\x85b"])
def test_no_header_becomes_two(part: str, smuggled: str) -> None:
    parts = {"to": "a@b.example", "subject": "x"} | {part: smuggled}

    with pytest.raises(UnsafeLetterError) as refused:
        Message(text="", html="", **parts)  # type: ignore[arg-type] # two headers, each a string

    assert "Bcc" not in str(refused.value)


def test_a_letter_shows_nothing_of_itself() -> None:
    assert "camille" not in repr(Message(to="camille@demo.example", subject="camille", text="camille", html="camille"))


@given(st.text().filter(is_plain))
@example("soft\u00adhyphen \ue000 \U0001fae9 \x07")
@example("two\r\nlines\u2028three")
def test_whatever_a_name_may_hold_makes_a_subject_that_can_be_sent(name: str) -> None:
    subject = one_line(f"Answer to {name}")

    Message(to="a@demo.example", subject=subject, text="", html="")
    letter = EmailMessage()
    letter["Subject"] = subject
    assert b"\nSubject" not in bytes(letter)
