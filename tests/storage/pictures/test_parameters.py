import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar_creator.storage.pictures import parameters
from avatar_creator.storage.pictures.parameters import Parameters

A1111 = """a face, (smile:1.2)
second line
Negative prompt: blurry
ugly
Steps: 28, Sampler: "Euler, a", CFG scale: 3.5, Seed: 77, Size: 512x512, Model: some-model"""
COMFYUI = {
    "3": {"class_type": "KSampler", "inputs": {"seed": 5, "positive": ["6", 0], "negative": ["7", 0]}},
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "flux.safetensors"}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a face"}, "is_changed": [float("nan")]},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry"}},
}


def test_a1111_is_written_as_its_readers_expect() -> None:
    text = parameters.write("a face", "blurry", {"Steps": 28, "Seed": 1, "Size": "64x64", "Model": "a, b"})
    assert text == 'a face\nNegative prompt: blurry\nSteps: 28, Seed: 1, Size: 64x64, Model: "a, b"'
    assert parameters.write("a face", "", {}) == "a face"


def test_a1111_is_read() -> None:
    found = Parameters("A1111", "a face, (smile:1.2)\nsecond line", "blurry\nugly", 77, "some-model", A1111)
    assert parameters.read({"parameters": A1111}, None) == found
    assert parameters.read({}, A1111) == found


@given(prompt=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"])).map(str.strip))
def test_what_is_written_is_read_back(prompt: str) -> None:
    text = parameters.write(prompt, "bad", {"Seed": 3, "Size": "64x64", "Model": "m: n"})
    found = parameters.read({}, text)
    assert (found.prompt or "", found.negative_prompt, found.seed, found.model) == (prompt, "bad", 3, "m: n")


@pytest.mark.parametrize("comment", ["holiday in Rome", "Model: X, 2020", "", None])
def test_other_comments_are_no_parameters(comment: str | None) -> None:
    assert parameters.read({}, comment) == Parameters()


def test_comfyui_is_read() -> None:
    found = Parameters("ComfyUI", "a face", "blurry", 5, "flux.safetensors")
    assert parameters.read({"prompt": json.dumps(COMFYUI), "workflow": "{}"}, None) == found
    assert parameters.read({"workflow": "{}"}, None) == Parameters("ComfyUI")


@pytest.mark.parametrize("model", [{"name": "sdxl"}, {"model_name": "sdxl"}, "sdxl"])
def test_invokeai_is_read(model: object) -> None:
    values = {"positive_prompt": "a face", "negative_prompt": "", "seed": 9, "model": model}
    found = Parameters("InvokeAI", "a face", None, 9, "sdxl")
    assert parameters.read({"invokeai_metadata": json.dumps(values)}, None) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "[" * 100_000,
        '{"1": 2, "3": {"inputs": 4}}',
        '{"1": {"inputs": {"seed": [1], "positive": [], "negative": ["1", 0]}}}',
        '{"1": {"inputs": {"seed": 1e999, "positive": "x", "negative": [{}]}}}',
        '{"positive_prompt": 5, "seed": null, "model": {"name": 6}}',
        '{"1": {"inputs": {"positive": 0, "seed": %s}}}' % ("9" * 5000),
    ],
)
def test_nonsense_says_nothing(text: str) -> None:
    assert parameters.read({"prompt": text}, None) == Parameters("ComfyUI")
    assert parameters.read({"invokeai_metadata": text}, None) == Parameters("InvokeAI")


def test_halves_of_surrogate_pairs_cannot_reach_a_terminal() -> None:
    assert parameters.json_object('{"seed": "\\ud800"}') == {"seed": "?"}


@pytest.mark.parametrize("line", ["a" * 10**6, "a:" * 10**5, 'a: "\\"' * 10**5, " " * 10**6])
def test_hostile_lines_take_no_time(line: str) -> None:
    started = time.process_time()
    parameters.read({"parameters": f"prompt\n{line}"}, None)
    assert time.process_time() - started < 1
