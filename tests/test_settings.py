import json
import re
import stat
import traceback
from typing import Any

import pytest

from avatar_creator.domain.picture import Embed, PictureFormat
from avatar_creator.domain.price import SHIPPED_PRICES, Price
from avatar_creator.domain.text import shown
from avatar_creator.engines.table import option_settings
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.home import Home
from avatar_creator.settings.loading import load_settings
from avatar_creator.settings.origins import Origin, origins
from avatar_creator.settings.schema import Schema, check_settings
from avatar_creator.settings.values import KEYS, MASK, Settings
from avatar_creator.settings.writing import is_secret, remove_setting, write_setting

TOKEN = "hf_" + "Ab1" * 11
DEFAULTS = {
    "engine": "auto",
    "project": "default",
    "width": 1024,
    "height": 1024,
    "format": "jpeg",
    "jpeg_quality": 95,
    "embed": "recipe",
    "prompt_style": "keywords",
    **{name: option.preset for name, option in option_settings()},
    "retry_attempts": 3,
    "retry_base_s": 1.0,
    "retry_max_s": 120.0,
    "concurrency": 2,
    "processes": None,
    "engine_processes": (),
    "engine_idle_s": 300.0,
    "ray": None,
    "gpus_per_actor": 1.0,
    "ray_insecure": False,
    "worker_idle_s": 60.0,
    "worker_retry_base_s": 10.0,
    "keep_completed_h": 24,
    "keep_failed_h": 168,
    "commercial": False,
    "preview": "auto",
    "check": "none",
    "rerolls": 2,
    "hf_token": None,
    "max_images_day": None,
    "max_images_month": None,
    "max_usd_day": None,
    "max_usd_month": None,
    "prices": [price.as_json() for price in SHIPPED_PRICES],
}
OTHERS = {
    "engine": "offline",
    "project": "Band",
    "width": 64,
    "height": 2048,
    "format": "png",
    "jpeg_quality": 1,
    "embed": "none",
    "prompt_style": "natural",
    "art_style": "micah",
    "model": "someone/flux-finetune",
    "provider": "fal-ai",
    "lora": "none",
    "lora_scale": 0.5,
    "steps": 12,
    "guidance": 2.0,
    "timeout_s": 60.0,
    "bill_to": "acme",
    "retry_attempts": 10,
    "retry_base_s": 0.25,
    "retry_max_s": 600.0,
    "concurrency": 1000,
    "processes": 64,
    "engine_processes": ("here*2", "ssh gpu2 avatar engine-process"),
    "engine_idle_s": 0.0,
    "ray": "gpu1:6379",
    "gpus_per_actor": 0.5,
    "ray_insecure": True,
    "worker_idle_s": 0.0,
    "worker_retry_base_s": 0.5,
    "keep_completed_h": 0,
    "keep_failed_h": 87600,
    "commercial": True,
    "preview": "sixel",
    "check": "face",
    "rerolls": 0,
    "hf_token": TOKEN,
    "max_images_day": 0,
    "max_images_month": 1000,
    "max_usd_day": 2.5,
    "max_usd_month": 20.0,
}


@pytest.fixture(autouse=True)
def made(home: Home) -> None:
    home.create()


def loaded(home: Home) -> dict[str, Any]:
    return plain(load_settings(home.config))


def plain(settings: Settings) -> dict[str, Any]:
    return settings.values() | {"prices": [price.as_json() for price in settings.prices]}


def typed(value: object) -> str:
    """Return a value as a user types it."""
    return "; ".join(value) or "[]" if isinstance(value, tuple) else str(value)


def as_toml(values: dict[str, Any]) -> str:
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items())


def test_defaults(home: Home) -> None:
    settings = load_settings(home.config)
    assert plain(settings) == DEFAULTS
    assert {key: value for key, value in settings.options.items() if value} == {"art_style": "avataaars"}
    assert (settings.format, settings.embed) == (PictureFormat.JPEG, Embed.RECIPE)


def test_what_checks_the_settings_has_the_same_ones_with_the_same_defaults(home: Home) -> None:
    assert set(Schema.model_fields) == set(KEYS)
    assert check_settings(home.config) == Settings()
    kinds = {key: type(value) for key, value in Settings().values().items()}
    assert {key: type(value) for key, value in check_settings(home.config).values().items()} == kinds


def test_every_setting_says_what_it_is() -> None:
    assert all((field.description or "").endswith(".") for field in Schema.model_fields.values())


@pytest.mark.parametrize("key", [key for key in OTHERS if DEFAULTS[key] is not None])
def test_the_environment_goes_before_the_file_and_the_file_before_the_default(
    home: Home, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    home.config.write_text(as_toml({key: OTHERS[key]}))
    assert loaded(home) == DEFAULTS | {key: OTHERS[key]}
    monkeypatch.setenv(f"AVATAR_{key.upper()}", typed(DEFAULTS[key]))
    assert loaded(home) == DEFAULTS


def test_every_setting_can_stand_in_the_file_or_in_the_environment(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.config.write_text(as_toml(OTHERS))
    assert loaded(home) == DEFAULTS | OTHERS
    home.config.unlink()
    for key, value in OTHERS.items():
        monkeypatch.setenv(f"AVATAR_{key.upper()}", typed(value))
    assert loaded(home) == DEFAULTS | OTHERS


def test_origins_tell_where_each_value_came_from(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.config.write_text(as_toml({"width": 512, "height": 256}))
    monkeypatch.setenv("AVATAR_HEIGHT", "128")
    monkeypatch.setenv("avatar_format", "png")  # as pydantic-settings reads it, whatever its case
    found = {origin.key: origin for origin in origins(load_settings(home.config), home.config)}
    assert list(found) == list(DEFAULTS)
    assert found["width"] == Origin("width", 512, "config.toml")
    assert found["height"] == Origin("height", 128, "AVATAR_HEIGHT")
    assert found["format"] == Origin("format", "png", "AVATAR_FORMAT")
    assert found["embed"] == Origin("embed", "recipe", "default")


def test_variables_of_other_things_are_left_alone(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVATAR_SOMETHING", "else")
    monkeypatch.setenv("WIDTH", "7")
    assert loaded(home) == DEFAULTS


# -- what is refused

BAD = [
    ("width", "abc"),
    ("width", "63"),
    ("height", "2049"),
    ("format", "gif"),
    ("jpeg_quality", "0"),
    ("jpeg_quality", "95.5"),
    ("embed", "all"),
    ("project", ""),
    ("engine", "nobody"),
    ("art_style", "nobody"),
    ("model", " "),
    ("provider", "x" * 501),
    ("steps", "30.5"),
    ("lora_scale", "nan"),
    ("guidance", "much"),
    ("timeout_s", "inf"),
    ("retry_attempts", "0"),
    ("retry_attempts", "11"),
    ("retry_base_s", "0"),
    ("retry_base_s", "61"),
    ("retry_max_s", "601"),
    ("concurrency", "0"),
    ("concurrency", "1001"),
    ("engine_processes", "here; here now"),
    ("engine_processes", '["here"'),
    ("engine_processes", "[1]"),
    ("engine_idle_s", "-1"),
    ("ray", "ray://gpu1:10001"),
    ("ray", "gpu1"),
    ("ray", "gpu1:0"),
    ("gpus_per_actor", "1.5"),
    ("gpus_per_actor", "65"),
    ("gpus_per_actor", "-1"),
    ("ray_insecure", "perhaps"),
    ("worker_idle_s", "-1"),
    ("worker_idle_s", "86401"),
    ("worker_retry_base_s", "0"),
    ("worker_retry_base_s", "601"),
    ("keep_completed_h", "-1"),
    ("keep_completed_h", "1.5"),
    ("keep_failed_h", "87601"),
]


def test_what_is_to_be_written_instead_is_a_sentence_of_its_own(home: Home) -> None:
    home.config.write_text(as_toml({"ray": "gpu1"}))
    with pytest.raises(InvalidInput, match=r": ray is 'gpu1'\. Write auto on a node of the cluster, .*:6379\.$"):
        load_settings(home.config)


@pytest.mark.parametrize(("key", "value"), BAD)
def test_a_bad_value_is_refused_with_its_key_and_its_source(
    home: Home, monkeypatch: pytest.MonkeyPatch, key: str, value: str
) -> None:
    home.config.write_text(as_toml({key: value}))
    written = re.escape(shown(value))
    with pytest.raises(InvalidInput, match=rf"The setting {key} \(config\.toml\) is {written}: ") as in_file:
        load_settings(home.config)
    assert (in_file.value.exit_code, in_file.value.hint) == (2, f"Change it with: avatar config set {key} VALUE")
    variable = f"AVATAR_{key.upper()}"
    monkeypatch.setenv(variable, value)
    source = variable if value else r"config\.toml"  # an empty variable sets nothing
    with pytest.raises(InvalidInput, match=rf"The setting {key} \({source}\) is {written}: ") as in_environment:
        load_settings(home.config)
    assert in_environment.value.hint == (f"Mend or unset {variable}." if value else in_file.value.hint)


@pytest.mark.parametrize(("text", "key"), [("witdh = 512\n", "witdh"), ("[engine_options]\nx = 1\n", "engine_options")])
def test_a_key_that_does_not_exist_is_refused_with_a_way_out(home: Home, text: str, key: str) -> None:
    home.config.write_text(text)
    with pytest.raises(InvalidInput, match=f"config.toml: there is no setting '{key}'") as failed:
        load_settings(home.config)
    assert failed.value.hint == f"Mend it, or take it out with: avatar config unset {key}"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"width = [\n", "is not valid TOML"),
        (b"width = 512\nwidth = 256\n", "is not valid TOML"),
        (b"project = '\xff'\n", "cannot be read"),
    ],
)
def test_a_broken_file_is_refused_and_stays_as_it_is(home: Home, data: bytes, message: str) -> None:
    home.config.write_bytes(data)
    with pytest.raises(InvalidInput, match=f"config.toml {message}") as loading:
        load_settings(home.config)
    assert (loading.value.hint or "").endswith("remove the file.")
    with pytest.raises(InvalidInput, match=f"config.toml {message}"):
        write_setting(home.config, "width", "512")
    assert home.config.read_bytes() == data


# -- writing


@pytest.mark.parametrize("key", OTHERS)
def test_what_is_written_is_read(home: Home, key: str) -> None:
    write_setting(home.config, key, typed(OTHERS[key]))
    assert loaded(home) == DEFAULTS | {key: OTHERS[key]}
    assert stat.S_IMODE(home.config.stat().st_mode) == 0o600
    assert sorted(path.name for path in home.root.iterdir()) == [".config.toml.lock", "config.toml"]


def test_writing_keeps_all_else_in_the_file(home: Home) -> None:
    home.config.write_text("# mine\nwidth = 512  # small\n\nproject = 'Band'\n", "utf-8")
    write_setting(home.config, "width", "256")
    write_setting(home.config, "format", "webp")
    assert home.config.read_text("utf-8") == ("# mine\nwidth = 256  # small\n\nproject = 'Band'\nformat = \"webp\"\n")


@pytest.mark.parametrize(("key", "value"), BAD)
def test_a_bad_value_is_not_written(home: Home, key: str, value: str) -> None:
    text = "# mine\nwidth = 512\n"
    home.config.write_text(text)
    with pytest.raises(InvalidInput, match=rf"The setting {key} cannot be {re.escape(shown(value))}: "):
        write_setting(home.config, key, value)
    assert home.config.read_text() == text


def test_a_project_name_that_no_project_can_have_is_not_written(home: Home) -> None:
    for name in ("  ", "\x1b[2J", "x" * 101):
        with pytest.raises(InvalidInput, match="project"):
            write_setting(home.config, "project", name)


def test_a_setting_that_does_not_exist_is_not_written(home: Home) -> None:
    with pytest.raises(InvalidInput, match=r"There is no setting 'witdh'; did you mean 'width'\?") as failed:
        write_setting(home.config, "witdh", "512")
    assert failed.value.hint == f"Settings: {', '.join(DEFAULTS)}."
    assert not home.config.exists()


def test_a_file_that_cannot_be_written_is_told(home: Home) -> None:
    (home.root / "file").touch()
    with pytest.raises(StorageError, match="cannot be written: "):
        write_setting(home.root / "file" / "config.toml", "width", "512")


def test_what_is_removed_is_the_default_again(home: Home) -> None:
    home.config.write_text("# mine\nwidth = 512\nheight = 256\n[[prices]]\nprovider = 1\n")
    assert remove_setting(home.config, "width")
    assert not remove_setting(home.config, "width")
    assert remove_setting(home.config, "prices")
    assert home.config.read_text() == "# mine\nheight = 256\n"
    assert loaded(home) == DEFAULTS | {"height": 256}


def test_a_setting_that_does_not_exist_can_be_removed_where_it_stands(home: Home) -> None:
    home.config.write_text("witdh = 512\n")
    assert remove_setting(home.config, "witdh")
    with pytest.raises(InvalidInput, match="There is no setting 'witdh'"):
        remove_setting(home.config, "witdh")


def test_removing_from_no_file_makes_none(home: Home) -> None:
    assert not remove_setting(home.config, "width")
    assert not home.config.exists()


# -- the token


def test_a_token_is_kept_for_its_owner_alone_whatever_the_file_was(home: Home) -> None:
    for path in (home.config, home.config.with_name(".config.toml.new")):
        path.write_text("width = 512\n")
        path.chmod(0o666)
    write_setting(home.config, "hf_token", f"  {TOKEN}\n")
    assert loaded(home) == DEFAULTS | {"width": 512, "hf_token": TOKEN}
    assert stat.S_IMODE(home.config.stat().st_mode) == 0o600


def test_a_token_is_shown_nowhere(home: Home) -> None:
    write_setting(home.config, "hf_token", TOKEN)
    settings = load_settings(home.config)
    found = {origin.key: origin for origin in origins(settings, home.config)}
    assert found["hf_token"] == Origin("hf_token", MASK, "config.toml")
    assert TOKEN[3:] not in f"{settings!r} {settings} {settings.shown()} {found}"


@pytest.mark.parametrize(
    "token", ["", "hf_", "sk-" + "secret" * 5, "hf_secret secret", "hf_secret\nsecret", "hf_sécret", "hf_secret\x00"]
)
def test_a_bad_token_is_refused_and_not_repeated(home: Home, monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    def refused() -> str:
        with pytest.raises(InvalidInput, match="a token begins with hf_ and holds no spaces") as failed:
            write_setting(home.config, "hf_token", token)
        home.config.write_text(f"hf_token = {json.dumps(token)}\n")
        with pytest.raises(InvalidInput, match=r"The setting hf_token \(config.toml\) cannot be used: ") as in_file:
            load_settings(home.config)
        assert in_file.value.hint == "Change it with: avatar config set hf_token"
        home.config.unlink()
        return "".join(traceback.format_exception(failed.value) + traceback.format_exception(in_file.value))

    assert "ecret" not in re.sub(r"SECRETS?|secrets?\b|is_secret|get_secret_value", "", refused())
    if token and "\x00" not in token:
        monkeypatch.setenv("AVATAR_HF_TOKEN", token)
        with pytest.raises(InvalidInput, match=r"The setting hf_token \(AVATAR_HF_TOKEN\) cannot be used: ") as failed:
            load_settings(home.config)
        assert failed.value.hint == "Mend or unset AVATAR_HF_TOKEN."


def test_only_a_token_is_secret(home: Home) -> None:
    assert [key for key in DEFAULTS if key != "prices" and is_secret(home.config, key)] == ["hf_token"]


# -- prices

OWN = Price(provider="fal-ai", model="fal-ai/flux-lora", usd_per_image=0.04, as_of="2026-11-01", source="my bill")


def test_own_prices_stand_in_place_of_shipped_ones_or_beside_them(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    own = [OWN.as_json(), OWN.as_json() | {"provider": "nscale", "model": "flux", "usd_per_image": 0}]
    own = [{key: value for key, value in price.items() if value is not None} for price in own]
    expected = (SHIPPED_PRICES[0], OWN, Price(**own[1]))
    home.config.write_text("".join(f"[[prices]]\n{as_toml(price)}" for price in own))
    assert load_settings(home.config).prices == expected
    found = origins(load_settings(home.config), home.config)[-1]
    assert found == Origin("prices", expected, "config.toml")
    assert found.as_json()["value"][1] == OWN.as_json()
    home.config.unlink()
    monkeypatch.setenv("AVATAR_PRICES", json.dumps(own))
    assert load_settings(home.config).prices == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prices = 3", "it should be a list of tables: [[prices]]"),
        ("prices = 'x'", "it should be a list of tables: [[prices]]"),
        ("prices = [3]", "price 1: '3' is no table"),
        ("[[prices]]\nmodel = 'm'", "price 1: provider is missing"),
        ("[[prices]]\nprovider = 'p'", "price 1: model is missing"),
        ("[[prices]]\nprovider = 'p'\nmodel = 'm'", "price 1: neither of usd_per_megapixel and usd_per_image stands"),
        ("[[prices]]\nprovider = 'p'\nmodel = 'm'\nusd = 1", "price 1: there is no field 'usd'"),
        (
            "[[prices]]\nprovider = false\nmodel = 'm'\nusd_per_image = 1",
            "price 1: provider is 'False'",
        ),
        ("[[prices]]\nprovider = 'p'\nmodel = [1]\nusd_per_image = 1", "price 1: model is '[1]'"),
        ("[[prices]]\nprovider = ''\nmodel = 'm'\nusd_per_image = 1", "price 1: provider is empty"),
        ("[[prices]]\nprovider = 'p'\nmodel = 'm'\nusd_per_image = -1", "price 1: usd_per_image is '-1', which is no"),
        ("[[prices]]\nprovider = 'p'\nmodel = 'm'\nusd_per_image = inf", "price 1: usd_per_image is 'inf'"),
        ("[[prices]]\nprovider = 'p'\nmodel = 'm'\nusd_per_image = true", "price 1: usd_per_image is 'True'"),
        ("[[prices]]\nprovider = 'p'\nmodel = 'm'\nusd_per_image = '1'", "price 1: usd_per_image is '1'"),
    ],
)
def test_a_mistake_in_prices_is_named(home: Home, text: str, said: str) -> None:
    home.config.write_text(f"{text}\n")
    with pytest.raises(InvalidInput, match=re.escape(f"The setting prices (config.toml) cannot be used: {said}")) as no:
        load_settings(home.config)
    assert no.value.hint == f"Mend it in {home.config}, or remove all with: avatar config unset prices"


def test_prices_are_not_set_by_one_value(home: Home) -> None:
    with pytest.raises(InvalidInput, match="prices are tables, not one value") as refused:
        write_setting(home.config, "prices", "1")
    assert refused.value.hint == f"Edit them in {home.config}, each as [[prices]]."
    assert not home.config.exists()
