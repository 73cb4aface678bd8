"""What may name an activity or a purpose."""

import pytest

from register.errors import SlugInvalidError
from register.slugs import check_slug


@pytest.mark.parametrize("slug", ["a", "email-marketing", "b2b", "a" * 64])
def test_small_letters_digits_and_hyphens_make_a_slug(slug: str) -> None:
    assert check_slug(slug) == slug


@pytest.mark.parametrize(
    "slug",
    ["", "A", "été", "a b", "a--b", "-a", "a-", "1a", "a_b", "a.b", "a/b", "a\n", "a" * 65, "x';DROP TABLE purpose;--"],
)
def test_anything_else_is_refused_without_repeating_it(slug: str) -> None:
    with pytest.raises(SlugInvalidError) as refused:
        check_slug(slug)

    assert len(slug) < 3 or slug not in str(refused.value)
