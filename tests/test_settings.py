import stat
from typing import Any

import pytest

from avatar_creator.domain.picture import Embed, PictureFormat
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.home import Home
from avatar_creator.settings import Origin, Settings, load_settings, origins, write_setting

DEFAULTS = {
    "engine": "auto",
    "project": "default",
    "width": 1024,
    "height": 1024,
    "format": "jpeg",
    "jpeg_quality": 95,
    "embed": "recipe",
    "art_style": "avataaars",
}
OTHERS = {
    "engine": "offline",
    "project": "Band",
    "width": 64,
    "height": 2048,
    "format": "png",
    "jpeg_quality": 1,
    "embed": "none",
    "art_style": "micah",
}


@pytest.fixture(autouse=True)
def made(home: Home) -> None:
    home.create()


def loaded(home: Home) -> dict[str, Any]:
    return load_settings(home.config).model_dump(mode="json")


def as_toml(values: dict[str, Any]) -> str:
    return "".join(f"{key} = {value!r}\n" for key, value in values.items())


def test_defaults(home: Home) -> None:
    settings = load_settings(home.config)
    assert settings.model_dump(mode="json") == DEFAULTS
    assert (settings.format, settings.embed) == (PictureFormat.JPEG, Embed.RECIPE)


def test_every_setting_says_what_it_is() -> None:
    assert all((field.description or "").endswith(".") for field in Settings.model_fields.values())


@pytest.mark.parametrize("key", DEFAULTS)
def test_the_environment_goes_before_the_file_and_the_file_before_the_default(
    home: Home, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    home.config.write_text(as_toml({key: OTHERS[key]}))
    assert loaded(home) == DEFAULTS | {key: OTHERS[key]}
    monkeypatch.setenv(f"AVATAR_{key.upper()}", str(DEFAULTS[key]))
    assert loaded(home) == DEFAULTS


def test_every_setting_can_stand_in_the_file_or_in_the_environment(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.config.write_text(as_toml(OTHERS))
    assert loaded(home) == OTHERS
    home.config.unlink()
    for key, value in OTHERS.items():
        monkeypatch.setenv(f"AVATAR_{key.upper()}", str(value))
    assert loaded(home) == OTHERS


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
]


@pytest.mark.parametrize(("key", "value"), BAD)
def test_a_bad_value_is_refused_with_its_key_and_its_source(
    home: Home, monkeypatch: pytest.MonkeyPatch, key: str, value: str
) -> None:
    home.config.write_text(as_toml({key: value}))
    with pytest.raises(InvalidInput, match=rf"The setting {key} \(config\.toml\) is '{value}': ") as in_file:
        load_settings(home.config)
    assert (in_file.value.exit_code, in_file.value.hint) == (2, f"Change it with: avatar config set {key} VALUE")
    variable = f"AVATAR_{key.upper()}"
    monkeypatch.setenv(variable, value)
    with pytest.raises(InvalidInput, match=rf"The setting {key} \({variable}\) is '{value}': ") as in_environment:
        load_settings(home.config)
    assert in_environment.value.hint == f"Mend or unset {variable}."


@pytest.mark.parametrize(("text", "key"), [("witdh = 512\n", "witdh"), ("[engine_options]\nx = 1\n", "engine_options")])
def test_a_key_that_does_not_exist_is_refused_with_those_that_do(home: Home, text: str, key: str) -> None:
    home.config.write_text(text)
    with pytest.raises(InvalidInput, match=f"config.toml: there is no setting '{key}'") as failed:
        load_settings(home.config)
    assert failed.value.hint == f"Settings: {', '.join(DEFAULTS)}."


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
    assert loading.value.hint == "Mend or remove the file."
    with pytest.raises(InvalidInput, match=f"config.toml {message}"):
        write_setting(home.config, "width", "512")
    assert home.config.read_bytes() == data


# -- writing


@pytest.mark.parametrize("key", DEFAULTS)
def test_what_is_written_is_read(home: Home, key: str) -> None:
    write_setting(home.config, key, str(OTHERS[key]))
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
    with pytest.raises(InvalidInput, match=rf"The setting {key} cannot be '{value}': "):
        write_setting(home.config, key, value)
    assert home.config.read_text() == text


def test_a_project_name_that_no_project_can_have_is_not_written(home: Home) -> None:
    for name in ("  ", "\x1b[2J", "x" * 101):
        with pytest.raises(InvalidInput, match="project"):
            write_setting(home.config, "project", name)


def test_a_setting_that_does_not_exist_is_not_written(home: Home) -> None:
    with pytest.raises(InvalidInput, match="There is no setting 'witdh'") as failed:
        write_setting(home.config, "witdh", "512")
    assert failed.value.hint == f"Settings: {', '.join(DEFAULTS)}."
    assert not home.config.exists()


def test_a_file_that_cannot_be_written_is_told(home: Home) -> None:
    (home.root / "file").touch()
    with pytest.raises(StorageError, match="cannot be written: "):
        write_setting(home.root / "file" / "config.toml", "width", "512")
