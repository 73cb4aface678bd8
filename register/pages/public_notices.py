"""`/notices`: what people are told, for everybody.

It knows nobody: no session, no token of a form, nothing of a reader. So an answer may be kept by whoever wants to, and
printed, and read without a script.
"""

from datetime import UTC
from typing import Final

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from governance.actor import open_to_anyone
from governance.settings import LOCALES
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.headers import may_be_kept
from governance.web.locale import choose_locale
from register import service
from register.notices.errors import NoticeNotFoundError
from register.service import PublishedNotice

blueprint: Final = Blueprint("notices", __name__, url_prefix="/notices")

# What is new is everybody's so soon; a version in one language never changes, but its page may be drawn better.
_NEWEST_SECONDS: Final = 300
_VERSION_SECONDS: Final = 3600


@blueprint.get("/<slug>")
@open_to_anyone
def newest(slug: str) -> ResponseReturnValue:
    """Show the newest version of a notice, in the reader's language."""
    return _page(_found(slug, None), choose_locale(), _NEWEST_SECONDS, by_reader=True)


@blueprint.get("/<slug>/<language>")
@open_to_anyone
def newest_in(slug: str, language: str) -> ResponseReturnValue:
    """Show the newest version of a notice in a language."""
    return _page(_found(slug, None), _known(slug, language), _NEWEST_SECONDS)


@blueprint.get("/<slug>/<int:version>")
@open_to_anyone
def version(slug: str, version: int) -> ResponseReturnValue:
    """Show a version of a notice, in the reader's language."""
    return _page(_found(slug, version), choose_locale(), _NEWEST_SECONDS, by_reader=True)


@blueprint.get("/<slug>/<int:version>/<language>")
@open_to_anyone
def version_in(slug: str, version: int, language: str) -> ResponseReturnValue:
    """Show a version of a notice in a language: the text that a record of consent names."""
    return _page(_found(slug, version), _known(slug, language), _VERSION_SECONDS)


def _found(slug: str, version: int | None) -> PublishedNotice:
    return service.published_notice(current().session, current().get(Attestor), slug, version)


def _known(slug: str, language: str) -> str:
    if language not in LOCALES:
        raise NoticeNotFoundError(slug=slug)
    return language


def _page(notice: PublishedNotice, language: str, seconds: int, *, by_reader: bool = False) -> ResponseReturnValue:
    with force_locale(language):
        drawn = render_template(
            "notices/notice.html",
            notice=notice,
            wording=notice.body.wordings[language],
            language=language,
            others=[each for each in LOCALES if each != language],
        )
    response = make_response(drawn)
    # A newer version makes a page say that it is no longer the newest.
    response.set_etag(f"{notice.digest[:32]}-{language}-{notice.after or 0}")
    response.last_modified = notice.text.at.astimezone(UTC)
    if by_reader:
        response.vary.update(("Accept-Language", "Cookie"))
    return may_be_kept(response, seconds).make_conditional(request)
