"""Drafting and changing the register: by whom, of what, and that every change is recorded."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from audit.errors import UnrecordedWriteError
from audit.models import LogEntry
from governance.actor import SYSTEM, Actor, ActorKind, Role
from governance.database import Database
from governance.periods import Period
from governance.vault.attest import Attested
from governance.vocabulary import Channel, DataCategory, LawfulBasis
from register.changes import UNCHANGED, given
from register.errors import (
    ConsentChannelError,
    ControllerRequiredError,
    DeclaredTwiceError,
    DraftingNotAllowedError,
    IncompleteActivityError,
    PartyNotFoundError,
    PersonRequiredError,
    PurposeInForceError,
    PurposeNotFoundError,
    RoleCannotReceiveError,
    SlugInvalidError,
    SlugTakenError,
)
from register.lifecycle import Verb
from register.models import Activity, Notice, NoticePurpose, Purpose, PurposeData, PurposeRecipient
from register.older_errors import NoticePublishedError
from register.service import (
    ActivityChange,
    Desk,
    NamePurposes,
    NewActivity,
    NewParty,
    NewPurpose,
    NoticeRef,
    PurposeChange,
    SetPurposeData,
    SetPurposeRecipients,
    Step,
    add_party,
    add_purpose,
    change_activity,
    change_purpose,
    draft_activity,
    end_purpose,
    get_activity,
    get_purpose,
    list_activities,
    list_parties,
    list_purposes,
    name_purposes,
    number_notice,
    set_purpose_data,
    set_purpose_recipients,
)
from register.values import SpecialCondition, Standing
from register.verified import verified_rows
from tests.builders.ground import an_actor
from tests.builders.register import (
    OWNER_ID,
    a_complete_draft,
    a_purpose,
    activate,
    step,
    terms,
    the_controller,
    the_dpo,
    the_owner,
)

NEW = NewActivity(slug="crm", name_fr="Clients", name_en="Customers")


def a_new_purpose(slug: str = "calls", **fields: object) -> NewPurpose:
    given_fields: dict[str, object] = {
        "activity": "loyalty",
        "slug": slug,
        "label_fr": "Appels",
        "label_en": "Calls",
        "basis": LawfulBasis.CONTRACT,
        **fields,
    }
    return NewPurpose(**given_fields)  # type: ignore[arg-type] # a test's own fields


@pytest.mark.parametrize("role", list(Role))
def test_owners_and_the_dpo_draft(database: Database, desk: Desk, role: Role) -> None:
    with database.write() as session:
        if role in {Role.OWNER, Role.DPO}:
            activity = draft_activity(session, desk.clock, desk.ids, an_actor(role), NEW)
            assert activity.owner_id == (an_actor(role).id if role is Role.OWNER else None)
        else:
            with pytest.raises(DraftingNotAllowedError):
                draft_activity(session, desk.clock, desk.ids, an_actor(role), NEW)


@pytest.mark.parametrize("actor", [SYSTEM, an_actor(Role.DPO, kind=ActorKind.PROGRAM)])
def test_programs_write_nothing_in_the_register(database: Database, desk: Desk, actor: Actor) -> None:
    with database.write() as session:
        with pytest.raises(PersonRequiredError):
            draft_activity(session, desk.clock, desk.ids, actor, NEW)
        with pytest.raises(PersonRequiredError):
            add_party(session, desk.ids, actor, NewParty(name="Boutique Exemple"))


def test_a_slug_names_one_activity(database: Database, desk: Desk) -> None:
    with database.write() as session:
        draft_activity(session, desk.clock, desk.ids, the_owner(), NEW)

        with pytest.raises(SlugTakenError):
            draft_activity(session, desk.clock, desk.ids, the_dpo(), NEW)
        with pytest.raises(SlugInvalidError):
            bad = NewActivity(slug="' OR 1=1", name_fr="x", name_en="x")
            draft_activity(session, desk.clock, desk.ids, the_owner(), bad)


def test_a_change_leaves_alone_what_it_does_not_give(database: Database, desk: Desk) -> None:
    with database.write() as session:
        draft_activity(session, desk.clock, desk.ids, the_owner(), NEW)
        change = ActivityChange(description="Everything about customers.", owner_id=None)

        changed = change_activity(session, desk.clock, desk.attestor, the_owner(), ("crm", change))

        assert given(change) == {"description": "Everything about customers.", "owner_id": None}
        assert change.name_fr is UNCHANGED
        assert (changed.name_fr, changed.owner_id, changed.revision) == ("Clients", None, 2)


def test_an_unknown_controller_is_refused(database: Database, desk: Desk) -> None:
    with database.write() as session:
        draft_activity(session, desk.clock, desk.ids, the_owner(), NEW)

        with pytest.raises(PartyNotFoundError):
            change = ActivityChange(controller_id=desk.ids.new())
            change_activity(session, desk.clock, desk.attestor, the_owner(), ("crm", change))


def test_what_runs_keeps_a_controller_and_its_arguments(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        balanced = PurposeChange(
            basis=LawfulBasis.LEGITIMATE_INTERESTS,
            interest="Loyal customers.",
            necessity="None milder.",
            balance="Fair.",
        )
        change_purpose(session, desk.clock, desk.attestor, the_owner(), ("loyalty-points", balanced))
        activate(session, desk)
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.REVIEW))

        with pytest.raises(ControllerRequiredError):
            nobody = ActivityChange(controller_id=None)
            change_activity(session, desk.clock, desk.attestor, the_owner(), ("loyalty", nobody))
        change_purpose(session, desk.clock, desk.attestor, the_owner(), ("loyalty-points", PurposeChange(balance="")))
        with pytest.raises(IncompleteActivityError, match="no balance of interests"):
            step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.CONFIRM))


def test_consent_and_its_channel_come_together(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)

        for wrong in (
            a_new_purpose(basis=LawfulBasis.CONSENT),
            a_new_purpose(consent_channel=Channel.TELEPHONE),
            a_new_purpose(special_condition=SpecialCondition.EXPLICIT_CONSENT),
        ):
            with pytest.raises(ConsentChannelError):
                add_purpose(session, desk.clock, desk.attestor, the_owner(), wrong)
        right = a_new_purpose(basis=LawfulBasis.CONSENT, consent_channel=Channel.TELEPHONE)
        added = add_purpose(session, desk.clock, desk.attestor, the_owner(), right)
        assert (added.id, added.standing) == (2, Standing.PROPOSED)


def test_a_parent_belongs_to_the_same_activity(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        a_complete_draft(session, desk, "other")

        child = a_new_purpose(parent="loyalty-points")
        assert add_purpose(session, desk.clock, desk.attestor, the_owner(), child).parent_id == 1
        with pytest.raises(PurposeNotFoundError):
            stray = a_new_purpose("stray", parent="other-points")
            add_purpose(session, desk.clock, desk.attestor, the_owner(), stray)


def test_a_purpose_in_force_keeps_its_words_and_gains_arguments(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        before = PurposeChange(label_en="Count the points")
        change_purpose(session, desk.clock, desk.attestor, the_owner(), ("loyalty-points", before))
        activate(session, desk)
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.REVIEW))

        with pytest.raises(PurposeInForceError):
            other = PurposeChange(basis=LawfulBasis.PUBLIC_TASK)
            change_purpose(session, desk.clock, desk.attestor, the_owner(), ("loyalty-points", other))
        argued = PurposeChange(necessity="Nothing milder does.")
        purpose = change_purpose(session, desk.clock, desk.attestor, the_owner(), ("loyalty-points", argued))
        assert (purpose.label_en, purpose.necessity) == ("Count the points", "Nothing milder does.")


def test_a_pair_is_declared_once(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)

        with pytest.raises(DeclaredTwiceError):
            twice = SetPurposeData(purpose="loyalty-points", data=[terms(), terms(active_for=Period("P1D"))])
            set_purpose_data(session, desk, the_owner(), twice)


def test_setting_twice_is_setting_once(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        wanted = SetPurposeData(purpose="loyalty-points", data=[terms(), terms(DataCategory.PURCHASES)])

        first = [row.id for row in set_purpose_data(session, desk, the_owner(), wanted)]
        second = [row.id for row in set_purpose_data(session, desk, the_owner(), wanted)]

        assert first == second
        nothing = SetPurposeData(purpose="loyalty-points", data=[])
        assert set_purpose_data(session, desk, the_owner(), nothing) == []


def test_the_administrator_receives_nothing(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)

        with pytest.raises(RoleCannotReceiveError):
            roles = frozenset({Role.ADMIN, Role.SALES})
            set_purpose_recipients(
                session, desk, the_owner(), SetPurposeRecipients(purpose="loyalty-points", roles=roles)
            )


def test_a_proposed_purpose_taken_back_never_gives_its_number_again(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        ended = end_purpose(session, desk.clock, desk.attestor, the_owner(), "loyalty-points")
        again = end_purpose(session, desk.clock, desk.attestor, the_owner(), "loyalty-points")
        added = add_purpose(session, desk.clock, desk.attestor, the_owner(), a_new_purpose())

        assert ended.standing is again.standing is Standing.ENDED
        assert added.id == 2
        with pytest.raises(PurposeInForceError):
            set_purpose_data(session, desk, the_owner(), SetPurposeData(purpose="loyalty-points", data=[terms()]))


def test_a_text_is_numbered_once(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        first = number_notice(session, NoticeRef(slug="newsletter"))
        again = number_notice(session, NoticeRef(slug="newsletter"))
        english = number_notice(session, NoticeRef(slug="newsletter", language="en"))

        assert (first, again, english) == (1, 1, 2)
        assert session.scalar(select(func.count()).select_from(Notice)) == 2


def test_a_notice_says_once_which_purposes_it_names(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        add_purpose(session, desk.clock, desk.attestor, the_owner(), a_new_purpose())
    published = NamePurposes(notice=NoticeRef(slug="shop-form"), purposes=frozenset({"loyalty-points"}))
    with database.write() as session:
        number = name_purposes(session, desk.attestor, the_controller(), published)
        again = name_purposes(session, desk.attestor, the_controller(), published)

        named = session.scalars(select(NoticePurpose.purpose_id).where(NoticePurpose.notice_id == number)).all()
        assert (number, named) == (again, [1])
        more = replace(published, purposes=frozenset({1, 2}))
        with pytest.raises(NoticePublishedError):
            name_purposes(session, desk.attestor, the_controller(), more)
        unknown = NamePurposes(notice=NoticeRef(slug="other"), purposes=frozenset({"no-such-purpose"}))
        with pytest.raises(PurposeNotFoundError):
            name_purposes(session, desk.attestor, the_controller(), unknown)


def test_two_purposes_added_at_once_get_two_numbers(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        a_complete_draft(session, desk, "other")
    numbers: list[int] = []

    def add(activity: str, slug: str) -> None:
        with database.write() as session:
            new = a_new_purpose(slug, activity=activity)
            numbers.append(add_purpose(session, desk.clock, desk.attestor, the_owner(), new).id)

    threads = [threading.Thread(target=add, args=args) for args in (("loyalty", "calls"), ("other", "visits"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(numbers) == [3, 4]


def test_lists_come_in_pages(database: Database, desk: Desk) -> None:
    with database.write() as session:
        for number in range(3):
            a_complete_draft(session, desk, f"line-{number}")

    with database.read() as session:
        first = list_activities(session, after=None, limit=2)
        slugs = [row.slug for row in first.rows]
        after = get_activity(session, slugs[-1]).id
        second = list_activities(session, after=after, limit=2)
        purposes = list_purposes(session, after=1, limit=1)
        mine = list_purposes(session, activity_id=after, after=None, limit=10)
        parties = list_parties(session, after=None, limit=10)
        assert slugs == ["line-0", "line-1"]
        assert first.next == str(after)
        assert ([row.slug for row in second.rows], second.next) == (["line-2"], None)
        assert ([row.id for row in purposes.rows], purposes.next) == ([2], "2")
        assert [row.slug for row in mine.rows] == ["line-1-points"]
        assert (len(parties.rows), parties.next) == (3, None)
        assert get_purpose(session, 1).slug == "line-0-points"


def test_every_change_is_recorded_as_evidence(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)

    with database.read() as session:
        objects = session.scalars(select(LogEntry.object_type).order_by(LogEntry.leaf_index)).all()
        actors = set(session.scalars(select(LogEntry.actor_id)))
    assert list(objects) == ["party", "activity", "activity", "activity", "activity"]
    assert actors == {OWNER_ID}


def test_writing_without_recording_is_impossible(database: Database, desk: Desk) -> None:
    with pytest.raises(UnrecordedWriteError), database.write() as session:
        a_purpose(session)


@pytest.mark.parametrize("model", [Activity, Purpose, PurposeData, PurposeRecipient])
def test_rows_read_in_bulk_are_those_of_the_session(database: Database, desk: Desk, model: type[Attested]) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)

    with database.read() as session:
        names = tuple(column.key for column in model.__mapper__.column_attrs if column.key != "mac")  # type: ignore[attr-defined] # every model has a mapper
        read = list(verified_rows(session, desk.attestor, model, names))
        known = [tuple(getattr(row, name) for name in names) for row in session.scalars(select(model))]
        assert sorted(map(str, read)) == sorted(map(str, known))
        assert len(read) == 1
