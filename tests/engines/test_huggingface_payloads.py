"""What each provider is sent: its own names, sizes it makes, and never what it would drop."""

from math import isclose
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar_creator.domain.picture import SEED_LEAST, SEED_MOST, PictureFormat
from avatar_creator.domain.prompt import NEGATIVE_TERMS
from avatar_creator.engines.huggingface import image_check, options
from avatar_creator.engines.huggingface.models import PROVIDERS
from avatar_creator.engines.huggingface.payloads import Call, payload_of
from avatar_creator.engines.huggingface.routes import ENDPOINT, Route
from engines.photographs import WAYS, Watch, asked, engine, photographed, pixels, refused, seen
from standin import DEV, LORA, SCHNELL, SD3, StandIn, behaviours

SIZES = [
    (64, 64),
    (512, 512),
    (768, 1024),
    (1024, 768),
    (2048, 2048),
    (2048, 512),
    (512, 2048),
    (64, 2048),
    (1850, 2048),
]
ROUTER = "router.huggingface.co"
WEIGHTS = f"https://huggingface.co/{LORA}/resolve/main/lora.safetensors"
OWN = "https://portraits.endpoints.huggingface.cloud/"
PROMPT = asked().prompt.full
NEGATIVE = ", ".join(NEGATIVE_TERMS)


def _sent(hub: StandIn) -> Any:
    (call,) = hub.calls
    return call.body


COMMON = {"prompt": PROMPT, "seed": 7}
ON_FAL = {"num_inference_steps": 30, "guidance_scale": 3.5, "image_size": {"width": 768, "height": 1024}}
ON_REPLICATE = {
    "num_inference_steps": 30,
    "guidance": 3.5,
    "aspect_ratio": "3:4",
    "output_format": "jpg",
    "output_quality": 95,
    "go_fast": False,
}
ON_WAVESPEED = {"num_inference_steps": 30, "guidance_scale": 3.5, "size": "768*1024"}


@pytest.mark.parametrize(
    ("wishes", "path", "body"),
    [
        (
            {"provider": "fal-ai"},
            "/fal-ai/fal-ai/flux-lora",
            COMMON | ON_FAL | {"output_format": "jpeg", "loras": [{"path": WEIGHTS, "scale": 0.9}]},
        ),
        (
            {"provider": "fal-ai", "lora_scale": 0.4},
            "/fal-ai/fal-ai/flux-lora",
            COMMON | ON_FAL | {"output_format": "jpeg", "loras": [{"path": WEIGHTS, "scale": 0.4}]},
        ),
        (
            {"provider": "fal-ai", "model": "flux-dev"},
            "/fal-ai/fal-ai/flux/dev",
            COMMON | ON_FAL | {"output_format": "jpeg"},
        ),
        (
            {"provider": "fal-ai", "model": "flux-schnell"},
            "/fal-ai/fal-ai/flux/schnell",
            COMMON | {"num_inference_steps": 4, "image_size": {"width": 768, "height": 1024}, "output_format": "jpeg"},
        ),
        (
            {"provider": "replicate"},
            "/replicate/v1/models/black-forest-labs/flux-dev-lora/predictions",
            {"input": COMMON | ON_REPLICATE | {"lora_weights": f"https://huggingface.co/{LORA}", "lora_scale": 0.9}},
        ),
        (
            {"provider": "replicate", "model": "flux-dev", "guidance": 2, "steps": 11},
            "/replicate/v1/models/black-forest-labs/flux-dev/predictions",
            {"input": COMMON | ON_REPLICATE | {"guidance": 2, "num_inference_steps": 11}},
        ),
        (
            {"provider": "replicate", "model": "flux-schnell", "steps": 2},
            "/replicate/v1/models/black-forest-labs/flux-schnell/predictions",
            {
                "input": COMMON
                | {name: value for name, value in ON_REPLICATE.items() if name != "guidance"}
                | {"num_inference_steps": 2}
            },
        ),
        (
            {"provider": "wavespeed"},
            "/wavespeed/api/v3/wavespeed-ai/flux-dev-lora",
            COMMON | ON_WAVESPEED | {"loras": [{"path": LORA, "scale": 0.9}]},
        ),
        (
            {"provider": "wavespeed", "lora": "none"},
            "/wavespeed/api/v3/wavespeed-ai/flux-dev",
            COMMON | ON_WAVESPEED,
        ),
        (
            {"provider": "together", "model": SCHNELL},
            "/together/v1/images/generations",
            COMMON | {"model": SCHNELL, "steps": 4, "width": 768, "height": 1024, "response_format": "base64"},
        ),
        (
            {"provider": "together", "model": SD3, "guidance": 5},
            "/together/v1/images/generations",
            COMMON
            | {
                "model": "stabilityai/stable-diffusion-3-medium",
                "steps": 30,
                "width": 768,
                "height": 1024,
                "guidance_scale": 5,
                "negative_prompt": NEGATIVE,
                "response_format": "base64",
            },
        ),
        (
            {"provider": "nscale", "model": "flux-schnell"},
            "/nscale/v1/images/generations",
            COMMON | {"model": SCHNELL, "size": "768x1024", "response_format": "b64_json"},
        ),
        (
            {"provider": "hf-inference", "model": SD3},
            f"/hf-inference/models/{SD3}",
            {
                "inputs": PROMPT,
                "parameters": {
                    "seed": 7,
                    "width": 768,
                    "height": 1024,
                    "num_inference_steps": 30,
                    "guidance_scale": 3.5,
                    "negative_prompt": NEGATIVE,
                },
            },
        ),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) and "provider" in value else "",
)
def test_a_provider_is_sent_what_it_takes(hub: StandIn, wishes: Any, path: str, body: Any) -> None:
    made = photographed((768, 1024), **wishes)
    (call,) = hub.calls
    assert (call.host, call.path) == (ROUTER, path)
    assert call.body == body
    assert call.headers["authorization"] == f"Bearer {hub.token}"
    assert "x-hf-bill-to" not in call.headers
    assert (hub.pictures[0].seed, pixels(made.data).size) == (7, (768, 1024))


@pytest.mark.parametrize("provider", WAYS)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
def test_every_size_is_made_and_fitted(hub: StandIn, provider: str, size: tuple[int, int]) -> None:
    plan = engine().plan(asked(size, **WAYS[provider]))
    made = photographed(size, **WAYS[provider])
    (paid,) = hub.pictures
    assert (made.width_px, made.height_px) == pixels(made.data).size == size
    assert made.recipe["made_px"] == [paid.width, paid.height]
    assert plan.made_px == (paid.width, paid.height)
    assert paid.width % 32 == paid.height % 32 == 0


@pytest.mark.parametrize("provider", WAYS)
@pytest.mark.parametrize("format_", PictureFormat)
def test_every_format_is_made_with_the_least_loss(hub: StandIn, provider: str, format_: PictureFormat) -> None:
    photographed(format_=format_, **WAYS[provider])
    asked_for = {"fal-ai": "output_format", "replicate": "output_format"}.get(provider)
    body = _sent(hub)
    given_format = body.get("input", body).get("output_format")
    lossless = {"fal-ai": ("jpeg", "png"), "replicate": ("jpg", "png")}.get(provider, (None, None))
    assert given_format == lossless[format_ is not PictureFormat.JPEG]
    assert asked_for is None or given_format


@pytest.mark.parametrize(
    ("size", "ratio", "quarter"),
    [
        ((64, 64), "1:1", True),
        ((512, 512), "1:1", True),
        ((520, 520), "1:1", False),
        ((1024, 1024), "1:1", False),
        ((2048, 2048), "1:1", False),
        ((768, 1024), "3:4", False),
        ((448, 576), "3:4", True),
        ((1920, 1080), "16:9", False),
        ((1080, 1920), "9:16", False),
        ((2048, 512), "21:9", False),
        ((512, 2048), "9:21", False),
        ((64, 2048), "9:21", False),
        ((832, 1216), "2:3", False),
    ],
    ids=lambda value: "{}x{}".format(*value) if isinstance(value, tuple) else "",
)
def test_replicate_is_asked_for_the_nearest_ratio(
    hub: StandIn, size: tuple[int, int], ratio: str, quarter: bool
) -> None:
    photographed(size, provider="replicate")
    wanted = _sent(hub)["input"]
    assert (wanted["aspect_ratio"], wanted.get("megapixels")) == (ratio, "0.25" if quarter else None)


@given(
    width=st.integers(64, 2048),
    height=st.integers(64, 2048),
    provider=st.sampled_from([*PROVIDERS, ENDPOINT, "another"]),
    lossless=st.booleans(),
)
def test_what_a_provider_makes_is_never_refused_for_its_size(
    width: int, height: int, provider: str, lossless: bool
) -> None:
    request = asked((width, height), format_=PictureFormat.PNG if lossless else PictureFormat.JPEG)
    sent = payload_of(Call(request, options.parse({}), Route(provider, "it", DEV, DEV)))
    image_check._check_size(sent.made_px, (width, height))  # it would be paid for every time
    wide = max(width, height) / min(width, height)
    if wide <= 16 / 9 and provider != "replicate":
        assert isclose(sent.made_px[0] / sent.made_px[1], width / height, rel_tol=0.07)
    assert all(512 <= side <= 1440 for side in sent.made_px) or provider == "replicate"


@pytest.mark.parametrize("seed", [SEED_LEAST, 7, SEED_MOST])
@pytest.mark.parametrize("provider", WAYS)
def test_the_seed_is_sent_as_it_is(hub: StandIn, provider: str, seed: int) -> None:
    made = photographed(seed=seed, **WAYS[provider])
    assert (hub.pictures[0].seed, made.seed) == (seed, seed)


@pytest.mark.parametrize("provider", [*WAYS, "fal-ai flux-dev", "replicate flux-dev", "together SD3"])
def test_a_negative_prompt_is_sent_to_models_that_have_a_use_for_it(hub: StandIn, provider: str) -> None:
    ways = WAYS | {
        "fal-ai flux-dev": {"provider": "fal-ai", "model": "flux-dev"},
        "replicate flux-dev": {"provider": "replicate", "model": "flux-dev"},
        "together SD3": {"provider": "together", "model": SD3},
    }
    request = asked(negative="hats", **ways[provider])
    plan = engine().plan(request)
    made = engine().generate(request, Watch())
    is_sent = "hats" in str(_sent(hub))
    assert is_sent == (ways[provider].get("model") == SD3) == made.recipe["negative_prompt_sent"]
    assert ("FLUX takes no negative prompt: it is recorded, and not sent." in plan.notices) != is_sent


def test_a_plan_says_what_would_be_sent(hub: StandIn) -> None:
    plan = engine().plan(asked((768, 1024)))
    assert hub.calls == []
    assert plan.sent == {
        "provider": "fal-ai",
        "model": "fal-ai/flux-lora",
        "seed": 7,
        "num_inference_steps": 30,
        "guidance_scale": 3.5,
        "width": 768,
        "height": 1024,
        "output_format": "jpeg",
        "loras": [{"path": WEIGHTS, "scale": 0.9}],
    }
    assert (plan.paid, plan.provider, plan.provider_model, plan.notices) == (True, "fal-ai", "fal-ai/flux-lora", ())
    assert plan.made_px == (768, 1024)
    assert plan.options == {
        "model": DEV,
        "provider": "auto",
        "lora": LORA,
        "lora_scale": 0.9,
        "steps": 30,
        "guidance": 3.5,
        "timeout_s": 180,
        "require_lora": False,
        "reroll": True,
    }


def test_what_cannot_be_passed_on_is_said(hub: StandIn) -> None:
    plan = engine().plan(asked(provider="nscale", model="flux-schnell", steps=3))
    assert plan.notices == ("nscale takes no steps.",)
    assert photographed(provider="nscale", model="flux-schnell", steps=3).recipe["num_inference_steps"] is None
    assert hub.pictures[0].steps is None


def test_a_plan_needs_no_token(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN")
    assert engine().plan(asked()).provider == "fal-ai"
    (lookup,) = seen(hub, "lookup")
    assert "authorization" not in lookup.headers


# -- who pays


@pytest.mark.parametrize("provider", WAYS)
def test_an_organization_can_pay(hub: StandIn, provider: str) -> None:
    photographed(bill_to="portrait-house", **WAYS[provider])
    assert [call.headers["x-hf-bill-to"] for call in hub.calls] == ["portrait-house"]


def test_an_organization_of_strangers_does_not_pay(hub: StandIn) -> None:
    error = refused(asked(bill_to="strangers"))
    assert error.code == "engine_refused"
    assert "You are not a member of the organization strangers" in error.message
    assert hub.pictures == []


# -- endpoints


def test_an_own_endpoint_at_hugging_face_gets_the_token(hub: StandIn) -> None:
    made = photographed((768, 1024), model=OWN)
    (call,) = hub.calls
    assert (call.host, call.headers["authorization"]) == (OWN[8:-1], f"Bearer {hub.token}")
    assert call.body["inputs"] == PROMPT
    assert call.body["parameters"]["seed"] == 7
    assert (made.provider, made.model, made.recipe["lora"]) == ("endpoint", "own endpoint", None)
    assert seen(hub, "lookup") == []


def test_an_endpoint_anywhere_else_gets_nothing(hub: StandIn) -> None:
    assert photographed(model=hub.endpoint).data
    (call,) = hub.calls
    assert "authorization" not in call.headers
    assert "x-hf-bill-to" not in call.headers


def test_an_endpoint_elsewhere_needs_no_token(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN")
    assert photographed(model=hub.endpoint, bill_to="portrait-house").data
    assert "x-hf-bill-to" not in hub.calls[0].headers


def test_a_failing_endpoint_is_called_one(hub: StandIn) -> None:

    hub.always("call", behaviours.error_500)
    assert refused(asked(model=hub.endpoint)).message == "127.0.0.1 failed with HTTP 500: Internal Server Error."


# -- a provider's own key


@pytest.mark.parametrize(
    ("provider", "host", "kind", "model"),
    [
        ("fal-ai", "queue.fal.run", "Key", "flux-realism"),
        ("fal-ai", "queue.fal.run", "Key", "flux-dev"),
        ("replicate", "api.replicate.com", "Bearer", "flux-realism"),
        ("wavespeed", "api.wavespeed.ai", "Bearer", "flux-realism"),
        ("together", "api.together.xyz", "Bearer", "flux-schnell"),
        ("nscale", "inference.api.nscale.com", "Bearer", "flux-schnell"),
    ],
)
def test_a_key_goes_to_its_provider_alone(
    hub: StandIn, monkeypatch: pytest.MonkeyPatch, provider: str, host: str, kind: str, model: str
) -> None:
    monkeypatch.setenv("OWN_KEY", f" {hub.keys[host]}\n")
    watch = Watch()
    made = photographed(
        watch=watch, provider=provider, model=model, provider_key_env="OWN_KEY", bill_to="portrait-house"
    )
    (call,) = hub.calls
    assert (call.host, call.headers["authorization"]) == (host, f"{kind} {hub.keys[host]}")
    assert "x-hf-bill-to" not in call.headers
    assert (made.provider, len(watch.charges)) == (provider, 1)
    assert all("authorization" not in each.headers for each in hub.requests if each.host == "huggingface.co")
    assert not any(hub.token in str(each.headers) for each in hub.requests)


def test_a_key_never_goes_to_hugging_face(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWN_KEY", hub.keys["fal.run"])
    ways: tuple[dict[str, Any], ...] = ({"model": OWN},)
    for wishes in ways:
        error = refused(asked(provider_key_env="OWN_KEY", **wishes))
        assert error.message == "The key from OWN_KEY was refused."
    assert not any("authorization" in each.headers for each in hub.requests)


def test_a_key_is_followed_through_a_queue(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:

    for provider, host in (("replicate", "api.replicate.com"), ("wavespeed", "api.wavespeed.ai")):
        monkeypatch.setenv("OWN_KEY", hub.keys[host])
        hub.reset()
        hub.script("call", behaviours.replicate_cold)
        hub.script("poll", behaviours.html_200)
        assert photographed(provider=provider, provider_key_env="OWN_KEY").data
        assert {each.host for each in seen(hub, "poll")} == {host}
        assert len(hub.calls) == 1
