import json

from avatar_creator.storage.pictures.generators import drawthings
from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters

VALUES = {"c": "a face", "uc": "blurry", "seed": 1177739245, "model": "flux_1_dev_q8p.ckpt", "v2": {}}


def test_it_is_read_from_xmp_and_from_exif() -> None:
    found = Parameters("Draw Things", "a face", "blurry", 1177739245, "flux_1_dev_q8p.ckpt")
    assert drawthings.read(MetadataTexts(xmp={"exif:UserComment": json.dumps(VALUES)})) == found
    assert drawthings.read(MetadataTexts(comment=json.dumps(VALUES))) == found
    assert drawthings.read(MetadataTexts(xmp={"exif:UserComment": "a holiday"})) is None
