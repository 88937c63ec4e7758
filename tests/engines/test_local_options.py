"""The options of the local engine: what is chosen where nothing is given, and what cannot be."""

from pathlib import Path
from typing import Any

import pytest

from avatar_creator.domain.license import commercial_use
from avatar_creator.engines import check_commercial, licenses
from avatar_creator.engines.hub_models import FLUX_DEV, KLEIN, REALISM
from avatar_creator.engines.local.inference import arguments, made_px
from avatar_creator.engines.local.notices import notices_of, remarks_of
from avatar_creator.engines.local.options import parse
from avatar_creator.errors import InvalidInput
from engines.local_requests import asked


@pytest.fixture(autouse=True)
def _empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))


def refused(**options: Any) -> str:
    with pytest.raises(InvalidInput) as caught:
        parse(options)
    return f"{caught.value.message}|{caught.value.hint}"


@pytest.mark.parametrize(
    ("options", "repositories"),
    [
        ({}, [KLEIN]),
        ({"model": "flux-realism"}, [FLUX_DEV, REALISM]),
        ({"model": "flux-dev", "lora": "someone/a/b.safetensors"}, [FLUX_DEV, "someone/a"]),
        ({"model": "./folder", "lora": "./b.safetensors"}, []),
    ],
)
def test_what_is_used_of_the_cache_is_known(options: dict[str, str], repositories: list[str]) -> None:
    assert parse(options).repositories == repositories


def test_the_default_is_a_small_free_model_on_the_card() -> None:
    options = parse({})
    assert (options.model, options.lora, options.steps, options.guidance) == (KLEIN, None, 4, None)
    assert options.given == {
        "model": KLEIN,
        "lora": "none",
        "steps": 4,
        "precision": "auto",
        "quantize": "auto",
        "offload": "auto",
        "device": "auto",
        "compile": False,
    }


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"model": "flux-realism"},
        {"model": "FLUX-DEV", "lora": "someone/style/sub/a.safetensors", "lora_scale": 0.4, "guidance": 2.5},
        {"model": "qwen-image", "quantize": "NF4", "offload": "Model", "device": "CUDA:1", "compile": True},
        {"model": "someone/portraits", "steps": 12},
        {"model": "./model", "lora": "~/a.safetensors", "quantize": "/x/flux-q4.gguf"},
    ],
)
def test_what_is_recorded_of_options_chooses_the_same(options: dict[str, Any]) -> None:
    assert parse(parse(options).given) == parse(options)


def test_a_lora_comes_with_its_name_alone() -> None:
    assert parse({"model": "flux-realism"}).lora == REALISM
    assert parse({"model": "flux-realism", "lora": "none"}).lora is None
    assert parse({"model": FLUX_DEV}).lora is None
    assert parse({"model": "flux-realism"}).name == f"{FLUX_DEV}+{REALISM}"


def test_no_path_of_this_machine_is_recorded() -> None:
    options = parse(
        {"model": "/home/ann/secret/model", "lora": "/home/ann/a.safetensors", "quantize": "/home/ann/q.gguf"}
    )
    assert options.name == "model+a.safetensors"
    assert "/home" not in str(options.recorded)
    assert options.given["model"] == "/home/ann/secret/model", "a worker elsewhere finds it"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"model": "flux"}, "model is 'flux', which cannot be one.|Give klein-4b"),
        ({"model": "https://x.example/m"}, "model is a URL, and the local engine runs models of this machine.|Choose"),
        ({"model": "./a\x00b"}, "model is './a\\x00b', which cannot be a path."),
        ({"model": "~no-such-user/m"}, "model is '~no-such-user/m', and there is no such home folder."),
        ({"model": "klein-4b", "guidance": 3.0}, f"guidance is given, and {KLEIN} takes none.|Leave out"),
        ({"lora": "./style.bin"}, "lora is './style.bin', a file that can run code when it is read.|Give one"),
        (
            {"lora": "./style"},
            "lora is './style', which does not end with .safetensors.|Give a file that ends with .safetensors.",
        ),
        ({"lora": "style"}, "lora is 'style', which cannot be one.|Give an id of the Hub"),
        ({"lora": "a/b/../../c.safetensors"}, "lora is 'a/b/../../c.safetensors', which cannot be one."),
        (
            {"quantize": "q2"},
            "quantize is 'q2', which the local engine does not know.|Give auto, none, nf4,",
        ),
        ({"quantize": "nf4", "offload": "group"}, "offload is group, and quantize is nf4"),
        ({"device": "cuda:x"}, "device is 'cuda:x', which the local engine does not know.|Give auto, cuda, cuda:0"),
        ({"offload": "disk"}, "offload is 'disk', which the local engine does not know."),
        ({"precision": "fp8"}, "precision is 'fp8', which the local engine does not know."),
        ({"steps": 0}, "steps is '0', outside 1 to 100."),
        ({"art_style": "micah"}, "--art-style is an option of the offline engine, not of the local engine."),
    ],
)
def test_what_cannot_be_is_named_with_the_way_out(options: dict[str, Any], said: str) -> None:
    assert refused(**options).startswith(said)


def test_a_folder_that_is_given_as_a_name_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "flux").mkdir()
    monkeypatch.chdir(tmp_path)
    assert refused(model="flux").startswith("model is 'flux', which cannot be one.|The folder of that name is ./flux.")


def test_licences_are_those_of_model_and_lora() -> None:
    assert commercial_use(licenses("local", {})) == "yes"
    assert [each.of for each in licenses("local", {"model": "flux-realism"})] == [FLUX_DEV, REALISM]
    assert [each.name for each in licenses("local", {"model": "./mine", "lora": "a/b/c.safetensors"})] == [None, None]
    with pytest.raises(InvalidInput, match="is not for commercial use") as caught:
        check_commercial("local", FLUX_DEV, licenses("local", {"model": "flux-dev"}))
    assert "--model klein-4b" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("size", "made"),
    [
        ((1024, 1024), (1024, 1024)),
        ((1000, 1010), (1008, 1024)),
        ((300, 128), (608, 256)),
        ((64, 64), (256, 256)),
        ((2048, 64), (2048, 64)),
        ((100, 2040), (112, 2048)),
    ],
)
def test_the_model_makes_what_it_can_and_never_less_than_asked(size: tuple[int, int], made: tuple[int, int]) -> None:
    request = asked(width_px=size[0], height_px=size[1])
    assert made_px(request) == made
    said = list(remarks_of(request, parse({})))
    assert bool(said) == (size != made)
    assert said == [] or "{}x{} px, and cut and resized".format(*made) in said[0]


def test_pipelines_are_called_as_they_expect() -> None:
    def called(**options: Any) -> dict[str, Any]:
        return arguments(asked(), parse(options))

    assert called()["guidance_scale"] == 0.0, "the default of the pipeline is another"
    assert called(model="flux-schnell")["max_sequence_length"] == 256
    assert "negative_prompt" not in called(model="flux-dev")
    qwen = called(model="qwen-image")
    assert (qwen["true_cfg_scale"], "guidance_scale" in qwen) == (4.0, False)
    assert qwen["negative_prompt"]
    assert called(model="someone/unknown", guidance=2.0)["guidance_scale"] == 2.0
    assert "guidance_scale" not in called(model="someone/unknown")


def test_what_has_no_effect_is_said() -> None:
    def said(**options: Any) -> list[str]:
        request = asked(negative="rain", options=options)
        return list(notices_of(request, parse(options)))

    assert said() == [f"{KLEIN} takes no negative prompt: it is recorded, and not sent."]
    assert said(model="qwen-image") == []
    assert said(model="qwen-image", lora_scale=0.5) == ["There is no LoRA: its scale has no effect."]
    assert said(model="qwen-image", device="cpu", precision="bfloat16") == [
        "A processor calculates slower in bfloat16 than in float32."
    ]


def test_prompts_in_other_languages_are_for_models_that_read_them() -> None:
    request = asked(base="女性の肖像")
    assert list(notices_of(request, parse({}))) == []
    assert any("FLUX reads English" in each for each in notices_of(request, parse({"model": "flux-dev"})))
