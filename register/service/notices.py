"""Notices: the texts that people were shown, by number."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.errors import phrase
from register.errors import NumbersExhaustedError
from register.models import Notice
from register.service.loading import lock_numbers
from register.slugs import check_slug

MAX_NOTICES: Final = 32767


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRef:
    """One version of a text in one language."""

    slug: str
    version: int = 1
    language: str = "fr"


def number_notice(session: Session, command: NoticeRef) -> int:
    """Return the number of a text, giving it one where it has none. The caller records what it is for.

    Raises:
        SlugInvalidError: If its slug is none.
        NumbersExhaustedError: If every number was given.
    """
    slug = check_slug(command.slug)
    statement = select(Notice.id).where(
        Notice.slug == slug, Notice.version == command.version, Notice.language == command.language
    )
    found = session.scalar(statement)
    if found is not None:
        return found
    lock_numbers(session, Notice.__tablename__)
    # Somebody may have given the number while we waited.
    found = session.scalar(statement)
    if found is not None:
        return found
    number = (session.scalar(select(func.max(Notice.id))) or 0) + 1
    if number > MAX_NOTICES:
        raise NumbersExhaustedError(what=phrase("notices"), limit=MAX_NOTICES)
    session.add(Notice(id=number, slug=slug, version=command.version, language=command.language))
    session.flush()
    return number
