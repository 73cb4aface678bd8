"""Pages for whoever has no account here: a secret in the address opens them, or nothing does."""

from typing import Final

from flask import Blueprint, Response, request

_NOT_LISTED: Final = "noindex, nofollow, noarchive"


def keep_for_strangers(blueprint: Blueprint) -> None:
    """Have no machine list the pages of a blueprint; refuse what is too long before anything is looked up for it."""
    blueprint.before_request(_read_what_was_sent)
    blueprint.after_request(_keep_out_of_indexes)


def _read_what_was_sent() -> None:
    if request.method == "POST":
        # Reading measures it.
        request.form.get("language")


def _keep_out_of_indexes(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = _NOT_LISTED
    return response
