"""The local engine with tiny random models, by the libraries themselves: what they do in silence, and each error.

Runs where the extra `local` is installed, and needs no card. On one: AVATAR_TEST_DEVICE=cuda pytest -n 0 FILE
"""

import hashlib
import io
import json
import os
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

import tiny_models
from avatar_creator.domain.picture import Picture, PictureRequest
from avatar_creator.engines.base import Setup
from avatar_creator.engines.local import devices, inference, libraries, loading, memory, stored
from avatar_creator.engines.local import engine as of_engine
from avatar_creator.engines.local.engine import LocalEngine
from avatar_creator.engines.local.fitting import Fitting
from avatar_creator.engines.local.models import Weights
from avatar_creator.engines.local.texts import Texts
from avatar_creator.errors import AvatarError, Cancelled, EngineError, InvalidInput, NotConfigured, StorageError
from engines.local_requests import Watching, asked
from waiting import until

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")
pytestmark = pytest.mark.no_cover
# Single precision, which a processor has by itself: what half of it changes has tests of its own.
USUAL: dict[str, Any] = {"device": os.environ.get("AVATAR_TEST_DEVICE", "cpu"), "precision": "float32"}
IS_CUDA = USUAL["device"].startswith("cuda")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tiny model of each kind, and LoRAs."""
    root = tmp_path_factory.mktemp("models")
    for name, build in tiny_models.BUILDERS.items():
        build(root / name)
    tiny_models.flux_lora(root / "peft.safetensors")
    tiny_models.xlabs_lora(root / "xlabs.safetensors")
    tiny_models.flux_lora(root / "partly.safetensors", blocks=3)
    tiny_models.write_lora(root / "other.safetensors", {"layers.7.attention.to_q": (32, 32)})
    tiny_models.write_lora(root / "larger.safetensors", {"transformer_blocks.0.attn.to_q": (64, 64)})
    return root


@pytest.fixture(scope="module")
def shared() -> Iterator[LocalEngine]:
    """One engine for the tests that need no new one: what is in memory already is not loaded again."""
    engine = LocalEngine(Setup())
    yield engine
    engine.close()


Make = Callable[..., Picture]


@pytest.fixture
def make(models: Path, shared: LocalEngine) -> Make:
    """Return what makes a picture of two steps with a tiny FLUX, or another of the tiny models."""

    def picture(model: str = "flux", *, watch: Watching | None = None, seed: int = 7, **options: Any) -> Picture:
        lora = {"lora": f"{models}/{options.pop('lora')}.safetensors"} if "lora" in options else {}
        given = {"model": str(models / model), "steps": 2} | USUAL | options | lora
        request = asked(width_px=256, height_px=256, seed=seed, options=given)
        return shared.generate(request, watch or Watching())

    return picture


def digest(picture: Picture) -> str:
    with Image.open(io.BytesIO(picture.data)) as image:
        return hashlib.sha256(image.tobytes()).hexdigest()


def distance(one: Picture, other: Picture) -> float:
    """Return how far apart pictures are on average: 0 to 255."""
    pixels = [Image.open(io.BytesIO(each.data)).convert("RGB").tobytes() for each in (one, other)]
    return float(sum(abs(a - b) for a, b in zip(*pixels, strict=True)) / len(pixels[0]))


def failed(make: Make, **options: Any) -> AvatarError:
    with pytest.raises(AvatarError) as caught:
        make(**options)
    assert caught.value.hint
    return caught.value


# -- pictures


@pytest.mark.parametrize("model", tiny_models.BUILDERS)
def test_a_model_of_each_kind_makes_a_picture(make: Make, model: str) -> None:
    watch = Watching()
    picture = make(model, watch=watch)
    assert (picture.width_px, picture.height_px, picture.model) == (256, 256, model)
    assert watch.fractions[0] == 0.0
    assert watch.fractions == sorted(watch.fractions)
    assert watch.fractions[-1] == 1.0
    where = torch.cuda.get_device_name() if IS_CUDA else "cpu"
    assert watch.phases[-1] == f"loading the model (float32, quantize none, offload none, {where})"
    recipe = json.loads(json.dumps(dict(picture.recipe)))
    assert (recipe["device"], recipe["precision"], recipe["lora"]) == (where, "float32", None)
    assert recipe["versions"]["torch"] == torch.__version__
    assert len(recipe["model_files"]["sha256"]) == 64


def test_the_seed_decides_the_picture_and_the_model_is_loaded_once(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    first = make(seed=7)
    monkeypatch.setattr(loading, "load", lambda *_: pytest.fail("it is in memory"))
    assert digest(make(seed=7)) == digest(first) != digest(make(seed=8))


def test_no_path_of_this_machine_is_in_a_picture(make: Make, models: Path) -> None:
    picture = make(lora="peft")
    assert str(models) not in str((picture.model, dict(picture.recipe), dict(picture.options), picture.notices))


@pytest.mark.parametrize(("size", "made"), [((70, 66), (272, 256)), ((300, 128), (608, 256))])
def test_other_sizes_are_made_larger_and_cut(
    shared: LocalEngine, models: Path, size: tuple[int, int], made: tuple[int, int]
) -> None:
    options = {"model": str(models / "flux"), "steps": 1} | USUAL
    picture = shared.generate(asked(width_px=size[0], height_px=size[1], options=options), Watching())
    with Image.open(io.BytesIO(picture.data)) as image:
        assert image.size == size
    assert (picture.recipe["width"], picture.recipe["height"]) == made


def test_a_negative_prompt_has_effect_where_it_is_said_to_have(shared: LocalEngine, models: Path) -> None:
    def made(model: str, negative: str) -> str:
        options = {"model": str(models / model), "steps": 1} | USUAL
        return digest(shared.generate(asked(None, negative, width_px=256, height_px=256, options=options), Watching()))

    assert made("flux", "rain") == made("flux", "snow")
    assert made("z-image", "rain") != made("z-image", "snow")


def test_a_cancel_ends_a_picture_within_a_step_and_the_next_one_is_made(make: Make) -> None:
    whole = digest(make(steps=8))
    watch = Watching(until=0.2)
    with pytest.raises(Cancelled):
        make(steps=8, watch=watch)
    assert max(watch.fractions) < 0.3
    assert digest(make(steps=8)) == whole


# -- LoRAs


@pytest.mark.parametrize(("lora", "weights"), [("peft", 4), ("xlabs", 16)])
def test_a_lora_of_either_layout_is_used_whole(make: Make, models: Path, lora: str, weights: int) -> None:
    without, picture = make(), make(lora=lora)
    assert digest(picture) != digest(without)
    assert picture.recipe["lora"] == {
        "name": f"{lora}.safetensors",
        "revision": None,
        "sha256": hashlib.sha256((models / f"{lora}.safetensors").read_bytes()).hexdigest(),
        "weights": weights,
        "weights_used": weights,
    }
    assert picture.notices == ()
    assert digest(make(lora=lora, lora_scale=0)) == digest(without)
    assert digest(make(lora=lora)) == digest(picture)


@pytest.mark.parametrize("offload", ["none", "model"] if IS_CUDA else ["none"])
def test_another_lora_is_put_over_the_model_in_memory(
    make: Make, shared: LocalEngine, monkeypatch: pytest.MonkeyPatch, offload: str
) -> None:
    def made(lora: str) -> str:
        return digest(make(offload=offload) if lora == "none" else make(offload=offload, lora=lora))

    anew = {}
    for lora in ("none", "peft", "xlabs"):
        shared.close()
        anew[lora] = made(lora)
    assert len(set(anew.values())) == len(anew)
    with monkeypatch.context() as patched:
        patched.setattr(loading, "load", lambda *_: pytest.fail("it is in memory"))
        order = ("peft", "none", "xlabs", "peft", "none")
        assert [made(lora) for lora in order] == [anew[lora] for lora in order]
    failed(make, offload=offload, lora="other")
    assert made("peft") == anew["peft"], "the model is loaded anew after a LoRA that is for another one"


@pytest.mark.parametrize("model", tiny_models.BUILDERS)
def test_a_prompt_is_encoded_once_for_many_seeds(shared: LocalEngine, models: Path, model: str) -> None:
    options = {"model": str(models / model), "steps": 1} | USUAL

    def made(negative: str, seed: int) -> str:
        request = asked(None, negative, width_px=256, height_px=256, seed=seed, options=options)
        return digest(shared.generate(request, Watching()))

    anew = [made("rain", 7)]
    assert shared._loaded is not None
    for negative, seed in (("rain", 8), ("snow", 8)):
        shared._loaded.texts.forget()
        anew.append(made(negative, seed))
    shared._loaded.texts.forget()
    first = made("rain", 7)
    calls: list[int] = []
    handle = shared._loaded.pipeline.text_encoder.register_forward_hook(lambda *_: calls.append(1))
    second = made("rain", 8)
    assert calls == []
    assert [first, second, made("snow", 8)] == anew
    handle.remove()


def test_a_lora_that_fits_in_part_is_said_and_recorded(make: Make) -> None:
    picture = make(lora="partly")
    assert picture.notices[0].startswith("partly.safetensors fits the model in part: 4 of its 6 weights are used")
    assert (picture.recipe["lora"]["weights"], picture.recipe["lora"]["weights_used"]) == (6, 4)


@pytest.mark.parametrize("lora", ["other", "larger"])
def test_a_lora_for_another_model_is_an_error(make: Make, lora: str) -> None:
    error = failed(make, lora=lora)
    assert type(error) is EngineError
    assert error.message.startswith(f"{lora}.safetensors is a LoRA for another model")
    assert digest(make()), "the next one is made"


def test_a_file_that_is_no_lora_is_an_error(make: Make, models: Path) -> None:
    (models / "damaged.safetensors").write_bytes(b"\x80\x04no safetensors")
    assert "damaged.safetensors" in failed(make, lora="damaged").message
    assert "where there is no file" in failed(make, lora="nowhere").message


# -- ways of loading


@pytest.mark.parametrize("offload", ["model", "group"] if IS_CUDA else ["group"])
def test_offloading_changes_no_pixel(make: Make, offload: str) -> None:
    assert digest(make(lora="peft", offload=offload)) == digest(make(lora="peft"))


@pytest.mark.parametrize(
    "options", [{"quantize": "fp8"}, {"precision": "bfloat16"}, {"quantize": "fp8", "offload": "group"}]
)
def test_smaller_weights_change_little_of_a_picture(make: Make, options: dict[str, str]) -> None:
    noise = [torch.randn(64, generator=torch.Generator().manual_seed(7), dtype=each) for each in (torch.bfloat16, None)]
    if "precision" in options and (noise[0] - noise[1]).abs().max() > 0.1:
        pytest.skip("this torch draws other noise in half precision")
    usual = make(lora="peft")
    other = make(lora="peft", **options)
    assert 0 < distance(usual, other) < distance(usual, make(lora="peft", seed=8)) / 2
    assert {name: other.recipe[name] for name in options} == options


@pytest.mark.parametrize(("quantize", "package"), [("int8", "torchao"), ("nf4", "bitsandbytes")])
def test_a_quantizer_that_lacks_is_named_with_its_extra(
    make: Make, quantize: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:

    monkeypatch.setattr(libraries, "find_spec", lambda name: None if name == package else object())
    error = failed(make, quantize=quantize)
    assert type(error) is NotConfigured
    assert error.message == f"quantize {quantize} needs {package}, which is not installed."
    assert f"avatar-creator[local-{quantize}]" in (error.hint or "")


def test_int8_makes_much_the_same_picture(make: Make) -> None:
    pytest.importorskip("torchao")
    picture = make(lora="peft", quantize="int8")
    assert 0 < distance(picture, make(lora="peft")) < distance(picture, make(lora="peft", seed=8)) / 2
    assert picture.recipe["versions"]["torchao"]


def test_a_transformer_of_a_gguf_file_makes_much_the_same_picture(make: Make, models: Path) -> None:
    pytest.importorskip("gguf")
    file = models / "flux-q8_0.gguf"
    tiny_models.into_gguf(models / "flux", file)
    picture = make(lora="peft", quantize=str(file))
    assert 0 < distance(picture, make(lora="peft")) < distance(picture, make(lora="peft", seed=8)) / 2
    assert picture.recipe["gguf_sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert str(models) not in str(dict(picture.options))
    assert "where there is no file" in failed(make, quantize="/nowhere/flux.gguf").message


@pytest.mark.skipif(not IS_CUDA, reason="bitsandbytes quantizes on a card")
@pytest.mark.parametrize("offload", ["none", "model"])
@pytest.mark.parametrize("model", tiny_models.BUILDERS)
def test_nf4_makes_much_the_same_picture(make: Make, model: str, offload: str) -> None:
    pytest.importorskip("bitsandbytes")
    usual = make(model, precision="bfloat16")
    picture = make(model, precision="bfloat16", quantize="nf4", offload=offload)
    assert 0 < distance(picture, usual) < distance(usual, make(model, precision="bfloat16", seed=8))
    assert picture.recipe["versions"]["bitsandbytes"]


def test_nf4_without_a_card_is_an_error_with_other_ways(make: Make) -> None:
    pytest.importorskip("bitsandbytes")
    if torch.cuda.is_available():
        pytest.skip("there is one")
    error = failed(make, quantize="nf4")
    assert (type(error), error.message) == (NotConfigured, "quantize nf4 needs a card of NVIDIA's.")


# -- pictures that are none


def test_numbers_that_are_none_are_found_after_the_step(make: Make, shared: LocalEngine) -> None:
    make()
    assert shared._loaded is not None
    with torch.no_grad():
        next(shared._loaded.pipeline.transformer.parameters()).fill_(float("nan"))
    error = failed(make)
    shared.close()
    said = "its numbers were NaN or infinite after step 1"
    assert error.message == f"The model made no picture: {said}, calculated in float32."


def test_a_vae_that_calculates_nothing_makes_no_black_picture(make: Make, shared: LocalEngine) -> None:
    make(precision="bfloat16")
    assert shared._loaded is not None
    with torch.no_grad():
        shared._loaded.pipeline.vae.decoder.conv_out.weight.fill_(float("nan"))
    error = failed(make, precision="bfloat16")
    shared.close()
    assert error.message == "The model made no picture: it is of one color, calculated in bfloat16."
    assert error.hint == "Try --precision float32."


def test_a_card_that_is_lost_under_a_lora_is_no_lora_for_another_model(
    make: Make, shared: LocalEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    make()
    assert shared._loaded is not None

    def lost(*_: Any, **__: Any) -> None:
        raise RuntimeError("CUDA error: unspecified launch failure")

    monkeypatch.setattr(type(shared._loaded.pipeline), "load_lora_weights", lost)
    with pytest.raises(SystemExit, match="The card's driver gave up"):
        make(lora="peft")


# -- memory


def test_a_full_memory_fails_one_picture_and_the_next_is_made(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = digest(make())

    def full(*_: Any) -> bytes:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    with monkeypatch.context() as patched:
        patched.setattr(inference, "make", full)
        error = failed(make)
    assert error.message.startswith("flux does not fit in memory with quantize none, offload none, in float32")
    assert digest(make()) == whole


@pytest.mark.parametrize("step", [1, 3])
def test_all_of_a_model_is_let_go_before_memory_is_measured_again(
    make: Make, shared: LocalEngine, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    usual = {"quantize": "none", "offload": "none", "steps": 4}  # other ways have a `forward` for each model
    whole = digest(make(**usual))
    assert shared._loaded is not None
    kind = type(shared._loaded.pipeline.transformer)
    forward, held = kind.forward, [weakref.ref(shared._loaded.pipeline.transformer)]
    calls = iter(range(1, step + 1))
    are_there: list[bool] = []

    def full(*given: Any, **named: Any) -> Any:
        held.extend(weakref.ref(each) for each in named.values() if isinstance(each, torch.Tensor))
        if next(calls) == step:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        made = forward(*given, **named)
        held.append(weakref.ref(made[0]))
        return made

    def too_large(*_: Any) -> EngineError:
        are_there.extend(each() is not None for each in held)
        return EngineError("Memory is full.", hint="Wait.")

    with monkeypatch.context() as patched:
        patched.setattr(kind, "forward", full)
        patched.setattr(Fitting, "too_large", too_large)
        failed(make, **usual)
    assert len(are_there) > 5 * step
    assert not any(are_there)
    assert digest(make(**usual)) == whole


def test_what_a_picture_that_was_left_has_moved_to_the_card_leaves_it(
    make: Make, shared: LocalEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = digest(make())
    assert shared._loaded is not None
    calls: list[Any] = []

    def free(pipeline: Any) -> None:
        calls.append(pipeline)

    monkeypatch.setattr(type(shared._loaded.pipeline), "maybe_free_model_hooks", free)
    with pytest.raises(Cancelled):
        make(watch=Watching(until=0.3))
    assert calls == [shared._loaded.pipeline]
    monkeypatch.setattr(loading, "load", lambda *_: pytest.fail("it is in memory"))
    assert digest(make()) == whole


class Card:
    """A card of 20 GiB, and a model of 16, of which either part has a half."""

    def __init__(self, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ways: list[str] = []  # that it was loaded in
        self.full_from = 2**63  # pixels
        self._model = str(models / "flux")
        self._taken = 0
        self._engine = LocalEngine(Setup())
        card = devices.Device("cuda:0", "NVIDIA Pretend")
        half = 8 * memory.GIB
        monkeypatch.setattr(devices, "find", lambda _asked: card)
        monkeypatch.setattr(devices, "precision_of", lambda *_: "bfloat16")
        monkeypatch.setattr(devices, "memory_of", lambda _: memory.Memory(20 * memory.GIB - self._taken, 99 * half))
        monkeypatch.setattr(devices, "reserved", lambda _device: self._taken)
        monkeypatch.setattr(devices, "release", lambda _device: setattr(self, "_taken", 0))
        monkeypatch.setattr(loading, "weights_of", lambda *_: Weights(half, half, 0, half))
        monkeypatch.setattr(loading, "load", self._load)
        monkeypatch.setattr(inference, "make", self._make)

    def _load(self, _options: Any, _source: Any, way: loading.Way) -> loading.Loaded:
        self.ways.append(str(way.fit))
        self._taken = 16 * memory.GIB if way.fit.offload == "none" else 0
        return loading.Loaded(SimpleNamespace(), way, None, None, Texts(print), {})

    def _make(self, _loaded: Any, request: PictureRequest, *_: Any) -> bytes:
        if request.width_px >= self.full_from:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return b""

    def make(self, side_px: int) -> None:
        given = {"model": self._model, "quantize": "none", "steps": 4}
        self._engine.generate(asked(width_px=side_px, height_px=side_px, options=given), Watching())


WHOLE, GROUPS = "quantize none, offload none", "quantize none, offload group"


def test_a_larger_picture_for_which_too_little_is_left_has_the_model_loaded_anew(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = Card(models, monkeypatch)
    for side_px in (768, 1024, 1152, 2048, 2048, 1024):
        card.make(side_px)
    assert card.ways == [WHOLE, GROUPS]


def test_one_that_was_too_large_all_the_same_changes_nothing_for_smaller_ones(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = Card(models, monkeypatch)
    card.make(768)
    card.full_from = 1152
    with pytest.raises(EngineError, match="does not fit in memory with quantize none, offload none"):
        card.make(1152)
    card.make(768)
    card.full_from = 2**63
    card.make(1152)
    assert card.ways == [WHOLE, WHOLE, GROUPS]


def test_a_card_that_was_too_small_is_given_a_smaller_way_next(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = devices.Device("cuda:0", "NVIDIA Pretend")
    ways: list[str] = []

    def full(_options: Any, _source: Any, way: loading.Way) -> loading.Loaded:
        ways.append(str(way.fit))
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr(devices, "find", lambda _asked: card)
    monkeypatch.setattr(devices, "precision_of", lambda *_: "bfloat16")
    monkeypatch.setattr(devices, "memory_of", lambda _device: memory.Memory(8 * memory.GIB, 64 * memory.GIB))
    monkeypatch.setattr(devices, "release", lambda _device: None)
    monkeypatch.setattr(loading, "load", full)
    engine = LocalEngine(Setup())
    for _ in range(2):
        with pytest.raises(EngineError) as caught:
            engine.generate(asked(options={"model": str(models / "flux")}), Watching())
    assert ways[0] == "quantize none, offload none"
    assert ways[1] != ways[0]
    assert "8.0 GiB of NVIDIA Pretend are free without it." in caught.value.message
    assert "Try again: it is then loaded with quantize" in (caught.value.hint or "")


# -- two workers, one card


def test_a_card_passes_between_two_engines_when_one_is_idle(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = devices.find(str(USUAL["device"]))._replace(card="NVIDIA Pretend", id="GPU-of-a-test")
    monkeypatch.setattr(devices, "find", lambda _asked: card)
    monkeypatch.setattr(of_engine, "_IDLE_S", 0.2)
    monkeypatch.setattr(of_engine, "_LOOK_S", 0.05)
    request = asked(width_px=256, height_px=256, options={"model": str(models / "flux"), "steps": 1} | USUAL)
    one, other = LocalEngine(Setup()), LocalEngine(Setup())
    first, watch = digest(one.generate(request, Watching())), Watching()
    assert digest(other.generate(request, watch)) == first
    assert "waiting for the NVIDIA Pretend: another worker makes pictures with it" in watch.phases
    assert one._loaded is None
    other.close()
    assert digest(one.generate(request, Watching())) == first
    one.close()


def test_a_card_passes_between_two_pictures_when_a_turn_is_over(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = devices.find(str(USUAL["device"]))._replace(card="NVIDIA Pretend", id="GPU-of-a-test")
    monkeypatch.setattr(devices, "find", lambda _asked: card)
    monkeypatch.setattr(of_engine, "_TURN_S", 0.0)
    monkeypatch.setattr(of_engine, "_IDLE_S", 600.0)
    request = asked(width_px=256, height_px=256, options={"model": str(models / "flux"), "steps": 1} | USUAL)
    one, other, watch = LocalEngine(Setup()), LocalEngine(Setup()), Watching()
    first = digest(one.generate(request, Watching()))
    made = Thread(target=other.generate, args=(request, watch))
    made.start()
    until(lambda: any(phase.startswith("waiting for the NVIDIA Pretend") for phase in watch.phases))
    assert digest(one.generate(request, Watching())) == first
    made.join(60)
    assert not made.is_alive()
    assert one._loaded is None
    other.close()


# -- what is not there


def test_no_card_is_an_error_unless_the_processor_is_asked_for(shared: LocalEngine, models: Path) -> None:
    if torch.cuda.is_available() or torch.backends.mps.is_available():
        pytest.skip("there is one")
    with pytest.raises(NotConfigured, match="no card here that torch can use") as caught:
        shared.generate(asked(options={"model": str(models / "flux")}), Watching())
    assert "--device cpu" in (caught.value.hint or "")


def test_a_model_that_was_not_downloaded_is_named_with_size_and_licence(
    shared: LocalEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(NotConfigured) as caught:
        shared.generate(asked(options={"model": "flux-realism", "device": "cpu"}), Watching())
    assert caught.value.message == (
        "black-forest-labs/FLUX.1-dev is not on this disk (33.7 GB, licence FLUX.1 [dev] Non-Commercial License)."
    )
    assert caught.value.hint == "Download it: avatar models pull flux-realism"


def test_half_a_download_and_what_is_no_model_are_told_apart(make: Make, models: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    _copy(models / "flux", copy)
    (copy / "transformer" / "diffusion_pytorch_model.safetensors").unlink()
    error = failed(make, model=str(copy))
    assert type(error) is NotConfigured
    assert error.message == ("copy is on this disk in part: 1 files are missing, such as transformer/*.safetensors.")
    (copy / "model_index.json").write_text("{}")
    assert "has no model_index.json that can be read" in failed(make, model=str(copy)).message
    with pytest.raises(InvalidInput, match="where there is no folder"):
        make(model=str(tmp_path / "nowhere"))


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("transformer", ["custom_code", "MyTransformer"], "copy needs custom_code: it would run code of its own"),
        (
            "_class_name",
            ["pipeline", "MyPipeline"],
            "copy names no pipeline of diffusers: it would run code of its own",
        ),
        ("_class_name", "NewestPipeline", "copy needs a pipeline that the installed diffusers does not have"),
    ],
)
def test_a_model_never_brings_code(make: Make, models: Path, tmp_path: Path, key: str, value: Any, said: str) -> None:
    _copy(models / "flux", tmp_path / "copy")
    index = tmp_path / "copy" / "model_index.json"
    index.write_text(json.dumps(json.loads(index.read_text()) | {key: value}))
    assert failed(make, model=str(tmp_path / "copy")).message.startswith(said)


def test_damaged_weights_are_an_error(make: Make, models: Path, tmp_path: Path) -> None:
    _copy(models / "flux", tmp_path / "copy")
    weights = tmp_path / "copy" / "transformer" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:10_000])
    error = failed(make, model=str(tmp_path / "copy"))
    assert error.message.startswith("The files of copy cannot be read:")


def test_a_model_for_nunchaku_is_refused_with_the_reason(make: Make, models: Path, tmp_path: Path) -> None:
    _copy(models / "flux", tmp_path / "copy")
    config = tmp_path / "copy" / "transformer" / "config.json"
    config.write_text(
        json.dumps(json.loads(config.read_text()) | {"quantization_config": {"quant_method": "nunchaku_lite"}})
    )
    error = failed(make, model=str(tmp_path / "copy"))
    assert "is quantized for Nunchaku" in error.message
    assert "another package" in (error.hint or "")


def test_a_model_of_the_cache_is_not_removed_while_it_is_loaded(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    repo, place = "someone/tiny", tmp_path / "models--someone--tiny"
    for name in ("refs", "snapshots"):
        (place / name).mkdir(parents=True)
    (place / "refs" / "main").write_text("c" * 40)
    _copy(models / "flux", place / "snapshots" / ("c" * 40))
    engine = LocalEngine(Setup())
    options = {"model": repo, "steps": 1} | USUAL
    engine.generate(asked(width_px=64, height_px=64, options=options), Watching())
    with pytest.raises(StorageError, match="is used by a process"):
        stored.remove(repo)
    engine.close()
    assert stored.remove(repo) > 0
    assert not place.exists()


def _copy(source: Path, target: Path) -> None:
    for path in source.rglob("*"):
        if path.is_file():
            (target / path.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
            (target / path.relative_to(source)).write_bytes(path.read_bytes())
