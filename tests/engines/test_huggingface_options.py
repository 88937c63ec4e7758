"""What can be chosen: each bad value is named with its field and a way out."""

import json
from typing import Any

import pytest

from avatar_creator.engines import ENGINES
from avatar_creator.engines.hub_models import FLUX_DEV, FLUX_SCHNELL, REALISM
from avatar_creator.engines.huggingface.options import parse
from avatar_creator.errors import InvalidInput

SECRETS = ("fal-key-0123456789abcdef:secret", "r8_Secret0123456789", "hf_Secret0123456789Secret", "key with blanks")


def _refused(given: dict[str, Any]) -> str:
    with pytest.raises(InvalidInput) as raised:
        parse(given)
    error = raised.value
    assert error.hint
    assert f"{error.message}{error.hint}".isprintable()
    assert len(error.message) < 200
    return f"{error.message}|{error.hint}"


def test_the_defaults() -> None:
    found = parse({})
    assert (found.model, found.lora, found.provider) == (FLUX_DEV, REALISM, "auto")
    assert (found.lora_scale, found.steps, found.guidance, found.timeout_s) == (0.9, 30, 3.5, 180)
    assert (found.require_lora, found.reroll, found.bill_to, found.provider_key_env) == (False, True, None, None)
    assert found.name == f"{FLUX_DEV}+{REALISM}"
    assert found == parse({"model": None, "lora": None, "provider": None, "bill_to": None})


@pytest.mark.parametrize(
    ("given", "model", "lora", "steps", "guidance"),
    [
        ({"model": "flux-realism"}, FLUX_DEV, REALISM, 30, 3.5),
        ({"model": "flux-dev"}, FLUX_DEV, None, 30, 3.5),
        ({"model": "flux-schnell"}, FLUX_SCHNELL, None, 4, None),
        ({"model": FLUX_SCHNELL.lower()}, FLUX_SCHNELL, None, 4, None),
        ({"model": FLUX_DEV}, FLUX_DEV, None, 30, 3.5),
        ({"model": FLUX_DEV, "lora": "a/b"}, FLUX_DEV, "a/b", 30, 3.5),
        ({"lora": "none"}, FLUX_DEV, None, 30, 3.5),
        ({"model": "some-body/a_model.v1"}, "some-body/a_model.v1", None, 30, 3.5),
    ],
)
def test_a_model_brings_its_own_defaults(
    given: dict[str, Any], model: str, lora: str | None, steps: int, guidance: float | None
) -> None:
    found = parse(given)
    assert (found.model, found.lora, found.steps, found.guidance) == (model, lora, steps, guidance)
    assert found.endpoint is None


def test_an_own_endpoint_is_its_url() -> None:
    for url in ("https://a.endpoints.huggingface.cloud", "http://127.0.0.1:8080/x", "https://[::1]:8080/"):
        found = parse({"model": url})
        assert (found.endpoint, found.name, found.lora) == (url, "own endpoint", None)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"model": "flux"}, ("model is 'flux'", "flux-realism, flux-dev, flux-schnell", "owner/name", "URL")),
        ({"model": "a/b/c"}, ("model is 'a/b/c'",)),
        ({"model": "../etc/passwd"}, ("model is '../etc/passwd'",)),
        ({"model": "a/é"}, ("model is 'a/é'",)),
        ({"model": "a/b\x1b[31m"}, ("model is 'a/b\\x1b[31m'",)),
        ({"model": 3}, ("model is '3'",)),
        ({"model": "ftp://host/x"}, ("model is a URL that cannot be used.", "https://HOST")),
        ({"model": "https://ann:secret@host/x"}, ("model is a URL", "--provider-key-env")),
        ({"model": "https://host/x?api_key=secret"}, ("model is a URL", "--provider-key-env")),
        ({"model": "http://a b/x"}, ("model is a URL", "--provider-key-env")),
        ({"model": "Qwen/a--b"}, ("model is 'Qwen/a--b'", "owner/name")),
        ({"bill_to": "hf_zzzzzzzzzzzz"}, ("bill_to is 'hf_***'",)),
        ({"provider": "hf-inference", "provider_key_env": "KEY"}, ("hf-inference has no key",)),
        ({"model": "https://[broken"}, ("model is a URL",)),
        ({"model": "https://"}, ("model is a URL",)),
        ({"model": "http://huggingface.co/x"}, ("model is a URL", "https://HOST")),
        ({"lora": "realism"}, ("lora is 'realism'", "owner/name", "none")),
        ({"lora": 3}, ("lora is '3'",)),
        ({"lora": ""}, ("lora is ''",)),
        ({"lora": "a/b", "model": "flux-schnell"}, ("lora is 'a/b'", FLUX_DEV, "--lora")),
        ({"lora": "a/b", "model": "https://host/"}, ("lora is 'a/b'", "--lora")),
        ({"provider": "Fal AI"}, ("provider is 'Fal AI'", "fal-ai", "replicate")),
        ({"provider": 3}, ("provider is '3'",)),
        ({"provider": "fal-ai", "model": "https://host/"}, ("provider is given", "own endpoint", "--provider")),
        ({"lora_scale": -0.1}, ("lora scale is '-0.1'", "0 to 3")),
        ({"lora_scale": 3.1}, ("lora scale is '3.1'", "0 to 3")),
        ({"lora_scale": float("nan")}, ("lora scale is 'nan'",)),
        ({"lora_scale": True}, ("lora scale is 'True'",)),
        ({"lora_scale": "1"}, ("lora scale is '1'",)),
        ({"steps": 0}, ("steps is '0'", "1 to 50")),
        ({"steps": 51}, ("steps is '51'", "1 to 50")),
        ({"steps": 5, "model": "flux-schnell"}, ("steps is '5'", "1 to 4")),
        ({"steps": 3.5}, ("steps is '3.5'",)),
        ({"steps": 10**5000}, ("steps is a huge number",)),
        ({"guidance": 0.5}, ("guidance is '0.5'", "1 to 10")),
        ({"guidance": 11}, ("guidance is '11'", "1 to 10")),
        ({"guidance": float("inf")}, ("guidance is 'inf'",)),
        ({"guidance": 10**5000}, ("guidance is a huge number", "1 to 10")),
        ({"guidance": 3, "model": "flux-schnell"}, ("guidance is given", FLUX_SCHNELL, "--guidance")),
        ({"timeout_s": 0}, ("timeout is '0'", "1 to 3600")),
        ({"timeout_s": 3601}, ("timeout is '3601'", "1 to 3600")),
        ({"bill_to": "two words"}, ("bill_to is 'two words'", "organization")),
        ({"bill_to": "x\r\nEvil: 1"}, ("bill_to is 'x\\r\\nEvil: 1'",)),
        ({"bill_to": ""}, ("bill_to is ''",)),
        ({"require_lora": True, "lora": "none"}, ("require_lora asks for a LoRA", "--lora")),
        ({"require_lora": True, "model": "flux-schnell"}, ("require_lora",)),
        ({"provider_key_env": "FAL_KEY"}, ("provider_key_env is given", "'auto'", "--provider fal-ai")),
        ({"model": "./m/flux"}, ("model is './m/flux', which cannot be one", "set local_model MODEL")),
        ({"model": "Klein-4B"}, ("model is 'Klein-4B', which cannot be one", "--engine local")),
        ({"nonsense": 1}, ("option is 'nonsense'", "model, provider, lora")),
        ({"art_style": "toon"}, ("--art-style is an option of the offline engine", "huggingface")),
    ],
    ids=lambda value: "-".join(f"{name}" for name in value) if isinstance(value, dict) else "",
)
def test_a_bad_value_is_named_with_a_way_out(given: dict[str, Any], words: tuple[str, ...]) -> None:
    said = _refused(given)
    for word in words:
        assert word in said


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_given_by_mistake_is_never_repeated(secret: str) -> None:
    for option in ("model", "lora", "provider", "bill_to", "provider_key_env"):
        try:
            parse({option: secret, "steps": 30})
        except InvalidInput as error:
            said = f"{error.message}{error.hint}{error!r}"
        else:
            continue  # it looks like what belongs there, and nothing is said of it
        if option == "provider_key_env" or secret.startswith("hf_"):
            assert secret not in said
            assert secret[3:] not in said


def test_a_url_with_a_password_is_not_repeated() -> None:
    assert "secret" not in _refused({"model": "https://ann:secret@host/x"})


@pytest.mark.parametrize("value", [0.0, 1, 3, 2.5])
def test_limits_belong_to_what_they_limit(value: float) -> None:
    assert parse({"lora_scale": value}).lora_scale == value
    assert parse({"steps": 1}).steps == 1
    assert parse({"steps": 50, "guidance": 10, "timeout_s": 3600}).timeout_s == 3600


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"model": "flux-dev"},
        {"model": "flux-schnell"},
        {"lora": "none"},
        {"lora": "a/b", "lora_scale": 1, "require_lora": True},
        {"model": "some-body/a_model.v1"},
        {"model": "some-body/a_lora", "require_lora": True},
        {"model": "https://a.endpoints.huggingface.cloud", "provider_key_env": "KEY"},
        {"model": "http://127.0.0.1:8080/x", "guidance": 2.5},
        {"provider": "fal-ai", "provider_key_env": "FAL_KEY", "bill_to": "portrait-house"},
        {"steps": 7, "guidance": 9, "timeout_s": 20.5, "reroll": False},
    ],
    ids=str,
)
def test_what_was_chosen_can_be_given_again(given: dict[str, Any]) -> None:
    chosen = parse(given)
    again = json.loads(json.dumps(chosen.given))
    assert parse(again) == chosen
    assert parse(again).given == chosen.given
    assert {name: again[name] for name in given if name not in {"model", "lora"}}.items() <= given.items()
    usual = {"model", "provider", "lora_scale", "steps", "timeout_s", "require_lora", "reroll"}
    assert usual <= set(again) <= set(ENGINES["huggingface"].options)
    assert None not in again.values()


def test_every_option_of_the_table_is_known() -> None:
    for option in ENGINES["huggingface"].options:
        parse({option: None} if option not in {"lora_scale", "steps", "guidance", "timeout_s"} else {})


# -- what records keep of them


@pytest.mark.parametrize("bill_to", [None, "acme"])
def test_records_say_neither_where_an_own_endpoint_is_nor_who_pays(bill_to: str | None) -> None:
    given = {"model": "https://gpu.inner.example/secret-path/predict", "bill_to": bill_to, "provider_key_env": "MY_KEY"}
    chosen = parse(given)
    assert chosen.name == chosen.recorded["model"] == "own endpoint"
    for private in ("inner", "secret", "acme", "MY_KEY", "bill_to", "provider_key_env"):
        assert private not in str(chosen.recorded)
    assert parse(chosen.given) == chosen


def test_records_keep_every_other_option_as_it_would_be_given() -> None:
    chosen = parse({"provider": "fal-ai", "steps": 20})
    assert chosen.recorded == chosen.given
