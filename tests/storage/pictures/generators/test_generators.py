import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatar_creator.storage.pictures import generators, parameters
from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters

A1111 = "a face\nSteps: 20, Sampler: Euler, Seed: 5"
COMFYUI = json.dumps({"1": {"class_type": "KSampler", "inputs": {"seed": 6, "positive": "a hand"}}})


def test_nothing_is_said_of_what_no_tool_wrote() -> None:
    assert generators.read(MetadataTexts()) == Parameters()
    assert generators.read(MetadataTexts({"parameters": "5", "Comment": "x", "Description": "y"}, "z")) == Parameters()


def test_a_form_written_for_others_counts_before_the_graph() -> None:
    found = generators.read(MetadataTexts({"parameters": A1111, "prompt": COMFYUI}))
    assert (found.generator, found.prompt, found.seed) == ("A1111", "a face", 5)


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, '{"a":' * 100_000])
def test_nonsense_says_nothing(text: str) -> None:
    for keyword in ("prompt", "workflow", "parameters", "invokeai_metadata", "sd-metadata", "Dream", "Comment"):
        found = generators.read(MetadataTexts({keyword: text}))
        assert (found.generator, found.prompt) == (None, text.strip() or None if keyword == "prompt" else None)
    assert generators.read(MetadataTexts(comment=text, xmp={"exif:UserComment": text})) == Parameters()


KEYWORDS = ["parameters", "prompt", "workflow", "invokeai_metadata", "sd-metadata", "Dream", "Comment", "Description"]
WORDS = [
    "sui_image_params",
    "metadata_scheme",
    "mflux_version",
    "c",
    "seed",
    "prompt",
    "image",
    "v4_prompt",
    "Software",
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("NovelAI"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner),
)
TEXTS = (
    st.text()
    | VALUES.map(json.dumps)
    | st.sampled_from(["Steps: 1, Seed: x", "NovelAI", '"a [b" -S 1', "Steps: 1, Seed: 9"])
)


@settings(deadline=None, max_examples=300)
@given(st.dictionaries(st.sampled_from([*KEYWORDS, "Software", "fooocus_scheme"]), TEXTS), st.none() | TEXTS, TEXTS)
def test_any_text_can_be_read(text: dict[str, str], comment: str | None, stated: str) -> None:
    xmp = {"exif:UserComment": stated, "dc:description": stated}
    found = generators.read(MetadataTexts(text, comment, {"prompt": stated, "workflow": stated}, xmp))
    assert all(value is None or isinstance(value, str) for value in (found.prompt, found.negative_prompt, found.model))
    assert found.seed is None or type(found.seed) is int


def test_a_text_is_parsed_once_for_all_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str | None] = []

    def counting(text: str | None) -> dict[str, object]:
        parsed.append(text)
        return {"nobody": "knows"}

    monkeypatch.setattr(parameters, "json_object", counting)
    texts = MetadataTexts({"parameters": "{1}", "Comment": "{2}"}, "{3}", xmp={"exif:UserComment": "{4}"})
    assert generators.read(texts) == Parameters()
    assert sorted(map(str, parsed)) == ["{1}", "{2}", "{3}", "{4}"]
