"""Lines of a record: what changes of a running activity waits for its activation, and what one says of the parties."""

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from audit.transaction import unrecorded
from governance.database import Database
from governance.vault.errors import AttestationError
from register.errors import (
    ContentFrozenError,
    IncompleteActivityError,
    LineNotFoundError,
    LineTwiceError,
    NotYourActivityError,
    PartyInForceError,
    PartyNotFoundError,
    ProposalsPendingError,
)
from register.lifecycle import Verb
from register.lines.contents import PartyLine
from register.lines.models import ActivityParty
from register.lines.values import Relation, Subject
from register.models import ActivityVersion, Party
from register.past import differences, past_record
from register.record import Change, record_of
from register.service import (
    ActivityChange,
    Desk,
    LineRef,
    PartyChange,
    SetLines,
    Step,
    change_activity,
    change_party,
    drop_line,
    get_activity,
    keep_line,
    set_lines,
)
from register.service.recording import snapshot_of
from register.values import Capacity, Standing
from tests.builders.lines import given, on_file, put, taking_part
from tests.builders.register import a_complete_draft, activate, step, the_controller, the_dpo, the_owner

PARTIES = Subject.PARTIES


def standings(database: Database) -> set[tuple[str, Standing]]:
    with database.read() as session:
        return {(row.part, row.standing) for row in session.scalars(select(ActivityParty))}


def test_what_changes_of_a_running_activity_waits_for_its_activation(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        carrier, printer = on_file(session, desk, "Transporteur"), on_file(session, desk, "Imprimeur")
        given(session, desk, PARTIES, taking_part(carrier, part="Delivers."), taking_part(printer, part="Prints."))
        activate(session, desk)
    assert standings(database) == {("Delivers.", Standing.IN_FORCE), ("Prints.", Standing.IN_FORCE)}

    with database.write() as session:
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.REVIEW))
        given(session, desk, PARTIES, taking_part(carrier, part="Delivers and collects."))
    assert standings(database) == {
        ("Delivers.", Standing.LEAVING),
        ("Delivers and collects.", Standing.PROPOSED),
        ("Prints.", Standing.LEAVING),
    }
    with database.read() as session:
        record = record_of(session, desk.attestor, "loyalty")
        assert [(line.change, line.called) for line in record.lines[PARTIES]] == [
            (Change.ALTERED, ("Transporteur", "Transporteur")),
            (Change.LEAVING, ("Imprimeur", "Imprimeur")),
        ]
        assert record.changes == 2
    with database.write() as session, pytest.raises(ProposalsPendingError):
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.CONFIRM))

    with database.write() as session:
        activate(session, desk)
    assert standings(database) == {("Delivers and collects.", Standing.IN_FORCE)}


def test_a_line_is_corrected_taken_back_dropped_and_kept(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        [line] = put(session, desk, PARTIES, taking_part(on_file(session, desk), part="Hosts."))
        same = taking_part(session.scalars(select(Party).where(Party.name == "Hébergeur Exemple")).one())
        put(session, desk, PARTIES, replace(same, relation=Relation.PROCESSOR, part="H."), line.id)
    assert standings(database) == {("H.", Standing.PROPOSED)}

    with database.write() as session:
        [line] = session.scalars(select(ActivityParty))
        reference = LineRef(activity="loyalty", subject=PARTIES, line=line.id)
        assert drop_line(session, desk, the_owner(), reference) == []
        [line] = put(session, desk, PARTIES, taking_part(on_file(session, desk), part="Hosts."))
        activate(session, desk)
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.REVIEW))
        reference = LineRef(activity="loyalty", subject=PARTIES, line=line.id)
        drop_line(session, desk, the_owner(), reference)
        drop_line(session, desk, the_owner(), reference)
    assert standings(database) == {("Hosts.", Standing.LEAVING)}

    with database.write() as session:
        keep_line(session, desk, the_owner(), reference)
    assert standings(database) == {("Hosts.", Standing.IN_FORCE)}


def test_a_version_keeps_the_lines_and_tells_what_changed_since(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        party = on_file(session, desk, "Transporteur")
        given(session, desk, PARTIES, taking_part(party, part="Delivers."))
        activate(session, desk)
    with database.read() as session:
        newest = select(ActivityVersion.snapshot).order_by(ActivityVersion.revision.desc()).limit(1)
        kept = past_record(session.scalars(newest).one())
        [line] = kept.lines[PARTIES]
        today = snapshot_of(session, get_activity(session, "loyalty"))
        assert (line.called, line.standing) == (("Transporteur", "Transporteur"), Standing.IN_FORCE)
        assert line.content == taking_part(party, part="Delivers.")
        assert differences(kept.told, today) == []

    with database.write() as session:
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.REVIEW))
        given(session, desk, PARTIES, taking_part(party, part="Delivers and collects."))
    with database.read() as session:
        today = snapshot_of(session, get_activity(session, "loyalty"))
        found = [each for each in differences(kept.told, today) if each.field == "parties"]
    assert [(each.key[-1], each.then is None) for each in found] == [("in-force", False), ("proposed", True)]
    assert found[1].now["part"] == "Delivers and collects."


def test_what_stands_there_already_or_nowhere_is_refused(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        party = on_file(session, desk)
        put(session, desk, PARTIES, taking_part(party))

    for wanted, line in ((LineTwiceError, taking_part(party, part="Again.")),):
        with pytest.raises(wanted), database.write() as session:
            put(session, desk, PARTIES, line)
    with pytest.raises(PartyNotFoundError), database.write() as session:
        put(session, desk, PARTIES, PartyLine(party_id=uuid.UUID(int=9), relation=Relation.RECIPIENT))
    with pytest.raises(LineNotFoundError), database.write() as session:
        drop_line(session, desk, the_owner(), LineRef(activity="loyalty", subject=PARTIES, line=uuid.UUID(int=9)))


def test_lines_are_written_by_those_who_draft_this_activity_while_it_is_written(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
    nothing = SetLines(activity="loyalty", subject=PARTIES, lines=[])
    with pytest.raises(NotYourActivityError), database.write() as session:
        set_lines(session, desk, the_owner(number=9), nothing)

    with database.write() as session:
        activate(session, desk)
    with pytest.raises(ContentFrozenError), database.write() as session:
        set_lines(session, desk, the_dpo(), nothing)


def test_an_altered_line_is_told_and_not_signed_anew(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        put(session, desk, PARTIES, taking_part(on_file(session, desk)))
    with database.write() as session:
        session.execute(text("UPDATE activity_party SET part = 'Does nothing.'"))
        unrecorded(session, "somebody's SQL")

    with database.read() as session:
        assert [error.kind for error in record_of(session, desk.attestor, "loyalty").altered] == ["activity_party"]
    with pytest.raises(AttestationError), database.write() as session:
        activate(session, desk)


@pytest.mark.parametrize(
    ("capacity", "relation", "part", "lacking"),
    [
        (Capacity.JOINT_CONTROLLER, Relation.RECIPIENT, "", {"no-joint-controller"}),
        (Capacity.JOINT_CONTROLLER, Relation.JOINT_CONTROLLER, "", {"no-arrangement"}),
        (Capacity.JOINT_CONTROLLER, Relation.JOINT_CONTROLLER, "They inform.", set()),
        (Capacity.PROCESSOR, Relation.RECIPIENT, "", {"no-principal"}),
        (Capacity.PROCESSOR, Relation.PRINCIPAL, "", {"no-categories-of-processing"}),
        (Capacity.PROCESSOR, Relation.PRINCIPAL, "Payroll.", set()),
        (Capacity.CONTROLLER, Relation.RECIPIENT, "", set()),
    ],
)
def test_the_capacity_and_the_parties_must_agree(
    database: Database, desk: Desk, capacity: Capacity, relation: Relation, part: str, lacking: set[str]
) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        change = ActivityChange(capacity=capacity)
        change_activity(session, desk.clock, desk.attestor, the_owner(), ("loyalty", change))
        put(session, desk, PARTIES, taking_part(on_file(session, desk), relation, part))

    found: set[str] = set()
    try:
        with database.write() as session:
            step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.SUBMIT))
    except IncompleteActivityError as error:
        found = {each.code for each in error.shortcomings}
    assert found == lacking


def test_an_organisation_that_takes_part_in_a_running_activity_stays_who_it_is(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        party = on_file(session, desk, "Transporteur")
        put(session, desk, PARTIES, taking_part(party))
        activate(session, desk)

    with pytest.raises(PartyInForceError), database.write() as session:
        change_party(session, the_dpo(), party.id, PartyChange(name="Somebody else"))
