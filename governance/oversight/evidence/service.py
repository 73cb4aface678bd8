"""The library of evidence: documents are put on file, renewed, described, handed out and taken away. GDPR Art. 5(2).

Who keeps the file sees all of it; anybody else what they brought, and what proves something of theirs. Each download is
recorded before anything of the file is given.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from io import BufferedRandom
from typing import IO, Any, Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor, Role
from governance.days import day_of
from governance.errors import phrase
from governance.oversight.altered import altered_ids
from governance.oversight.errors import DayToComeError, DocumentDatesError, DocumentNotFoundError, NotYoursError
from governance.oversight.evidence.desk import EvidenceDesk, bring_in
from governance.oversight.links import read_links
from governance.oversight.models import Document, DocumentLink, DocumentVersion, PlanAction
from governance.oversight.permissions import KEEPERS, documents_seen, keeps, own_activities, writer
from governance.oversight.things import find_thing
from governance.oversight.values import About, Thing
from governance.oversight.values.evidence import DocumentFilter, DocumentTerms, FileTold
from governance.vault.attest import Attestor
from register.service import Desk
from register.values import Page

OBJECT: Final = "document"


def put_document(desk: EvidenceDesk, actor: Actor, terms: DocumentTerms, source: IO[bytes]) -> Document:
    """Put a document on file.

    Raises:
        PersonNeededError, NotYoursError: If it is for somebody else to do, or proves what is not theirs.
        ThingNotFoundError: If something that it proves is not there.
        DayToComeError: If its own day is still to come.
        DocumentDatesError: If it would end before its own day.
        DocumentTooLargeError, FileBrokenError, FileKindError: If the file is not one that is kept.
    """
    house = desk.house
    account = writer(actor)
    _check_days(terms, day_of(house.clock.now()))
    with house.read() as session:
        things = _things(session, house.attestor, actor, terms.proves)
    told = bring_in(desk, source)
    try:
        with house.write() as session:
            now = house.clock.now()
            document = Document(
                id=house.ids.new(), title=terms.title, dated_on=terms.dated_on, valid_until=terms.valid_until,
                brought_by=account, made_at=now, changed_at=now,
            )  # fmt: skip
            session.add(document)
            session.flush()
            _add_version(session, house.clock.now(), document, account, told)
            _link(session, document, things)
            record(session, _fact(actor, document, Action.CREATE, "add-document", **_of(told), proves=_named(things)))
            session.flush()
            session.expunge(document)
    except BaseException:
        desk.store.destroy(told.version_id)
        raise
    return document


def renew_document(desk: EvidenceDesk, actor: Actor, document_id: uuid.UUID, source: IO[bytes]) -> Document:
    """Put a newer version of a document on file; the older ones stay.

    Raises:
        PersonNeededError, NotYoursError: If it is for somebody else to do.
        DocumentNotFoundError: If there is none that the actor may know of.
        DocumentTooLargeError, FileBrokenError, FileKindError: If the file is not one that is kept.
    """
    house = desk.house
    account = writer(actor)
    with house.read() as session:
        document = find_document(session, house.attestor, actor, document_id)
        _check_writes(session, house.attestor, actor, document)
    told = bring_in(desk, source)
    try:
        with house.write() as session:
            document = _locked(session, house.attestor, actor, document_id)
            document.version += 1
            document.changed_at = house.clock.now()
            session.flush()
            _add_version(session, document.changed_at, document, account, told)
            record(session, _fact(actor, document, Action.CHANGE, "add-version", **_of(told)))
            session.flush()
            session.expunge(document)
    except BaseException:
        desk.store.destroy(told.version_id)
        raise
    return document


def change_document(session: Session, desk: Desk, actor: Actor, target: tuple[uuid.UUID, DocumentTerms]) -> Document:
    """Correct what is said of a document, and what it proves, whole.

    Raises:
        PersonNeededError, NotYoursError: If it is for somebody else to do.
        DocumentNotFoundError: If there is none that the actor may know of.
        ThingNotFoundError, DayToComeError, DocumentDatesError: As when it was put on file.
    """
    document_id, terms = target
    account = writer(actor)
    _check_days(terms, day_of(desk.clock.now()))
    document = _held(session, desk.attestor, actor, document_id)
    anew = not desk.attestor.is_whole(document)
    if anew:
        writer(actor, KEEPERS)
    proves = _prove(session, desk, actor, document, terms.proves)
    newest = max((each.number for each in versions_of(session, document.id)), default=1)
    document.title, document.dated_on, document.valid_until = terms.title, terms.dated_on, terms.valid_until
    document.changed_at = desk.clock.now()
    if anew:
        # Every other value, too (docs/adr/0089).
        document.version, document.brought_by = newest, account
        document.made_at, document.removed_at = document.changed_at, None
        desk.attestor.sign_anew(document)
    session.flush()
    told: dict[str, Any] = {"proves": _named(proves), **({"anew": True} if anew else {})}
    record(session, _fact(actor, document, Action.CHANGE, "change-document", **told))
    return document


def remove_document(desk: EvidenceDesk, actor: Actor, document_id: uuid.UUID) -> None:
    """Take a document away, and destroy its files; that it was there, and their digests, stay in the log.

    Raises:
        PersonNeededError, NotYoursError: If the actor does not keep the file.
        DocumentNotFoundError: If there is none.
    """
    writer(actor, KEEPERS)
    with desk.house.write() as session:
        document = _locked(session, desk.house.attestor, actor, document_id)
        document.removed_at = document.changed_at = desk.house.clock.now()
        versions = versions_of(session, document.id)
        # Nothing is left of them that could be written anew, and the log has what each was.
        for version in versions:
            if not desk.house.attestor.is_whole(version):
                session.delete(version)
        record(session, _fact(actor, document, Action.DELETE, "remove-document", digests=[_hex(v) for v in versions]))
        files = [version.id for version in versions]
    for each in files:
        desk.store.destroy(each)


@contextmanager
def download(
    desk: EvidenceDesk, actor: Actor, document_id: uuid.UUID, number: int | None
) -> Iterator[tuple[Document, DocumentVersion, BufferedRandom]]:
    """Open a version of a document, the newest where no number is given, once it is recorded who takes it.

    Raises:
        DocumentNotFoundError: If there is none that the actor may know of.
        AttestationError: If what is kept of it was altered outside Égide.
        SealedFileError: If the file was altered, or is gone.
        LogUnavailableError: If it cannot be recorded; then nothing is given.
    """
    house = desk.house
    with house.read() as session:
        document = find_document(session, house.attestor, actor, document_id)
        wanted = document.version if number is None else number
        version = session.scalar(
            select(DocumentVersion).where(DocumentVersion.document_id == document.id, DocumentVersion.number == wanted)
        )
        if version is None:
            raise DocumentNotFoundError
        house.attestor.verify(document)
        house.attestor.verify(version)
        session.expunge_all()
    with desk.store.open(version.id) as copy:
        house.log.append(
            _fact(actor, document, Action.EXPORT, "download", Retention.ACCESS, version=wanted, digest=_hex(version))
        )
        yield document, version, copy


def find_document(session: Session, attestor: Attestor, actor: Actor, document_id: uuid.UUID) -> Document:
    """Return a document that the actor may know of, altered outside Égide or not.

    Raises:
        DocumentNotFoundError: If there is none, or it was taken away.
    """
    seen = documents_seen(session, attestor, actor)
    found = session.scalar(select(Document).where(Document.id == document_id, seen))
    if found is None or _is_gone(attestor, found):
        raise DocumentNotFoundError
    return found


def list_documents(
    session: Session, attestor: Attestor, actor: Actor, wanted: DocumentFilter, *, after: uuid.UUID | None, limit: int
) -> Page[Document]:
    """Return the documents that the actor may know of, the newest first.

    One that was altered outside Égide is there whether it says to be taken away or not, and has ended.
    """
    altered = Document.id.in_(altered_ids(session, Document))
    conditions: list[ColumnElement[bool]] = [
        or_(Document.removed_at.is_(None), altered),
        documents_seen(session, attestor, actor),
    ]
    if wanted.proving is not None:
        proving, _ = read_links(
            session,
            attestor,
            DocumentLink.about == wanted.proving.about,
            DocumentLink.reference == wanted.proving.reference,
        )
        conditions.append(Document.id.in_({each.document_id for each in proving}))
    if wanted.ending_by is not None:
        conditions.append(or_(Document.valid_until <= wanted.ending_by, altered))
    if after is not None:
        conditions.append(Document.id < after)
    found = session.scalars(select(Document).where(*conditions).order_by(Document.id.desc()).limit(limit + 1)).all()
    return Page.cut(found, limit, lambda row: str(row.id))


def versions_of(session: Session, document_id: uuid.UUID) -> Sequence[DocumentVersion]:
    """Return the versions of a document, the newest first."""
    statement = select(DocumentVersion).where(DocumentVersion.document_id == document_id)
    return session.scalars(statement.order_by(DocumentVersion.number.desc())).all()


def things_proved(
    session: Session, attestor: Attestor, documents: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, Sequence[Thing]]:
    """Return what each of several documents proves, by the links that Égide wrote, in one statement."""
    return _by_document(read_links(session, attestor, DocumentLink.document_id.in_(documents))[0])


def things_forged(
    session: Session, attestor: Attestor, documents: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, Sequence[Thing]]:
    """Return what each of several documents would prove by links that Égide did not write, in one statement."""
    return _by_document(read_links(session, attestor, DocumentLink.document_id.in_(documents))[1])


def may_write(session: Session, attestor: Attestor, actor: Actor, document: Document) -> bool:
    """Say whether somebody corrects and renews a document: those who keep the file, and whoever brought it.

    Whoever brought it no more, once it proves what they may not link: it is not theirs to say until when that holds,
    nor to put something else in its place.
    """
    if keeps(actor):
        return True
    if actor.id != document.brought_by:
        return False
    links, altered = read_links(session, attestor, DocumentLink.document_id == document.id)
    return not altered and all(
        _is_theirs(session, attestor, actor, Thing(each.about, each.reference)) for each in links
    )


def _check_writes(session: Session, attestor: Attestor, actor: Actor, document: Document) -> None:
    if may_write(session, attestor, actor, document):
        return
    if actor.id == document.brought_by:
        raise NotYoursError(roles=phrase("the data protection officer, the controller"))
    raise NotYoursError(roles=phrase("whoever brought the document, the data protection officer, the controller"))


def _locked(session: Session, attestor: Attestor, actor: Actor, document_id: uuid.UUID) -> Document:
    document = _held(session, attestor, actor, document_id)
    attestor.verify(document)
    return document


def _held(session: Session, attestor: Attestor, actor: Actor, document_id: uuid.UUID) -> Document:
    find_document(session, attestor, actor, document_id)
    document = session.get_one(Document, document_id, with_for_update=True, populate_existing=True)
    if _is_gone(attestor, document):
        raise DocumentNotFoundError
    _check_writes(session, attestor, actor, document)
    return document


def _is_gone(attestor: Attestor, document: Document) -> bool:
    """Say whether a document was taken away: by Égide, and not by whoever writes so past it."""
    return document.removed_at is not None and attestor.is_whole(document)


def _by_document(links: Collection[DocumentLink]) -> Mapping[uuid.UUID, Sequence[Thing]]:
    found: dict[uuid.UUID, list[Thing]] = defaultdict(list)
    for link in links:
        found[link.document_id].append(Thing(link.about, link.reference))
    return found


def _check_days(terms: DocumentTerms, today: date) -> None:
    if terms.dated_on > today:
        raise DayToComeError
    if terms.valid_until is not None and terms.valid_until < terms.dated_on:
        raise DocumentDatesError


def _things(session: Session, attestor: Attestor, actor: Actor, proves: Collection[Thing]) -> tuple[Thing, ...]:
    """Return what a document is to prove by identifiers, once the actor may say so of each."""
    found = []
    for thing in proves:
        canonical = Thing(thing.about, find_thing(session, thing.about, thing.reference).reference)
        if not keeps(actor) and not _is_theirs(session, attestor, actor, canonical):
            raise NotYoursError(roles=phrase("the data protection officer, the controller"))
        found.append(canonical)
    return tuple(dict.fromkeys(found))


def _is_theirs(session: Session, attestor: Attestor, actor: Actor, thing: Thing) -> bool:
    if thing.about is About.ACTION:
        action = session.get_one(PlanAction, uuid.UUID(thing.reference))
        return action.owner_id == actor.id and attestor.is_whole(action)
    if Role.OWNER not in actor.roles or actor.id is None:
        return False
    if thing.about is About.ACTIVITY:
        return thing.reference in own_activities(session, actor.id)
    return thing.about in {About.CONTRACT, About.PARTY}


def _add_version(session: Session, at: Any, document: Document, account: uuid.UUID, told: FileTold) -> None:
    session.add(
        DocumentVersion(
            id=told.version_id, document_id=document.id, number=document.version, kind=told.kind, size=told.size,
            digest=told.digest, brought_by=account, brought_at=at,
        )
    )  # fmt: skip
    session.flush()


def _prove(
    session: Session, desk: Desk, actor: Actor, document: Document, proves: Collection[Thing]
) -> tuple[Thing, ...]:
    """Let a document prove these things and no others, and return them; the actor may say so of each that is new."""
    whole, altered = read_links(session, desk.attestor, DocumentLink.document_id == document.id)
    before = {Thing(link.about, link.reference): link for link in whole}
    kept = [thing for thing in before if thing in proves]
    added = _things(session, desk.attestor, actor, [thing for thing in proves if thing not in before])
    # What somebody else wrote goes, too: where the actor says the same, it is said anew, and checked.
    for link in (*altered, *(link for thing, link in before.items() if thing not in kept)):
        session.delete(link)
    session.flush()
    added = tuple(thing for thing in added if thing not in kept)
    _link(session, document, added)
    return (*kept, *added)


def _link(session: Session, document: Document, things: Collection[Thing]) -> None:
    session.add_all(
        DocumentLink(document_id=document.id, about=thing.about, reference=thing.reference) for thing in things
    )
    session.flush()


def _of(told: FileTold) -> dict[str, Any]:
    return {"digest": told.digest.hex(), "size": told.size, "kind": told.kind.value}


def _hex(version: DocumentVersion) -> str:
    return version.digest.hex()


def _named(things: Collection[Thing]) -> list[Any]:
    return [f"{thing.about.value} {thing.reference}" for thing in things]


def _fact(
    actor: Actor, document: Document, action: Action, verb: str, retention: Retention = Retention.EVIDENCE, **more: Any
) -> Fact:
    return Fact(
        retention=retention,
        action=action,
        actor=actor,
        object_type=OBJECT,
        object_id=str(document.id),
        details={"verb": verb, "revision": document.version, **more},
    )
