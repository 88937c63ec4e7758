"""The stand-in for Hugging Face, held against the client that everybody uses, in a process of its own."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from standin import DEV, GATED, LORA, SCHNELL, SD3, TEXT, UNSERVED, Behaviour, StandIn, behaviours
from standin.client import Client

SIZE = {"width": 768, "height": 1024}
REPLICATE = "replicate/v1/models/black-forest-labs/flux-dev"
ON_REPLICATE = {"aspect_ratio": "3:4"}
ON_WAVESPEED = {"size": "768*1024"}


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[StandIn, Client]]:
    with StandIn(tmp_path_factory.mktemp("standin")) as hub:
        client = Client(hub)
        yield hub, client
        client.close()


@pytest.fixture
def hub(started: tuple[StandIn, Client]) -> StandIn:
    started[0].reset()
    return started[0]


@pytest.fixture
def client(started: tuple[StandIn, Client]) -> Client:
    return started[1]


@pytest.mark.parametrize(
    ("provider", "model", "options", "size", "file_format"),
    [
        ("fal-ai", DEV, SIZE, [768, 1024], "JPEG"),
        ("fal-ai", LORA, SIZE, [768, 1024], "JPEG"),
        ("fal-ai", SCHNELL, {}, [1024, 768], "JPEG"),
        ("replicate", DEV, {"extra_body": ON_REPLICATE}, [896, 1152], "WEBP"),
        ("replicate", LORA, {"extra_body": ON_REPLICATE | {"output_format": "png"}}, [896, 1152], "PNG"),
        ("replicate", SCHNELL, {"num_inference_steps": 4}, [1024, 1024], "WEBP"),
        ("wavespeed", DEV, {"extra_body": ON_WAVESPEED}, [768, 1024], "JPEG"),
        ("together", SCHNELL, SIZE, [768, 1024], "JPEG"),
        ("together", SD3, SIZE | {"negative_prompt": "hat"}, [768, 1024], "JPEG"),
        ("nscale", SCHNELL, SIZE, [768, 1024], "JPEG"),
        ("hf-inference", SD3, SIZE | {"negative_prompt": "hat", "guidance_scale": 5}, [768, 1024], "JPEG"),
        (None, "https://portraits.endpoints.huggingface.cloud", SIZE, [768, 1024], "JPEG"),
    ],
)
def test_every_provider_draws(
    hub: StandIn, client: Client, provider: str, model: str, options: Any, size: list[int], file_format: str
) -> None:
    done = client.draw(provider, model, seed=7, **options)
    (made,) = hub.pictures
    assert (done["size"], done["format"]) == (size, file_format)
    assert (made.seed, [made.width, made.height], made.prompt) == (7, size, "a face")
    assert (hub.leaks, hub.strays, [call.behaviour for call in hub.calls]) == ([], [], [None])


def test_an_endpoint_on_this_machine_draws_without_tls(hub: StandIn, client: Client) -> None:
    assert client.draw(None, hub.endpoint, **SIZE)["size"] == [768, 1024]
    assert [leak.path for leak in hub.leaks] == ["/endpoint"]  # the client's token went there in the clear


def test_a_lora_is_drawn_with_at_its_scale(hub: StandIn, client: Client) -> None:
    client.draw("replicate", LORA, extra_body={"lora_scale": 0.9})
    client.draw("wavespeed", LORA, extra_body={"loras": [{"path": LORA, "scale": 0.8}]})
    client.draw("fal-ai", LORA)
    assert [(made.lora, made.lora_scale) for made in hub.pictures] == [(LORA, 0.9), (LORA, 0.8), (LORA, 1)]


@pytest.mark.parametrize(
    ("provider", "model", "options", "status", "says"),
    [
        ("fal-ai", DEV, {"negative_prompt": "hat"}, 422, "negative_prompt"),
        ("fal-ai", DEV, {"width": 768}, 422, "width"),
        ("fal-ai", DEV, {"guidance_scale": 0.5}, 422, "guidance_scale"),
        ("fal-ai", DEV, {"extra_body": {"loras": [{"path": "x/y"}]}}, 422, "loras"),
        ("fal-ai", DEV, {"extra_body": {"sync_mode": True}}, 422, "sync_mode"),
        ("fal-ai", DEV, {"num_inference_steps": 51}, 422, "num_inference_steps"),
        ("replicate", DEV, SIZE, 422, "input.width"),
        ("replicate", DEV, {"guidance_scale": 3.5}, 422, "input.guidance_scale"),
        ("replicate", DEV, {"seed": 0}, 422, "input.seed"),
        ("replicate", DEV, {"extra_body": {"lora_scale": 1}}, 422, "input.lora_scale"),
        ("replicate", SCHNELL, {"num_inference_steps": 5}, 422, "input.num_inference_steps"),
        ("replicate", SCHNELL, {"extra_body": {"guidance": 3}}, 422, "input.guidance"),
        ("wavespeed", DEV, SIZE, 400, "width"),
        ("wavespeed", DEV, {"extra_body": {"size": "768x1024"}}, 400, "size"),
        ("wavespeed", DEV, {"extra_body": {"size": "256*1024"}}, 400, "size"),
        ("wavespeed", DEV, {"seed": -1}, 400, "seed"),
        ("wavespeed", LORA, {}, 400, "loras is required"),
        ("wavespeed", LORA, {"extra_body": {"loras": [{"path": "x/y", "scale": 1}]}}, 400, "could not load x/y"),
        ("together", SCHNELL, {"width": 768, "height": 700}, 400, "height"),
        ("nscale", SCHNELL, {"negative_prompt": "hat"}, 400, "negative_prompt"),
        ("hf-inference", SD3, {"extra_body": {"lora": LORA}}, 400, "lora"),
        ("fal-ai", DEV, {"bill_to": "strangers"}, 403, "strangers"),
        ("hf-inference", GATED, {}, 403, "restricted"),
    ],
)
def test_what_a_provider_would_ignore_or_misread_is_refused(
    hub: StandIn, client: Client, provider: str, model: str, options: Any, status: int, says: str
) -> None:
    told = client.fails(provider, model, **options)
    assert (told["status"], says in told["text"]) == (status, True), told
    assert hub.pictures == []


@pytest.mark.parametrize(
    ("behaviour", "raised", "status", "says"),
    [
        (behaviours.unauthorized, "HfHubHTTPError", 401, "Invalid credentials"),
        (behaviours.no_credits, "HfHubHTTPError", 402, "You have depleted your monthly included credits"),
        (behaviours.forbidden, "HfHubHTTPError", 403, "sufficient permissions"),
        (behaviours.gated, "GatedRepoError", 403, ""),
        (behaviours.not_found, "HfHubHTTPError", 404, ""),
        (behaviours.gone, "HfHubHTTPError", 410, ""),
        (behaviours.bad_request, "BadRequestError", 400, "too long"),
        (behaviours.bad_request_dict, "BadRequestError", 400, "'message': 'The prompt is too long'"),
        (behaviours.unprocessable, "HfHubHTTPError", 422, "ensure this value is shorter"),
        (behaviours.content_policy, "HfHubHTTPError", 422, "content_policy_violation"),
        (behaviours.request_timeout, "HfHubHTTPError", 408, ""),
        (behaviours.too_large, "HfHubHTTPError", 413, ""),
        (behaviours.rate_limited(), "HfHubHTTPError", 429, ""),
        (behaviours.rate_limited(7), "HfHubHTTPError", 429, ""),
        (behaviours.rate_limited(7, form="date"), "HfHubHTTPError", 429, ""),
        (behaviours.rate_limited(55, form="ratelimit"), "HfHubHTTPError", 429, "Retry after 55 seconds"),
        (behaviours.rate_limited(30, form="body"), "HfHubHTTPError", 429, "resets in ~30s"),
        (behaviours.error_500, "HfHubHTTPError", 500, ""),
        (behaviours.bad_gateway_html, "HfHubHTTPError", 502, ""),
        (behaviours.loading(20), "HfHubHTTPError", 503, '"estimated_time": 20'),
        (behaviours.busy, "HfHubHTTPError", 503, "runner_scheduling_failure"),
        (behaviours.gateway_timeout, "HfHubHTTPError", 504, ""),
        (behaviours.gateway_timeout_json, "HfHubHTTPError", 504, "request_timeout"),
        (behaviours.error_list, "AttributeError", None, "'list' object has no attribute 'get'"),
        (behaviours.reset, "RemoteProtocolError ReadError", None, ""),  # as the system tells it
        (behaviours.closed, "RemoteProtocolError", None, ""),
        (behaviours.cut, "RemoteProtocolError", None, ""),
        (behaviours.redirect_loop, "TooManyRedirects", None, ""),
        (behaviours.html_200, "JSONDecodeError", None, ""),
        (behaviours.empty_200, "JSONDecodeError", None, ""),
        (behaviours.cut_json_200, "JSONDecodeError", None, ""),
        (behaviours.no_picture_200, "KeyError", None, ""),
        (behaviours.empty_list_200, "IndexError", None, ""),
        (behaviours.truncated(0.5), "OSError", None, "truncated"),
        (behaviours.truncated(0.01), "OSError", None, ""),
        (behaviours.bomb, "DecompressionBombError", None, ""),
    ],
    ids=lambda value: value.name if isinstance(value, Behaviour) else "",
)
def test_a_call_that_goes_wrong_is_what_the_real_one_is(
    hub: StandIn, client: Client, behaviour: Behaviour, raised: str, status: int | None, says: str
) -> None:
    hub.script("call", behaviour)
    told = client.fails("fal-ai", DEV)
    assert told["raised"] in raised.split()
    assert (told["status"], says in told["text"]) == (status, True), told
    assert (hub.calls[0].behaviour, len(hub.pictures)) == (behaviour.name, int(behaviour.paid))
    client.draw("fal-ai", DEV)  # then all is well again


@pytest.mark.parametrize("behaviour", [behaviours.hang, behaviours.drip_headers], ids=["hang", "drip_headers"])
def test_a_call_without_an_answer_runs_into_the_limit(hub: StandIn, client: Client, behaviour: Behaviour) -> None:
    hub.script("call", behaviour)
    told = client.fails("fal-ai", DEV, timeout=0.2)
    assert (told["raised"], hub.calls[0].status) == ("InferenceTimeoutError", 0)


@pytest.mark.parametrize(
    ("behaviour", "raised"),
    [
        (behaviours.download_404, "UnidentifiedImageError"),
        (behaviours.download_html, "UnidentifiedImageError"),
        (behaviours.truncated(0.5), "OSError"),
        (behaviours.cut, "RemoteProtocolError"),
    ],
    ids=["404", "html", "truncated", "cut"],
)
def test_a_download_goes_wrong_after_the_picture_is_paid(
    hub: StandIn, client: Client, behaviour: Behaviour, raised: str
) -> None:
    hub.script("download", behaviour)
    assert client.fails("fal-ai", DEV)["raised"] == raised
    assert len(hub.pictures) == 1


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        (behaviours.as_webp, {"format": "WEBP"}),
        (behaviours.as_gif, {"format": "GIF", "mode": "P"}),
        (behaviours.as_rgba_png, {"format": "PNG", "mode": "RGBA"}),
        (behaviours.as_palette_png, {"format": "PNG", "mode": "P"}),
        (behaviours.as_cmyk_jpeg, {"format": "JPEG", "mode": "CMYK"}),
        (behaviours.as_gray, {"format": "JPEG", "mode": "L"}),
        (behaviours.with_profile, {"format": "JPEG", "mode": "RGB"}),
        (behaviours.size(512, 384), {"size": [512, 384]}),
        (behaviours.size(1, 1), {"size": [1, 1]}),
        (behaviours.black, {"extrema": [[0, 0]] * 3}),
        (behaviours.nsfw_flag, {"extrema": [[0, 0]] * 3}),
        (behaviours.blank, {"extrema": [[255, 255]] * 3}),
        (behaviours.huge, {"size": [1024, 768]}),
    ],
    ids=lambda value: value.name if isinstance(value, Behaviour) else "",
)
def test_another_picture_than_asked_for_is_returned(
    hub: StandIn, client: Client, behaviour: Behaviour, expected: dict[str, Any]
) -> None:
    hub.script("call", behaviour)
    done = client.draw("fal-ai", DEV)
    assert {name: done[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("fal-ai/fal-ai/flux-lora", {"prompt": "a face", "loras": [{"path": "x/y"}]}, "could not load x/y"),
        ("fal-ai/fal-ai/flux-lora", {"prompt": "a face"}, "is required"),
        (f"{REPLICATE}-lora/predictions", {"input": {"prompt": "a face", "lora_weights": "x/y"}}, "could not load x/y"),
        (f"{REPLICATE}-lora/predictions", {"input": {"prompt": "a face"}}, "lora_weights: is required"),
        (f"{REPLICATE}/predictions", {"prompt": "a face"}, "body"),
        ("fal-ai/fal-ai/flux/pro", {"prompt": "a face"}, "not supported by provider fal-ai"),
    ],
)
def test_what_the_client_would_never_send_is_refused_too(
    hub: StandIn, client: Client, path: str, body: dict[str, Any], says: str
) -> None:
    headers = {"authorization": f"Bearer {hub.token}", "prefer": "wait"}
    url = f"https://router.huggingface.co/{path}"
    told = client("request", method="POST", url=url, headers=headers, json=body)
    assert (told["status"] in {400, 422}, says in told["text"]) == (True, True), told
    assert hub.pictures == []


def test_replicate_has_a_cold_start_and_a_filter(hub: StandIn, client: Client) -> None:
    hub.script("call", behaviours.replicate_cold, behaviours.replicate_failed)
    told = [client.fails("replicate", DEV)["raised"] for _ in range(2)]
    assert (told, len(hub.pictures)) == (["TimeoutError"] * 2, 1)


def test_a_cold_prediction_has_its_picture_later(hub: StandIn, client: Client) -> None:
    hub.script("call", behaviours.replicate_cold)
    models = "https://router.huggingface.co/replicate/v1"
    headers = {"authorization": f"Bearer {hub.token}", "prefer": "wait"}
    asked = {"method": "POST", "url": f"{models}/models/black-forest-labs/flux-dev/predictions", "headers": headers}
    told = client("request", **asked, json={"input": {"prompt": "a face"}})["done"]
    assert (told["output"], told["status"]) == (None, "starting")
    later = client("request", method="GET", url=f"{models}/predictions/{told['id']}", headers=headers)["done"]
    assert (later["status"], len(later["output"])) == ("succeeded", 1)


def test_a_task_of_wavespeed_fails_in_its_own_words(hub: StandIn, client: Client) -> None:
    hub.script("call", behaviours.wavespeed_failed)
    told = client.fails("wavespeed", DEV)
    assert (told["raised"], "potentially sensitive" in told["text"]) == ("ValueError", True)
    assert [seen.kind for seen in hub.requests][-1] == "poll"


def test_a_queue_may_have_no_end(hub: StandIn, client: Client) -> None:
    hub.script("call", behaviours.endless_queue)
    router = "https://router.huggingface.co/wavespeed/api/v3"
    headers = {"authorization": f"Bearer {hub.token}"}
    asked = {"method": "POST", "url": f"{router}/wavespeed-ai/flux-dev", "json": {"prompt": "a face"}}
    task = client("request", **asked, headers=headers)["done"]["data"]
    poll = {"method": "GET", "url": f"{router}/predictions/{task['id']}/result", "headers": headers}
    assert (task["status"], client("request", **poll)["done"]["data"]["status"]) == ("created", "processing")
    assert hub.pictures == []


def test_when_to_come_back_is_said_in_the_headers(hub: StandIn, client: Client) -> None:
    forms = [behaviours.rate_limited(7), behaviours.rate_limited(7, form="date"), behaviours.rate_limited()]
    hub.script("lookup", *forms)
    said = [client("lookup", model=DEV)["headers"].get("retry-after") for _ in forms]
    assert (said[0], said[1][-4:], said[2]) == ("7", " GMT", None)
    assert hub.calls == []


def test_a_proxy_refuses_a_tunnel(hub: StandIn, client: Client) -> None:
    hub.script("connect", behaviours.proxy_407, behaviours.proxy_502)
    told = [client("request", method="GET", url="https://api.together.xyz/") for _ in range(2)]
    assert [(each["raised"], each["text"][:3]) for each in told] == [("ProxyError", "407"), ("ProxyError", "502")]


def test_a_token_goes_nowhere_after_a_redirect(hub: StandIn, client: Client) -> None:
    hub.script("call", behaviours.redirect_elsewhere)
    assert client.fails("fal-ai", DEV)["raised"] == "UnicodeDecodeError"
    assert (hub.requests[-1].host, hub.leaks) == ("v3.fal.media", [])


def test_the_hub_knows_its_models_and_users(hub: StandIn, client: Client) -> None:
    expand = ["inferenceProviderMapping"]
    assert client("lookup", model=LORA, expand=expand)["done"][0] == ["fal-ai", "fal-ai/flux-lora", "lora.safetensors"]
    assert client("lookup", model=UNSERVED, expand=expand)["done"] == []
    assert client("lookup", model="no/such")["raised"] == "RepositoryNotFoundError"
    assert client("lookup", model="no/such", token=False)["status"] == 401
    assert client("lookup", model=DEV, token="hf_" + "x" * 34)["message"].startswith("Invalid credentials")
    assert client.fails("fal-ai", TEXT)["raised"] == "ValueError"
    scoped = client("whoami")["done"]["auth"]["accessToken"]["fineGrained"]["scoped"]
    assert scoped[0]["permissions"] == ["inference.serverless.write"]
    assert client("whoami", token=hub.read_only_token)["done"]["auth"]["accessToken"]["role"] == "read"
    assert client("whoami", token="hf_" + "x" * 34)["status"] == 401


def test_a_token_without_the_right_may_not_draw(hub: StandIn, client: Client) -> None:
    for token, status in ((hub.read_only_token, 403), (hub.narrow_token, 403), ("hf_" + "x" * 34, 401)):
        assert client.fails("fal-ai", DEV, token=token)["status"] == status
    client.draw("fal-ai", DEV, token=hub.write_token)


def test_the_peak_is_the_most_at_once(hub: StandIn, client: Client) -> None:
    for _ in range(2):
        client.draw("fal-ai", DEV)
    assert hub.peak == 1
    hub.delay_s = 2.0  # far longer than a busy machine takes to start four threads
    client("together", count=3, provider="fal-ai", model=DEV)
    assert hub.peak == 3
    client("together", count=4, provider="wavespeed", model=DEV)
    assert hub.peak == 4


def test_a_token_for_a_provider_is_a_leak(hub: StandIn, client: Client) -> None:
    quoted = f'"{hub.token}"'
    client.fails("fal-ai", DEV, token=quoted)
    client.fails("replicate", DEV, token=quoted)
    assert [leak.host for leak in hub.leaks] == ["fal.run", "api.replicate.com"]


def test_a_provider_takes_its_own_key_and_nobody_elses(hub: StandIn, client: Client) -> None:
    for provider, host in (
        ("fal-ai", "fal.run"),
        ("replicate", "api.replicate.com"),
        ("wavespeed", "api.wavespeed.ai"),
    ):
        client.draw(provider, DEV, token=hub.keys[host])
    assert hub.leaks == []
    client.fails("fal-ai", DEV, token=hub.keys["api.replicate.com"])
    assert [leak.host for leak in hub.leaks] == ["fal.run"]


def test_who_goes_elsewhere_is_a_stray(hub: StandIn, client: Client) -> None:
    assert client("request", method="GET", url="https://example.com/")["raised"] == "ProxyError"
    assert hub.strays == ["example.com:443"]


def test_chance_is_the_same_for_the_same_seed(hub: StandIn, client: Client) -> None:
    def told() -> list[str | None]:
        hub.reset()
        hub.chance(0.5, [behaviours.error_500, behaviours.busy], seed=3)
        for _ in range(8):
            client("draw", provider="fal-ai", model=DEV)
        return [call.behaviour for call in hub.calls]

    first = told()
    assert set(first) == {None, "error_500", "busy"}
    assert told() == first


def test_what_is_always_so_lasts_until_it_is_ended(hub: StandIn, client: Client) -> None:
    hub.always("call", behaviours.error_500)
    assert [client.fails("fal-ai", DEV)["status"] for _ in range(2)] == [500, 500]
    hub.always("call", None)
    client.draw("fal-ai", DEV)


def test_the_root_of_a_provider_answers_at_once(hub: StandIn, client: Client) -> None:
    assert client("request", method="GET", url="https://router.huggingface.co/fal-ai")["status"] == 404
    assert [seen.kind for seen in hub.requests] == ["ping"]


@pytest.mark.parametrize("behaviour", [behaviours.hang, behaviours.drip], ids=["hang", "drip"])
def test_it_stops_while_clients_wait(tmp_path: Path, behaviour: Behaviour) -> None:
    with StandIn(tmp_path) as hub:
        hub.always("call", behaviour)
        client = Client(hub)
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(client, "draw", provider="fal-ai", model=DEV, timeout=None)
            while not hub.calls:
                time.sleep(0.01)
            hub.close()
            assert "raised" in waiting.result(timeout=5)
        client.close()
