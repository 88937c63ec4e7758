"""Who makes a photograph: the Hub's word decides, the LoRA comes first, and is never dropped without a word."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.engines.huggingface import model_index
from avatar_creator.errors import EngineRefused
from engines.photographs import WAYS, Watch, asked, engine, photographed, refused, seen
from standin import DEV, GATED, LORA, SCHNELL, TEXT, UNSERVED, Repo, StandIn, behaviours, serves

ADAPTER = {"adapter": "lora", "adapterWeightsPath": "lora.safetensors"}
ALONE = f"No provider serves {DEV} with {LORA} now; the base model is used alone."


def _serve_lora(hub: StandIn, *lines: dict[str, Any]) -> None:
    hub.mappings[LORA] = Repo(sha="1" * 40, mapping=list(lines))


_FAL = serves("fal-ai", "fal-ai/flux-lora", **ADAPTER)
_REPLICATE = serves("replicate", "black-forest-labs/flux-dev-lora", **ADAPTER)
_WAVESPEED = serves("wavespeed", "wavespeed-ai/flux-dev-lora", **ADAPTER)
_OTHER = serves("together", "x/y", **ADAPTER)


@pytest.mark.parametrize(
    ("lines", "provider"),
    [
        ((_WAVESPEED, _REPLICATE, _FAL), "fal-ai"),
        ((_WAVESPEED, _REPLICATE), "replicate"),
        ((_WAVESPEED,), "wavespeed"),
        ((_OTHER, _WAVESPEED), "wavespeed"),
        ((_FAL | {"status": "staging"}, _REPLICATE), "replicate"),
        ((_FAL | {"status": "staging"},), "fal-ai"),
    ],
    ids=lambda value: value if isinstance(value, str) else "+".join(line["provider"] for line in value),
)
def test_the_best_known_provider_of_the_lora_is_taken(
    hub: StandIn, lines: tuple[dict[str, Any], ...], provider: str
) -> None:
    _serve_lora(hub, *lines)
    made = photographed()
    assert (made.provider, made.recipe["lora"], made.recipe["lora_scale"]) == (provider, LORA, 0.9)
    assert [(paid.lora, paid.lora_scale) for paid in hub.pictures] == [(LORA, 0.9)]
    assert hub.pictures[0].provider == provider


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (serves("fal-ai", "fal-ai/flux-lora"),),
        (serves("fal-ai", "fal-ai/flux-lora", adapter="lora"),),
        (serves("fal-ai", "fal-ai/flux-lora", adapter="ip-adapter", adapterWeightsPath="x.safetensors"),),
        (serves("fal-ai", "fal-ai/flux-lora", "image-to-image", **ADAPTER),),
        (_OTHER,),
    ],
    ids=["nobody", "no adapter", "no weights", "another adapter", "another task", "who would drop it"],
)
def test_without_a_provider_for_the_lora_the_base_is_used_and_said(
    hub: StandIn, lines: tuple[dict[str, Any], ...]
) -> None:
    _serve_lora(hub, *lines)
    plan = engine().plan(asked())
    assert (plan.model, plan.notices) == (DEV, (ALONE,))
    assert "loras" not in plan.sent
    made = photographed()
    assert (made.model, made.recipe["lora"], made.recipe["lora_scale"]) == (DEV, None, None)
    assert [(paid.provider, paid.model, paid.lora) for paid in hub.pictures] == [("fal-ai", "fal-ai/flux/dev", None)]
    error = refused(asked(require_lora=True))
    assert (error.code, error.message) == ("engine_refused", f"No provider serves {DEV} with {LORA} now.")
    assert "--require-lora" in (error.hint or "")
    assert len(hub.calls) == 1


@pytest.mark.parametrize(
    ("wishes", "message", "hint"),
    [
        ({"provider": "together"}, f"together does not serve {DEV}.", "--provider fal-ai, replicate, wavespeed"),
        ({"provider": "together", "require_lora": True}, f"together does not serve {DEV} with {LORA} now.", "--lora"),
        ({"provider": "nobody", "model": SCHNELL}, f"nobody does not serve {SCHNELL}.", "--provider fal-ai"),
        ({"model": UNSERVED}, f"No provider serves {UNSERVED}.", "Choose another --model"),
        ({"model": TEXT}, f"{TEXT} makes no pictures: its task is conversational, text-generation.", "--model"),
        ({"model": "no/such"}, "There is no model no/such on the Hub.", "--model owner/name"),
        ({"model": "Qwen/nothing-at-all"}, "There is no model Qwen/nothing-at-all", "--model"),
        ({"lora": "no/such"}, "There is no model no/such on the Hub.", "--model owner/name"),
        ({"model": GATED, "provider": "hf-inference"}, f"The model {GATED} asks for its licence", GATED),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else "",
)
def test_what_nobody_serves_is_refused_before_it_costs(
    hub: StandIn, wishes: dict[str, Any], message: str, hint: str
) -> None:
    error = refused(asked(**wishes))
    assert error.code == "engine_refused"
    assert message in error.message
    assert hint in (error.hint or "")
    assert getattr(error, "ends_run", False), "every other picture would fail as well"
    assert hub.pictures == []
    if GATED in wishes.values():  # it is on the list, and the router refuses
        return
    assert hub.calls == []
    with pytest.raises(EngineRefused) as planned:
        engine().plan(asked(**wishes))
    assert planned.value.message == error.message


def test_hf_inference_keeps_no_list(hub: StandIn) -> None:
    assert engine().plan(asked(provider="hf-inference", lora="none")).provider == "hf-inference"
    error = refused(asked(provider="hf-inference"))
    assert (error.code, len(hub.calls), hub.pictures) == ("engine_refused", 1, [])
    assert "not supported by provider hf-inference" in error.message


def test_a_provider_that_does_not_map_the_lora_makes_the_base_and_says_so(hub: StandIn) -> None:
    _serve_lora(hub, _FAL)
    plan = engine().plan(asked(provider="replicate"))
    assert plan.notices == (f"replicate does not serve {DEV} with {LORA} now; the base model is used alone.",)
    assert (plan.provider, plan.model) == ("replicate", DEV)


def test_a_lora_as_the_model_is_a_lora(hub: StandIn) -> None:
    made = photographed(model=LORA)
    assert (hub.pictures[0].lora, made.recipe["lora"], made.model) == (LORA, LORA, LORA)
    _serve_lora(hub, _OTHER)
    assert refused(asked(model=LORA)).code == "engine_refused"
    assert len(hub.calls) == 1


def test_another_lora_is_another_lora(hub: StandIn) -> None:
    other = "portrait-house/film-grain"
    hub.mappings[other] = Repo(sha="9" * 40, mapping=[_REPLICATE])
    made = photographed(lora=other)
    assert (made.recipe["lora"], made.recipe["model_version"], made.provider) == (other, "9" * 40, "replicate")
    assert hub.pictures[0].lora == other


def test_without_a_lora_the_hub_order_counts(hub: StandIn) -> None:
    assert photographed(model="flux-dev").provider == "fal-ai"
    hub.mappings[DEV].mapping.reverse()
    assert photographed(model="flux-dev").provider == "wavespeed"
    hub.mappings[DEV].mapping[0]["status"] = "staging"
    assert photographed(model="flux-dev").provider == "replicate"
    hub.mappings[DEV].mapping.insert(0, serves("newcomer", "x"))
    assert photographed(model="flux-dev").provider == "replicate", "we know how to ask it"


# -- gone


@pytest.mark.parametrize("behaviour", [behaviours.gone, behaviours.not_found], ids=["410", "404"])
def test_a_provider_that_has_stopped_is_left_for_the_next_with_the_same_lora(hub: StandIn, behaviour: Any) -> None:
    unqueued = ["fal-ai"] if behaviour is behaviours.not_found else []  # asked for without a queue, too
    hub.script("call", behaviour, behaviour, *[behaviour] * len(unqueued))
    watch = Watch()
    made = photographed(watch=watch)
    assert (made.provider, made.recipe["lora"]) == ("wavespeed", LORA)
    assert [call.path.split("/")[1] for call in hub.calls] == ["fal-ai", *unqueued, "replicate", "wavespeed"]
    assert len(watch.charges) == 1


def test_a_lora_that_is_gone_everywhere_is_never_dropped(hub: StandIn) -> None:
    hub.always("call", behaviours.gone)
    assert "does not serve" in refused(asked()).message
    assert len(hub.calls) == 3
    assert all("lora" in call.path for call in hub.calls)


def test_a_provider_that_was_asked_for_is_not_replaced(hub: StandIn) -> None:
    hub.always("call", behaviours.gone)
    error = refused(asked(provider="replicate"))
    assert (error.message.split(" ")[0], len(hub.calls)) == ("replicate", 1)


def test_a_mapping_that_has_become_old_is_asked_for_anew(hub: StandIn, tmp_path: Path) -> None:
    one = engine(tmp_path)
    one.generate(asked(), Watch())
    _serve_lora(hub, _REPLICATE)  # the router refuses the others from now on
    made = one.generate(asked(), Watch())
    assert (made.provider, made.recipe["lora"]) == ("replicate", LORA)
    assert (len(seen(hub, "lookup")), len(hub.calls)) == (2, 3)
    assert engine(tmp_path).generate(asked(), Watch()).provider == "replicate"
    assert (len(seen(hub, "lookup")), len(hub.calls)) == (2, 4)


# -- how often the Hub is asked


def test_threads_that_come_together_ask_once(hub: StandIn, tmp_path: Path) -> None:
    one, together = engine(tmp_path), threading.Barrier(8)

    def plan(_: int) -> str | None:
        together.wait()
        provider: str | None = one.plan(asked()).provider
        return provider

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(plan, range(8))) == {"fal-ai"}
    assert len(seen(hub, "lookup")) == 1


def test_the_hub_is_asked_for_what_is_needed_with_the_token(hub: StandIn) -> None:
    engine().plan(asked())
    (lookup,) = seen(hub, "lookup")
    assert lookup.path == f"/api/models/{LORA}"
    assert set(lookup.query["expand"]) == {"inferenceProviderMapping", "pipeline_tag", "sha", "cardData"}
    assert lookup.headers["authorization"] == f"Bearer {hub.token}"


def test_an_answer_is_kept_for_a_day(hub: StandIn, tmp_path: Path) -> None:
    def lookups() -> int:
        engine(tmp_path).plan(asked())
        return len(seen(hub, "lookup"))

    assert [lookups(), lookups()] == [1, 1]
    (file,) = tmp_path.rglob("*.json")
    kept = json.loads(file.read_text("utf-8"))
    for age_s, expected in ((23 * 3600, 1), (25 * 3600, 2), (-3600, 3)):
        file.write_text(json.dumps(kept | {"asked_s": time.time() - age_s}), "utf-8")
        assert lookups() == expected
    assert hub.token not in file.read_text("utf-8")
    assert [each.name for each in tmp_path.rglob("*.new")] == []


def test_without_a_folder_nothing_is_kept(hub: StandIn) -> None:
    engine().plan(asked())
    one = engine()
    for _ in range(3):
        one.plan(asked())
    assert len(seen(hub, "lookup")) == 2


def _spoilt(kept: dict[str, Any]) -> Iterator[bytes]:
    whole = json.dumps(kept)
    yield from (b"", b"\xff\xfe", b"null", b"[]", b'"text"', b"3", b"{}", whole[:-20].encode())
    yield json.dumps(kept | {"more": 1}).encode()
    for name, value in (
        ("asked_s", "yesterday"),
        ("asked_s", None),
        ("providers", None),
        ("providers", {"a": 1}),
        ("providers", [1]),
        ("providers", [{"provider": "fal-ai"}]),
        ("model", "somebody/else"),
    ):
        yield json.dumps(kept | {name: value}).encode()
    yield json.dumps({name: value for name, value in kept.items() if name != "revision"}).encode()


def test_a_broken_file_is_asked_over(hub: StandIn, tmp_path: Path) -> None:
    engine(tmp_path).plan(asked())
    (file,) = tmp_path.rglob("*.json")
    good = json.loads(file.read_text("utf-8"))
    for number, spoilt in enumerate(_spoilt(good)):
        file.write_bytes(spoilt)
        assert engine(tmp_path).plan(asked()).provider == "fal-ai", spoilt
        assert len(seen(hub, "lookup")) == number + 2, spoilt
        assert json.loads(file.read_text("utf-8"))["providers"] == good["providers"]


def test_models_that_come_to_one_file_are_not_mixed_up(tmp_path: Path) -> None:
    one = model_index.ModelIndex(tmp_path)
    assert one._path(tmp_path, "a/b") == one._path(tmp_path, "a--b")
    entry = model_index.Entry("a/b", None, "text-to-image", (), None, None, time.time())
    one._write_cache(entry)
    assert one._read_cache("a/b") == entry
    assert one._read_cache("a--b") is None


def test_a_folder_that_cannot_be_written_is_no_failure(hub: StandIn, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    one = engine(blocked)
    assert one.generate(asked(), Watch()).data
    hub.script("call", behaviours.gone)
    assert one.generate(asked(), Watch()).provider == "replicate"
    folder = tmp_path / "cache"
    (folder / "hub" / f"{LORA.replace('/', '--')}.json").mkdir(parents=True)  # where the file would be
    assert engine(folder).generate(asked(), Watch()).data
    assert blocked.read_text() == "in the way"


def test_a_base_that_is_missing_is_not_called_by_its_loras_name(hub: StandIn) -> None:
    hub.mappings[LORA].mapping.clear()
    del hub.mappings[DEV]
    assert refused(asked()).message == f"There is no model {DEV} on the Hub."


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("provider", [*WAYS, "endpoint"])
def test_the_options_of_a_plan_make_the_same_plan(provider: str) -> None:
    one = engine()
    plan = one.plan(
        asked(**(WAYS | {"endpoint": {"model": "https://portraits.endpoints.huggingface.cloud/"}})[provider])
    )
    assert one.plan(asked(**plan.options)) == plan, "nothing is said of what nobody gave"
