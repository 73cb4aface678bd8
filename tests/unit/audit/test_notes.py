"""Signed notes: the published vector of Go's `golang.org/x/mod/sumdb/note`, and what is not a note."""

import pytest

from audit.notes import NoteError, SigningKey, TreeHead, VerifierKey, check_name, open_checkpoint, open_note, split_note

# From the documentation of the Go package.
SIGNING = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NOTE = (
    TEXT
    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# The Go package's example with two signatures.
ENOCH_VERIFIER = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TWO_SIGNATURES = (
    TEXT + "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)


def test_a_key_signs_as_published() -> None:
    assert SigningKey.parse(SIGNING).sign(TEXT) == NOTE


def test_a_published_note_opens() -> None:
    assert open_note(NOTE, [VerifierKey.parse(VERIFIER)]) == TEXT


def test_keys_are_written_as_they_are_read() -> None:
    assert SigningKey.parse(SIGNING).encode() == SIGNING
    assert str(SigningKey.parse(SIGNING).verifier) == VERIFIER
    assert str(VerifierKey.parse(VERIFIER)) == VERIFIER


def test_a_private_key_does_not_show_itself() -> None:
    assert "seed" not in repr(SigningKey.parse(SIGNING))


def test_one_known_signature_among_unknown_ones_is_enough() -> None:
    assert open_note(TWO_SIGNATURES, [VerifierKey.parse(ENOCH_VERIFIER)]) == TEXT
    assert open_note(TWO_SIGNATURES, [VerifierKey.parse(VERIFIER), VerifierKey.parse(ENOCH_VERIFIER)]) == TEXT


def test_a_wrong_signature_of_a_known_key_refuses_the_note() -> None:
    damaged = TWO_SIGNATURES.replace("rwz+eBzm", "rwz+eBzn")

    with pytest.raises(NoteError, match="EnochRoot is wrong"):
        open_note(damaged, [VerifierKey.parse(VERIFIER), VerifierKey.parse(ENOCH_VERIFIER)])


def test_a_note_that_no_known_key_signed_is_refused() -> None:
    with pytest.raises(NoteError, match="no known key"):
        open_note(NOTE, [VerifierKey.parse(ENOCH_VERIFIER)])


def test_each_changed_byte_refuses_the_note() -> None:
    raw = NOTE.encode()
    for place in range(len(raw)):
        damaged = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        with pytest.raises((NoteError, UnicodeDecodeError)):
            open_note(damaged.decode(), [VerifierKey.parse(VERIFIER)])


@pytest.mark.parametrize(
    "note",
    [
        "",
        TEXT,
        TEXT + "\n",
        NOTE[:-1],
        NOTE.replace("— P", "- P"),
        NOTE.replace("PeterNeumann x", "PeterNeumannx"),
        TEXT + "\n— PeterNeumann x08go!!!\n",
        TEXT + "\n— PeterNeumann x08goA==\n",
        TEXT + "\n— Peter+Neumann x08go/ZJkuA=\n",
        NOTE.replace("think", "th\tink"),
        "x" * 1_000_001,
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(NoteError):
        split_note(note)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        VERIFIER.replace("c74f20a3", "c74f20a4"),
        VERIFIER.replace("Peter", "Paul"),
        VERIFIER.replace("+ARpc", "+Apc"),
        VERIFIER.replace("+AR", "+AB"),
    ],
)
def test_a_damaged_public_key_is_refused(key: str) -> None:
    with pytest.raises(NoteError):
        VerifierKey.parse(key)


@pytest.mark.parametrize("key", ["", VERIFIER, SIGNING.replace("c74f20a3", "c74f20a4"), SIGNING[:-4]])
def test_a_damaged_private_key_is_refused(key: str) -> None:
    with pytest.raises(NoteError):
        SigningKey.parse(key)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u00a0b"])
def test_a_name_with_a_space_or_a_plus_is_refused(name: str) -> None:
    with pytest.raises(NoteError):
        check_name(name)


def test_a_text_without_a_newline_is_not_signed() -> None:
    with pytest.raises(NoteError):
        SigningKey.parse(SIGNING).sign("no newline")


# The checkpoint shown in the C2SP specification of tlog-checkpoint.
PUBLISHED = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def test_a_published_checkpoint_is_read_and_written() -> None:
    head = TreeHead.parse(PUBLISHED)

    assert (head.origin, head.size) == ("example.com/behind-the-sofa", 20852163)
    assert head.text() == PUBLISHED


def test_extension_lines_are_ignored() -> None:
    assert TreeHead.parse(PUBLISHED + "more\n") == TreeHead.parse(PUBLISHED)


@pytest.mark.parametrize(
    "text",
    [
        "example.com/log\n5\n",
        PUBLISHED.replace("20852163", "020852163"),
        PUBLISHED.replace("20852163", "-1"),
        PUBLISHED.replace("20852163", "²"),
        PUBLISHED.replace("q2I=", "q2J="),
        PUBLISHED.replace("CsUY", ""),
        PUBLISHED + "\n",
        "\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
    ],
)
def test_a_malformed_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        TreeHead.parse(text)


def test_a_checkpoint_of_another_log_is_refused() -> None:
    key = SigningKey.parse(SIGNING)
    with pytest.raises(NoteError, match="another log"):
        open_checkpoint(key.sign(PUBLISHED), key.verifier)

    assert open_checkpoint(key.sign(PUBLISHED), key.verifier, "example.com/behind-the-sofa").size == 20852163
