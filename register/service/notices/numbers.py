"""Notices: the texts that people were shown, by number, and the purposes that each of them names."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor
from governance.errors import phrase
from governance.vault.attest import Attestor
from register.errors import NumbersExhaustedError, PurposeNotFoundError
from register.models import Notice, NoticePurpose
from register.older_errors import NoticePublishedError
from register.service.loading import PurposeRef, find_purpose
from register.slugs import check_slug
from register.values import NoticeRef, Standing

MAX_NOTICES: Final = 32767


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePurposes:
    """What a notice tells people their data is used for. GDPR Art. 13(1)(c), 14(1)(c).

    Attributes:
        notice: The text, as it is published.
        purposes: Every purpose that it names.
    """

    notice: NoticeRef
    purposes: frozenset[PurposeRef]


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
    _lock_numbers(session)
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


def name_purposes(session: Session, attestor: Attestor, actor: Actor, command: NamePurposes) -> int:
    """Say, as a notice is published, which purposes it names; return its number. Saying the same twice is once.

    From now on data collected under the notice is open to those purposes. The caller has checked that the actor may.

    Raises:
        SlugInvalidError: If the notice's slug is none.
        NumbersExhaustedError: If every number was given.
        PurposeNotFoundError: If a purpose does not exist, or has ended.
        NoticePublishedError: If the notice was published with other purposes: people were told those.
        AttestationError: If the notice, or what it names, was altered outside Égide.
    """
    number = number_notice(session, command.notice)
    notice = session.get_one(Notice, number)
    attestor.verify(notice)
    wanted = {_named(session, reference) for reference in command.purposes}
    said = session.scalars(select(NoticePurpose).where(NoticePurpose.notice_id == number)).all()
    for row in said:
        attestor.verify(row)
    known = {row.purpose_id for row in said}
    if notice.published and known == wanted:
        return number
    if notice.published:
        raise NoticePublishedError(notice=str(command.notice))
    notice.published = True
    session.add_all(NoticePurpose(notice_id=number, purpose_id=purpose_id) for purpose_id in sorted(wanted))
    session.flush()
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.POLICY,
            actor=actor,
            object_type=Notice.__tablename__,
            object_id=str(number),
            details={"notice": str(command.notice), "verb": "name-purposes", "purposes": [*sorted(wanted)]},
        ),
    )
    return number


def _lock_numbers(session: Session) -> None:
    """Let nobody else number a notice until the transaction ends; SQLite's write lock does that already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"LOCK TABLE {Notice.__tablename__} IN SHARE ROW EXCLUSIVE MODE"))


def _named(session: Session, reference: PurposeRef) -> int:
    purpose = find_purpose(session, reference)
    if purpose.standing is Standing.ENDED:
        raise PurposeNotFoundError(reference=str(reference))
    return purpose.id
