import json
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from picture_files import (
    CREDIT,
    DRAWING,
    FORMATS,
    MADE_WITH,
    MARKS,
    NAME,
    REQUEST,
    camera_exif,
    encoded,
    jpeg_segment,
    with_segments,
)

from avatar_creator.domain.picture import Embed, PictureFormat
from avatar_creator.domain.recipe import Recipe
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.storage.pictures import containers, xmp
from avatar_creator.storage.pictures.inspection import describe, inspect_file
from avatar_creator.storage.pictures.marks import stamp

JPEG, PNG, WEBP = FORMATS
kinds = pytest.mark.parametrize("kind", FORMATS)


@kinds
def test_a_recipe_of_ours_is_reported_in_full(kind: PictureFormat) -> None:
    told = describe(stamp(encoded(kind), MARKS, Embed.RECIPE))
    assert (told.format, told.width_px, told.height_px) == (kind, 96, 80)
    assert told.made_by_avatar
    assert told.generator == "avatar-creator"
    assert told.digital_source_type == "trainedAlgorithmicMedia"
    assert told.digital_source_meaning == "made by a trained model"
    assert told.creator_tool == told.software == "avatar-creator 0.1.0"
    assert told.title == NAME
    assert (told.prompt, told.negative_prompt) == (REQUEST.prompt.full, REQUEST.prompt.negative)
    assert (told.seed, told.model) == (77, "black-forest-labs/FLUX.1-dev")
    assert told.recipe is not None
    assert told.recipe["made_with"] == MADE_WITH
    assert (told.parameters or "").startswith(NAME)
    assert (told.c2pa, told.gps, told.camera_make) == (False, False, None)


@kinds
def test_a_recipe_of_an_earlier_version_is_reported(kind: PictureFormat) -> None:
    class Earlier(Recipe):
        def as_json(self) -> dict[str, Any]:
            return {name: value for name, value in super().as_json().items() if name not in {"format", "jpeg_quality"}}

    earlier = MARKS._replace(recipe=Earlier(*MARKS.recipe))
    told = describe(stamp(encoded(kind), earlier, Embed.RECIPE))
    assert told.recipe == earlier.recipe.as_json()
    assert (told.prompt, told.seed, told.model) == (REQUEST.prompt.full, 77, "black-forest-labs/FLUX.1-dev")


@kinds
def test_a_mark_of_ours_is_reported(kind: PictureFormat) -> None:
    told = describe(stamp(encoded(kind), DRAWING, Embed.MARK))
    assert told.made_by_avatar
    assert told.credit == CREDIT
    assert told.digital_source_type == "algorithmicMedia"
    assert (told.recipe, told.prompt, told.title) == (None, None, None)


@kinds
def test_a_plain_file_says_nothing(kind: PictureFormat) -> None:
    told = describe(encoded(kind)).as_json()
    stated = {name: value for name, value in told.items() if value not in (None, False)}
    assert stated == {"format": kind, "width_px": 96, "height_px": 80}


@kinds
def test_a_photograph_tells_of_its_camera(kind: PictureFormat) -> None:
    told = describe(containers.rewrite(encoded(kind), exif=camera_exif(6)))
    assert (told.camera_make, told.camera_model, told.camera_serial) == ("Acme", "Eye 9", "SN-77")
    assert (told.software, told.gps, told.made_by_avatar) == ("EyeOS 4", True, False)
    assert (told.width_px, told.height_px) == (80, 96)


def test_other_generators_are_reported() -> None:
    values = {"positive_prompt": "a face", "seed": 4, "model": {"name": "sdxl"}}
    told = describe(containers.rewrite(encoded(PNG), text={"invokeai_metadata": json.dumps(values)}))
    assert (told.generator, told.prompt, told.seed, told.model) == ("InvokeAI", "a face", 4, "sdxl")
    stated = {"Iptc4xmpExt:AIPromptInformation": "a cat", "Iptc4xmpExt:AISystemUsed": "DALL-E", "dc:rights": "mine"}
    told = describe(containers.rewrite(encoded(WEBP), xmp=xmp.write(stated)))
    assert (told.generator, told.prompt, told.model, told.made_by_avatar) == (None, "a cat", "DALL-E", False)
    assert told.credit is not None
    assert (told.credit.creator, told.credit.text) == ("", "mine")


def test_a_manifest_is_reported_of_but_not_believed() -> None:
    box = jpeg_segment(0xEB, b"JP" + bytes(14) + b"c2pa")
    told = describe(with_segments(encoded(JPEG), box))
    assert told.c2pa
    assert told.digital_source_type is None


@pytest.mark.parametrize("recipe", ["[1]", "{", '{"full_prompt": 5, "seed": {}, "model": ["x"]}', '{"seed": NaN}'])
def test_hostile_recipes_do_no_harm(recipe: str) -> None:
    told = describe(containers.rewrite(encoded(JPEG), xmp=xmp.write({"avatar:recipe": recipe})))
    assert (told.prompt, told.seed, told.model) == (None, None, None)
    json.dumps(told.as_json(), allow_nan=False)


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(StorageError, match="not a JPEG, PNG or WebP"):
        describe(b"Dear diary")


def test_a_file_is_inspected_or_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "found.png"
    path.write_bytes(encoded(PNG))
    assert inspect_file(path) == describe(encoded(PNG))
    path.write_bytes(encoded(PNG)[:-20])
    with pytest.raises(InvalidInput, match=r"found\.png' cannot be read\. The PNG picture is damaged"):
        inspect_file(path)
    path.write_bytes(b"Dear diary")
    with pytest.raises(InvalidInput, match=r"found\.png' is text"):
        inspect_file(path)


def test_xmp_is_parsed_for_what_it_states_and_for_a_position_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[bytes] = []
    parse = xmp._parsed

    def counting(packet: bytes) -> Element | None:
        parsed.append(packet)
        return parse(packet)

    monkeypatch.setattr(xmp, "_parsed", counting)
    describe(stamp(encoded(JPEG), MARKS, Embed.RECIPE))
    assert len(parsed) == 2
