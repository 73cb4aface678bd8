"""The library of evidence: what is kept and how, who sees it, what a download leaves behind."""

import hashlib
import io
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from audit.search import Filters, search
from audit.transaction import unrecorded
from governance.actor import Role
from governance.days import day_of
from governance.jobs.queue import Lease
from governance.oversight.due import due_items
from governance.oversight.errors import (
    DayToComeError,
    DocumentDatesError,
    DocumentNotFoundError,
    DocumentTooLargeError,
    FileBrokenError,
    FileKindError,
    NotYoursError,
    OversightError,
    ThingNotFoundError,
)
from governance.oversight.evidence import desk as desks
from governance.oversight.evidence.desk import FOLDER, EvidenceDesk
from governance.oversight.evidence.service import (
    change_document,
    download,
    list_documents,
    put_document,
    remove_document,
    renew_document,
    things_proved,
)
from governance.oversight.evidence.sweeping import EvidenceSweep
from governance.oversight.models import DocumentLink
from governance.oversight.values import About, Matter, Thing
from governance.oversight.values.evidence import DocumentFilter, DocumentTerms, FileKind
from governance.vault.errors import AttestationError, SealedFileError
from governance.wiring import Wired
from tests.builders.ground import StandingClock
from tests.builders.oversight import acting
from tests.builders.plan import A_PDF, desk_of, given_action, put_on_shelf, whole_file
from tests.builders.service import Service

LOYALTY = Thing(About.ACTIVITY, "loyalty")
MINUTES = "Décidé : trois ans.\n".encode()


@pytest.fixture
def wired(both_sites: Service) -> Wired:
    return both_sites.wired


def taken(wired: Wired, document: uuid.UUID, role: Role = Role.DPO, number: int | None = None) -> bytes:
    with download(EvidenceDesk.of(wired), acting(wired, role), document, number) as (_, _, file):
        return file.read()


def seen(wired: Wired, role: Role, wanted: DocumentFilter | None = None) -> list[uuid.UUID]:
    with wired.read() as session:
        page = list_documents(
            session, wired.attestor, acting(wired, role), wanted or DocumentFilter(), after=None, limit=200
        )
        return [row.id for row in page.rows]


def said(wired: Wired, document: uuid.UUID) -> list[dict[str, object]]:
    with wired.read() as session:
        entries = search(session, Filters(object_type="document", object_id=str(document)))
        return [dict(entry.said["details"]) for entry in entries]


def shelf(wired: Wired) -> set[Path]:
    return set((wired.settings.home / FOLDER).glob("*"))


def test_a_file_lies_sealed_and_the_log_has_its_digest(wired: Wired) -> None:
    before = shelf(wired)
    document = put_on_shelf(wired, LOYALTY, content=MINUTES)

    [file] = shelf(wired) - before
    assert MINUTES not in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    [fact] = said(wired, document)
    assert fact["digest"] == hashlib.sha256(MINUTES).hexdigest()
    assert fact["kind"] == FileKind.TEXT.value
    # What it is called may speak of people.
    assert "minutes" not in str(fact).lower()
    assert taken(wired, document) == MINUTES


def test_a_newer_version_leaves_the_older_ones(wired: Wired) -> None:
    document = put_on_shelf(wired, content=MINUTES)

    renew_document(EvidenceDesk.of(wired), acting(wired, Role.DPO), document, io.BytesIO(A_PDF))

    assert taken(wired, document) == A_PDF
    assert taken(wired, document, number=1) == MINUTES
    with pytest.raises(DocumentNotFoundError):
        taken(wired, document, number=3)


def test_each_download_is_recorded_before_anything_is_given(wired: Wired) -> None:
    document = put_on_shelf(wired)
    with download(EvidenceDesk.of(wired), acting(wired, Role.AUDITOR), document, None):
        newest = said(wired, document)[0]

    assert newest["verb"] == "download"
    assert newest["version"] == 1


def test_taking_it_away_destroys_its_files_and_leaves_the_fact(wired: Wired) -> None:
    before = shelf(wired)
    document = put_on_shelf(wired, content=MINUTES)
    desk, dpo = EvidenceDesk.of(wired), acting(wired, Role.DPO)
    renew_document(desk, dpo, document, io.BytesIO(A_PDF))

    remove_document(desk, dpo, document)

    assert shelf(wired) == before
    assert document not in seen(wired, Role.DPO)
    with pytest.raises(DocumentNotFoundError):
        taken(wired, document)
    newest = said(wired, document)[0]
    assert newest["verb"] == "remove-document"
    assert newest["digests"] == [hashlib.sha256(each).hexdigest() for each in (A_PDF, MINUTES)]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [(b"", FileKindError), (b"MZ\x90\x00", FileKindError), (b"%PDF-1.4\nThat is all of it.", FileBrokenError)],
)
def test_what_is_none_of_the_kinds_or_broke_off_is_refused_and_nothing_of_it_is_kept(
    wired: Wired, content: bytes, refusal: type[OversightError]
) -> None:
    before = shelf(wired)

    with pytest.raises(refusal):
        put_on_shelf(wired, content=content)

    assert shelf(wired) == before


def test_a_file_that_is_too_long_is_refused_and_nothing_of_it_is_kept(
    wired: Wired, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shelf(wired)
    monkeypatch.setattr(desks, "MOST_BYTES", 10)

    put_on_shelf(wired, content=b"ten bytes.")
    after = shelf(wired)
    with pytest.raises(DocumentTooLargeError):
        put_on_shelf(wired, content=b"ten bytes.!")

    assert len(after - before) == 1
    assert shelf(wired) == after


def test_a_document_is_not_dated_on_a_day_to_come(wired: Wired) -> None:
    tomorrow = day_of(wired.clock.now()) + timedelta(days=1)
    with pytest.raises(DayToComeError):
        put_on_shelf(wired, dated_on=tomorrow, valid_until=None)


def test_a_document_does_not_end_before_its_own_day(wired: Wired) -> None:
    with pytest.raises(DocumentDatesError):
        put_on_shelf(wired, valid_until=day_of(wired.clock.now()) - timedelta(days=1))


def test_what_it_proves_has_to_be_there_and_is_kept_by_identifier(wired: Wired) -> None:
    document = put_on_shelf(wired, LOYALTY)
    dpo = acting(wired, Role.DPO)
    action = Thing(About.ACTION, str(given_action(wired)))

    with pytest.raises(ThingNotFoundError):
        put_on_shelf(wired, Thing(About.ACTIVITY, "no-such-activity"))
    with wired.write() as session:
        [proved] = things_proved(session, wired.attestor, [document])[document]
        assert proved.reference == str(uuid.UUID(proved.reference))
        terms = DocumentTerms(title="Minutes", dated_on=day_of(wired.clock.now()), proves=(proved, action))
        change_document(session, desk_of(wired), dpo, (document, terms))
    assert document in seen(wired, Role.DPO, DocumentFilter(proving=action))


def test_the_head_of_a_line_sees_what_is_theirs_and_an_auditor_everything(wired: Wired) -> None:
    theirs = put_on_shelf(wired, LOYALTY)
    given = put_on_shelf(wired, Thing(About.ACTION, str(given_action(wired))))
    other = put_on_shelf(wired, Thing(About.ACTION, str(given_action(wired, Role.SECURITY))))
    brought = put_on_shelf(wired, by=Role.OWNER)

    assert {theirs, given, brought} <= set(seen(wired, Role.OWNER))
    assert other not in seen(wired, Role.OWNER)
    assert seen(wired, Role.SECURITY) == [other]
    assert {theirs, given, other, brought} <= set(seen(wired, Role.AUDITOR))
    with pytest.raises(DocumentNotFoundError):
        taken(wired, theirs, Role.SECURITY)
    with pytest.raises(DocumentNotFoundError):
        renew_document(EvidenceDesk.of(wired), acting(wired, Role.ADMIN), theirs, io.BytesIO(A_PDF))


def test_a_link_written_outside_egide_opens_no_document_and_proves_nothing(wired: Wired) -> None:
    theirs = put_on_shelf(wired, LOYALTY)
    hidden = put_on_shelf(wired, Thing(About.ACTION, str(given_action(wired, Role.SECURITY))))
    with wired.write() as session:
        unrecorded(session, "somebody writes behind our back")
        link = session.scalars(select(DocumentLink).where(DocumentLink.document_id == theirs)).one()
        about = Thing(link.about, link.reference)
        forged = update(DocumentLink.__table__).where(DocumentLink.document_id == hidden)  # type: ignore[arg-type]
        session.connection().execute(forged.values(about=about.about, reference=about.reference))

    assert theirs in seen(wired, Role.OWNER)
    assert hidden not in seen(wired, Role.OWNER)
    assert theirs in seen(wired, Role.DPO, DocumentFilter(proving=about))
    assert hidden not in seen(wired, Role.DPO, DocumentFilter(proving=about))
    with pytest.raises(DocumentNotFoundError):
        taken(wired, hidden, Role.OWNER)


def test_nobody_puts_a_document_where_they_do_not_belong(wired: Wired) -> None:
    strange = Thing(About.ACTION, str(given_action(wired, Role.DPO)))

    for role, thing in ((Role.OWNER, strange), (Role.SECURITY, LOYALTY)):
        with pytest.raises(NotYoursError):
            put_on_shelf(wired, thing, by=role)
    for refused in (Role.AUDITOR, Role.OWNER):
        with pytest.raises(NotYoursError):
            remove_document(EvidenceDesk.of(wired), acting(wired, refused), put_on_shelf(wired, LOYALTY))


def test_the_officer_is_told_of_documents_that_end(wired: Wired) -> None:
    today = day_of(wired.clock.now())
    ending = put_on_shelf(wired, valid_until=today + timedelta(days=30))
    lasting = put_on_shelf(wired, valid_until=today + timedelta(days=31))

    with wired.read() as session:
        due = {each.reference for each in due_items(session, wired.clock) if each.matter is Matter.DOCUMENT_ENDS}
    assert str(ending) in due
    assert str(lasting) not in due


def test_a_file_put_in_the_place_of_another_does_not_open(sqlite_service: Service) -> None:
    wired = sqlite_service.wired
    first = put_on_shelf(wired, content=MINUTES)
    [there] = shelf(wired)
    second = put_on_shelf(wired)
    [other] = shelf(wired) - {there}
    other.write_bytes(there.read_bytes())

    assert taken(wired, first) == MINUTES
    with pytest.raises(SealedFileError):
        taken(wired, second)


def test_a_digest_altered_outside_is_not_vouched_for(service: Service) -> None:
    wired = service.wired
    document = put_on_shelf(wired)
    with wired.write() as session:
        unrecorded(session, "somebody writes behind our back")
        session.execute(text("UPDATE document_version SET size = 3"))

    with pytest.raises(AttestationError):
        taken(wired, document)


def test_files_that_nothing_speaks_of_are_swept_once_they_are_old(sqlite_service: Service) -> None:
    wired = sqlite_service.wired
    desk = EvidenceDesk.of(wired)
    kept = put_on_shelf(wired, content=MINUTES)
    left_over = wired.ids.new()
    desk.store.keep(left_over, io.BytesIO(b"of a transaction that never came"))
    lease = Lease(
        id=uuid.UUID(int=7), kind="evidence-sweep", payload={}, attempts=1, claims=1, progress=0, total=None,
        until=datetime(2100, 1, 1, tzinfo=UTC),
    )  # fmt: skip

    # It may be just being brought in.
    assert EvidenceSweep(desk).sweep(lease).progress == 0

    class Later:
        """The house, an hour and a half later."""

        clock = StandingClock(wired.clock.now() + timedelta(minutes=90))

        def __getattr__(self, name: str) -> object:
            return getattr(wired, name)

    assert EvidenceSweep(EvidenceDesk(Later(), desk.store)).sweep(lease).progress == 1  # type: ignore[arg-type]
    assert desk.store.names() == [each for each in desk.store.names() if each != left_over]
    assert taken(wired, kept) == MINUTES


def test_a_document_of_the_library_is_put_by_a_stream_of_any_length(wired: Wired) -> None:
    long = b"a line of text\n" * 20_000
    terms = DocumentTerms(title="Long", dated_on=day_of(wired.clock.now()))

    document = put_document(EvidenceDesk.of(wired), acting(wired, Role.DPO), terms, io.BytesIO(long))

    assert taken(wired, document.id) == long


@pytest.mark.parametrize("about", [About.ASSESSMENT, About.LETTER])
def test_once_a_document_proves_what_its_bringer_may_not_link_only_keepers_write_it(wired: Wired, about: About) -> None:
    document = put_on_shelf(wired, LOYALTY, by=Role.OWNER, content=MINUTES)
    today, owner = day_of(wired.clock.now()), acting(wired, Role.OWNER)
    reference = "loyalty" if about is About.ASSESSMENT else str(whole_file(wired)["letter"])
    mine = DocumentTerms(title="Minutes, signed", dated_on=today, proves=(LOYALTY,))
    with wired.write() as session:
        change_document(session, desk_of(wired), owner, (document, mine))
    renew_document(EvidenceDesk.of(wired), owner, document, io.BytesIO(A_PDF))

    linked = replace(mine, proves=(LOYALTY, Thing(about, reference)))
    with wired.write() as session:
        change_document(session, desk_of(wired), acting(wired, Role.DPO), (document, linked))

    for terms in (mine, linked, replace(mine, proves=()), replace(linked, valid_until=today + timedelta(days=9999))):
        with wired.write() as session, pytest.raises(NotYoursError):
            change_document(session, desk_of(wired), owner, (document, terms))
    with pytest.raises(NotYoursError):
        renew_document(EvidenceDesk.of(wired), owner, document, io.BytesIO(b"nothing"))
    assert taken(wired, document) == A_PDF

    with wired.write() as session:
        change_document(session, desk_of(wired), acting(wired, Role.DPO), (document, mine))
        change_document(session, desk_of(wired), owner, (document, replace(mine, title="Minutes, signed by both")))


def test_a_document_whose_proof_was_forged_is_written_by_its_keepers_alone(service: Service) -> None:
    wired = service.wired
    document = put_on_shelf(wired, LOYALTY, by=Role.OWNER)
    with wired.database.write_connection() as connection:
        connection.execute(text("UPDATE document_link SET reference = 'other'"))

    with pytest.raises(NotYoursError):
        renew_document(EvidenceDesk.of(wired), acting(wired, Role.OWNER), document, io.BytesIO(A_PDF))
