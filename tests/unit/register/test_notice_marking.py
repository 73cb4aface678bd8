"""Two passages of a notice, side by side: the words that differ are marked, and nothing is lost."""

from hypothesis import given
from hypothesis import strategies as st

from register.notices.marking import Lines, marked

_PASSAGES = st.lists(st.text(alphabet="ab ,’é"), max_size=4)


def plain(lines: Lines | None) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines or ()]


def test_the_words_that_the_other_side_lacks_are_marked_and_no_others() -> None:
    assert marked(["Your name, where you live, what you buy."], ["Your name, what you buy."]) == (
        ((("Your name", False), (", where you live", True), (", what you buy.", False)),),
        ((("Your name, what you buy.", False),),),
    )


def test_a_passage_that_one_side_alone_has_is_new_or_gone_as_a_whole() -> None:
    assert marked(None, ["New."]) == (None, ((("New.", False),),))
    assert marked(["Gone."], None) == (((("Gone.", False),),), None)


def test_a_passage_too_long_to_compare_is_shown_without_marks() -> None:
    then, now = marked(["a " * 2001], ["b " * 2001])
    assert then is not None
    assert now is not None
    assert not any(differs for line in (*then, *now) for _, differs in line)


@given(then=_PASSAGES, now=_PASSAGES)
def test_what_is_marked_is_the_passage_word_by_word(then: list[str], now: list[str]) -> None:
    old, new = marked(then, now)

    assert (plain(old), plain(new)) == (then, now)
    kept = [[text for line in side or () for text, differs in line if not differs] for side in (old, new)]
    assert "".join(kept[0]) == "".join(kept[1])
