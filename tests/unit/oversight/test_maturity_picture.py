"""The picture of maturity: longer is higher, what was before and what is aimed at can be told apart."""

from governance.oversight.accountability.picture import Standing, draw_maturity, draw_narrow_maturity
from register.pictures.shapes import Box, Line, Words


def standing(level: int, target: int = 4, before: int | None = None) -> Standing:
    return Standing(label="Handling people’s requests", level=level, target=target, before=before)


def test_a_bar_is_as_long_as_its_level() -> None:
    for drawn in (draw_maturity, draw_narrow_maturity):
        picture = drawn([standing(level) for level in range(6)])
        bars = [shape.width for shape in picture.shapes if isinstance(shape, Box)]

        assert bars == sorted(bars)
        assert len(set(bars)) == 6
        assert bars[0] > 0


def test_last_time_is_drawn_only_where_there_was_one() -> None:
    def marks(picture: object) -> list[str]:
        return [shape.look for shape in picture.shapes if isinstance(shape, Line)]  # type: ignore[attr-defined]

    assert "pic-event" not in marks(draw_maturity([standing(2)]))
    assert "pic-event" in marks(draw_maturity([standing(2, before=1)]))
    assert "pic-fate" in marks(draw_maturity([standing(2)]))


def test_everything_stands_within_the_picture() -> None:
    for drawn in (draw_maturity, draw_narrow_maturity):
        picture = drawn([standing(5, target=5, before=5)] * 8)

        assert all(shape.x + shape.width <= picture.width for shape in picture.shapes if isinstance(shape, Box))
        assert all(0 <= shape.y <= picture.height for shape in picture.shapes if isinstance(shape, Box | Words))
