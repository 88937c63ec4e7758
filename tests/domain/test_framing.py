"""Where the square of a picture is."""

import pytest

from avatar_creator.domain.framing import CENTER, middle_of_drawing


@pytest.mark.parametrize(("width", "height"), [(64, 64), (1024, 200), (800, 1000), (777, 512)])
def test_where_all_of_a_figure_is_high_it_is_in_the_middle(width: int, height: int) -> None:
    assert middle_of_drawing(width, height) == CENTER


def test_in_a_tall_picture_a_figure_stands_at_the_foot() -> None:
    assert middle_of_drawing(200, 1000) == (0.5, 0.875)
