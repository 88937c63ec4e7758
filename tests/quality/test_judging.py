"""What is wrong with a picture, by what was measured of it."""

import pytest

from avatar_creator.decoding import Face, Measures
from avatar_creator.quality.judging import judge, twin

FACE = Face(0.93, 0.3, 0.2, 0.7, 0.6, size=0.4, turn=0.05, tilt=0, sharpness=100)
GOOD = Measures(512, 600, bright=240, spread=60, faces=(FACE,))


def words(measures: Measures, asked_px: tuple[int, int] | None = None) -> list[str]:
    return [fault.word for fault in judge(measures, asked_px=asked_px)]


def test_a_portrait_is_fit() -> None:
    assert words(GOOD) == []
    assert words(GOOD._replace(faces=None)) == []


@pytest.mark.parametrize(
    ("measures", "expected"),
    [
        (GOOD._replace(bright=23), ["black"]),
        (GOOD._replace(spread=9.9, faces=None), ["flat"]),
        (GOOD._replace(spread=9.9, faces=()), ["flat"]),
        (GOOD._replace(width_px=255), ["small", "aspect"]),
        (GOOD._replace(height_px=1040), ["aspect"]),
        (GOOD._replace(height_px=1024), []),
        (GOOD._replace(faces=()), ["faceless"]),
        (GOOD._replace(faces=(FACE._replace(score=0.69),)), ["faceless"]),
        (GOOD._replace(faces=(FACE, FACE._replace(score=0.7))), ["crowded"]),
        (GOOD._replace(faces=(FACE, FACE._replace(score=0.69))), []),
        (GOOD._replace(faces=(FACE._replace(right=0.995),)), ["cut"]),
        (GOOD._replace(faces=(FACE._replace(top=-0.2),)), ["cut"]),
        (GOOD._replace(faces=(FACE._replace(size=0.11),)), ["tiny"]),
        (GOOD._replace(spread=4, faces=(FACE._replace(size=0.11),)), ["tiny"]),
        (GOOD._replace(faces=(FACE._replace(turn=-0.4),)), ["turned"]),
        (GOOD._replace(faces=(FACE._replace(tilt=-30, sharpness=0, size=0),)), ["turned"]),
        (GOOD._replace(faces=(FACE._replace(sharpness=24),)), ["blurred"]),
        (GOOD._replace(height_px=1200, faces=(FACE._replace(sharpness=1, turn=1),)), ["turned", "blurred", "aspect"]),
    ],
)
def test_each_limit_has_its_word(measures: Measures, expected: list[str]) -> None:
    assert words(measures) == expected


def test_what_was_asked_for_is_not_wrong() -> None:
    asked = GOOD._replace(width_px=64, height_px=160)
    assert words(asked) == ["small", "aspect"]
    assert words(asked, asked_px=(64, 160)) == []
    assert words(asked._replace(height_px=320), asked_px=(64, 160)) == ["aspect"]


def test_a_fault_says_the_measure_and_its_limit() -> None:
    (fault,) = judge(GOOD._replace(faces=(FACE._replace(sharpness=17.4),)))
    assert fault.as_json() == {"word": "blurred", "said": "The face's sharpness is 17 (limit 25)."}


def test_a_picture_like_another_avatar_s_is_its_twin() -> None:
    assert twin("Ann", "av_1", 101) == ()
    (fault,) = twin("Ann", "av_1", 7)
    assert (fault.word, fault.said) == ("twin", "It looks like Ann (av_1): 7 of 1536 bits differ (limit 100).")
