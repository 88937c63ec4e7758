import json

from avatar_creator.storage.pictures.generators import swarmui
from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters

VALUES = {"prompt": "a face", "negativeprompt": "", "model": "flux1-dev", "seed": 1145082517, "cfgscale": 1.0}
FOUND = Parameters("SwarmUI", "a face", None, 1145082517, "flux1-dev")


def test_it_is_read_from_png_and_from_exif() -> None:
    text = json.dumps({"sui_image_params": VALUES, "sui_extra_data": {"date": "2024"}}, indent=1)
    assert swarmui.read(MetadataTexts({"parameters": text})) == FOUND
    assert swarmui.read(MetadataTexts(comment=text)) == FOUND
    assert swarmui.read(MetadataTexts({"parameters": json.dumps(VALUES)})) is None
