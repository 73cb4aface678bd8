"""The register's pictures: within their frames, true to what they show, and the same twice."""

import math

from hypothesis import given
from hypothesis import strategies as st

from governance.periods import Period, Unit
from register.pictures.flow import MOST, Flow, draw_flow, draw_narrow_flow, flow_of
from register.pictures.heatmap import TONES, HeatRow, draw_heatmap, draw_narrow_heatmap, tone
from register.pictures.shapes import Box, Line, Picture, Words, wrapped
from register.pictures.timeline import MARKS, Course, Scale, draw_narrow_timeline, draw_timeline

NAMES = ("Whose", "From", "Where", "Who", "End")
WORD = st.text("abcdefghijk lmnop", min_size=1, max_size=40).map(lambda text: text.strip() or "a")
JOURNEYS = st.lists(st.tuples(WORD, WORD, WORD, WORD, WORD), min_size=1, max_size=25)
PERIODS = st.builds(Period.of, st.integers(0, 100), st.sampled_from(Unit))
COURSES = st.lists(
    st.builds(
        Course,
        label=WORD,
        event=WORD,
        from_collection=st.booleans(),
        active_for=PERIODS,
        archived_for=PERIODS,
        fate=st.just("deleted"),
    ),
    min_size=1,
    max_size=12,
)
CATEGORIES = [("identity", "Identity"), ("contact", "Contact"), ("special", "Special categories")]
ROWS = st.lists(
    st.builds(
        HeatRow,
        name=WORD,
        counts=st.dictionaries(st.sampled_from([key for key, _ in CATEGORIES]), st.integers(1, 40)),
    ),
    max_size=20,
)
SCALE = [(days, f"{days} d") for days in MARKS]


def check_within(picture: Picture) -> None:
    for shape in picture.shapes:
        if isinstance(shape, Box):
            assert -0.01 <= shape.x <= shape.x + shape.width <= picture.width + 0.01
            assert 0 <= shape.y <= shape.y + shape.height <= picture.height + 0.01
        if isinstance(shape, Words):
            assert -0.01 <= shape.x <= picture.width
            assert 0 <= shape.y <= picture.height


def boxes(picture: Picture, look: str) -> list[Box]:
    return [each for each in picture.shapes if isinstance(each, Box) and each.look == look]


def said(picture: Picture) -> list[str]:
    return [each.text for each in picture.shapes if isinstance(each, Words)]


def a_flow(journeys: list[tuple[str, ...]]) -> Flow:
    return flow_of(journeys, NAMES, "and {count} more")


@given(JOURNEYS)
def test_a_flow_stays_within_its_frame_wide_and_narrow(journeys: list[tuple[str, ...]]) -> None:
    for draw in (draw_flow, draw_narrow_flow):
        check_within(draw(a_flow(journeys)))


@given(JOURNEYS)
def test_everything_on_the_way_has_one_box_and_what_is_too_much_is_counted(journeys: list[tuple[str, ...]]) -> None:
    flow = a_flow(journeys)
    expected = sum(min(len({journey[place] for journey in journeys}), MOST) for place in range(len(NAMES)))

    for draw in (draw_flow, draw_narrow_flow):
        drawn = draw(flow)
        assert len(boxes(drawn, "pic-thing")) + len(boxes(drawn, "pic-end")) == expected


def test_lines_lead_from_each_thing_to_what_it_leads_to_and_none_into_the_end() -> None:
    flow = a_flow([("a", "b", "c", "d", "e"), ("a", "b", "c2", "d", "e2"), ("a", "b", "c", "d", "e")])

    ways = [each for each in draw_flow(flow).shapes if isinstance(each, Line) and each.look == "pic-way"]

    assert flow.ways == {(0, "a", "b"), (1, "b", "c"), (1, "b", "c2"), (2, "c", "d"), (2, "c2", "d")}
    assert len(ways) == len(flow.ways)


def test_a_station_where_nothing_halts_is_left_out_and_one_where_some_halt_is_drawn() -> None:
    near, far = ("a", "b", "c", "d", "", "e"), ("a", "b", "c", "d2", "abroad", "e")
    names = ("Whose", "From", "Where", "Who", "Abroad", "End")

    at_home, leaving = flow_of([near], names, "{count}"), flow_of([near, far], names, "{count}")

    assert [station.name for station in at_home.stations] == ["Whose", "From", "Where", "Who", "End"]
    assert leaving.stations[4].things == ("abroad",)
    assert {way for way in leaving.ways if way[0] >= 3} == {(3, "d2", "abroad")}
    check_within(draw_flow(leaving))
    check_within(draw_narrow_flow(leaving))


def test_more_things_than_can_be_drawn_are_told_as_a_number() -> None:
    flow = a_flow([("a", "b", f"table {number}", "d", "e") for number in range(MOST + 4)])

    assert "and 5 more" in said(draw_flow(flow))
    assert "and 5 more" in said(draw_narrow_flow(flow))


@given(COURSES)
def test_a_timeline_stays_within_its_frame_wide_and_narrow(courses: list[Course]) -> None:
    for draw in (draw_timeline, draw_narrow_timeline):
        check_within(draw(courses, SCALE))


@given(COURSES)
def test_each_phase_that_lasts_has_its_bar_and_each_course_its_end(courses: list[Course]) -> None:
    for draw in (draw_timeline, draw_narrow_timeline):
        drawn = draw(courses, SCALE)
        assert len(boxes(drawn, "pic-before")) == sum(not course.from_collection for course in courses)
        assert len(boxes(drawn, "pic-active")) == sum(bool(course.active_for) for course in courses)
        assert len(boxes(drawn, "pic-archive")) == sum(bool(course.archived_for) for course in courses)
        assert sum(isinstance(each, Line) and each.look == "pic-fate" for each in drawn.shapes) == len(courses)


@given(st.integers(1, 36_500), st.integers(0, 36_500), st.integers(0, 36_500))
def test_longer_is_always_further(longest: int, one: int, other: int) -> None:
    scale = Scale(left=10, width=300, longest=longest)

    assert (scale.at(one) < scale.at(other)) == (math.sqrt(one) < math.sqrt(other))
    assert scale.at(0) == 10
    assert math.isclose(scale.at(longest), 310)


def test_the_archive_begins_where_the_active_base_ends() -> None:
    course = Course(
        label="Customers",
        event="from the payment",
        from_collection=False,
        active_for=Period("P1Y"),
        archived_for=Period("P5Y"),
        fate="x",
    )

    drawn = draw_timeline([course], SCALE)
    (active,), (archive,) = boxes(drawn, "pic-active"), boxes(drawn, "pic-archive")

    assert math.isclose(active.x + active.width, archive.x)


@given(ROWS)
def test_a_heat_map_stays_within_its_frame_and_says_every_number(rows: list[HeatRow]) -> None:
    for draw in (draw_heatmap, draw_narrow_heatmap):
        drawn = draw(rows, CATEGORIES)
        check_within(drawn)
        numbers = [text for text in said(drawn) if text.isdigit()]
        assert sorted(numbers) == sorted(str(count) for row in rows for count in row.counts.values())


def test_tones_grow_with_the_number_and_then_stay() -> None:
    assert [tone(count) for count in (0, 1, 2, 3, 4, 5, 40)] == [0, 1, 2, 3, TONES, TONES, TONES]


@given(st.text(max_size=200), st.integers(1, 400), st.integers(1, 4))
def test_words_come_in_no_more_lines_than_asked_for(text: str, width: int, most: int) -> None:
    assert 1 <= len(wrapped(text, width, most)) <= most


@given(JOURNEYS)
def test_the_same_is_drawn_the_same(journeys: list[tuple[str, ...]]) -> None:
    assert draw_flow(a_flow(journeys)) == draw_flow(a_flow(journeys))
