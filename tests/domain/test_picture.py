from typing import Any

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import DigitalSourceType, Embed, PictureFormat, PictureRequest
from avatar_creator.domain.prompt import build_prompt


def request(**given: Any) -> PictureRequest:
    persona, attributes = Persona("Sarah"), Attributes()
    return PictureRequest(persona, attributes, build_prompt(persona, attributes), **{"seed": 1} | given)


def test_a_picture_is_a_square_jpeg_unless_said_otherwise() -> None:
    made = request()
    assert (made.width_px, made.height_px, made.format, made.jpeg_quality) == (1024, 1024, PictureFormat.JPEG, 95)
    assert made.options == {}


def test_words_that_stand_in_rows_and_files() -> None:
    """Rows, settings and files hold them: one that is renamed makes old libraries unreadable."""
    assert {kind.value: kind.extension for kind in PictureFormat} == {"jpeg": "jpg", "png": "png", "webp": "webp"}
    assert [embed.value for embed in Embed] == ["mark", "recipe", "none"]
    assert {source.uri for source in DigitalSourceType} == {
        "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia",
        "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
    }
