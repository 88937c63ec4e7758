from typing import Any

import pytest

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import SEED_MOST, DigitalSourceType, Embed, PictureFormat, PictureRequest
from avatar_creator.domain.prompt import build_prompt
from avatar_creator.errors import InvalidInput


def request(**given: Any) -> PictureRequest:
    persona, attributes = Persona("Sarah"), Attributes()
    return PictureRequest(persona, attributes, build_prompt(persona, attributes), **{"seed": 1} | given)


def test_a_picture_is_a_square_jpeg_unless_said_otherwise() -> None:
    made = request()
    assert (made.width_px, made.height_px, made.format, made.jpeg_quality) == (1024, 1024, PictureFormat.JPEG, 95)
    assert made.options == {}


@pytest.mark.parametrize("given", [{"seed": 1}, {"seed": SEED_MOST}, {"width_px": 64}, {"height_px": 2048}])
def test_limits_are_allowed(given: dict[str, int]) -> None:
    (name,) = given
    assert getattr(request(**given), name) == given[name]


@pytest.mark.parametrize("value", [0, -1, 2**31, True, 1.0, "7"])
def test_a_seed_outside_its_limits_is_refused(value: Any) -> None:
    with pytest.raises(InvalidInput, match=r"^seed is .*outside 1 to 2147483647"):
        request(seed=value)


@pytest.mark.parametrize("side", ["width", "height"])
@pytest.mark.parametrize("value", [63, 2049, 0, True])
def test_a_side_outside_its_limits_is_refused(side: str, value: Any) -> None:
    with pytest.raises(InvalidInput, match=f"^{side} is .*outside 64 to 2048"):
        request(**{f"{side}_px": value})


def test_words_that_stand_in_rows_and_files() -> None:
    """Rows, settings and files hold them: one that is renamed makes old libraries unreadable."""
    assert {kind.value: kind.extension for kind in PictureFormat} == {"jpeg": "jpg", "png": "png", "webp": "webp"}
    assert [embed.value for embed in Embed] == ["mark", "recipe", "none"]
    assert {source.uri for source in DigitalSourceType} == {
        "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia",
        "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
    }
