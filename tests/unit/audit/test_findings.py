"""What the check of the log finds is told in the reader's language, sentence for sentence."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.support import Translations

from audit.findings import PART_LABELS, SENTENCES, finding_in_words, in_words_of
from audit.verify import Finding
from governance.web.locale import TRANSLATIONS

_AUDIT = Path(__file__).parents[3] / "audit"
_CHECKS = ("verify.py", "live/walk.py", "live/rows.py", "live/tiles.py", "live/checkpoints.py")
_SAID_ELSEWHERE = ("purges.py", "rules.py")


def shape(node: ast.expr) -> str | None:
    """Return a sentence of the source with a mark in the place of each fact; None for what is not a sentence."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "7" for part in node.values)  # type: ignore[misc]
    return None


def sentences() -> Iterator[tuple[str, str]]:
    """Go through every part and sentence that a check can find."""
    for name in _CHECKS:
        for node in ast.walk(ast.parse((_AUDIT / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "find":
                part, said = shape(node.args[0]), shape(node.args[1]) if len(node.args) > 1 else None
                if part is not None and said is not None:
                    yield part, said
    for name in _SAID_ELSEWHERE:
        for node in ast.walk(ast.parse((_AUDIT / name).read_text(encoding="utf-8"))):
            said = shape(node) if isinstance(node, ast.JoinedStr) else None
            if said is not None and re.match(r"entries of|the rule of", said):
                yield "purge", said


def french(message: str) -> str:
    catalogue = Translations.load(str(TRANSLATIONS), ["fr"])
    return str(catalogue.gettext(message))


def test_the_checks_have_sentences() -> None:
    assert len(set(sentences())) > 30


# A place and a reason: the reason is the anchor's or the note's own sentence.
@pytest.mark.parametrize(("part", "said"), [each for each in sorted(set(sentences())) if each[1] != "7: 7"])
def test_every_finding_of_a_check_is_told_in_french(part: str, said: str) -> None:
    assert part in PART_LABELS

    told = in_words_of(said, french)

    assert told != said
    assert "7" not in said or "7" in told


def test_a_finding_is_told_with_its_part_and_its_place() -> None:
    finding = Finding(index=12, part="entry", what="3 to 9 are missing and no purge names them")

    assert finding_in_words(finding, str) == "entry 12: content: 3 to 9 are missing and no purge names them"
    assert finding_in_words(finding, french).replace("\N{NO-BREAK SPACE}", " ") == (
        "entrée 12 : contenu : les entrées 3 à 9 manquent, et aucune purge ne les nomme"
    )


def test_a_reason_inside_a_finding_is_told_too() -> None:
    told = in_words_of("the one kept: no known key signed the note", french)

    assert told == "celui qui fut conservé\N{NO-BREAK SPACE}: aucune clé connue n’a signé la note"


def test_what_nobody_foresaw_is_told_as_it_is() -> None:
    assert in_words_of("something else {x}", french) == "something else {x}"


def test_no_sentence_hides_behind_another() -> None:
    for sentence in SENTENCES:
        filled = re.sub(r"\{\w+\}", "7", sentence)
        assert in_words_of(filled, str) == filled
