"""How far each activity of a list is enforced: told from its own rows, in as many statements however many there are."""

from datetime import timedelta

from governance.customers.reference import reference_map
from governance.oversight.drift.enforcement import enforcement_of, enforcements_by, held_pairs
from register.enforcement import Enforcement
from register.lifecycle import LONGEST_OBSERVATION, Mode
from register.service import list_activities
from tests.builders.service import Service
from tests.builders.statements import counted_statements


def test_marks_are_those_of_the_policies_that_the_gate_would_load(site: Service) -> None:
    wired = site.wired
    snapshot, now = wired.gate.snapshot(), wired.clock.now()
    held = held_pairs(snapshot.catalogue)

    with wired.read() as session:
        rows = list_activities(session, after=None, limit=50).rows
        marks = enforcements_by(wired.attestor, reference_map()).of(session, rows, now)
        running = {row.slug: row.mode_at(now) is Mode.OBSERVE for row in rows if row.running}

    assert len(running) > 1
    assert marks == {
        slug: enforcement_of(
            frozenset(
                pair
                for each in snapshot.purposes.values()
                if each.open and each.activity_slug == slug
                for pair in each.data
            ),
            held,
            observes=observes,
        )
        for slug, observes in running.items()
    }


def test_an_observation_that_ends_makes_it_enforced_without_anybody_doing_anything(site: Service) -> None:
    wired = site.wired
    with wired.read() as session:
        rows = list_activities(session, after=None, limit=50).rows
        marks = enforcements_by(wired.attestor, reference_map())
        now = wired.clock.now()
        today, later = marks.of(session, rows, now), marks.of(session, rows, now + LONGEST_OBSERVATION + timedelta(1))
        observing = {row.slug for row in rows if row.running and row.mode_at(now) is Mode.OBSERVE}

    assert observing
    assert all(today[slug] is not Enforcement.ENFORCED for slug in observing)
    assert any(later[slug] is Enforcement.ENFORCED for slug in observing)


def test_an_activity_that_was_altered_has_no_mark_and_marks_take_as_many_statements_for_many(site: Service) -> None:
    wired = site.wired
    marks = enforcements_by(wired.attestor, reference_map())
    with wired.read() as session:
        rows = [row for row in list_activities(session, after=None, limit=50).rows if row.running]
        with counted_statements(wired) as one:
            marks.of(session, rows[:1], wired.clock.now())
        with counted_statements(wired) as many:
            assert len(marks.of(session, rows, wired.clock.now())) == len(rows)
        rows[0].slug, slug = f"{rows[0].slug}-else", rows[0].slug
        altered = marks.of(session, rows, wired.clock.now())
        session.expunge_all()

    assert len(one) == len(many)
    assert not {slug, f"{slug}-else"} & altered.keys()
