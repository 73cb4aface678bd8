"""Secrets: random, hashed, compared in constant time."""

from governance.identity.bearer import TOKEN_PREFIX, hash_secret, is_same, new_secret
from governance.identity.service import IssuedToken


def test_secrets_hold_256_bits_and_never_repeat() -> None:
    made = {new_secret() for _ in range(100)}

    assert len(made) == 100
    assert all(len(secret) == 43 for secret in made)


def test_a_token_says_what_it_is() -> None:
    assert new_secret(TOKEN_PREFIX).startswith("egide_")


def test_only_the_secret_itself_is_the_same() -> None:
    secret = new_secret()

    assert is_same(hash_secret(secret), secret)
    assert not is_same(hash_secret(secret), secret + "x")
    assert not is_same(hash_secret(secret), "")


def test_what_no_encoding_takes_is_merely_unknown() -> None:
    assert not is_same(hash_secret(new_secret()), "\ud800")


def test_a_secret_is_not_in_a_repr() -> None:
    assert "secret" not in IssuedToken.__repr__(IssuedToken(token=None, secret=new_secret()))  # type: ignore[arg-type]
