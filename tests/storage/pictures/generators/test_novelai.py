import json

from avatar_creator.storage.pictures.generators import novelai
from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters

TEXT = {
    "Software": "NovelAI",
    "Source": "NovelAI Diffusion V4 37442FCA",
    "Description": "a face",
    "Comment": json.dumps({"seed": 2253955223, "uc": "blurry"}),
}
FOUND = Parameters("NovelAI", "a face", "blurry", 2253955223, "NovelAI Diffusion V4 37442FCA")


def test_it_is_read_from_png_and_from_exif() -> None:
    assert novelai.read(MetadataTexts(TEXT)) == FOUND
    assert novelai.read(MetadataTexts(comment=json.dumps(TEXT))) == FOUND
    assert novelai.read(MetadataTexts({"Software": "yEd", "Comment": TEXT["Comment"]})) is None


def test_newer_models_have_captions() -> None:
    values = {"seed": 2253955223, "v4_prompt": {"caption": {"base_caption": "a face", "char_captions": []}}}
    values["v4_negative_prompt"] = {"caption": {"base_caption": "blurry"}}
    assert novelai.read(MetadataTexts(TEXT | {"Description": "cut", "Comment": json.dumps(values)})) == FOUND
