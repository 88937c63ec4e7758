import json

from avatar_creator.storage.pictures.generators import mflux
from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters

VALUES = {"mflux_version": "0.9.1", "model": "dev", "seed": 42, "steps": 20, "prompt": "a face", "lora_paths": None}


def test_it_is_read() -> None:
    assert mflux.read(MetadataTexts(comment=json.dumps(VALUES))) == Parameters("mflux", "a face", None, 42, "dev")
    assert mflux.read(MetadataTexts(comment='{"prompt": "a face"}')) is None
