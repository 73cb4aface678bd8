"""The routes of identity: `pages` and `account` for people, `resources` for programs."""

from governance.identity.views import (
    account,
    account_steps,
    accounts,
    forgotten,
    openid,
    own_factors,
    pages,
    program_tokens,
    resources,
    rules,
    second_factor,
    user_steps,
)

# The others add their routes to the blueprint of `pages`.
__all__ = [
    "account",
    "account_steps",
    "accounts",
    "forgotten",
    "openid",
    "own_factors",
    "pages",
    "program_tokens",
    "resources",
    "rules",
    "second_factor",
    "user_steps",
]
